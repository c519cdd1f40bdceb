import { expect, test } from "vitest";
import { benchMachine, machineTables, play, record } from "./machine.ts";
import { tableText } from "./table.ts";

test("machines that are given what a run gave them go the same way again, and do not change it", () => {
  const recording = record(1, 1);
  expect(recording.events.length).toBeGreaterThan(100);
  expect(recording.machines.length).toBeGreaterThan(10);
  const effects = play(recording);
  expect(effects).toBeGreaterThan(100);
  expect(play(recording)).toBe(effects);
});

test("the figure counts events, not plays", () => {
  let nowMs = 0;
  const result = benchMachine({ rounds: 2, roundMs: 1, nowMs: () => (nowMs += 1) }, 1, 1);
  expect(result.median).toBeGreaterThanOrEqual(result.least);
  expect(result.least).toBeGreaterThan(result.events / 10);
  expect(machineTables(result).map(tableText)[0]).toContain("of 1 units were given in 1 h");
});
