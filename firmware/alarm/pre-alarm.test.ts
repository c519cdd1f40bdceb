/** The delay in which a wearer may take an alarm back, and the unit's own keys. */
import { expect, test } from "vitest";
import { alarmDefaults, alarmFault, longestDelayS, usualDelayS } from "./alarm-settings.ts";
import { reportLimit } from "./alarm-state.ts";
import { alarmBench } from "./arbitraries.ts";
import { stepOfPress } from "./calls.ts";
import { messageOf } from "./message.ts";
import { type AlarmBench, answering } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };

function delayedBench(): AlarmBench {
  return alarmBench({ preAlarmMs: 10_000, fallDelayMs: 20_000 });
}

test("without provisioning nothing is delayed, and what may be provisioned is 0 to 30 s", () => {
  expect(alarmDefaults).toEqual({ preAlarmS: 0, fallDelayS: 0 });
  expect(alarmFault({ preAlarmS: usualDelayS, fallDelayS: longestDelayS })).toBeUndefined();
  for (const wrong of [-1, 31, 1.5, Number.NaN]) {
    expect(alarmFault({ preAlarmS: wrong, fallDelayS: 0 })).toContain("pre-alarm");
    expect(alarmFault({ preAlarmS: 0, fallDelayS: wrong })).toContain("fall");
  }
});

test("a delayed press is in the journal and told received at once, and its first message leaves when the delay is over", () => {
  const bench = delayedBench();
  const number = bench.press(0, 1);
  expect(bench.done.map(({ effect }) => effect.type)).toEqual(["store", "log", "tell-button", "show", "say", "wake"]);
  expect(bench.journal).toHaveLength(1);
  bench.run(9_999);
  expect(bench.sent()).toEqual([]);
  bench.run(1);
  expect(bench.sent("ME")).toHaveLength(1);
  expect(bench.report(number)?.at).toBe("round");
});

test("the unit's cancel key takes the delayed press back: nobody ever hears of it, and the journal keeps that it was", () => {
  const bench = delayedBench();
  const number = bench.press(0, 1);
  bench.run(5_000);
  bench.cancelKey();
  expect(bench.shown().at(-1)).toBe("ready");
  expect(stepOfPress(bench.state.reports, 0, 1)).toBe("closed");
  bench.run(3_600_000);
  expect(bench.sent()).toEqual([]);
  expect(bench.report(number)).toMatchObject({ cancelled: true });
  expect(bench.journal).toHaveLength(1);
  bench.run(24 * 3_600_000);
  expect(bench.journal).toEqual([]);
});

test("the cancel key does nothing to an alarm that has left, and nothing at all where none is delayed", () => {
  const bench = delayedBench();
  const sent = bench.press(0, 1);
  bench.run(10_000);
  const delayed = bench.press(1, 2);
  bench.cancelKey();
  expect(bench.report(sent)?.cancelled).toBe(false);
  expect(bench.report(delayed)?.cancelled).toBe(true);
  bench.clear();
  bench.cancelKey();
  expect(bench.done).toEqual([]);
});

test("a second press of the same button skips the delay; a copy of the first and another button's press do not", () => {
  const bench = delayedBench();
  const number = bench.press(0, 1);
  bench.run(2_000);
  bench.press(0, 1);
  bench.press(1, 1);
  expect(bench.sent("ME")).toEqual([]);
  bench.press(0, 2);
  expect(bench.sent("ME").map(({ attempt }) => attempt.number)).toEqual([number]);
  expect(bench.report(number)).toMatchObject({ pressCount: 2, at: "round" });
});

test("a link that comes back does not cut the delay short", () => {
  const bench = delayedBench();
  bench.press(0, 1);
  bench.pathBack();
  expect(bench.sent()).toEqual([]);
});

test("a press that was heard late waits only for what is left of its delay", () => {
  const bench = delayedBench();
  bench.press(0, 1, { ageS: 4 });
  bench.run(5_999);
  expect(bench.sent()).toEqual([]);
  bench.run(1);
  expect(bench.sent("ME")).toHaveLength(1);
  bench.press(1, 1, { ageS: 10 });
  expect(bench.sent("ME")).toHaveLength(2);
});

test("when the power goes within the delay, the alarm is sent as soon as it is back", () => {
  const bench = delayedBench();
  const number = bench.press(0, 1);
  bench.run(1_000);
  bench.restart();
  bench.run(0);
  expect(bench.sent("ME").map(({ attempt }) => attempt.number)).toEqual([number]);
});

test("a delay whose power goes between any two effects of the press leads to an acceptance", () => {
  for (let cut = 0; cut < 8; cut++) {
    const bench = delayedBench();
    bench.far = answering(() => 0);
    bench.cutAfter = cut;
    bench.press(0, 1);
    if (!bench.told().includes("received 1")) bench.press(0, 1);
    bench.run(11_000);
    expect([cut, stepOfPress(bench.state.reports, 0, 1)]).toEqual([cut, "accepted"]);
  }
});

test("a fall has a delay of its own, and taken back at the button it ends alone", () => {
  const bench = delayedBench();
  const fall = bench.press(0, 7, { reason: "fall" });
  const press = bench.press(0, 8);
  bench.run(10_000);
  expect(bench.sent("ME").map(({ attempt }) => attempt.number)).toEqual([press]);
  bench.press(0, 7, { reason: "fall-withdrawn" });
  bench.run(60_000);
  expect(bench.report(fall)?.cancelled).toBe(true);
  expect(bench.report(press)?.cancelled).toBe(false);
  expect(bench.sent().every(({ attempt }) => attempt.number === press)).toBe(true);
});

test("a fall that was already sent is withdrawn under its reference when the wearer takes it back", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  const fall = bench.press(0, 7, { reason: "fall" });
  bench.run(0);
  bench.press(0, 9, { reason: "fall-withdrawn" });
  bench.run(0);
  expect(bench.sent("RE")).toEqual([]);
  bench.press(0, 7, { reason: "fall-withdrawn" });
  bench.run(0);
  const [withdrawal] = bench.sent("RE");
  expect(withdrawal?.attempt.number).toBe(fall);
  if (withdrawal !== undefined) expect(messageOf(sender, withdrawal.report, withdrawal.attempt).stc).toBe(19);
});

test("the unit's own key raises an alarm of the unit itself, and no button is told of it", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  const number = bench.key(0);
  bench.run(0);
  const [sent] = bench.sent("ME");
  if (sent === undefined) throw new Error("a message");
  expect(messageOf(sender, sent.report, sent.attempt)).toMatchObject({ dty: 2, stc: 10, dco: 2 });
  expect(messageOf(sender, sent.report, sent.attempt).did).toBeUndefined();
  expect(bench.report(number)?.at).toBe("open");
  expect(bench.shown()).toEqual(["sending", "accepted"]);
  expect(bench.told()).toEqual([]);
});

test("two keys and a button are three alarms; the same key again is one more press of its own", () => {
  const bench = alarmBench();
  const first = bench.key(0);
  const second = bench.key(1);
  const third = bench.press(0, 1);
  bench.key(0);
  expect(bench.state.reports.map(({ number }) => number)).toEqual([first, second, third]);
  expect(bench.report(first)?.pressCount).toBe(2);
});

test("a press of the key on its accepted alarm goes as an update, and is an alarm of its own when nobody takes that", () => {
  const bench = alarmBench();
  const first = bench.key(0);
  bench.answer(bench.last(), 0);
  bench.run(1_000);
  bench.key(0);
  bench.run(0);
  expect(bench.sent("IN")).toHaveLength(1);
  bench.run(21_000);
  const own = bench.state.reports.at(-1);
  expect(own?.number).not.toBe(first);
  expect(own).toMatchObject({ at: "round", pressCount: 1, facts: { dty: 2, bond: -1 } });
});

test("a press of the key beyond 32 alarms of others is put down as dropped", () => {
  const bench = alarmBench();
  for (let bond = 0; bond < reportLimit; bond++) bench.press(bond, 1);
  bench.clear();
  const number = bench.key(0);
  expect(bench.done.map(({ effect }) => effect)).toMatchObject([{ type: "log", what: "dropped", number }]);
});

test("a delayed key press is taken back by the cancel key", () => {
  const bench = delayedBench();
  const number = bench.key(0);
  bench.cancelKey();
  bench.run(60_000);
  expect(bench.report(number)?.cancelled).toBe(true);
  expect(bench.sent()).toEqual([]);
});
