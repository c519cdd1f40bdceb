import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveClock } from "./live-clock.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("it starts at 0 and counts whole milliseconds", () => {
  const clock = new LiveClock();
  expect(clock.nowMs()).toBe(0);
  vi.advanceTimersByTime(1_500);
  expect(clock.nowMs()).toBe(1_500);
});

test("a callback comes once, at its time, and never from inside after()", () => {
  const clock = new LiveClock();
  const times: number[] = [];
  clock.after(0, () => times.push(clock.nowMs()));
  clock.after(300, () => times.push(clock.nowMs()));
  expect(times).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(times).toEqual([0, 300]);
});

test("what is cancelled, also twice, does not come", () => {
  const clock = new LiveClock();
  const timer = clock.after(300, () => expect.unreachable());
  timer.cancel();
  timer.cancel();
  vi.advanceTimersByTime(10_000);
});

test("a wait longer than Node's timers can hold comes at its time, and can be cancelled on the way", () => {
  const clock = new LiveClock();
  const thirtyDaysMs = 30 * 24 * 3_600_000;
  let arrivedMs = -1;
  clock.after(thirtyDaysMs, () => {
    arrivedMs = clock.nowMs();
  });
  const other = clock.after(thirtyDaysMs, () => expect.unreachable());
  vi.advanceTimersByTime(thirtyDaysMs - 1);
  expect(arrivedMs).toBe(-1);
  other.cancel();
  vi.advanceTimersByTime(1);
  expect(arrivedMs).toBe(thirtyDaysMs);
});

test("a timer that Node fires a millisecond early is waited for again", () => {
  const clock = new LiveClock();
  const plain = globalThis.setTimeout;
  // No spy: what it puts back after the file is this file's clock, under which the next one would wait for ever.
  globalThis.setTimeout = ((run: () => void, ms: number) => {
    globalThis.setTimeout = plain;
    return plain(run, ms - 1);
  }) as typeof setTimeout;
  let arrivedMs = -1;
  clock.after(300, () => {
    arrivedMs = clock.nowMs();
  });
  vi.advanceTimersByTime(1_000);
  expect(arrivedMs).toBe(300);
});
