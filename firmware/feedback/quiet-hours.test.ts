import { expect, test } from "vitest";
import { isQuiet, quietByNight, quietForS } from "./quiet-hours.ts";

function at(text: string): number {
  return Date.parse(text) / 1000;
}

test("it is quiet from 22 to 07 by the clock on the wall, in winter and in summer", () => {
  expect(isQuiet(quietByNight, at("2026-01-10T20:59:59Z"))).toBe(false);
  expect(isQuiet(quietByNight, at("2026-01-10T21:00:00Z"))).toBe(true);
  expect(isQuiet(quietByNight, at("2026-01-11T05:59:59Z"))).toBe(true);
  expect(isQuiet(quietByNight, at("2026-01-11T06:00:00Z"))).toBe(false);
  expect(isQuiet(quietByNight, at("2026-07-10T20:00:00Z"))).toBe(true);
  expect(isQuiet(quietByNight, at("2026-07-11T05:00:00Z"))).toBe(false);
});

test("an unknown time is never quiet", () => {
  expect(isQuiet(quietByNight, -1)).toBe(false);
  expect(isQuiet({ fromS: 0, toS: 86_399 }, -1)).toBe(false);
});

test("hours within one day work too, and equal ends are never quiet", () => {
  const nap = { fromS: 46_800, toS: 50_400 };
  expect(isQuiet(nap, at("2026-01-10T12:00:00Z"))).toBe(true);
  expect(isQuiet(nap, at("2026-01-10T13:00:00Z"))).toBe(false);
  expect(isQuiet(nap, at("2026-01-10T23:00:00Z"))).toBe(false);
  for (let hour = 0; hour < 24; hour++)
    expect(isQuiet({ fromS: 3_600, toS: 3_600 }, at("2026-01-10T00:00:00Z") + hour * 3_600)).toBe(false);
});

test("how long it stays quiet is counted to the end of the hours", () => {
  expect(quietForS(quietByNight, at("2026-01-10T21:00:00Z"))).toBe(9 * 3_600);
  expect(quietForS(quietByNight, at("2026-01-11T05:59:59Z"))).toBe(1);
  expect(quietForS(quietByNight, at("2026-01-11T12:00:00Z"))).toBe(0);
});
