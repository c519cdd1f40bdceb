import { expect, test } from "vitest";
import { reportLimit } from "./alarm-state.ts";
import { alarmBench } from "./arbitraries.ts";
import { stepOfPress } from "./calls.ts";
import { messageOf } from "./message.ts";
import { answering } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };

test("after a restart a pending alarm goes on at once in its old sessions, with the same bytes", () => {
  const bench = alarmBench();
  bench.press(0, 1, { ageS: 3 });
  bench.run(10_000);
  const before = bench.sent("ME").map(({ attempt, report }) => messageOf(sender, report, attempt));
  bench.clear();
  bench.restart();
  bench.run(10_000);
  const after = bench.sent("ME").map(({ attempt, report }) => messageOf(sender, report, attempt));
  expect(bench.sent("ME")[0]?.atMs).toBe(11_000);
  expect(after).toEqual(before);
  expect(bench.shown()).toEqual(["sending"]);
});

test("a press that was told received in an accepted alarm is told to the receiver after a restart", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answer(bench.last(), 0);
  bench.press(0, 2);
  bench.restart();
  bench.far = answering(() => 0);
  bench.run(1_000);
  expect(bench.told()).toEqual(["received 1", "accepted 1", "received 2", "accepted 2"]);
});

test("after a restart a receiver that may have heard of the alarm is still withdrawn from", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.restart();
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(0);
  expect(bench.sent("RE").map(({ attempt }) => attempt.part)).toEqual([1]);
});

test("a withdrawal that is owed survives the restart", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.restart();
  bench.clear();
  bench.run(0);
  expect(bench.sent("RE")).toHaveLength(1);
});

test("kinds below an alarm are spread over ten minutes after a restart", () => {
  const starts: number[] = [];
  for (let dice = 1; dice <= 40; dice++) {
    const bench = alarmBench({ dice: dice * 977 });
    bench.raise("technical", 0);
    bench.restart();
    bench.clear();
    bench.run(600_001);
    starts.push(bench.sent("ME")[0]?.atMs ?? -1);
  }
  expect(Math.min(...starts)).toBeLessThan(120_000);
  expect(Math.max(...starts)).toBeGreaterThan(480_000);
});

test("the power may go between any two effects of a press, an acceptance or an update: every press is accepted in the end", () => {
  for (let cut = 0; cut < 12; cut++) {
    for (const when of ["press", "acceptance", "update"] as const) {
      const bench = alarmBench();
      // As a button does it: another frame of the press until it was acknowledged.
      const press = (name: number): void => {
        bench.press(0, name);
        if (!bench.told().includes(`received ${name}`)) bench.press(0, name);
      };
      if (when === "press") bench.cutAfter = cut;
      press(1);
      if (when === "acceptance") bench.cutAfter = cut;
      if (bench.state.attempts.length > 0) bench.answer(bench.last("ME"), 0);
      if (when === "update") bench.cutAfter = cut;
      press(2);
      bench.far = answering(() => 0);
      bench.run(30_000);
      for (const name of [1, 2]) expect(["accepted", cut]).toEqual([stepOfPress(bench.state.reports, 0, name), cut]);
    }
  }
});

test("a unit full of withdrawals that comes up without a link starts a bounded number of messages in each step", () => {
  const bench = alarmBench({ receiverCount: 4 });
  for (let bond = 0; bond < reportLimit; bond++) {
    const number = bench.press(bond, 1);
    for (let i = 0; i < 3; i++) bench.run(10_000);
    bench.answerRef(0, "mobile", number, 0, 0);
  }
  bench.restart();
  bench.clear();
  bench.far = (on, sent) => on.fail(sent.attempt, "no-link");
  bench.run(0);
  expect(bench.sent("RE")).toHaveLength(3 * reportLimit);
});

test("who accepted later is told after a restart too that another has the alarm, and who was first is still the one that is spoken to", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.answerRef(1, "mobile", 1, 1, 0);
  bench.answerRef(0, "broadband", 1, 0, 0);
  for (let life = 0; life < 3; life++) {
    bench.restart();
    bench.clear();
    bench.run(0);
    const told = bench.sent("IN").map(({ report, attempt }) => [attempt.part, messageOf(sender, report, attempt).ite]);
    expect(told).toEqual([[0, "accepted by another receiver before"]]);
  }
  bench.clear();
  bench.learn(1, "spoken");
  bench.run(0);
  expect(bench.sent("IN").map(({ attempt }) => attempt.path.receiver)).toEqual([1]);
});
