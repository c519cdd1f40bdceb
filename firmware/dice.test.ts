import fc from "fast-check";
import { expect, test } from "vitest";
import { around, roll } from "./dice.ts";

const seeds = fc.integer({ min: 1, max: 0xffffffff });

test("a roll stays below its bound, and a bound of 0 gives 0", () => {
  fc.assert(
    fc.property(seeds, fc.nat(1_000_000), (dice, below) => {
      const own = { dice };
      const rolled = roll(own, below);
      expect(rolled).toBeGreaterThanOrEqual(0);
      expect(rolled).toBeLessThan(Math.max(below, 1));
      expect(own.dice).not.toBe(0);
    }),
  );
});

test("around stays within its share both ways and reaches both ends", () => {
  const own = { dice: 1 };
  const seen = new Set<number>();
  for (let i = 0; i < 5_000; i++) seen.add(around(own, 100, 20));
  expect(Math.min(...seen)).toBe(80);
  expect(Math.max(...seen)).toBe(120);
  expect(seen.size).toBe(41);
});

test("equal seeds roll alike, and known ones as they always did", () => {
  const own = { dice: 1 };
  expect([roll(own, 1_000), roll(own, 1_000), roll(own, 1_000)]).toEqual([369, 689, 461]);
});
