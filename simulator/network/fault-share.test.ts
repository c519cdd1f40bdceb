import { expect, test } from "vitest";
import { isHit } from "./fault-share.ts";

const units = Array.from({ length: 4_000 }, (_, unit) => unit);
const hitBy = (key: string, ppm: number, seed = 1) =>
  units.filter((unit) => isHit({ share: { ppm, key } }, seed, unit));

test("about the share of the units is hit, the same ones by each burst, others by another fault or seed", () => {
  const hit = hitBy("alfa down 0", 300_000);
  expect(Math.abs(hit.length - 1_200)).toBeLessThan(100);
  expect(hitBy("alfa down 0", 300_000)).toEqual(hit);
  expect(hitBy("alfa down 60000", 300_000)).not.toEqual(hit);
  expect(hitBy("alfa down 0", 300_000, 2)).not.toEqual(hit);
});

test("a larger share hits the same units and more", () => {
  const more = new Set(hitBy("alfa down 0", 500_000));
  expect(hitBy("alfa down 0", 300_000).every((unit) => more.has(unit))).toBe(true);
});

test("a fault without a share hits everybody, and where the seed is not known everybody may be hit", () => {
  expect(isHit({}, 1, 7)).toBe(true);
  expect(isHit({ share: { ppm: 1, key: "x" } }, undefined, 7)).toBe(true);
  expect(isHit({ share: { ppm: 1_000_000, key: "x" } }, 1, 7)).toBe(true);
});
