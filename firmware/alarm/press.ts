/** What a press does: a new alarm, one more press of an open one, or the wearer's cancel. */

import { type AlarmEvent, put, type Turn } from "./alarm-state.ts";
import { stopAttempts } from "./attempts.ts";
import { hurry, startRound } from "./delivery.ts";
import { makeRoom } from "./keeping.ts";
import {
  change,
  changeSession,
  type Facts,
  isAccepted,
  isPending,
  newestSession,
  type Press,
  pressLimit,
  type Report,
  type Session,
} from "./report.ts";
import { fallDetector, fallText, oweUpdate } from "./update.ts";
import { owe } from "./withdrawal.ts";

type Pressed = Extract<AlarmEvent, { type: "pressed" }>;

/** SCAIP device type and status code of an alarm by hand and of a fall (SS 91100 annexes A and C). */
const personalTrigger = 3;
const alarmByHand = 10;
const alarmAutomatic = 9;

/** Stored before the button hears "received"; sent only then. */
export function pressed(turn: Turn, event: Pressed): void {
  const open = openAlarm(turn, event);
  if (event.reason === "cancel") {
    if (open !== undefined) cancel(turn, open, event.counter);
    tellButton(turn, event, "received");
    return;
  }
  if (open === undefined) {
    if (makeRoom(turn, 0)) newAlarm(turn, event);
    return;
  }
  const known = knows(open, event.name);
  const pressCount = Math.max(known ? open.pressCount : open.pressCount + 1, event.presses);
  if (known && (pressCount === open.pressCount || open.cancelled)) {
    tellButton(turn, event, isTold(open, event.name) ? "accepted" : "received");
    return;
  }
  const presses = known ? open.presses : named(open.presses, event.name);
  const counted = change(open, { counter: event.counter, presses, pressCount, told: false });
  turn.effects.push({ type: "store", report: counted });
  put(turn, counted);
  tellButton(turn, event, isTold(counted, event.name) ? "accepted" : "received");
  if (isAccepted(counted)) tellReceiver(turn, counted, "", !isTold(counted, event.name));
  else {
    turn.effects.push({ type: "show", signal: "sending" });
    hurry(turn, counted);
  }
}

/** The step that the newest answer allows for a press: `closed` where no report knows it. */
export function stepOfPress(
  reports: readonly Report[],
  bond: number,
  name: number,
): "received" | "accepted" | "closed" {
  for (let i = reports.length - 1; i >= 0; i--) {
    const report = reports[i] as Report;
    if (report.facts.bond !== bond) continue;
    for (const press of report.presses) if (press.name === name) return press.accepted ? "accepted" : "received";
  }
  return "closed";
}

function newAlarm(turn: Turn, event: Pressed): void {
  const fall = event.reason === "fall";
  const wall = event.wallS >= 0;
  const seconds = (wall ? event.wallS : Math.floor(event.nowMs / 1000)) - event.ageS;
  const facts: Facts = {
    kind: "user-alarm",
    dty: fall ? fallDetector : personalTrigger,
    stc: fall ? alarmAutomatic : alarmByHand,
    did: event.did,
    stt: "",
    bond: event.bond,
    clock: wall ? "wall" : "start",
    seconds: Math.max(seconds, 0),
  };
  const report = newReport(event.number, facts, turn.nowMs);
  const alarm = change(report, {
    presses: [{ name: event.name, accepted: false }],
    pressCount: event.presses,
    counter: event.counter,
  });
  turn.effects.push({ type: "store", report: alarm });
  turn.effects.push({ type: "log", what: "stored", number: event.number, part: 0, path: undefined, attempt: 0 });
  put(turn, alarm);
  tellButton(turn, event, "received");
  turn.effects.push({ type: "show", signal: "sending" });
  startRound(turn, alarm);
  if (fall) tellOfFall(turn, event.bond);
}

/** The receiver of the button's open press hears of the fall at once; where nobody has accepted that yet, with the acceptance. */
function tellOfFall(turn: Turn, bond: number): void {
  for (const report of turn.reports.concat()) {
    const ofPress = report.facts.bond === bond && report.facts.dty !== fallDetector;
    if (ofPress && report.facts.kind === "user-alarm" && report.at === "open")
      tellReceiver(turn, report, fallText, false);
  }
}

/** A report that nobody has heard of yet. */
export function newReport(number: number, facts: Facts, nowMs: number): Report {
  return {
    number,
    facts,
    presses: [],
    pressCount: 0,
    counter: 0,
    sessions: [],
    nextPart: 0,
    minimal: false,
    cancelled: false,
    at: "waiting",
    raisedMs: nowMs,
    round: 0,
    roundMs: nowMs,
    told: false,
    ahead: [],
    nextMs: nowMs,
    acceptedMs: -1,
    updates: [],
  };
}

/** The newest alarm of that button and reason that a press still belongs to; a fall never joins a press. */
function openAlarm(turn: Turn, event: Pressed): Report | undefined {
  for (let i = turn.reports.length - 1; i >= 0; i--) {
    const report = turn.reports[i] as Report;
    if (report.facts.kind !== "user-alarm" || report.facts.bond !== event.bond) continue;
    if (event.reason !== "cancel" && (report.facts.dty === fallDetector) !== (event.reason === "fall")) continue;
    if (knows(report, event.name)) return report;
    if (isPending(report) || report.at === "open") return report;
  }
  return undefined;
}

function knows(report: Report, name: number): boolean {
  for (const press of report.presses) if (press.name === name) return true;
  return false;
}

/** Whether a receiver has accepted that very press. */
function isTold(report: Report, name: number): boolean {
  for (const press of report.presses) if (press.name === name) return press.accepted;
  return false;
}

function named(presses: readonly Press[], name: number): Press[] {
  const all = presses.concat();
  if (all.length >= pressLimit) all.splice(1, 1);
  all.push({ name, accepted: false });
  return all;
}

function tellButton(turn: Turn, event: Pressed, step: "received" | "accepted"): void {
  turn.effects.push({ type: "tell-button", bond: event.bond, name: event.name, step });
}

/** The first receiver that accepted: once accepted, a report loses none of its sessions. */
function tellReceiver(turn: Turn, report: Report, text: string, ofPress: boolean): void {
  for (const session of report.sessions) {
    if (session.at !== "accepted") continue;
    oweUpdate(turn, report, session, text, ofPress);
    return;
  }
}

/** The wearer's own cancel withdraws every started session, an accepted one too. */
function cancel(turn: Turn, report: Report, counter: number): void {
  let cancelled = change(report, { cancelled: true, counter, at: "done", ahead: [], updates: [] });
  for (const session of report.sessions) {
    if (isStarted(report, session)) cancelled = owe(cancelled, session.part, turn.nowMs);
    else if (session.at === "owed")
      cancelled = changeSession(cancelled, session.part, { nextMs: turn.nowMs, carried: false });
  }
  turn.effects.push({ type: "store", report: cancelled });
  put(turn, cancelled);
  stopAttempts(turn, (attempt) => attempt.number === report.number);
  showReady(turn);
}

/** Nothing is under way any more, unless another alarm is. */
export function showReady(turn: Turn): void {
  for (const report of turn.reports) {
    if (report.facts.kind === "user-alarm" && (isPending(report) || report.at === "open")) return;
  }
  turn.effects.push({ type: "show", signal: "ready" });
}

function isStarted(report: Report, session: Session): boolean {
  if (session.at === "accepted") return true;
  return (session.at === "open" || session.at === "hold") && newestSession(report, session.receiver) === session;
}
