/** What becomes known later: the wall clock, and facts for the receiver that accepts. */
import { expect, test } from "vitest";
import { alarmBench } from "./arbitraries.ts";
import { messageOf } from "./message.ts";
import { type AlarmBench, answering } from "./test-bench.ts";
import { updateTextLimit } from "./update.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };

/** What the updates sent so far say. */
function updates(bench: AlarmBench): (string | undefined)[] {
  return bench.sent("IN").map(({ report, attempt }) => messageOf(sender, report, attempt).ite);
}

test("a press whose time was unknown is corrected by an update once the clock is known, and only once", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  bench.run(1_000);
  bench.press(0, 1);
  bench.run(30_000);
  expect(updates(bench)).toEqual([]);
  bench.learnClock();
  bench.run(0);
  expect(updates(bench)).toEqual(["pressed 2027-01-15T08:00:02Z"]);
  expect(bench.told()).toEqual(["received 1", "accepted 1"]);
  bench.clear();
  bench.learnClock();
  bench.wallStartS += 100;
  bench.learnClock();
  expect(bench.done).toEqual([]);
  bench.run(200_000);
  expect(bench.sent("IN")).toEqual([]);
  expect(bench.report(1)?.timeTold).toBe(true);
});

test("a clock that becomes known before the acceptance is told with it, and the first message keeps its bytes", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  const before = bench.sent("ME").map(({ report, attempt }) => messageOf(sender, report, attempt));
  bench.run(4_000);
  bench.learnClock();
  bench.run(10_000);
  const after = bench.sent("ME").map(({ report, attempt }) => messageOf(sender, report, attempt));
  expect(after[1]).toEqual(before[0]);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(0);
  expect(updates(bench)).toEqual(["pressed 2027-01-15T08:00:01Z"]);
});

test("the corrected time waits for its receiver over a power cut", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answer(bench.last(), 0);
  bench.learnClock();
  bench.restart();
  bench.clear();
  bench.far = answering(() => 0);
  bench.run(1_000);
  expect(updates(bench)).toEqual(["pressed 2027-01-15T08:00:01Z"]);
  bench.restart();
  bench.clear();
  bench.run(60_000);
  expect(updates(bench)).toEqual([]);
});

test("a press from before the unit's start has its own time as soon as the clock is known, a further one too", () => {
  const bench = alarmBench();
  bench.press(0, 1, { ageS: 16 });
  bench.learnClock();
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(0);
  expect(updates(bench)).toEqual(["pressed 2027-01-15T07:59:45Z"]);
  const further = alarmBench();
  further.press(0, 1);
  further.answer(further.last(), 0);
  further.press(0, 2, { ageS: 16 });
  further.learnClock();
  expect(further.report(1)?.untaken).toMatchObject({ clock: "wall", seconds: Date.UTC(2027, 0, 15, 7, 59, 45) / 1000 });
});

test("of a press by a former run's clock only this is known: it was before this run began", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(60_000);
  bench.restart();
  bench.learnClock();
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(0);
  expect(updates(bench)).toEqual(["pressed before 2027-01-15T08:00:00Z"]);
});

test("what nobody has heard of yet gets its right time in its first message", () => {
  const bench = alarmBench({ preAlarmMs: 10_000 });
  bench.press(0, 1);
  bench.raiseOrder({ stc: 85 }, { spreadMs: 600_000 });
  bench.raiseOrder({ stc: 86, restores: 85 }, { spreadMs: 600_000 });
  bench.learnClock();
  bench.far = answering(() => 0);
  bench.run(1_200_000);
  expect(bench.sent("ME").map(({ report, attempt }) => messageOf(sender, report, attempt).ite)).toEqual([
    "pressed 2027-01-15T08:00:01Z",
    "from 2027-01-15T08:00:01Z to 2027-01-15T08:00:01Z",
  ]);
  expect(updates(bench)).toEqual([]);
});

test("the day of a withdrawal goes on over restarts once the clock is known", () => {
  const bench = alarmBench();
  bench.learnClock();
  bench.press(0, 1);
  bench.run(10_000);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(20 * 3_600_000);
  bench.restart();
  bench.learnClock();
  bench.run(5 * 3_600_000);
  expect(bench.state.reports).toEqual([]);
  expect(bench.journal).toEqual([]);
});

test("an acceptance before the clock was known has its day too", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answer(bench.last(), 0);
  bench.run(3_600_000);
  bench.learnClock();
  bench.run(20 * 3_600_000);
  bench.restart();
  bench.learnClock();
  bench.run(2 * 3_600_000);
  expect(bench.state.reports).toHaveLength(1);
  bench.run(3_600_000);
  expect(bench.state.reports).toEqual([]);
});

test("a clock that goes back prolongs no day, and one that jumps ahead ends only what is over", () => {
  const bench = alarmBench();
  bench.learnClock();
  const accepted = bench.press(0, 1);
  bench.answer(bench.last(), 0);
  const pending = bench.press(1, 1);
  bench.restart();
  bench.wallStartS -= 1_000_000;
  bench.learnClock();
  expect(bench.report(accepted)?.overMs).toBe(1_000);
  bench.wallStartS += 5_000_000;
  bench.learnClock();
  expect(bench.report(accepted)).toBeUndefined();
  expect(bench.report(pending)).toBeDefined();
});

test("a fact that is learned goes to the receiver that has accepted, or with the acceptance", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.learn(1, "no speech");
  bench.learn(1, "no speech");
  expect(bench.sent("IN")).toEqual([]);
  bench.answer(bench.last(), 0);
  bench.run(0);
  expect(updates(bench)).toEqual(["no speech"]);
  bench.carry(bench.last("IN"));
  bench.answer(bench.last("IN"), 0);
  bench.clear();
  bench.learn(1, "call ended");
  bench.run(0);
  expect(updates(bench)).toEqual(["call ended"]);
  bench.learn(99, "of nothing");
});

test("an update holds the count, what was learned and the corrected time within the length of its element", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.press(0, 2, { presses: 255 });
  bench.learn(number, "no speech, and a word more than fits");
  bench.learn(number, "å".repeat(99));
  bench.restart();
  bench.learnClock();
  bench.learn(number, "x".repeat(99));
  bench.run(61_000);
  bench.answerRef(0, "mobile", number, 0, 0);
  bench.run(0);
  const [told] = updates(bench);
  expect(told).toBe(`pressed 255 times; ${"x".repeat(40)}; pressed before 2027-01-15T08:00:00Z`);
  expect("pressed 65535 times; ".length + updateTextLimit + "; pressed before 2027-01-15T08:00:01Z".length).toBe(122);
});

test("hop times of an alarm: pressed, heard, sent, carried, accepted", () => {
  const bench = alarmBench({ preAlarmMs: 10_000 });
  bench.run(9_000);
  const number = bench.press(0, 1, { ageS: 4 });
  bench.run(6_000);
  bench.fail(bench.last(), "no-link");
  bench.run(2_000);
  const first = bench.last();
  bench.carry(first);
  bench.run(1_500);
  bench.answer(first, 0);
  const hops = bench.done.map(({ effect }) => effect).filter((effect) => effect.type === "hops");
  expect(hops).toMatchObject([
    { number, hops: { pressedMs: 6_000, heardMs: 10_000, carriedMs: 18_000, acceptedMs: 19_500 } },
  ]);
  expect(hops[0]?.hops.sentMs).toBe(16_000);
});

test("where no byte had left, the hop of the first message is the one that did", () => {
  const bench = alarmBench({ receiverCount: 1, routes: ["mobile"] });
  bench.press(0, 1);
  bench.fail(bench.last(), "no-link");
  bench.run(30_000);
  const sentMs = bench.sent("ME")[1]?.atMs;
  bench.answer(bench.last(), 0);
  const hops = bench.done.map(({ effect }) => effect).filter((effect) => effect.type === "hops");
  expect(hops[0]?.hops.sentMs).toBe(sentMs);
});

test("after a restart the hops of the former run are not known", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.restart();
  bench.run(0);
  bench.answer(bench.last(), 0);
  const hops = bench.done.map(({ effect }) => effect).filter((effect) => effect.type === "hops");
  expect(hops[0]?.hops).toMatchObject({ pressedMs: -1, heardMs: -1, sentMs: 1_000 });
});
