import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RawPort } from "../../tools/flash/ports.ts";
import type { Probed } from "../../tools/flash/probe.ts";
import type { Desk } from "../../tools/provision/desk.ts";
import { UserError } from "../../tools/user-error.ts";
import { readBenchFile } from "./bench-file.ts";
import { scanBench } from "./scan.ts";

const unit: RawPort = {
  path: "/dev/ttyUSB0",
  vendorId: "10c4",
  productId: "ea60",
  serialNumber: "0001",
  locationId: "1-1.1",
};
const other: RawPort = { ...unit, path: "/dev/ttyUSB1", locationId: "1-1.2" };
const relay: RawPort = { path: "/dev/ttyUSB2", vendorId: "1a86", productId: "7523", locationId: "1-1.3" };
const modem: RawPort = {
  path: "/dev/ttyUSB3",
  vendorId: "2c7c",
  productId: "0125",
  serialNumber: "M-1",
  locationId: "1-1.4",
};
const debug: RawPort = {
  path: "/dev/ttyACM0",
  vendorId: "1366",
  productId: "0105",
  serialNumber: "J-1",
  locationId: "1-2",
};

const probes: Record<string, Probed> = {
  "/dev/ttyUSB0": { is: "unit", unit: "Q4T8A", version: "0.1.0" },
  "/dev/ttyUSB1": { is: "unit", unit: "Q4T8B", version: "0.1.0" },
  "/dev/ttyUSB2": { is: "silent" },
};

/** Answers each question with the next word, and keeps what was said. */
class PreparedDesk implements Desk {
  readonly said: string[] = [];
  private readonly words: string[];

  constructor(words: readonly string[]) {
    this.words = [...words];
  }

  say(text: string): void {
    this.said.push(text);
  }

  ask(question: string): Promise<string> {
    this.said.push(question);
    const word = this.words.shift();
    return word === undefined
      ? Promise.reject(new UserError("nobody answers: the input is at its end", "at a terminal", 3))
      : Promise.resolve(word);
  }

  close(): void {}
}

function scan(ports: readonly RawPort[], words: readonly string[]) {
  const desk = new PreparedDesk(words);
  const text = scanBench({
    name: "cellar",
    desk,
    ports: { list: async () => ports, sysfs: "/nowhere" },
    ask: async (path) => probes[path] ?? { is: "silent" },
  });
  return { desk, text };
}

function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "livlina-scan-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "bench.yaml");
  writeFileSync(path, text);
  return readBenchFile(path);
}

test("what is plugged in becomes a bench file that can be read", async () => {
  const { desk, text } = scan(
    [unit, relay, modem, debug],
    ["unit", "wt32-eth01", "relay", "mains unit-1", "press button-1", "", "yes", "+46700000002"],
  );
  const written = await text.catch((thrown: unknown) => thrown);
  // The relay moves a button that nobody has named: the reader says so, and the file names the line.
  expect(() => read(String(written))).toThrow(/:\d+:\d+: there is no device "button-1"/);
  expect(desk.said).toContain("/dev/ttyACM0 (SEGGER J-Link, J-1, 1-2): a debug probe, left alone");
});

test("a unit, a relay board and a modem are written down by serial number, or by socket where they tell none", async () => {
  const { text } = scan(
    [unit, relay, modem],
    ["unit", "wt32-eth01", "relay", "mains unit-1", "", "yes", "+46700000002"],
  );
  const entries = read(await text);
  expect(entries).toMatchObject({
    name: "cellar",
    devices: [{ name: "unit-1", role: "unit", board: "wt32-eth01", usb: { "serial-number": "0001" } }],
    actuators: [{ name: "mains-unit-1", by: { driver: "usb-relay", usb: { socket: "1-1.3" }, channel: 1 } }],
    modem: { usb: { "serial-number": "M-1" }, number: "+46700000002" },
  });
  expect(entries.devices[0]?.usb).not.toHaveProperty("socket");
  expect(await text).toMatch(/^# yaml-language-server: \$schema=/);
});

test("two boards that are equal are asked about by their sockets, and never guessed", async () => {
  const { desk, text } = scan([unit, other], ["unit", "wt32-eth01", "unit", "wt32-eth01"]);
  expect(read(await text).devices.map(({ name, usb }) => [name, usb])).toEqual([
    ["unit-1", { "serial-number": "0001", socket: "1-1.1" }],
    ["unit-2", { "serial-number": "0001", socket: "1-1.2" }],
  ]);
  expect(desk.said[0]).toBe("2 boards are equal (Silicon Labs CP210x bridge), at 1-1.1, 1-1.2; this one is at 1-1.1");
});

test("equal boards whose sockets nobody knows are refused", async () => {
  const { text } = scan(
    [
      { ...unit, locationId: undefined },
      { ...other, locationId: undefined },
    ],
    [],
  );
  await expect(text).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("no socket tells them apart"),
  });
});

test("what nothing moves is moved by hand, and an answer that fits nothing is asked for again", async () => {
  const { desk, text } = scan([unit], ["clock", "unit", "wt32", "wt32-eth01"]);
  expect(read(await text).actuators).toMatchObject([{ moves: "mains", of: "unit-1", by: { driver: "by-hand" } }]);
  expect(desk.said.filter((said) => said.includes("none of these"))).toHaveLength(2);
});

test("nothing plugged in, nothing named, and nobody there are told", async () => {
  await expect(scan([], []).text).rejects.toMatchObject({ exitCode: 3 });
  await expect(scan([unit], ["nothing"]).text).rejects.toMatchObject({ exitCode: 2 });
  await expect(scan([unit], []).text).rejects.toMatchObject({ exitCode: 3, message: /nobody answers/ });
  await expect(scan([unit], Array(9).fill("what")).text).rejects.toMatchObject({ exitCode: 2 });
});
