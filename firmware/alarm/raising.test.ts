/** Joining below an alarm: a loss and its return, one thing time and again, and what never rests. */
import { expect, test } from "vitest";
import { alarmBench } from "./arbitraries.ts";
import { changesPerHour, flapLimit, restMs, trouble } from "./flaps.ts";
import { messageOf } from "./message.ts";
import { type AlarmBench, answering } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };
const lost = { stc: 85 };
const back = { stc: 86, restores: 85 };
const spread = { spreadMs: 600_000 };

function messages(bench: AlarmBench): object[] {
  return bench.sent("ME").map(({ report, attempt }) => messageOf(sender, report, attempt));
}

/** Loss and return in turn, a second apart, so often. */
function flip(bench: AlarmBench, times: number): void {
  for (let i = 0; i < times; i++) {
    bench.raiseOrder(i % 2 === 0 ? lost : back, spread);
    bench.run(1_000);
  }
}

test("a loss whose return comes while it waits becomes one report with both times, and both orders hear of the acceptance", () => {
  const bench = alarmBench();
  bench.learnClock();
  const loss = bench.raiseOrder(lost, spread);
  bench.run(2_000);
  const end = bench.raiseOrder(back, spread);
  bench.far = answering(() => 0);
  bench.run(1_200_000);
  expect(messages(bench)).toMatchObject([
    { dty: 2, stc: 86, ite: "from 2027-01-15T08:00:01Z to 2027-01-15T08:00:03Z" },
  ]);
  const told = bench.done.map(({ effect }) => effect).filter((effect) => effect.type === "tell-department");
  expect(told.map(({ number }) => number)).toEqual([loss, end]);
});

test("a return whose loss has been sent is a report of its own", () => {
  const bench = alarmBench();
  bench.raiseOrder(lost, {});
  bench.run(0);
  bench.raiseOrder(back, {});
  expect(bench.state.reports.map(({ facts }) => facts.stc)).toEqual([85, 86]);
});

test("nothing joins across devices, texts of the unit's own, kinds or causes", () => {
  const bench = alarmBench();
  for (const order of [
    { stc: 73, dty: 32, stt: "receiver 1" },
    { stc: 75, dty: 32, stt: "receiver 2", restores: 73 },
    { stc: 16, dty: 3, did: "A", bond: 1 },
    { stc: 15, dty: 3, did: "B", bond: 2, restores: 16 },
    { stc: 85, kind: "test" as const },
    { stc: 86, restores: 85 },
    { stc: 112, restores: 23 },
  ])
    bench.raiseOrder(order, spread);
  expect(bench.state.reports).toHaveLength(7);
});

test("the same news of a device while it waits is one report that says how often", () => {
  const bench = alarmBench();
  for (let i = 0; i < 3; i++) {
    bench.raiseOrder({ stc: 125, dty: 14, did: "A", bond: 1 }, spread);
    bench.run(1_000);
  }
  bench.run(1_200_000);
  expect(messages(bench)[0]).toMatchObject({ stc: 125, ite: "from T+01s to T+03s, 3 times" });
  expect(bench.state.reports).toHaveLength(1);
});

test("a report joined with its return is the same after a restart, and joins no time of another run's clock", () => {
  const bench = alarmBench();
  bench.raiseOrder(lost, spread);
  bench.run(1_000);
  bench.raiseOrder(back, spread);
  bench.restart();
  bench.raiseOrder(lost, spread);
  expect(bench.state.reports).toHaveLength(2);
  bench.run(1_800_000);
  expect(messages(bench)).toContainEqual(expect.objectContaining({ stc: 86, ite: "from T+01s to T+02s" }));
});

test("with a known clock a waiting loss joins its return over a restart", () => {
  const bench = alarmBench();
  bench.learnClock();
  bench.raiseOrder(lost, spread);
  bench.restart();
  bench.run(1_000);
  bench.learnClock();
  bench.raiseOrder(back, spread);
  expect(bench.state.reports).toHaveLength(1);
});

test("more than six changes in an hour become one unstable report, and a rest of half an hour its one end", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  for (let i = 0; i < 200; i++) {
    bench.raiseOrder(i % 2 === 0 ? lost : back, {});
    bench.run(60_000);
  }
  const sent = bench.sent("ME");
  const unstable = messages(bench).filter((message) => "stc" in message && message.stc === trouble);
  expect(unstable).toMatchObject([{ dty: 2, stt: "unstable" }]);
  expect(sent.length).toBeLessThanOrEqual(changesPerHour + 1);
  bench.clear();
  bench.run(restMs + 1_200_000);
  expect(messages(bench)).toMatchObject([{ stc: 86, stt: "stable again" }]);
  expect(messages(bench)[0]).toHaveProperty("ite", "from T+01s to T+11941s, 200 times");
  expect(bench.state.flaps).toEqual([]);
  bench.clear();
  bench.raiseOrder(lost, {});
  bench.run(400_000);
  expect(messages(bench)).toMatchObject([{ stc: 85 }]);
});

test("exactly six changes within an hour are told as they are", () => {
  const bench = alarmBench();
  flip(bench, changesPerHour);
  expect(bench.state.reports).toMatchObject([{ facts: { stc: 86, stability: "usual", times: changesPerHour } }]);
  flip(bench, 1);
  expect(bench.state.reports).toMatchObject([{ facts: { stc: trouble, stability: "unstable", restores: 85 } }]);
});

test("changes that are an hour apart are never unstable", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  for (let i = 0; i < 20; i++) {
    bench.raiseOrder(i % 2 === 0 ? lost : back, {});
    bench.run(1_000_000);
  }
  expect(messages(bench).every((message) => !("stt" in message))).toBe(true);
  expect(bench.sent("ME")).toHaveLength(20);
});

test("one unstable device takes nothing from another, nor from an alarm of its own", () => {
  const bench = alarmBench();
  for (let name = 1; name <= 20; name++)
    bench.raiseOrder({ stc: 125, dty: 14, did: "A", bond: 1 }, { name, spreadMs: 600_000 });
  expect(bench.told()).toHaveLength(20);
  expect(bench.state.reports).toHaveLength(1);
  bench.raiseOrder({ stc: 125, dty: 14, did: "B", bond: 2 }, { name: 1 });
  for (let name = 21; name <= 40; name++)
    bench.raiseOrder({ kind: "life-safety", stc: 76, dty: 14, did: "A", bond: 1 }, { name });
  expect(bench.state.reports.map(({ facts }) => facts.did)).toEqual(["A", "B", "A"]);
  expect(bench.state.reports[2]?.pressCount).toBe(20);
});

test("the table of changes is bounded: the subject counted longest makes room, an unstable one never", () => {
  const bench = alarmBench();
  for (let i = 0; i < changesPerHour + 1; i++) bench.raiseOrder({ dty: 14, did: "first", bond: 1 }, spread);
  for (let i = 0; i < flapLimit + 5; i++) {
    bench.raiseOrder({ dty: 14, did: `D${i}`, bond: 2 }, spread);
    bench.run(1);
  }
  expect(bench.state.flaps).toHaveLength(flapLimit);
  expect(bench.state.flaps[0]).toMatchObject({ state: "turning", facts: { did: "first" } });
  expect(bench.state.flaps[1]?.facts.did).toBe("D6");
});

test("where every counted subject is unstable, one more is told singly", () => {
  const bench = alarmBench();
  for (let device = 0; device < flapLimit; device++)
    for (let i = 0; i < changesPerHour + 1; i++) bench.raiseOrder({ dty: 14, did: `D${device}`, bond: device }, spread);
  bench.raiseOrder({ dty: 14, did: "more", bond: 20 }, spread);
  expect(bench.state.flaps).toHaveLength(flapLimit);
  expect(bench.state.reports.at(-1)?.facts).toMatchObject({ did: "more", stability: "usual" });
});
