import { existsSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import type { Serial } from "../../firmware/ports/serial.ts";
import { UserError } from "../user-error.ts";
import { openPty, type Pty, unsentLimit } from "./pty.ts";
import { openSerialLink, type SerialLink } from "./serial-link.ts";

/** Collects what an end hears; `until` resolves when that much has come. */
class Ear {
  heard = Buffer.alloc(0);
  serial: Serial | undefined;
  private wanted: { count: number; resolve: () => void } | undefined;

  readonly onReadable = (): void => {
    for (let bytes = this.serial?.read(); bytes !== undefined; bytes = this.serial?.read())
      this.heard = Buffer.concat([this.heard, bytes]);
    if (this.wanted !== undefined && this.heard.length >= this.wanted.count) this.wanted.resolve();
  };

  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.wanted = { count, resolve };
      this.onReadable();
    });
  }
}

function pty(): Pty {
  const opened = openPty();
  onTestFinished(() => opened.close());
  return opened;
}

async function link(path: string, onLost = (_why: string): void => {}): Promise<{ link: SerialLink; ear: Ear }> {
  const ear = new Ear();
  const opened = await openSerialLink({ path, baud: 115_200, onReadable: ear.onReadable, onLost });
  ear.serial = opened;
  onTestFinished(async () => {
    opened.close();
    await opened.closed();
  });
  return { link: opened, ear };
}

function device(of: Pty): Ear {
  const ear = new Ear();
  ear.serial = of.openDevice({ baud: 115_200, onReadable: ear.onReadable });
  return ear;
}

/** Every byte value, in no order that a terminal could mistake for lines. */
const bytes = Uint8Array.from({ length: 4_096 }, (_, i) => (i * 167 + (i >>> 8)) & 0xff);

test("a pseudo-terminal carries every byte unchanged, both ways", async () => {
  const line = pty();
  const near = device(line);
  const far = await link(line.path);
  far.link.write(bytes);
  near.serial?.write(bytes);
  await Promise.all([near.until(bytes.length), far.ear.until(bytes.length)]);
  expect(near.heard.equals(bytes)).toBe(true);
  expect(far.ear.heard.equals(bytes)).toBe(true);
  expect(line.lostCount()).toBe(0);
});

test("the device hears no echo of what it says before anybody has opened the line", async () => {
  const line = pty();
  const near = device(line);
  near.serial?.write(Buffer.from("!0 0 boot\r\n"));
  const far = await link(line.path);
  far.link.write(Buffer.from("x"));
  await near.until(1);
  expect(near.heard.toString()).toBe("x");
});

test("a line that nobody reads loses bytes and never holds the writer up", () => {
  const line = pty();
  const near = device(line);
  const written = 1_000 * bytes.length;
  for (let i = 0; i < 1_000; i++) near.serial?.write(bytes);
  expect(line.lostCount()).toBeGreaterThan(written - 200_000);
  expect(line.lostCount()).toBeLessThan(written - unsentLimit / 2);
});

test("a program can close the line and another open it", async () => {
  const line = pty();
  const near = device(line);
  const first = await link(line.path);
  first.link.close();
  await first.link.closed();
  const second = await link(line.path);
  second.link.write(Buffer.from("again"));
  await near.until(5);
  expect(near.heard.toString()).toBe("again");
});

test("after close nothing comes and nothing is sent, on either end", async () => {
  const line = pty();
  const near = device(line);
  const far = await link(line.path);
  const second = device(line);
  near.serial?.write(Buffer.from("from the former end"));
  second.serial?.write(Buffer.from("x"));
  await far.ear.until(1);
  expect(far.ear.heard.toString()).toBe("x");
  far.link.close();
  far.link.write(bytes);
  expect(far.link.read()).toBeUndefined();
  line.close();
  line.close();
  second.serial?.write(bytes);
  expect(existsSync(line.path)).toBe(false);
});

test("a line that is taken away is noticed, once", async () => {
  const line = pty();
  let lost = 0;
  const gone = new Promise<string>((resolve) => {
    void link(line.path, (why) => {
      lost++;
      resolve(why);
    }).then(() => line.close());
  });
  expect(await gone).toContain("is gone");
  expect(lost).toBe(1);
});

test("a line that is not there is an error for people", async () => {
  const opening = openSerialLink({ path: "/dev/no-such-line", baud: 9_600, onReadable: () => {}, onLost: () => {} });
  const error = await opening.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ exitCode: 3, message: expect.stringContaining("cannot open /dev/no-such-line") });
});
