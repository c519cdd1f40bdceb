/** What an alarm knows of its call: what it offers, what its acceptance grants, and how long it stays open. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeResponse, type ScaipResponse } from "../../protocol/scaip/response.ts";
import { refOf, stemOf } from "../../protocol/scaip/stem.ts";
import { stepAlarms } from "../alarm/alarm-machine.ts";
import type { AlarmEffect, AlarmEvent } from "../alarm/alarm-state.ts";
import { alarmBench } from "../alarm/arbitraries.ts";
import { messageOf } from "../alarm/message.ts";
import { kindsByUrgency } from "../alarm/report.ts";
import type { AlarmBench } from "../alarm/test-bench.ts";
import { Courier } from "../uplink/courier.ts";
import type { RouteLink } from "../uplink/route-link.ts";
import { WallClock } from "../wall-clock.ts";
import { noAlarms, waitingAlarms } from "./waiting-alarms.ts";

const mute = { cid: "4607110231", prefix: "Q4T8A" };
const sender = { ...mute, crd: ["sip:", "gsm:"] };
const reply = { mre: 1, cre: 5, tnu: [] };

function take(bench: AlarmBench, event: AlarmEvent): readonly AlarmEffect[] {
  const next = stepAlarms(bench.state, event);
  bench.state = next.state;
  return next.effects;
}

function grants(effects: readonly AlarmEffect[]): readonly AlarmEffect[] {
  return effects.filter(({ type }) => type === "grant-call");
}

function accept(bench: AlarmBench, number: number, receiver: number, part: number): readonly AlarmEffect[] {
  return take(bench, { type: "answered", nowMs: bench.nowMs, receiver, route: "mobile", number, part, snu: 0, reply });
}

test.each(kindsByUrgency)(
  "no report asks to be called back, here %s: the unit calls, or the acceptance says who does",
  (kind) => {
    const bench = alarmBench();
    bench.raise(kind, 0);
    bench.run(60_000);
    const said = bench.sent().map(({ report, attempt }) => messageOf(sender, report, attempt));
    expect(bench.sent()[0]?.report.facts.kind).toBe(kind);
    expect(said.map(({ cha }) => cha)).toEqual(said.map(() => undefined));
  },
);

test("an alarm of a person offers the unit's media, a technical report and a unit without a telephone none", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  const press = bench.sent("ME")[0];
  if (press === undefined) throw new Error("nothing sent");
  expect(messageOf(sender, press.report, press.attempt).crd).toEqual(["sip:", "gsm:"]);
  expect(messageOf(mute, press.report, press.attempt).crd).toEqual(["no-voice:"]);
  const technical = { ...press.report, facts: { ...press.report.facts, kind: "technical" } } as const;
  expect(messageOf(sender, technical, press.attempt).crd).toEqual(["no-voice:"]);
});

test("the acceptance of an alarm hands on what the receiver says of a call, that of a second receiver too", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.run(12_000);
  const first = accept(bench, number, 0, 0);
  expect(grants(first)).toEqual([{ type: "grant-call", number, receiver: 0, reply }]);
  expect(grants(accept(bench, number, 0, 0))).toEqual([]);
  expect(grants(accept(bench, number, 1, 1))).toEqual([{ type: "grant-call", number, receiver: 1, reply }]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 10, 99])(
  "an answer %i accepts nothing and grants no call, whatever it says of one",
  (snu) => {
    const bench = alarmBench();
    const number = bench.press(0, 1);
    bench.run(1_000);
    const asked = { receiver: 0, route: "mobile", number, part: 0, snu, reply: { mre: 1, cre: 61, tnu: [] } } as const;
    expect(grants(take(bench, { type: "answered", nowMs: bench.nowMs, ...asked }))).toEqual([]);
    expect(grants(take(bench, { type: "answered", nowMs: bench.nowMs, ...asked, snu: 0 }))).toHaveLength(1);
  },
);

test("a technical report grants no call", () => {
  const bench = alarmBench();
  const number = bench.raise("technical", 0);
  bench.run(20_000);
  const effects = accept(bench, number, 0, 0);
  expect(effects.some(({ type }) => type === "tell-department")).toBe(true);
  expect(grants(effects)).toEqual([]);
});

test("an accepted alarm is open for two minutes without a call, and with one until that has ended", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  accept(bench, number, 0, 0);
  const acceptedMs = bench.nowMs;
  bench.run(60_000);
  take(bench, { type: "call-began", nowMs: bench.nowMs, numbers: [number, number + 1] });
  for (let i = 0; i < 4; i++) {
    bench.run(300_000);
    take(bench, { type: "due", nowMs: bench.nowMs, number: 900 + i });
  }
  expect(bench.report(number)?.at).toBe("open");
  const ended = take(bench, { type: "call-ended", nowMs: bench.nowMs, numbers: [number] });
  expect(ended).toContainEqual({ type: "wake", atMs: bench.nowMs });
  take(bench, { type: "due", nowMs: bench.nowMs, number: 910 });
  expect(bench.report(number)?.at).toBe("done");
  expect(bench.report(number)?.acceptedMs).toBe(acceptedMs);

  const silent = alarmBench();
  const other = silent.press(0, 1);
  accept(silent, other, 0, 0);
  silent.nowMs += 119_999;
  take(silent, { type: "due", nowMs: silent.nowMs, number: 900 });
  expect(silent.report(other)?.at).toBe("open");
  silent.nowMs += 1;
  take(silent, { type: "due", nowMs: silent.nowMs, number: 901 });
  expect(silent.report(other)?.at).toBe("done");
});

test("a call about an alarm that nobody has accepted changes nothing of it", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  const before = bench.report(number);
  take(bench, { type: "call-began", nowMs: bench.nowMs, numbers: [number] });
  take(bench, { type: "call-ended", nowMs: bench.nowMs, numbers: [number] });
  expect(bench.report(number)).toEqual(before);
});

test("an alarm that could not leave before has the line first in the round in which it can, and no longer", () => {
  const bench = alarmBench();
  bench.far = (on, sent) => on.fail(sent.attempt, "no-link");
  const number = bench.press(0, 1);
  bench.run(40_000);
  expect(waitingAlarms(bench.state)).toMatchObject({ waiting: [number], freshMs: -1 });
  bench.far = undefined;
  bench.pathBack();
  expect(waitingAlarms(bench.state)).toMatchObject({ waiting: [number], freshMs: bench.nowMs + 20_000 });
  while (bench.report(number)?.at !== "pause") bench.run(1_000);
  expect(waitingAlarms(bench.state).freshMs).toBe(-1);
  bench.run(60_000);
  expect(waitingAlarms(bench.state).freshMs).toBe(-1);
});

test("an alarm waits for the fallback call once its first round has failed, and not while a receiver may still answer", () => {
  const bench = alarmBench();
  expect(waitingAlarms(bench.state)).toEqual(noAlarms);
  const raisedMs = bench.nowMs;
  const number = bench.press(0, 1);
  expect(waitingAlarms(bench.state)).toEqual({ ...noAlarms, newestMs: raisedMs, freshMs: raisedMs + 20_000 });
  for (let i = 0; i < 60 && bench.report(number)?.at !== "pause"; i++) bench.run(1_000);
  expect(waitingAlarms(bench.state)).toMatchObject({ waiting: [number], freshMs: -1 });
  bench.clear();
  bench.run(20_000);
  bench.carry(bench.last("ME"));
  expect(waitingAlarms(bench.state).answerMs).toBe(bench.nowMs + 10_000);
  accept(bench, number, 0, 0);
  expect(waitingAlarms(bench.state)).toMatchObject({
    waiting: [],
    open: [number],
    newestMs: bench.nowMs,
    answerMs: -1,
  });
});

function courierOf(crd: readonly string[] | undefined): { hear: (said: Partial<ScaipResponse>) => AlarmEvent[] } {
  const events: AlarmEvent[] = [];
  const courier = new Courier({
    clock: { nowMs: () => 5_000, after: () => ({ cancel: () => {} }) },
    wallClock: new WallClock(),
    sender: { ...mute, crd },
    primary: "mobile",
    receiverOf: () => 0,
    onAlarm: (event) => events.push(event),
    onUplink: () => {},
    onAnswer: () => {},
  });
  courier.add({ route: "mobile", ready: true, mayAnswer: () => true } as unknown as RouteLink);
  return {
    hear: (said) => {
      const body = encodeResponse({ ref: refOf(stemOf(mute.prefix, 7), 0), snu: 0, ...said });
      courier.hear("mobile", { type: "message", receiver: 0, host: "192.0.2.1", body });
      return events.splice(0);
    },
  };
}

const plainAnswer = { type: "answered", nowMs: 5_000, receiver: 0, route: "mobile", number: 7, part: 0, snu: 0 };

test("what a receiver says of a call reaches the alarm as it was said, and what it leaves out as its absence means", () => {
  const courier = courierOf(["gsm:"]);
  expect(courier.hear({})).toEqual([{ ...plainAnswer, reply: { mre: 0, cre: 61, tnu: [] } }]);
  const given = { mre: fc.integer({ min: 0, max: 3 }), cre: fc.integer({ min: 1, max: 62 }) };
  fc.assert(
    fc.property(
      fc.record({ ...given, tnu: fc.array(fc.constantFrom("gsm:+46701", "sip:a@b"), { minLength: 1 }) }),
      (said) => {
        const kept = { ...said, tnu: said.tnu.slice(0, 8) };
        expect(courier.hear(kept)).toEqual([{ ...plainAnswer, reply: kept }]);
      },
    ),
  );
});

test("where nothing is offered, nothing is heard of a call", () => {
  expect(courierOf(undefined).hear({ mre: 1, cre: 5 })).toEqual([plainAnswer]);
});
