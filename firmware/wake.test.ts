import { expect, test } from "vitest";
import { HandClock } from "./sip/test-bench.ts";
import { Wake } from "./wake.ts";

test("a wake-up comes once, at its instant", () => {
  const clock = new HandClock();
  let calls = 0;
  new Wake(clock, () => calls++).set(1_000);
  clock.runTo(clock.nowMs() + 999);
  expect(calls).toBe(0);
  clock.runTo(clock.nowMs() + 1);
  expect(calls).toBe(1);
  clock.runTo(clock.nowMs() + 10_000);
  expect(calls).toBe(1);
});

test("set anew it replaces its former self, earlier or later", () => {
  for (const second of [500, 1_500]) {
    const clock = new HandClock();
    const instants: number[] = [];
    const wake = new Wake(clock, () => instants.push(clock.nowMs()));
    wake.set(1_000);
    wake.set(second);
    clock.runTo(clock.nowMs() + 2_000);
    expect(instants).toEqual([second]);
  }
});

test("an instant that has passed wakes at once, but never from inside the call", () => {
  const clock = new HandClock();
  clock.runTo(clock.nowMs() + 5_000);
  let calls = 0;
  new Wake(clock, () => calls++).set(1_000);
  expect(calls).toBe(0);
  clock.runTo(clock.nowMs());
  expect(calls).toBe(1);
});
