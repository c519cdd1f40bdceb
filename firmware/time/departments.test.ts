import { expect, test } from "vitest";
import { dailyPlaceKind } from "../storage/record-kinds.ts";
import { DailyJobs, windowFault } from "./daily-jobs.ts";
import { ContextBench } from "./test-bench.ts";
import { TimeKeeper } from "./time-keeper.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const may = Date.UTC(2026, 4, 4);
const windows = [
  { fromS: 3_600, toS: 5 * 3_600 },
  { fromS: 36_000, toS: 39_600 },
];

function jobsOf(bench: ContextBench): { readonly job: number; readonly day: number; readonly atMs: number }[] {
  const runs: { job: number; day: number; atMs: number }[] = [];
  new DailyJobs(bench, windows, (job, day) =>
    runs.push({ job, day, atMs: bench.wallClock.milliseconds(bench.hand.nowMs()) }),
  );
  return runs;
}

test("each job has its own place in its window, drawn once and kept over a restart", () => {
  const bench = new ContextBench(undefined);
  jobsOf(bench);
  const places = [bench.records.read(dailyPlaceKind, 0), bench.records.read(dailyPlaceKind, 1)];
  expect(places.map((place) => place?.length)).toEqual([4, 4]);
  const again = new ContextBench(bench);
  again.drawn = 99;
  const runs = jobsOf(again);
  const midnight = may - 2 * hourMs;
  again.tellTime(midnight);
  again.pass(dayMs);
  const draw = 0x07070707;
  expect(runs.map((run) => run.atMs - midnight)).toEqual([
    hourMs + (draw % (4 * hourMs)),
    10 * hourMs + (draw % hourMs),
  ]);
});

test("a restart does not bring a date's jobs again", () => {
  const bench = new ContextBench(undefined);
  const runs = jobsOf(bench);
  bench.tellTime(may);
  bench.pass(20 * hourMs);
  expect(runs).toHaveLength(2);
  const again = new ContextBench(bench);
  const more = jobsOf(again);
  again.tellTime(may + 20 * hourMs);
  again.pass(hourMs);
  expect(more).toEqual([]);
  again.pass(23 * hourMs);
  expect(more.map((run) => run.job).sort()).toEqual([0, 1]);
});

test("two jobs cost two wake-ups a day, and beats that repeat the time cost none", () => {
  const bench = new ContextBench(undefined);
  jobsOf(bench);
  bench.tellTime(may);
  bench.clock.wakeUps = 0;
  for (let i = 0; i < 10 * 480; i++) {
    bench.pass(180_000);
    bench.tellTime(may + bench.hand.nowMs());
  }
  expect(bench.clock.wakeUps).toBe(20);
  expect(bench.hand.running).toBe(1);
});

test("a window must lie within one date", () => {
  expect(windowFault({ fromS: 0, toS: 86_400 })).toBeUndefined();
  for (const [fromS, toS] of [
    [-1, 10],
    [10, 10],
    [10, 86_401],
    [0.5, 10],
    [0, 10.5],
  ] as const)
    expect(windowFault({ fromS, toS })).toBe("a window must begin before it ends, on one date");
});

test("the length of a gap is known once the time is, to ten minutes and a beat", () => {
  const bench = new ContextBench(undefined);
  const keeper = new TimeKeeper(bench);
  expect([keeper.lastSeenS, keeper.gapS(), keeper.keep()]).toEqual([-1, -1, false]);
  bench.tellTime(may);
  for (let i = 0; i < 50; i++) {
    bench.pass(180_000);
    keeper.lives();
  }
  expect(bench.records.counters.writes).toBe(13);
  const again = new ContextBench(bench);
  const awake = new TimeKeeper(again);
  expect(awake.gapS()).toBe(-1);
  again.pass(90_000);
  again.tellTime(may + 150 * 60_000 + 5 * hourMs);
  expect(awake.gapS()).toBe(5 * 3_600 + 3 * 60 - 90);
});

test("only a time on which two readings an hour apart agreed becomes the floor of the next life", () => {
  const bench = new ContextBench(undefined);
  const keeper = new TimeKeeper(bench);
  bench.tellTime(may + 3_000 * dayMs);
  expect(keeper.keep()).toBe(true);
  const trusting = new ContextBench(bench);
  const second = new TimeKeeper(trusting);
  trusting.tellTime(may);
  expect(trusting.wallClock.seconds(0)).toBe(may / 1000);
  trusting.pass(2 * hourMs);
  trusting.tellTime(may + 2 * hourMs);
  second.keep();
  const third = new ContextBench(trusting);
  new TimeKeeper(third);
  third.tellTime(may + hourMs);
  expect(third.wallClock.seconds(0)).toBe(-1);
  third.tellTime(may + 2 * hourMs);
  expect(third.wallClock.seconds(0)).toBe(may / 1000 + 7_200);
});
