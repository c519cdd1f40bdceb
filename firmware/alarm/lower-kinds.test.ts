import { expect, test } from "vitest";
import { alarmBench } from "./arbitraries.ts";
import { answering } from "./test-bench.ts";

test("a lower kind goes one path at a time, each with 8 s for the SIP answer", () => {
  const bench = alarmBench();
  bench.raise("technical", 0);
  bench.run(60_000);
  expect(bench.sent("ME").map(({ atMs, attempt: { path } }) => [atMs - 1_000, path.route, path.receiver])).toEqual([
    [0, "mobile", 0],
    [8_000, "broadband", 0],
    [16_000, "mobile", 1],
    [24_000, "broadband", 1],
  ]);
});

test("a lower kind goes first to receivers that answer; an alarm of a person asks the lost one too, in its usual place", () => {
  const bench = alarmBench();
  bench.loseReceiver(0, true);
  bench.raise("technical", 0);
  bench.run(60_000);
  expect(bench.sent("ME").map(({ attempt: { path } }) => path.receiver)).toEqual([1, 1, 0, 0]);
  bench.clear();
  bench.press(0, bench.newName());
  bench.run(15_000);
  const receivers = bench
    .sent("ME")
    .filter(({ report }) => report.facts.kind === "user-alarm")
    .map(({ attempt }) => attempt.path.receiver);
  expect(receivers).toEqual([0, 0, 1, 1]);
});

test("once carried it waits 10 s for the mrs; what an earlier try does changes nothing", () => {
  const bench = alarmBench();
  bench.raise("technical", 0);
  bench.run(7_000);
  const first = bench.last();
  bench.carry(first);
  bench.run(9_999);
  expect(bench.sent("ME")).toHaveLength(1);
  bench.run(1);
  expect(bench.sent("ME")).toHaveLength(2);
  bench.run(1_000);
  bench.fail(first, "no-answer");
  expect(bench.sent("ME")).toHaveLength(2);
  bench.run(7_000);
  expect(bench.sent("ME")).toHaveLength(3);
});

test("reports with a shared cause start at a random instant within their spread", () => {
  const starts: number[] = [];
  for (let dice = 1; dice <= 40; dice++) {
    const bench = alarmBench({ dice: dice * 613 });
    bench.raise("technical", 600_000);
    bench.run(600_001);
    starts.push(bench.sent("ME")[0]?.atMs ?? -1);
  }
  expect(Math.min(...starts)).toBeLessThan(120_000);
  expect(Math.max(...starts)).toBeGreaterThan(480_000);
});

test("a backlog goes one message each 3 to 7 min, the most urgent first", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  const statistics = bench.raise("statistics", 0);
  const test1 = bench.raise("test", 0);
  const technical = bench.raise("technical", 0);
  bench.run(1_800_000);
  const sent = bench.sent("ME");
  expect(sent.map(({ attempt }) => attempt.number)).toEqual([technical, test1, statistics]);
  for (let i = 1; i < sent.length; i++) {
    const gapMs = (sent[i]?.atMs ?? 0) - (sent[i - 1]?.atMs ?? 0);
    expect(gapMs).toBeGreaterThanOrEqual(180_000);
    expect(gapMs).toBeLessThanOrEqual(440_000);
  }
  expect(bench.state.reports).toEqual([]);
});

test("a lower kind never starts beside a running race, and does so in its pause", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  const technical = bench.raise("technical", 0);
  bench.run(1_800_000);
  const starts = bench.sent("ME").filter(({ attempt, report }) => attempt.number === technical && report.round > 0);
  expect(starts.length).toBeGreaterThan(0);
  for (const { atMs } of starts.slice(0, 1)) {
    const beside = bench
      .sent("ME")
      .filter((each) => each.attempt.number === 1 && each.atMs <= atMs)
      .at(-1);
    expect(atMs - (beside?.atMs ?? 0)).toBeGreaterThanOrEqual(18_000);
  }
});

test("a refused lower kind waits 3 to 7 min for its next round", () => {
  const bench = alarmBench();
  bench.far = (on, sent) => on.fail(sent.attempt, "refused");
  bench.raise("technical", 0);
  bench.run(1_000);
  bench.clear();
  bench.run(178_000);
  expect(bench.sent("ME")).toEqual([]);
  bench.run(260_000);
  expect(bench.sent("ME").length).toBeGreaterThan(0);
});

test("the time that a 503 names binds lower kinds, an hour at most, and no alarm", () => {
  for (const [namedS, leastMs, mostMs] of [
    [1_200, 1_200_000, 1_700_000],
    [1_000_000_000, 3_600_000, 4_100_000],
  ] as const) {
    const bench = alarmBench({ receiverCount: 1 });
    bench.far = (on, sent) => on.fail(sent.attempt, "busy", namedS);
    bench.raise("technical", 0);
    bench.run(1_000);
    bench.clear();
    bench.run(leastMs - 2_000);
    expect(bench.sent("ME")).toEqual([]);
    bench.run(mostMs - leastMs);
    expect(bench.sent("ME").length).toBeGreaterThan(0);
    bench.clear();
    bench.press(0, 1);
    expect(bench.sent("ME").length).toBeGreaterThan(0);
  }
});

test("a life-safety report races like an alarm, without spread", () => {
  const bench = alarmBench();
  bench.raise("life-safety", 600_000);
  bench.run(15_000);
  expect(bench.sent("ME").map(({ atMs }) => atMs)).toEqual([1_000, 6_000, 11_000, 16_000]);
});

test("a lower kind that is accepted is forgotten as soon as nothing is owed", () => {
  const bench = alarmBench();
  bench.raise("technical", 0);
  bench.run(17_000);
  bench.answerRef(0, "mobile", 1, 0, 0);
  expect(bench.state.reports).toHaveLength(1);
  bench.run(0);
  bench.carry(bench.last("RE"));
  bench.answer(bench.last("RE"), 0);
  expect(bench.state.reports).toEqual([]);
  expect(bench.journal).toEqual([]);
});

test("the daily test goes over the route that it names, to a receiver of its own first, whichever route is active", () => {
  for (const [stc, routes] of [
    [102, ["mobile", "broadband"]],
    [103, ["broadband", "mobile"]],
  ] as const) {
    const bench = alarmBench({ testReceiver: 1 });
    bench.useRoute("broadband");
    bench.raiseOrder({ kind: "test", stc }, {});
    bench.run(60_000);
    expect(bench.sent("ME").map(({ attempt: { path } }) => [path.route, path.receiver])).toEqual([
      [routes[0], 1],
      [routes[1], 1],
      [routes[0], 0],
      [routes[1], 0],
    ]);
  }
});

test("a receiver that refused a lower kind and takes a copy of it later is told that another has it; ten minutes after that it is forgotten", () => {
  const bench = alarmBench();
  const number = bench.raise("technical", 0);
  bench.run(0);
  bench.run(10_000);
  bench.answerRef(0, "mobile", number, 0, 6);
  bench.answerRef(1, "mobile", number, 1, 0);
  bench.run(9 * 60_000);
  bench.answerRef(0, "broadband", number, 0, 0);
  bench.run(0);
  expect(bench.sent("IN").map(({ attempt }) => attempt.path.receiver)).toEqual([0]);
  bench.carry(bench.last("IN"));
  bench.answer(bench.last("IN"), 0);
  bench.run(60_000);
  expect(bench.state.reports).toEqual([]);
  expect(bench.journal).toEqual([]);
});

test("when a path is back, a person's call goes first, however long others have waited", () => {
  const bench = alarmBench();
  bench.far = (on, sent) => on.fail(sent.attempt, "no-link");
  bench.raise("life-safety", 0);
  bench.press(0, bench.newName());
  bench.run(60_000);
  bench.far = () => {};
  bench.clear();
  bench.pathBack();
  expect(bench.sent("ME").map(({ report }) => report.facts.kind)).toEqual(["user-alarm", "life-safety"]);
});
