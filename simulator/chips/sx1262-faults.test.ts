import { expect, test } from "vitest";
import { sx1262Defaults } from "../../firmware/radio-chips/sx1262-settings.ts";
import { type ChipBench, chipBench, packet } from "./chip-bench.ts";

/** Whether a frame of `button` reaches `unit` within a second from now. */
function getsThrough({ queue, devices: [unit, button] }: ChipBench, mark: number): boolean {
  button.radio.send(packet(mark));
  button.radio.listen(433);
  queue.runUntil(queue.nowMs + 1_000);
  return unit.marks().includes(mark);
}

function listening(settings = sx1262Defaults): ChipBench {
  const bench = chipBench(settings);
  bench.devices[0].radio.listen(-1);
  bench.queue.runUntil(1_000);
  return bench;
}

test("a unit whose chip was reset behind its back finds out within two seconds, and hears again", () => {
  const bench = listening();
  const [unit] = bench.devices;
  unit.chip.resetItself();
  expect(getsThrough(bench, 1)).toBe(false);
  bench.queue.runUntil(bench.queue.nowMs + 1_100);
  expect(unit.faults).toEqual([["reset", 1]]);
  expect(getsThrough(bench, 2)).toBe(true);
});

test("a button whose chip forgot everything in its sleep notices before it sends, and the frame goes out all the same", () => {
  const bench = listening();
  const [, button] = bench.devices;
  expect(getsThrough(bench, 1)).toBe(true);
  expect(button.chip.now).toBe("sleep");
  button.chip.resetItself();
  expect(getsThrough(bench, 2)).toBe(true);
  expect(button.faults).toEqual([["reset", 1]]);
  expect(button.chip.book.breaches).toEqual([]);
});

test("a stuck BUSY line costs a reset, and the packet waits for it", () => {
  const bench = listening();
  const [, button] = bench.devices;
  button.chip.stick(false);
  expect(getsThrough(bench, 3)).toBe(true);
  expect(button.faults).toEqual([["busy", 1]]);
});

test("a chip that stays dead is started ever more rarely, and forgets packets nobody waits for any more", () => {
  const bench = listening();
  const { queue, devices } = bench;
  const [unit, button] = devices;
  unit.chip.silence(true);
  button.chip.stick(true);
  for (let at = 0; at < 60; at++) {
    button.radio.send(packet(at));
    queue.runUntil(queue.nowMs + 60_000);
  }
  const failures = unit.faults.length;
  expect(unit.faults[0]).toEqual(["dead", 1]);
  // Six starts in the first two minutes, then each 10 min.
  expect(failures).toBeLessThanOrEqual(12);
  expect(button.faults.length).toBeLessThanOrEqual(12);
  unit.chip.silence(false);
  button.chip.unstick();
  queue.runUntil(queue.nowMs + 600_000);
  expect(unit.marks()).toEqual([]);
  expect(getsThrough(bench, 99)).toBe(true);
});

test.each([1, 2])("of lost interrupts (%i) no packet is lost, only late", (count) => {
  const bench = listening();
  const { queue, devices } = bench;
  const [unit, button] = devices;
  unit.chip.loseInterrupts(count);
  button.chip.loseInterrupts(count);
  button.radio.send(packet(5));
  queue.runUntil(queue.nowMs + 3_000);
  expect(unit.marks()).toEqual([5]);
  expect([unit.faults, button.faults]).toEqual([[], []]);
  expect(button.chip.book.sent).toBe(1);
});

test("a packet with a wrong CRC is not handed on, and the next one is", () => {
  const bench = listening();
  const { queue, devices } = bench;
  const [unit, button] = devices;
  unit.chip.spoil(1);
  button.radio.send(packet(6));
  queue.runUntil(queue.nowMs + 1_000);
  expect([unit.marks(), unit.chip.book.heard]).toEqual([[], 1]);
  expect(getsThrough(bench, 7)).toBe(true);
  expect(unit.faults).toEqual([]);
});

test("a packet that never ends is broken off and sent again once, after a reset", () => {
  const bench = listening();
  const [, button] = bench.devices;
  button.chip.hang();
  expect(getsThrough(bench, 8)).toBe(true);
  expect(button.faults).toEqual([["endless-packet", 1]]);
  expect(button.chip.book.sent).toBe(1);
});

test("energy that stays is told at each look, and its end ends the telling", () => {
  const bench = listening();
  const { queue, air, devices } = bench;
  const [unit] = devices;
  air.jamming("house").add({ fromMs: 10_000, toMs: 50_000 });
  queue.runUntil(60_000);
  const toldMs = unit.busyMs.reduce((sum, each) => sum + each, 0);
  expect(toldMs).toBeGreaterThan(36_000);
  expect(toldMs).toBeLessThanOrEqual(40_000);
  expect(Math.max(...unit.busyMs)).toBeLessThanOrEqual(5_000);
  expect(getsThrough(bench, 9)).toBe(true);
});

test("listening by turns hears what listening all the time hears", () => {
  const bench = listening({ ...sx1262Defaults, sniffUs: 1_000, restUs: 3_000 });
  for (let mark = 1; mark <= 5; mark++) expect(getsThrough(bench, mark)).toBe(true);
  const [unit] = bench.devices;
  expect(unit.chip.now).toBe("turns");
  expect([unit.faults, unit.chip.book.breaches]).toEqual([[], []]);
});
