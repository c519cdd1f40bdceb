/** What the far side's keys do, who is called where nobody accepts, and what a call leaves of the line for alarms. */
import { expect, test } from "vitest";
import type { AlarmState } from "../alarm/alarm-state.ts";
import { alarmBench } from "../alarm/arbitraries.ts";
import { forgetGrant, keepGrant, keptGrant } from "./kept-grant.ts";
import { allowed, fallback, relatives, stranger, VoiceBench } from "./test-bench.ts";
import { PhoneBench } from "./test-phones.ts";
import { Voice } from "./voice.ts";

const minuteMs = 60_000;
const reply = { mre: 1, cre: 61, tnu: [] };

/** The alarms of a unit one of which, under that number, was accepted a moment ago. */
function openAlarm(number: number): AlarmState {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answer(bench.last("ME"), 0);
  const reports = bench.state.reports.map((report) => Object.assign({}, report, { number }));
  return Object.assign({}, bench.state, { reports });
}

function inCall(): PhoneBench {
  const bench = new PhoneBench(["mobile"], { receiverNumbers: ["+4681000"] });
  bench.voice.granted({ number: 7, receiver: 0, reply });
  bench.pass(6_000);
  bench.acts.length = 0;
  return bench;
}

test.each([
  ["1", ["6 softer"]],
  ["3", ["6 louder"]],
  ["4", []],
  ["7", ["6 tone", "6 listen"]],
  ["8", ["6 talk"]],
  ["9", ["6 output"]],
  ["2", []],
  ["5", []],
  ["6", []],
  ["*", []],
  ["#", []],
])("key %s in a call that is heard both ways: %j", (key, acts) => {
  const bench = inCall();
  bench.phone("mobile").key(key);
  expect(bench.acts).toEqual(acts);
});

test("key 4 makes a call of listening one of talking again, and the home hears that it is listened to", () => {
  const bench = inCall();
  for (const key of ["7", "8", "4"]) bench.phone("mobile").key(key);
  expect(bench.acts).toEqual(["6 tone", "6 listen", "6 talk", "6 tone", "6 duplex"]);
});

test("keys count while people talk, and not while it rings", () => {
  const bench = new PhoneBench(["mobile"], { receiverNumbers: ["+4681000"] });
  bench.voice.granted({ number: 7, receiver: 0, reply });
  bench.acts.length = 0;
  for (const key of "0134789") bench.phone("mobile").key(key);
  expect(bench.acts).toEqual([]);
});

test("where nobody accepts, relatives are called in turn until one of them confirms", () => {
  const bench = new VoiceBench({ fallback: [fallback, ...relatives] });
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3] });
  bench.ended("busy");
  bench.run(2_000);
  expect(bench.dialled().at(-1)).toContain("+46701");
  bench.answered();
  expect(bench.orders("message").length).toBe(1);
  // An answering machine: three times the message, then the next.
  bench.run(30_000);
  expect(bench.orders("message").length).toBe(3);
  expect(bench.line).toBe("free");
  expect(bench.learned()).toEqual([]);
  bench.run(2_000);
  expect(bench.dialled().at(-1)).toContain("+46702");
  bench.answered();
  bench.key("0");
  expect(bench.learned()).toEqual(["3 spoken"]);
  bench.run(5 * minuteMs);
  expect(bench.line).toBe("up");
  bench.ended("over");
  bench.run(10 * minuteMs - 1);
  expect(bench.dialled().length).toBe(3);
  bench.run(1);
  expect(bench.dialled().at(-1)).toContain(fallback.number);
});

test("relatives who do not answer are called again with the next round of calls, the first number first", () => {
  const bench = new VoiceBench({ fallback: relatives });
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3] });
  bench.run(20 * minuteMs);
  const numbers = bench.orders("dial").map(({ effect }) => effect.number);
  expect(numbers).toEqual(["+46701", "+46702", "+46701", "+46702"]);
});

test("the acceptance of a receiver ends a relative's ringing, and nobody else is called", () => {
  const bench = new VoiceBench({ fallback: relatives });
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3] });
  bench.alarmsAre({ waiting: [], open: [3] });
  expect(bench.line).toBe("free");
  bench.run(30 * minuteMs);
  expect(bench.dialled().length).toBe(1);
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [4], open: [] });
  expect(bench.dialled().at(-1)).toContain("+46701");
});

test("where a call stops the data, a new alarm has the line first, for 20 s at most", () => {
  const bench = new VoiceBench({ stopsData: true });
  bench.alarmsAre({ newestMs: bench.nowMs, freshMs: bench.nowMs + 20_000 });
  bench.grant(1, {});
  bench.run(19_999);
  expect([bench.line, bench.state.at]).toEqual(["free", "holding"]);
  bench.run(1);
  expect(bench.dialled()).toEqual(["21000 +4681000"]);
});

test("the call begins as soon as no alarm is in its first round, and at once where data and speech go together", () => {
  const bench = new VoiceBench({ stopsData: true });
  bench.alarmsAre({ newestMs: bench.nowMs, freshMs: bench.nowMs + 20_000 });
  bench.grant(1, {});
  bench.run(3_000);
  bench.alarmsAre({ freshMs: -1 });
  expect(bench.dialled()).toEqual(["4000 +4681000"]);
  const free = new VoiceBench({ stopsData: false });
  free.alarmsAre({ newestMs: free.nowMs, freshMs: free.nowMs + 20_000 });
  free.grant(1, {});
  expect(free.line).toBe("dialled");
});

test("the fallback call too waits for an alarm that was just raised, and no longer than 20 s", () => {
  const bench = new VoiceBench({ stopsData: true });
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3], freshMs: bench.nowMs + 20_000 });
  bench.run(19_999);
  expect(bench.line).toBe("free");
  bench.run(1);
  expect(bench.line).toBe("dialled");
});

test("a caller may come while the call to be made waits for an alarm", () => {
  const bench = new VoiceBench({ stopsData: true });
  bench.alarmsAre({ newestMs: bench.nowMs, freshMs: bench.nowMs + 20_000 });
  bench.grant(1, {});
  bench.ring(allowed);
  expect(bench.line).toBe("up");
  bench.ended("over");
  bench.run(minuteMs);
  expect(bench.dialled()).toEqual([]);
});

test("the ways in are kept open for as long as somebody may call, and no longer", () => {
  const bench = new VoiceBench({ fallback: [] });
  bench.alarmsAre({ newestMs: bench.nowMs });
  bench.run(10 * minuteMs - 1);
  expect(bench.orders("open").map(({ effect }) => effect.on)).toEqual([true]);
  bench.run(1);
  expect(bench.orders("open").map(({ effect }) => effect.on)).toEqual([true, false]);
  bench.ring(stranger);
  expect(bench.line).toBe("free");
  bench.grant(1, { cre: 30 });
  bench.ring(stranger);
  expect(bench.line).toBe("up");
  bench.run(31 * minuteMs);
  expect(bench.orders("open").at(-1)?.effect.on).toBe(true);
  bench.ended("over");
  bench.run(10 * minuteMs);
  expect(bench.orders("open").map(({ effect }) => effect.on)).toEqual([true, false, true, false]);
});

test("a restart forgets no call: what was promised counts anew, what was to be made is made", () => {
  const bench = new PhoneBench(["mobile"], { receiverNumbers: ["+4681000"] });
  const grant = { number: 7, receiver: 0, reply: { mre: 2, cre: 5, tnu: ["gsm:"] } };
  bench.voice.keep(grant);
  bench.voice.granted(grant);
  bench.pass(30_000);
  bench.restart(2_000);
  bench.acts.length = 0;
  bench.voice.restore(openAlarm(7));
  bench.pass(61_000);
  expect(bench.acts).toEqual(["60 tone", "60 calls +4681000, listen"]);
  bench.pass(30_000);
  expect(keptGrant(bench.context.records)).toBeUndefined();
});

test("a grant whose alarm has closed meanwhile is forgotten", () => {
  const bench = new PhoneBench(["mobile"], { receiverNumbers: ["+4681000"] });
  bench.voice.keep({ number: 7, receiver: 0, reply: { mre: 1, cre: 5, tnu: [] } });
  expect(keptGrant(bench.context.records)).toBeDefined();
  bench.restart(2_000);
  bench.voice.restore(openAlarm(8));
  bench.pass(minuteMs);
  expect(bench.acts).toEqual([]);
  expect(keptGrant(bench.context.records)).toBeUndefined();
});

test("a grant is kept as it was said, and one that is too long to keep is not kept at all", () => {
  const records = new PhoneBench([], {}).context.records;
  const grant = { number: 4_000_000_000, receiver: 1, reply: { mre: 3, cre: 62, tnu: ["sip:plats4@example.org"] } };
  keepGrant(records, grant);
  expect(keptGrant(records)).toEqual(grant);
  forgetGrant(records);
  keepGrant(records, { ...grant, reply: { ...grant.reply, tnu: ["sip:" + "a".repeat(250)] } });
  expect(keptGrant(records)).toBeUndefined();
});

test("a second call, over the other medium, hears busy, and a medium without a telephone fails at once", () => {
  const bench = new PhoneBench(["sip", "mobile"], { allowedNumbers: [allowed] });
  bench.voice.alarms(openAlarm(7));
  bench.phone("mobile").rings(allowed);
  bench.phone("sip").rings("sip:a@b");
  expect(bench.acts).toEqual(["0 tone", "0 answers, duplex", "0 hangs up sip"]);
  const bare = new Voice({
    context: bench.context,
    settings: { allowedNumbers: [], receiverNumbers: ["112"], fallbackNumber: "", relatives: [], mobileCalls: "none" },
    media: ["mobile"],
    sound: undefined,
    receivers: [{ uri: "sip:larm@example.org" }],
    onAlarm: (event) => {
      if (event.type === "learned") bench.learned.push(event.text);
    },
    onTalking: () => {},
    onOpen: () => {},
  });
  bare.granted({ number: 7, receiver: 0, reply });
  bench.pass(10 * minuteMs);
  expect(bench.learned).toEqual(["call failed"]);
});
