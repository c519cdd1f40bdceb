/** The event queue in real time, with Node's timers held in hand. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveTime } from "./live-time.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("what is planned runs at its time, also what a run plans", () => {
  const time = new LiveTime();
  const seen: string[] = [];
  time.enter(() => {
    time.queue.at(500, () => {
      seen.push(`a ${time.queue.nowMs}`);
      time.queue.after(250, () => seen.push(`b ${time.queue.nowMs}`));
    });
  });
  vi.advanceTimersByTime(499);
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual(["a 500"]);
  vi.advanceTimersByTime(1_000);
  expect(seen).toEqual(["a 500", "b 750"]);
});

test("what comes from outside comes at the present instant, after all that was due before", () => {
  const time = new LiveTime();
  const seen: string[] = [];
  vi.advanceTimersByTime(100);
  time.at(300, () => seen.push("due"));
  // The process was busy: Node's timer is late, and a datagram comes first.
  const { now } = performance;
  performance.now = () => now.call(performance) + 400;
  time.enter(() => seen.push(`entered ${time.queue.nowMs}`));
  performance.now = now;
  expect(seen).toEqual(["due", "entered 500"]);
});

test("what a datagram plans sooner than all else does not wait for it", () => {
  const time = new LiveTime();
  const seen: number[] = [];
  time.at(10_000, () => seen.push(time.nowMs()));
  vi.advanceTimersByTime(1_000);
  time.enter(() => time.queue.after(20, () => seen.push(time.nowMs())));
  vi.advanceTimersByTime(20);
  expect(seen).toEqual([1_020]);
  vi.advanceTimersByTime(10_000);
  expect(seen).toEqual([1_020, 10_000]);
});

test("an instant that has passed means now", () => {
  const time = new LiveTime();
  let ranMs = -1;
  vi.advanceTimersByTime(700);
  time.at(200, () => {
    ranMs = time.queue.nowMs;
  });
  vi.advanceTimersByTime(1);
  expect(ranMs).toBe(700);
});

test("after stop() nothing runs, and no timer is left", () => {
  const time = new LiveTime();
  time.at(50, () => expect.unreachable());
  time.stop();
  time.enter(() => expect.unreachable());
  time.at(60, () => expect.unreachable());
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(1_000);
});
