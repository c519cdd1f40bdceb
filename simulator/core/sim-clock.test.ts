import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";
import { SimClock } from "./sim-clock.ts";

test("a device's time begins at 0 when it starts, and its timers fire after the delay", () => {
  const queue = new EventQueue();
  queue.runUntil(5000);
  const clock = new SimClock(queue);
  const fired: number[] = [];
  clock.after(0, () => fired.push(clock.nowMs()));
  clock.after(250, () => fired.push(clock.nowMs()));
  expect(fired).toEqual([]);
  queue.runUntil(6000);
  expect(fired).toEqual([0, 250]);
  expect(clock.nowMs()).toBe(1000);
});

test("a cancelled timer does not fire, and cancelling it again or after it has fired is allowed", () => {
  const queue = new EventQueue();
  const clock = new SimClock(queue);
  let fired = 0;
  const cancelled = clock.after(10, () => (fired += 1));
  const kept = clock.after(10, () => (fired += 1));
  cancelled.cancel();
  cancelled.cancel();
  queue.runUntil(10);
  kept.cancel();
  clock.after(1, () => (fired += 1));
  kept.cancel();
  queue.runUntil(20);
  expect(fired).toBe(2);
});

test("after the power is cut no timer fires, none can be planned, and the queue holds nothing of the device", () => {
  const queue = new EventQueue();
  const clock = new SimClock(queue);
  const neighbour = new SimClock(queue);
  let fired = 0;
  for (let i = 1; i <= 20; i++) clock.after(i, () => (fired += 1));
  neighbour.after(5, () => (fired += 100));
  queue.at(3, () => clock.stop());
  queue.runUntil(3);
  expect([fired, queue.size, clock.oldest]).toEqual([3, 1, undefined]);
  const late = clock.after(1, () => (fired += 1));
  expect(queue.size).toBe(1);
  late.cancel();
  queue.runUntil(100);
  expect(fired).toBe(103);
});

test("a delay that is negative or not whole is a mistake in the caller", () => {
  const clock = new SimClock(new EventQueue());
  expect(() => clock.after(-1, () => {})).toThrow();
  expect(() => clock.after(0.5, () => {})).toThrow();
  expect(clock.oldest).toBeUndefined();
});

test.each([-10_000, -37, 37, 10_000])(
  "a clock that drifts by %i ppm wakes its device when it shows the time that was asked for, and never before",
  (ppm) => {
    const queue = new EventQueue();
    const clock = new SimClock(queue);
    queue.runUntil(1_000);
    clock.drift(ppm);
    const late: number[] = [];
    for (const delayMs of [0, 1, 999, 180_000, 86_400_000]) {
      const dueMs = clock.nowMs() + delayMs;
      clock.after(delayMs, () => late.push(clock.nowMs() - dueMs));
    }
    queue.runUntil(90_000_000);
    expect(late.every((ms) => ms === 0 || (ms === 1 && ppm > 0))).toBe(true);
    expect(late).toHaveLength(5);
    const trueMs = 90_000_000 - 1_000;
    expect(clock.nowMs()).toBe(1_000 + trueMs + Math.floor((trueMs * ppm) / 1_000_000));
  },
);

test("what was planned before a clock began to drift moves with it, and its time goes on without a leap", () => {
  const queue = new EventQueue();
  const clock = new SimClock(queue);
  const fired: number[] = [];
  clock.after(100_000, () => fired.push(queue.nowMs));
  queue.runUntil(50_000);
  clock.drift(10_000);
  expect(clock.nowMs()).toBe(50_000);
  queue.runUntil(75_000);
  clock.drift(0);
  expect(clock.nowMs()).toBe(75_250);
  queue.runUntil(200_000);
  expect(fired).toEqual([99_750]);
  expect(() => clock.drift(10_001)).toThrow();
  expect(() => clock.drift(0.5)).toThrow();
});

test("timers that are cancelled anywhere in the row leave the others as they were, also when the clock begins to drift", () => {
  for (const cancelled of [0, 1, 2]) {
    const queue = new EventQueue();
    const clock = new SimClock(queue);
    const fired: number[] = [];
    const timers = [0, 1, 2].map((name) => clock.after(10_000, () => fired.push(name)));
    timers[cancelled]?.cancel();
    clock.drift(100);
    timers[cancelled]?.cancel();
    queue.runUntil(20_000);
    expect(fired).toEqual([0, 1, 2].filter((name) => name !== cancelled));
    expect([queue.size, clock.oldest, clock.newest]).toEqual([0, undefined, undefined]);
  }
});
