/** Times and how often they came. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { StepSums, stepMsOf } from "./step-sums.ts";
import { countWithin, totalOf, Waits, within } from "./waits.ts";

const time = fc.integer({ min: 0, max: 3_000_000 });

test("a percentile over times is that of the presses themselves: exact up to ten minutes, at most a second longer above", () => {
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 1_000_000 }), (all, ppm) => {
      const waits = new Waits();
      for (const ms of all) waits.add(ms);
      const right = [...all].sort((a, b) => a - b)[Math.ceil((all.length * ppm) / 1_000_000) - 1] ?? -1;
      const told = within(waits.value(), ppm) ?? -1;
      expect(told).toBeGreaterThanOrEqual(right);
      expect(told - right).toBeLessThan(right < 600_000 ? 1 : 1_000);
      expect(totalOf(waits.value())).toBe(all.length);
    }),
  );
});

test("times of two towns put together are those of both, and none of no town has no percentile", () => {
  const [one, two] = [new Waits(), new Waits()];
  one.add(5);
  two.add(3);
  two.addAll([
    [5, 2],
    [600_001, 1],
  ]);
  one.addAll(two.value());
  expect(one.value()).toEqual([
    [3, 1],
    [5, 3],
    [601_000, 1],
  ]);
  expect(countWithin(one.value(), 5)).toBe(4);
  expect(countWithin(one.value(), 600_001)).toBe(5);
  expect(within([], 500_000)).toBeNull();
});

test("a span is spread over the steps that it touches, and nothing of it is missed", () => {
  const sums = new StepSums(5 * 60_000);
  sums.addSpan(30_000, 150_000, 2);
  sums.addSpan(299_999, 400_000);
  expect(sums.value()).toEqual([
    [0, 60_000],
    [1, 120_000],
    [2, 60_000],
    [4, 1],
  ]);
});

test("a day has a step each minute, and no run has more than fit a drawing", () => {
  expect(stepMsOf(86_400_000)).toBe(60_000);
  expect(stepMsOf(1)).toBe(60_000);
  fc.assert(fc.property(fc.integer({ min: 1, max: 400 * 86_400_000 }), (ms) => Math.ceil(ms / stepMsOf(ms)) <= 1_440));
  expect(() => new StepSums(60_000).addAll([[1, 5]])).toThrow("beyond the run");
});
