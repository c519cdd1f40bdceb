import { expect, test } from "vitest";
import { WallClock } from "./wall-clock.ts";

const march = Date.UTC(2026, 2, 2, 6, 10, 5);

test("the time is unknown until somebody tells it, then goes on with the monotonic clock", () => {
  const clock = new WallClock();
  expect(clock.seconds(50_000)).toBe(-1);
  clock.set(march, 50_000);
  expect(clock.seconds(50_000)).toBe(march / 1000);
  expect(clock.seconds(110_999)).toBe(march / 1000 + 60);
});

test("a time from before this firmware is not believed, and does not unsettle a known one", () => {
  const clock = new WallClock();
  clock.set(Date.UTC(2024, 11, 31, 23, 59, 59), 0);
  expect(clock.seconds(0)).toBe(-1);
  clock.set(march, 0);
  clock.set(0, 0);
  expect(clock.seconds(0)).toBe(march / 1000);
});

test("the newest time told counts", () => {
  const clock = new WallClock();
  clock.set(march, 0);
  clock.set(march - 7_000, 10_000);
  expect(clock.seconds(10_000)).toBe(march / 1000 - 7);
});
