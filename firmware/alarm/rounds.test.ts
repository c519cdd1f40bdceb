import { expect, test } from "vitest";
import type { Attempt } from "./alarm-state.ts";
import { alarmBench } from "./arbitraries.ts";
import type { AlarmBench } from "./test-bench.ts";

function paths(bench: AlarmBench): string[] {
  return bench.sent("ME").map(({ atMs, attempt: { path, part } }) => {
    return `${atMs - 1_000} ${path.route} ${path.receiver} part ${part}`;
  });
}

/** Starts of rounds, in ms since the press. */
function roundStarts(bench: AlarmBench, number: number, forMs: number): number[] {
  const starts: number[] = [];
  for (let passed = 0; passed < forMs; passed += 1_000) {
    const roundMs = (bench.report(number)?.roundMs ?? 0) - 1_000;
    if (starts.at(-1) !== roundMs) starts.push(roundMs);
    bench.run(1_000);
  }
  return starts;
}

function gaps(starts: readonly number[]): number[] {
  return starts.slice(1).map((start, i) => start - (starts[i] ?? 0));
}

test("four silent paths are all under way by 15 s: the active route first, the same reference over the other one", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(15_000);
  expect(paths(bench)).toEqual([
    "0 mobile 0 part 0",
    "5000 broadband 0 part 0",
    "10000 mobile 1 part 1",
    "15000 broadband 1 part 1",
  ]);
  expect(bench.state.attempts).toHaveLength(4);
});

test("the route that has become active goes first", () => {
  const bench = alarmBench();
  bench.useRoute("broadband");
  bench.press(0, 1);
  bench.run(5_000);
  expect(paths(bench)).toEqual(["0 broadband 0 part 0", "5000 mobile 0 part 0"]);
});

test("a path that fails starts the next one at once", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(700);
  bench.fail(bench.last(), "refused");
  bench.fail(bench.last(), "no-link");
  expect(paths(bench)).toEqual(["0 mobile 0 part 0", "700 broadband 0 part 0", "700 mobile 1 part 1"]);
});

test("a SIP answer alone stops nothing: the next path starts all the same", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.carry(bench.last());
  bench.run(5_000);
  expect(paths(bench)).toHaveLength(2);
  expect(bench.told()).toEqual(["received 1"]);
});

test("silent rounds follow each other, then are up to 30 % less than 45 and 60 s apart, after half an hour up to 10 min", () => {
  const bench = alarmBench({ staggerMs: 1 });
  const starts = roundStarts(bench, bench.press(0, 1), 6 * 3_600_000);
  const between = gaps(starts);
  expect(between[0]).toBeGreaterThanOrEqual(18_003);
  expect(between[0]).toBeLessThanOrEqual(18_010);
  for (const [i, most] of [
    [2, 30_000],
    [3, 45_000],
    [4, 60_000],
    [9, 60_000],
  ] as const) {
    expect(between[i]).toBeGreaterThanOrEqual(Math.max(18_003, most * 0.7));
    expect(between[i]).toBeLessThanOrEqual(most);
  }
  const early = gaps(starts.filter((start) => start < 1_800_000)).slice(4);
  expect(Math.max(...early)).toBeLessThanOrEqual(60_000);
  expect(Math.min(...early)).toBeGreaterThanOrEqual(42_000);
  expect(new Set(early).size).toBeGreaterThan(5);
  const late = gaps(starts.filter((start) => start > 3_600_000));
  expect(Math.max(...late)).toBeLessThanOrEqual(600_000);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(420_000);
});

test("gaps count from start to start where paths fail quickly: 15, 20, 30, 45 s, jittered downwards only", () => {
  for (let dice = 1; dice < 30; dice++) {
    const bench = alarmBench({ dice });
    bench.far = (on, sent) => on.fail(sent.attempt, "refused");
    const between = gaps(roundStarts(bench, bench.press(0, 1), 180_000));
    for (const [i, most] of [15_000, 20_000, 30_000, 45_000].entries()) {
      expect(between[i]).toBeGreaterThanOrEqual(most * 0.7);
      expect(between[i]).toBeLessThanOrEqual(most);
    }
  }
});

test("a round never starts before all four silent paths have had 18 s: 33 s", () => {
  const bench = alarmBench();
  const between = gaps(roundStarts(bench, bench.press(0, 1), 100_000));
  expect(between.slice(0, 2)).toEqual([33_000, 33_000]);
});

test("the wearer is told after the first round, and once", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(32_999);
  expect(bench.shown()).toEqual(["sending"]);
  bench.run(600_000);
  expect(bench.shown()).toEqual(["sending", "not-accepted"]);
});

test("a link that comes back starts a round at once in a pause, but none within five seconds of the last", () => {
  const bench = alarmBench();
  bench.far = (on, sent) => on.fail(sent.attempt, "no-answer");
  const number = bench.press(0, 1);
  bench.run(2_000);
  bench.pathBack();
  expect(bench.report(number)?.round).toBe(1);
  bench.run(3_000);
  expect(bench.report(number)?.round).toBe(2);
  bench.run(7_000);
  bench.pathBack();
  expect(bench.report(number)?.round).toBe(3);
});

test("after rounds in which nothing could leave, as during a call, the first link starts one at once", () => {
  const bench = alarmBench();
  bench.far = (on, sent) => on.fail(sent.attempt, "no-link");
  const number = bench.press(0, 1);
  while (bench.report(number)?.round === 1) bench.run(1_000);
  bench.far = undefined;
  bench.pathBack();
  expect(bench.report(number)).toMatchObject({ round: 3, roundMs: bench.nowMs, sentMs: bench.nowMs });
  bench.pathBack();
  expect(bench.report(number)?.round).toBe(3);
});

test("a path that had failed is tried again in the round that has just begun when the link comes back", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.fail(bench.last(), "no-link");
  bench.run(2_000);
  bench.pathBack();
  bench.run(13_000);
  expect(paths(bench)).toContain("15000 mobile 0 part 0");
});

test("a link that flaps for ever keeps no path from its turn", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  for (let i = 0; i < 10; i++) {
    bench.run(5_500);
    bench.pathBack();
  }
  for (const path of ["mobile 0 part 0", "broadband 0 part 0", "mobile 1 part 1", "broadband 1 part 1"])
    expect(paths(bench).filter((each) => each.endsWith(path)).length).toBeGreaterThan(1);
});

test("two persons at once race beside each other", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.press(1, 1);
  bench.run(15_000);
  expect(paths(bench)).toHaveLength(8);
});

test("one receiver on one route is asked again and again, alone", () => {
  const bench = alarmBench({ receiverCount: 1, routes: ["mobile"] });
  bench.press(0, 1);
  bench.run(120_000);
  expect(paths(bench).length).toBeGreaterThan(4);
  expect(new Set(bench.sent("ME").map(({ attempt }) => attempt.part)).size).toBe(1);
});

test("with 32 messages under way an alarm takes the place of the least urgent, and nothing takes an alarm's place", () => {
  const bench = alarmBench({ receiverCount: 4 });
  bench.raise("technical", 0);
  bench.run(1);
  const technical = bench.last().id;
  for (let bond = 0; bond < 4; bond++) bench.press(bond, 1);
  bench.run(35_000);
  expect(bench.done.some(({ effect }) => effect.type === "stop" && effect.attempt === technical)).toBe(true);
  bench.run(10_000);
  expect(bench.state.attempts).toHaveLength(32);
  expect(bench.state.attempts.every(({ number }) => number > 1)).toBe(true);
});

test("receivers that are busy over one route are asked over the other next: what turns alarms away may lie on the way", () => {
  const bench = alarmBench();
  const turnsAway = (attempt: Attempt): boolean => attempt.path.route === "mobile";
  bench.press(0, 1);
  for (let passed = 0; passed < 20_000 && bench.report(1)?.acceptedMs === -1; passed += 100) {
    for (const attempt of bench.state.attempts.concat())
      if (turnsAway(attempt)) bench.fail(attempt, "busy");
      else bench.answer(attempt, 0);
    bench.run(100);
  }
  expect(bench.report(1)?.acceptedMs).toBeLessThan(16_100);
  expect(bench.sent("ME").map(({ attempt: { path } }) => `${path.route} ${path.receiver}`)).toEqual([
    "mobile 0",
    "mobile 1",
    "broadband 0",
  ]);
});

test("while nothing can leave, nobody is told or called before a silent path would have had its time", () => {
  for (const isRestarted of [false, true]) {
    const bench = alarmBench();
    bench.far = (on, sent) => on.fail(sent.attempt, "no-link");
    if (isRestarted) bench.far = undefined;
    const number = bench.press(0, 1);
    if (isRestarted) {
      bench.run(40_000);
      bench.clear();
      bench.far = (on, sent) => on.fail(sent.attempt, "no-link");
      bench.restart();
    }
    bench.run(7_900);
    bench.pathBack();
    expect(bench.report(number)).toMatchObject({ at: "round", round: 1, told: false });
    expect(bench.shown()).toEqual(["sending"]);
    bench.run(100);
    expect(bench.report(number)).toMatchObject({ at: "pause", round: 1, told: true });
    expect(bench.shown()).toEqual(["sending", "not-accepted"]);
  }
});

test("a link that comes while nobody has been told is used at once, and that is still the first round", () => {
  const bench = alarmBench();
  bench.far = (on, sent) => on.fail(sent.attempt, "no-link");
  const number = bench.press(0, 1);
  bench.run(1_600);
  bench.far = undefined;
  bench.pathBack();
  expect(bench.report(number)).toMatchObject({ at: "round", round: 1, sentMs: bench.nowMs });
  bench.run(32_000);
  expect(bench.shown()).toEqual(["sending"]);
});
