import fc from "fast-check";
import { expect, test } from "vitest";
import { HandClock } from "../../../firmware/sip/test-bench.ts";
import { catchUpLimit, Pace } from "./pace.ts";
import { LateClock } from "./test-bench.ts";

test("the first step comes at once, though not from inside start(), and the next every 20 ms", () => {
  const clock = new HandClock();
  const steps: number[] = [];
  const pace = new Pace(clock, 20, () => steps.push(clock.nowMs()));
  clock.runTo(7);
  pace.start();
  pace.start();
  expect(steps).toEqual([]);
  clock.runTo(67);
  expect(steps).toEqual([7, 27, 47, 67]);
});

test("timers that come late make no drift: after any time the steps are as many as there should be", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 90 }), { minLength: 1, maxLength: 20 }), (lateMs) => {
      const clock = new LateClock(lateMs);
      let count = 0;
      const pace = new Pace(clock, 20, (leftOut) => {
        count += 1 + leftOut;
      });
      pace.start();
      clock.runTo(60_000);
      expect(count).toBeGreaterThan(3001 - 6);
      expect(count).toBeLessThanOrEqual(3001);
    }),
  );
});

test("at most so many steps are made up for at once, and the first of them says how many were left out", () => {
  for (const [lateMs, told] of [
    [20 * (catchUpLimit - 1), [0, 0, 0, 0, 0]],
    [20 * catchUpLimit, [1, 0, 0, 0, 0]],
    [1000, [46, 0, 0, 0, 0]],
  ] as const) {
    const clock = new LateClock([lateMs, 0]);
    const steps: number[] = [];
    new Pace(clock, 20, (leftOut) => steps.push(leftOut)).start();
    clock.runTo(lateMs);
    expect(steps).toEqual(told);
    clock.runTo(lateMs + 20);
    expect(steps).toEqual([...told, 0]);
  }
});

test("after stop() no step comes, from inside one as from outside", () => {
  const clock = new LateClock([60, 0]);
  let count = 0;
  const pace: Pace = new Pace(clock, 20, () => {
    count++;
    if (count === 2) pace.stop();
  });
  pace.start();
  clock.runTo(1000);
  expect(count).toBe(2);
  expect(clock.running).toBe(0);
  pace.start();
  pace.stop();
  clock.runTo(2000);
  expect(count).toBe(2);
});
