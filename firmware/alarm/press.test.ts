import { expect, test } from "vitest";
import { reportLimit } from "./alarm-state.ts";
import { alarmBench } from "./arbitraries.ts";
import { stepOfPress } from "./calls.ts";
import { messageOf } from "./message.ts";
import { pressLimit } from "./report.ts";
import { answering } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };

test("a press is stored, then acknowledged, then shown, and its first message leaves in the same step", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  expect(bench.done.map(({ effect }) => effect.type)).toEqual([
    "store",
    "log",
    "tell-button",
    "show",
    "store",
    "send",
    "wake",
  ]);
});

test("a press leaves at once whatever else waits", () => {
  const bench = alarmBench();
  for (let i = 0; i < 10; i++) bench.raise("technical", 0);
  bench.run(10);
  bench.clear();
  bench.press(0, 1);
  expect(bench.sent("ME")).toHaveLength(1);
});

test("a press of the same button on a pending alarm counts, is told received, and starts a round at once", () => {
  const bench = alarmBench();
  bench.far = (on, sent) => on.fail(sent.attempt, "refused");
  const number = bench.press(0, 1);
  bench.run(6_000);
  bench.clear();
  expect(bench.report(number)?.at).toBe("pause");
  bench.press(0, 2);
  expect(bench.report(number)).toMatchObject({ pressCount: 2, round: 2 });
  expect(bench.told()).toEqual(["received 2"]);
  expect(bench.shown()).toEqual(["sending", "not-accepted"]);
  expect(bench.state.reports).toHaveLength(1);
});

test("frames that were lost are made up for by the number of presses that the button tells", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.press(0, 4, { presses: 4 });
  expect(bench.report(number)?.pressCount).toBe(4);
  bench.press(0, 5, { presses: 2 });
  expect(bench.report(number)?.pressCount).toBe(5);
});

test("another frame of a known press counts nothing and is told how far that press is", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.press(0, 1);
  bench.answerRef(0, "mobile", number, 0, 0);
  bench.press(0, 1);
  expect(bench.told()).toEqual(["received 1", "received 1", "accepted 1", "accepted 1"]);
  expect(bench.report(number)?.pressCount).toBe(1);
});

test("acceptance is told for the first press, and for the second only when its own update was accepted", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.press(0, 2);
  bench.answerRef(0, "mobile", number, 0, 0);
  expect(bench.told()).toEqual(["received 1", "received 2", "accepted 1"]);
  expect(stepOfPress(bench.state.reports, 0, 1)).toBe("accepted");
  expect(stepOfPress(bench.state.reports, 0, 2)).toBe("received");
  bench.run(0);
  const update = bench.sent("IN")[0];
  if (update === undefined) throw new Error("an update");
  expect(messageOf(sender, update.report, update.attempt)).toMatchObject({ mty: "IN", ite: "pressed 2 times" });
  bench.carry(update.attempt);
  bench.answer(update.attempt, 0);
  expect(bench.told().at(-1)).toBe("accepted 2");
  expect(stepOfPress(bench.state.reports, 0, 2)).toBe("accepted");
});

test("an open alarm closes two minutes after the acceptance, and a press after that is a new alarm", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  const first = bench.press(0, 1);
  bench.run(119_999);
  expect(bench.report(first)?.at).toBe("open");
  bench.press(0, 2);
  bench.run(1);
  expect(bench.report(first)?.at).toBe("done");
  expect(bench.shown().at(-1)).toBe("ready");
  const second = bench.press(0, 3);
  bench.run(0);
  expect(bench.report(second)?.acceptedMs).toBeGreaterThan(0);
});

test("another button is always an alarm of its own", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.press(1, 1);
  expect(bench.state.reports).toHaveLength(2);
});

test("the unit is not shown as ready while another alarm is under way", () => {
  const bench = alarmBench();
  const first = bench.press(0, 1);
  bench.press(1, 1);
  bench.answerRef(0, "mobile", first, 0, 0);
  bench.run(200_000);
  expect(bench.shown()).not.toContain("ready");
});

test("a fall never joins a press, and the receiver of the open press hears of it by an update", () => {
  const bench = alarmBench();
  const press = bench.press(0, 1);
  bench.answerRef(0, "mobile", press, 0, 0);
  bench.clear();
  const fall = bench.press(0, 2, { reason: "fall" });
  expect(bench.report(fall)?.facts).toMatchObject({ dty: 5, stc: 9 });
  bench.run(0);
  const update = bench.sent("IN")[0];
  if (update === undefined) throw new Error("an update");
  expect(update.attempt.number).toBe(press);
  expect(messageOf(sender, update.report, update.attempt).ite).toBe("fall detected");
});

test("a fall during a press that nobody has accepted yet is told with the acceptance", () => {
  const bench = alarmBench();
  const press = bench.press(0, 1);
  bench.press(0, 2, { reason: "fall" });
  bench.answerRef(0, "mobile", press, 0, 0);
  bench.run(0);
  const update = bench.sent("IN")[0];
  expect(update?.report.updates[0]?.text).toBe("fall detected");
  expect(update?.attempt.number).toBe(press);
});

test("presses beyond the eighth are counted without a name, and the first and the newest keep theirs", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  for (let name = 2; name <= pressLimit + 3; name++) bench.press(0, name);
  const report = bench.report(number);
  expect(report?.presses).toHaveLength(pressLimit);
  expect(report?.pressCount).toBe(pressLimit + 3);
  expect([report?.presses[0]?.name, report?.presses.at(-1)?.name]).toEqual([1, pressLimit + 3]);
});

test("the wearer's cancel withdraws every started session with 0019, the accepted one too", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.run(10_000);
  bench.answerRef(0, "mobile", number, 0, 0);
  bench.run(0);
  bench.clear();
  bench.press(0, 2, { reason: "cancel" });
  bench.run(0);
  const sent = bench.sent("RE");
  expect(sent.map(({ attempt }) => attempt.part).sort()).toEqual([0, 1]);
  for (const { report, attempt } of sent) {
    const message = messageOf(sender, report, attempt);
    expect(message).toMatchObject({ mty: "RE", stc: 19 });
    expect(message.stt).toBeUndefined();
  }
  expect(bench.told()).toEqual(["received 2"]);
  expect(bench.shown()).toEqual(["ready"]);
  bench.run(600_000);
  expect(bench.sent("ME")).toEqual([]);
});

test("an acceptance that arrives after the cancel is withdrawn too and never told", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.press(0, 2, { reason: "cancel" });
  bench.answerRef(0, "mobile", number, 0, 0);
  bench.run(0);
  expect(bench.told()).not.toContain("accepted 1");
  expect(bench.sent("RE")).toHaveLength(1);
});

test("a cancel without an open alarm only gets its acknowledge", () => {
  const bench = alarmBench();
  bench.press(0, 1, { reason: "cancel" });
  expect(bench.done.map(({ effect }) => effect.type)).toEqual(["tell-button"]);
});

test("with 32 reports the least urgent makes room, what is over before what is pending", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  const over = bench.press(40, 1);
  bench.run(121_000);
  bench.far = undefined;
  const technical = bench.raise("technical", 0);
  const statistics = bench.raise("statistics", 0);
  for (let bond = 0; bond < reportLimit - 3; bond++) bench.press(bond, 1);
  expect(bench.state.reports).toHaveLength(reportLimit);
  for (const [i, gone] of [over, statistics, technical].entries()) {
    expect(bench.report(gone)).toBeDefined();
    bench.press(50 + i, 1);
    expect(bench.report(gone)).toBeUndefined();
    expect(bench.journal).toHaveLength(reportLimit);
  }
});

test("a press never makes way: with 32 alarms pending one more is not acknowledged, so that its button goes on", () => {
  const bench = alarmBench();
  for (let bond = 0; bond < reportLimit; bond++) bench.press(bond, 1);
  bench.clear();
  bench.press(60, 1);
  bench.raise("life-safety", 0);
  expect(bench.told()).toEqual([]);
  expect(bench.state.reports).toHaveLength(reportLimit);
  expect(bench.journal).toHaveLength(reportLimit);
  bench.press(3, 2);
  expect(bench.told()).toEqual(["received 2"]);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.press(60, 1);
  expect(bench.told()).toContain("received 1");
});

test("a name that no report knows is closed", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  expect(stepOfPress(bench.state.reports, 0, 9)).toBe("closed");
  expect(stepOfPress(bench.state.reports, 1, 1)).toBe("closed");
});
