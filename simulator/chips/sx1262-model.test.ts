/** The model by itself: what it refuses, what outlives a sleep, and which settings put a frame off our channel. */
import { expect, test } from "vitest";
import { sx1262Defaults } from "../../firmware/radio-chips/sx1262-settings.ts";
import { Sx1262Tasks } from "../../firmware/radio-chips/sx1262-tasks.ts";
import { Air, type PacketFate } from "../air/air.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Sx1262Chip } from "./sx1262.ts";

function bench() {
  const queue = new EventQueue();
  const fates: PacketFate[] = [];
  const air = new Air(queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: (fate) => fates.push(fate) });
  const device = air.join({ name: "unit", building: "house", home: "home" });
  const ear = air.join({ name: "ear", building: "house", home: "home" }).open({ onReadable: () => {} });
  ear.listen(-1);
  const chip = new Sx1262Chip(queue, air, device);
  const spi = chip.wires.openSpi();
  const busy = chip.wires.openBusy({ onChange: () => {} });
  const say = (bytes: readonly number[]): readonly number[] => {
    const heard = new Uint8Array(bytes.length);
    spi.transfer(new Uint8Array(bytes), heard);
    if (chip.now !== "sleep")
      for (let waited = 0; busy.isHigh() && waited < 50; waited++) queue.runUntil(queue.nowMs + 1);
    return [...heard];
  };
  queue.runUntil(10);
  const tasks = new Sx1262Tasks(sx1262Defaults);
  const setUp = () => {
    for (const { bytes, takes, bits } of tasks.start)
      say(takes === "register" ? [...bytes.subarray(0, 3), bits] : [...bytes]);
  };
  const send = (bytes: readonly number[]) => {
    for (const { bytes: told, takes, bits } of tasks.load(new Uint8Array(bytes)))
      say(takes === "register" ? [...told.subarray(0, 3), bits] : [...told]);
    for (const { bytes: told } of tasks.send(bytes.length)) say([...told]);
    queue.runUntil(queue.nowMs + 200);
    return ear.read()?.bytes;
  };
  return { queue, chip, say, setUp, send, fates };
}

test.each([
  ["GetRssiInst while standby-rc", [0x15, 0, 0]],
  ["Calibrate while standby-xosc", [0x89, 0x7f], [0x80, 1]],
  ["SetTx of 2 bytes", [0x83, 0]],
  ["opcode 0x99 of 1 bytes", [0x99]],
  ["SetPacketType while receiving", [0x8a, 0], [0x82, 0xff, 0xff, 0xff]],
])("refused, counted and of no effect: %s", (breach, bytes, before = [0xc0, 0]) => {
  const { chip, say } = bench();
  say(before);
  const mode = chip.now;
  say(bytes);
  expect(chip.book.breaches.at(-1)).toBe(breach);
  expect(chip.book.refused).toBe(1);
  expect(chip.now).toBe(mode);
  // Bits 3 to 1 of the next status: the command before was not executed.
  expect(((say([0xc0, 0])[1] as number) >> 1) & 7).toBe(5);
});

test("a command while BUSY is high is not carried out", () => {
  const { chip, queue } = bench();
  const spi = chip.wires.openSpi();
  const into = new Uint8Array(4);
  spi.transfer(new Uint8Array([0x82, 0xff, 0xff, 0xff]), into);
  spi.transfer(new Uint8Array([0x80, 0]), into);
  expect(chip.book.breaches).toEqual(["SetStandby while busy"]);
  queue.runUntil(queue.nowMs + 10);
  expect(chip.now).toBe("receiving");
});

test("what the driver sets up sends a frame that the others of our channel read", () => {
  const { chip, setUp, send } = bench();
  setUp();
  expect(send([1, 2, 3])).toEqual(new Uint8Array([1, 2, 3]));
  expect(chip.book.breaches).toEqual([]);
});

test.each([
  ["not GFSK", [0x8a, 1]],
  ["868300000 Hz lies outside the band", [0x86, 0x36, 0x44, 0xcc, 0xcd]],
  ["image not calibrated for the band", [0x98, 0xe1, 0xe9]],
  ["19204 bit/s", [0x8b, 0, 0xd0, 0x4b, 9, 0x15, 0, 9, 0xd4]],
  ["no Gaussian filter of BT 0.5", [0x8b, 1, 0xa0, 0xaa, 8, 0x15, 0, 9, 0xd4]],
  ["29598 Hz wide", [0x8b, 1, 0xa0, 0xaa, 9, 0x15, 0, 0x28, 0xf5]],
  ["listens 29300 Hz wide", [0x8b, 1, 0xa0, 0xaa, 9, 0x0d, 0, 9, 0xd4]],
  ["another sync word", [0x0d, 0x06, 0xc0, 1, 2, 3, 4]],
  ["22 dBm", [0x8e, 22, 4]],
  ["amplifier not clamped (15.2)", [0x0d, 0x08, 0xd8, 0xc8]],
])("a chip set up wrongly is found out when it sends: %s", (fault, bytes) => {
  const { chip, setUp, say, send } = bench();
  setUp();
  say(bytes);
  const heard = send([1, 2, 3]);
  expect(chip.book.breaches).toContain(`sends: ${fault}`);
  const harmless = fault.endsWith("dBm") || fault.includes("clamped");
  expect(heard !== undefined).toBe(harmless);
});

test("asleep with its memory a chip keeps everything but what it was not told to keep; asleep without, nothing", () => {
  for (const [config, sync, gain] of [
    [0x04, 0x1a, 0x94],
    [0x00, 0x97, 0x94],
  ] as const) {
    const { say, setUp } = bench();
    setUp();
    say([0x0d, 0x08, 0xac, 0x96]);
    say([0x84, config]);
    say([0xc0, 0]);
    expect(say([0x1d, 0x06, 0xc0, 0, 0])[4]).toBe(sync);
    expect(say([0x1d, 0x08, 0xac, 0, 0])[4]).toBe(gain);
  }
  const { say } = bench();
  const tasks = new Sx1262Tasks({ ...sx1262Defaults, boostedGain: true });
  for (const { bytes } of tasks.start) say([...bytes]);
  say([0x84, 0x04]);
  say([0xc0, 0]);
  expect(say([0x1d, 0x08, 0xac, 0, 0])[4]).toBe(0x96);
});

test("a transmission longer than its limit ends with the interrupt for that, and nobody has heard it", () => {
  const { chip, queue, say, setUp, fates } = bench();
  setUp();
  const tasks = new Sx1262Tasks(sx1262Defaults);
  for (const { bytes } of tasks.load(new Uint8Array(40).fill(1))) say([...bytes]);
  say([0x83, 0, 0x05, 0]);
  queue.runUntil(queue.nowMs + 100);
  expect(chip.now).toBe("standby-xosc");
  expect(say([0x12, 0, 0, 0]).slice(2)).toEqual([0x02, 0x00]);
  expect(fates).toEqual(["sent"]);
});
