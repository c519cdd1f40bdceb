import { expect, test } from "vitest";
import { CellLoad, longestWaitMs } from "./cell-load.ts";

test("what a cell can carry passes at once, for as long as it lasts", () => {
  const load = new CellLoad(10);
  for (let i = 0; i < 1_000; i++) expect(load.take(i * 100)).toBe(0);
});

test("what comes at once waits in turn, and what finds the queue full is lost until there is room again", () => {
  const load = new CellLoad(10);
  const waits = Array.from({ length: 52 }, () => load.take(1_000));
  expect(waits.slice(0, 3)).toEqual([0, 100, 200]);
  expect(waits[49]).toBe(longestWaitMs - 100);
  expect(waits.slice(50)).toEqual([undefined, undefined]);
  expect(load.take(1_100)).toBe(4_900);
  expect(load.take(1_100)).toBeUndefined();
  expect(load.take(60_000)).toBe(0);
});

test("a cell that carries three a second keeps its pace without rounding", () => {
  const load = new CellLoad(3);
  let passed = 0;
  for (let atMs = 0; atMs < 60_000; atMs += 10) if (load.take(atMs) !== undefined) passed++;
  expect(passed).toBe(3 * 60 + 15);
});
