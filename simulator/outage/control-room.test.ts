/** The record of an outage from its first suspicion to its end, reconciled with the units, and kept over a restart. */
import { expect, test } from "vitest";
import type { Notice } from "../monitor/monitor.ts";
import { unitOf } from "../monitor/monitor-bench.ts";
import { said } from "../monitor/said.ts";
import { type ReceiverEvent, receiverEvent } from "../peers/receiver-events.ts";
import { AlarmFile } from "./alarm-file.ts";
import { ControlRoom, type RoomState } from "./control-room.ts";
import { OutageBook } from "./outage-book.ts";
import { roomReport, ticked, toldOf, visitsCsv } from "./outage-report.ts";
import { LogFeed, readLogLine } from "./receiver-log.ts";
import { reconcilePresses, type UnitPress } from "./reconcile.ts";

const minuteMs = 60_000;
/** Wednesday 2026-01-14 07:30 in Sweden. */
const startMs = Date.UTC(2026, 0, 14, 6, 30);

function openRoom(count: number, nowMs = 0): { room: ControlRoom; notices: Notice[] } {
  const notices: Notice[] = [];
  const room = new ControlRoom({ startWallMs: startMs, nowMs, onNotice: (notice) => notices.push(notice) });
  for (let i = 0; i < count; i++) room.expect(unitOf(`u${i}`, { provider: "LSS" }), nowMs);
  return { room, notices };
}

let lastId = 0;
function beat(room: ControlRoom, cid: string, atMs: number, isAnswered: boolean): void {
  const id = ++lastId;
  room.hear("main", { type: "heard", id, cid }, atMs);
  room.hear("main", { type: "carried", id, cid, ref: `B${id}` }, atMs);
  if (isAnswered) room.hear("main", { type: "answered", id, cid, ref: `B${id}`, snu: 0 }, atMs + 100);
}

function press(room: ControlRoom, cid: string, ref: string, atMs: number, acceptedMs?: number): void {
  const ite = `pressed ${new Date(startMs + atMs).toISOString().slice(0, 19)}Z`;
  const what = { type: "alarm" as const, cid, ref, mty: "ME", dty: 3, stc: 10, ite, answer: "sip 200" };
  room.read("main", receiverEvent(what, startMs + atMs, { host: "10.0.0.1", port: 5060 }, "udp"), atMs);
  if (acceptedMs !== undefined) room.hear("main", { type: "answered", id: ++lastId, cid, ref, snu: 0 }, acceptedMs);
}

/** Six units, whose receiver answers nothing from minute 30 to 90; u0 presses at 40, u1 at 41 and is never accepted. */
function story(): { room: ControlRoom; notices: Notice[] } {
  const { room, notices } = openRoom(6);
  for (let t = 0; t < 120 * minuteMs; t += 30_000) {
    if (t === 40 * minuteMs) press(room, "u0", "ABCDE0000001000", t);
    if (t === 41 * minuteMs) press(room, "u1", "BBCDE0000001000", t);
    beat(room, `u${(t / 30_000) % 6}`, t, t < 30 * minuteMs || t >= 90 * minuteMs);
    if (t === 90 * minuteMs)
      room.hear("main", { type: "answered", id: ++lastId, cid: "u0", ref: "ABCDE0000001001", snu: 0 }, t + 200);
  }
  room.pass(120 * minuteMs);
  return { room, notices };
}

test("an outage has one record: suspected, confirmed, closed, who was hit from when to when, and who was told", () => {
  const { room } = story();
  const [record, ...others] = room.outages(120 * minuteMs);
  expect(others).toEqual([]);
  expect(record).toMatchObject({ number: 1, cause: "server", subject: "main", unitsLeftOut: 0 });
  expect(record?.updates.map(({ phase, to }) => [phase, to])).toEqual([
    ["suspected", "office"],
    ["confirmed", "office"],
    ["closed", "office"],
  ]);
  expect(record?.units.length).toBe(6);
  for (const { fromMs, backMs } of record?.units ?? []) {
    expect(fromMs).toBeGreaterThan(26 * minuteMs);
    expect(fromMs).toBeLessThan(30 * minuteMs);
    expect(backMs).toBeGreaterThanOrEqual(90 * minuteMs);
  }
});

test("late and undelivered alarms are found from the receivers' side alone by the time of the press", () => {
  const { room } = story();
  expect(room.outages(120 * minuteMs)[0]?.alarms).toEqual({
    inTime: 0,
    late: [
      { unit: "u0", pressedMs: 40 * minuteMs, acceptedMs: 90 * minuteMs + 200, receiver: "main", stem: "ABCDE0000001" },
    ],
    undelivered: [{ unit: "u1", pressedMs: 41 * minuteMs, acceptedMs: null, receiver: "main", stem: "BBCDE0000001" }],
    disputed: [],
    unheard: 0,
    leftOut: 0,
    hasUnitSide: false,
  });
});

test("unit against receiver: what only one of them calls accepted is told apart", () => {
  const { room } = story();
  const file = new AlarmFile();
  const [record] = room.outages(120 * minuteMs);
  if (record === undefined) throw new Error("no record");
  const one = (unit: string, pressedMs: number, acceptedMs: number | null, stem: string | null): UnitPress => ({
    unit,
    cid: unit,
    pressedMs,
    acceptedMs,
    stem,
    isUnheard: false,
  });
  const alarm = {
    type: "alarm" as const,
    cid: "u2",
    ref: "CCCDE0000001000",
    mty: "ME",
    dty: 3,
    stc: 10,
    answer: "snu 0",
  };
  file.read("main", receiverEvent(alarm, 0, { host: "h", port: 1 }, "udp"), 50 * minuteMs);
  file.hear("main", { type: "answered", id: 1, cid: "u2", ref: "CCCDE0000001000", snu: 0 }, 50 * minuteMs + 30_000);
  const presses = [
    one("u2", 50 * minuteMs, null, "CCCDE0000001"),
    one("u3", 51 * minuteMs, 51 * minuteMs + 5_000, "DDCDE0000001"),
    one("u4", 52 * minuteMs, null, null),
    { ...one("u5", 53 * minuteMs, null, null), isUnheard: true },
    one("u5", 10 * minuteMs, null, null),
    one("stranger", 52 * minuteMs, null, null),
  ];
  const alarms = reconcilePresses(record, presses, file, 120 * minuteMs);
  expect(alarms.disputed.map(({ unit }) => unit)).toEqual(["u2", "u3"]);
  expect(alarms.undelivered.map(({ unit }) => unit)).toEqual(["u4"]);
  expect([alarms.inTime, alarms.late.length, alarms.unheard, alarms.hasUnitSide]).toEqual([2, 0, 1, true]);
});

test("people get it in Swedish and English, with whom to turn to", () => {
  const { room } = story();
  const [record] = room.outages(120 * minuteMs);
  if (record === undefined) throw new Error("no record");
  const [opened, , closed] = toldOf(record, startMs, { office: "08-123", onCall: "070-456" }).updates;
  expect(opened?.text.sv).toMatch(
    /^Misstänkt avbrott 1: larmmottagare main, 6 larm, sedan 2026-01-14 08:0\d\. 3 meddelanden togs emot \(SIP 200\) utan mrs.*Ring eller besök alla på listan.*kontorstid: 08-123\.$/,
  );
  expect(closed?.text.en).toMatch(
    /^Outage is over 1: receiver main, 6 units.*Late alarms: 1, not delivered: 1\. Every unit that was hit has a proven path again\. For the office: 08-123\.$/,
  );
});

test("what is kept goes on after a restart: open outage, list, alarms and numbers", () => {
  const { room } = openRoom(6);
  for (let t = 0; t < 60 * minuteMs; t += 30_000) beat(room, `u${(t / 30_000) % 6}`, t, t < 30 * minuteMs);
  press(room, "u1", "BBCDE0000001000", 60 * minuteMs);
  room.visits.tick("u1", { atMs: 60 * minuteMs, what: "rung", by: "Anna" });
  const kept = JSON.parse(JSON.stringify(room.kept())) as RoomState;
  const later = 61 * minuteMs;
  const { room: next, notices } = openRoom(6, later);
  next.restore(kept);
  expect(next.openCount).toBe(1);
  expect(next.visits.at(later + minuteMs).find(({ cid }) => cid === "u1")).toMatchObject({
    pendingSinceMs: 60 * minuteMs,
    ticks: [{ by: "Anna" }],
  });
  for (let t = later; t < later + 10 * minuteMs; t += 30_000) beat(next, `u${((t - later) / 30_000) % 6}`, t, true);
  expect(notices.map(({ phase, outage }) => [phase, outage])).toEqual([["closed", 1]]);
  expect(next.outages(later)[0]?.updates.map(({ phase }) => phase)).toEqual(["suspected", "confirmed", "closed"]);
});

test("a record grows with what is learnt, and is bounded: the oldest closed outage goes, its units and updates are counted", () => {
  const book = new OutageBook(0, { outages: 2, units: 2, updates: 3 });
  const notice = (outage: number, phase: Notice["phase"], units: readonly string[]): Notice => ({
    t: outage,
    outage,
    phase,
    cause: "operator",
    subject: "alfa",
    units,
    evidence: said("e", "s"),
  });
  book.take(notice(1, "suspected", ["a", "b", "c"]));
  for (let i = 0; i < 5; i++) book.take(notice(1, "updated", ["a"]));
  book.take(notice(1, "closed", ["a"]));
  expect(book.record(1)).toMatchObject({ unitsLeftOut: 1, updatesLeftOut: 3, closedMs: 1 });
  expect(book.record(1)?.updates.length).toBe(4);
  const grown = new OutageBook(0);
  grown.proof("c", 0);
  grown.take(notice(1, "suspected", ["a"]));
  grown.take(notice(1, "updated", ["a", "b"]));
  grown.proof("c", 2);
  grown.take(notice(1, "closed", ["a", "b", "c"]));
  grown.proof("b", 9);
  expect(grown.record(1)?.units).toEqual([
    { unit: "a", fromMs: 1, backMs: null },
    { unit: "b", fromMs: 1, backMs: 9 },
    { unit: "c", fromMs: 1, backMs: 2 },
  ]);
  book.take(notice(2, "suspected", []));
  book.take(notice(3, "suspected", []));
  expect(book.records().map(({ number }) => number)).toEqual([2, 3]);
  book.take(notice(4, "suspected", []));
  expect(book.records().map(({ number }) => number)).toEqual([2, 3, 4]);
});

test("the list as CSV has room for what people did", () => {
  const { room } = openRoom(2);
  room.pass(20 * minuteMs);
  const report = roomReport(room, startMs, 20 * minuteMs, { office: "", onCall: "" });
  const visits = ticked(report.visits, [{ cid: "u1", what: "visited", by: "Anna", atMs: 15 * minuteMs }]);
  expect(visitsCsv({ ...report, visits }).split("\r\n")).toEqual([
    "unit,larmkod,provider,night,pending_alarm,pending_since,silent_since,rung,visited,by",
    "u0,u0,LSS,no,no,,2026-01-14 07:30,,,",
    "u1,u1,LSS,no,no,,2026-01-14 07:30,,2026-01-14 07:45,Anna",
    "",
  ]);
});

const line = (event: object): string =>
  JSON.stringify({ t: startMs, cid: "u0", ref: "R1", mty: "ME", answer: "snu 0", type: "alarm", ...event });

test("a log line is an event, a sign, something else, or bad with the reason", () => {
  expect(readLogLine(line({}), "main")).toMatchObject({ kind: "event", receiver: "main", t: startMs });
  expect(readLogLine(line({ receiver: "second" }), "main")).toMatchObject({ receiver: "second" });
  expect(readLogLine(line({ lane: "receiver primary", atMs: 5 }), "main")).toMatchObject({ receiver: "primary" });
  expect(readLogLine(line({ lane: "unit u0" }), "main")).toEqual({ kind: "other" });
  expect(readLogLine(line({ type: "call" }), "main")).toEqual({ kind: "other" });
  expect(readLogLine(line({ type: "answered", id: 1, snu: 0 }), "main")).toMatchObject({ kind: "sign" });
  for (const [bad, why] of [
    ["{", "no JSON object"],
    ["[1]", "no JSON object"],
    ["{}", "no type"],
    [line({ t: "now" }), "t is no instant in ms since 1970"],
    [line({ cid: 7 }), "cid is no text"],
    [line({ type: "answered", id: 1 }), "snu is no number"],
    [line({ ite: "x".repeat(20_000) }), "longer than 20000 characters"],
  ] as const)
    expect(readLogLine(bad, "main")).toEqual({ kind: "bad", why });
});

test("a log without signs tells a server that answers nothing from one that refuses, and one that accepts", () => {
  const outcome = (answer: string, more: Partial<ReceiverEvent> = {}): (string | undefined)[] => {
    const { room, notices } = openRoom(1);
    const feed = new LogFeed(room);
    for (let i = 0; i < 6; i++) {
      const read = readLogLine(line({ answer, ref: `R${i}`, ...more }), "main");
      if (read.kind === "event") feed.take(read, i * 20_000);
    }
    room.pass(4 * minuteMs);
    return [notices[0]?.cause, notices[0]?.evidence.en.split(";")[0]];
  };
  expect(outcome("snu 0")).toEqual([undefined, undefined]);
  expect(outcome("sip 200")).toEqual(["server", "3 messages carried (SIP 200) without mrs within 12 s"]);
  expect(outcome("snu 5", { type: "rejected" })).toEqual(["server", "3 messages refused (snu 5)"]);
  expect(outcome("sip 503", { type: "rejected", mty: "", ref: "" })).toEqual([
    "server",
    "3 messages refused (sip 503)",
  ]);
  expect(outcome("sip 401", { type: "rejected", mty: "", ref: "" })).toEqual([undefined, undefined]);
  expect(outcome("sip 200", { type: "heartbeat", mty: "", ref: "" })).toEqual([undefined, undefined]);
});
