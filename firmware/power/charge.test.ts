import fc from "fast-check";
import { expect, test } from "vitest";
import { chargePermille, isCurve, lithiumCoin, lithiumIon } from "./charge.ts";

test.each([
  ["lithiumIon", lithiumIon],
  ["lithiumCoin", lithiumCoin],
] as const)("the curve of %s can be used", (_name, curve) => {
  expect(isCurve(curve)).toBe(true);
});

test("a curve that falls, is cut short or goes beyond full is refused", () => {
  expect(isCurve([3_300, 0])).toBe(false);
  expect(isCurve([3_300, 0, 4_170])).toBe(false);
  expect(isCurve([3_300, 0, 3_200, 1_000])).toBe(false);
  expect(isCurve([3_300, 500, 3_400, 400])).toBe(false);
  expect(isCurve([3_300, 0, 3_400, 1_001])).toBe(false);
});

test("a higher voltage never means less charge, and charge stays within 0 to 1,000", () => {
  fc.assert(
    fc.property(fc.nat(6_000), fc.nat(6_000), (a, b) => {
      const low = chargePermille(lithiumIon, Math.min(a, b));
      const high = chargePermille(lithiumIon, Math.max(a, b));
      expect(low).toBeLessThanOrEqual(high);
      expect(low >= 0 && high <= 1_000 && low === Math.floor(low)).toBe(true);
    }),
  );
});

test("the points of a curve are met, and halves lie between them", () => {
  expect([3_300, 3_500, 3_740, 4_170].map((mv) => chargePermille(lithiumIon, mv))).toEqual([0, 50, 380, 1_000]);
  expect(chargePermille(lithiumIon, 3_400)).toBe(25);
});
