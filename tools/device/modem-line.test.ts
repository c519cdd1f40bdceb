import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Serial } from "../../firmware/ports/serial.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { UserError } from "../user-error.ts";
import { openModemLine } from "./modem-line.ts";
import { openPty, type Pty } from "./pty.ts";
import { linkPty } from "./pty-link.ts";

/** What came over a line so far. */
class Ear {
  heard = "";
  readonly serial: Serial;

  constructor(open: Pty["openDevice"]) {
    this.serial = open({
      baud: 115_200,
      onReadable: () => {
        for (let bytes = this.serial.read(); bytes !== undefined; bytes = this.serial.read())
          this.heard += textOf(bytes, 0, bytes.length);
      },
    });
  }
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), "livlina-line-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "modem");
}

test("a modem line carries bytes both ways, and is there again when the modem is", { timeout: 40_000 }, async () => {
  const path = place();
  const news: string[] = [];
  const first = openPty();
  linkPty(path, first.path);
  const modem = new Ear(first.openDevice);
  const line = await openModemLine(path, (text) => news.push(text));
  onTestFinished(() => line.close());
  const unit = new Ear(line.openLine);
  unit.serial.write(ascii("AT\r"));
  await until(() => modem.heard === "AT\r");
  modem.serial.write(ascii("\r\nOK\r\n"));
  await until(() => unit.heard === "\r\nOK\r\n");
  first.close();
  await until(() => news.length === 1);
  unit.serial.write(ascii("into the void"));
  expect(news[0]).toContain("the modem line is gone");
  const second = openPty();
  onTestFinished(() => second.close());
  linkPty(path, second.path);
  const again = new Ear(second.openDevice);
  await until(() => news.length === 2);
  expect(news[1]).toContain("the modem line is back");
  again.serial.write(ascii("\r\nRDY\r\n"));
  await until(() => unit.heard.endsWith("\r\nRDY\r\n"));
  unit.serial.write(ascii("ATE0\r"));
  await until(() => again.heard === "ATE0\r");
});

test("a line that is not there at the start is told at once, with what to try", async () => {
  await expect(openModemLine(place(), () => {})).rejects.toMatchObject({ exitCode: 3 });
  await expect(openModemLine(place(), () => {})).rejects.toThrow(UserError);
});

test("a line that was closed is heard no more and does not come back", { timeout: 40_000 }, async () => {
  const path = place();
  const news: string[] = [];
  const pty = openPty();
  onTestFinished(() => pty.close());
  linkPty(path, pty.path);
  const modem = new Ear(pty.openDevice);
  const line = await openModemLine(path, (text) => news.push(text));
  const unit = new Ear(line.openLine);
  modem.serial.write(ascii("x"));
  await until(() => unit.heard === "x");
  line.close();
  modem.serial.write(ascii("y"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(unit.heard).toBe("x");
  expect(news).toEqual([]);
});
