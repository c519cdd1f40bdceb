import fc from "fast-check";
import { expect, test } from "vitest";
import { Waits } from "./waits.ts";

const someMs = fc.double({ min: 0.001, max: 60_000, noNaN: true });

function of(waits: readonly number[]): Waits {
  const all = new Waits();
  for (const ms of waits) all.add(ms);
  return all;
}

test("a percentile is the wait at its place among all, or at most 3.2 % and a rounded microsecond above it", () => {
  fc.assert(
    fc.property(fc.array(someMs, { minLength: 1, maxLength: 300 }), (waits) => {
      const sorted = [...waits].sort((a, b) => a - b);
      const { count, medianMs, p90Ms, p99Ms, mostMs } = of(waits).figures();
      expect(count).toBe(waits.length);
      const pairs = [
        [medianMs, 50],
        [p90Ms, 90],
        [p99Ms, 99],
        [mostMs, 100],
      ] as const;
      for (const [found, percent] of pairs) {
        const exact = sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
        expect(found).toBeGreaterThanOrEqual(exact - 0.0005);
        expect(found).toBeLessThanOrEqual(exact * 1.032 + 0.0015);
      }
    }),
  );
});

test("waits that were counted apart and put together are as if they had been counted in one", () => {
  fc.assert(
    fc.property(fc.array(someMs, { maxLength: 50 }), fc.array(someMs, { maxLength: 50 }), (some, others) => {
      const together = of(some);
      together.addAll(of(others));
      expect(together.figures()).toEqual(of([...some, ...others]).figures());
    }),
  );
});

test("what is longer than two minutes stands at the end, with its own length as the longest, and nothing is all noughts", () => {
  expect(of([1, 200_000, 300_000]).figures()).toMatchObject({ count: 3, mostMs: 300_000 });
  expect(new Waits().figures()).toEqual({ count: 0, medianMs: 0, p90Ms: 0, p99Ms: 0, mostMs: 0 });
});
