/**
 * Calls of devices and of the unit's own keys: a new report, or one more time of an open one of the same device and
 * meaning. Whatever another device or another meaning tells is a report of its own.
 */
import { fallDetector } from "../department.ts";
import { roll } from "../dice.ts";
import { type Call, put, type Turn } from "./alarm-state.ts";
import { hurry, startRound } from "./delivery.ts";
import { tellDevice } from "./devices.ts";
import { alarmByHand, type Facts } from "./facts.ts";
import { makeRoom } from "./keeping.ts";
import {
  acceptingSession,
  change,
  hasUntaken,
  isAccepted,
  isPending,
  isRaced,
  isRacedKind,
  kindsByUrgency,
  newReport,
  type Press,
  type PressInstant,
  pressesInMessage,
  pressLimit,
  type Report,
} from "./report.ts";
import { fallText, oweUpdate } from "./update.ts";

/** Stored before its device hears "received"; sent only then. A device beyond the bound is not answered and goes on calling. */
export function called(turn: Turn, number: number, facts: Facts, call: Call, ageS: number): void {
  const open = openReport(turn, facts, call.name);
  if (open !== undefined) again(turn, open, call, pressInstant(turn, facts, ageS));
  else if (makeRoom(turn, kindsByUrgency.indexOf(facts.kind))) begin(turn, number, facts, call, ageS, 0);
  else turn.effects.push({ type: "log", what: "dropped", number, part: 0, path: undefined, attempt: 0 });
}

/** The first call of a report. A lower kind waits up to `spreadMs`. */
export function begin(turn: Turn, number: number, facts: Facts, call: Call, ageS: number, spreadMs: number): void {
  const delayMs = delayOf(turn, facts) - ageS * 1000;
  const report = change(newReport(number, facts, turn.nowMs), {
    presses: [{ name: call.name, accepted: false }],
    pressCount: call.times,
    counter: call.counter,
    pressedMs: turn.nowMs - ageS * 1000,
    at: delayMs > 0 ? "delayed" : "waiting",
    nextMs: turn.nowMs + (delayMs > 0 ? delayMs : roll(turn, spreadMs + 1)),
  });
  turn.effects.push({ type: "store", report });
  turn.effects.push({ type: "log", what: "stored", number, part: 0, path: undefined, attempt: 0 });
  put(turn, report);
  tellDevice(turn, call.bond, call.name, "received");
  if (facts.kind === "user-alarm") turn.effects.push({ type: "show", signal: "sending" });
  if (delayMs > 0) turn.effects.push({ type: "say", phrase: "pre-alarm" });
  else if (isRaced(report)) startRound(turn, report);
  if (facts.dty === fallDetector && facts.bond >= 0) tellOfFall(turn, facts.bond);
}

/** The step that the newest answer allows for a call: `closed` where no report knows it, or it was taken back. */
export function stepOfPress(
  reports: readonly Report[],
  bond: number,
  name: number,
): "received" | "accepted" | "closed" {
  for (let i = reports.length - 1; i >= 0; i--) {
    const report = reports[i] as Report;
    if (report.facts.bond !== bond) continue;
    for (const press of report.presses) {
      if (press.name !== name) continue;
      return press.accepted ? "accepted" : report.cancelled ? "closed" : "received";
    }
  }
  return "closed";
}

export function knows(report: Report, name: number): boolean {
  for (const press of report.presses) if (press.name === name) return true;
  return false;
}

/** The presses with one more name; beyond the bound the `inMessage` first ones, which its message tells of, and the newest stay. */
export function named(presses: readonly Press[], name: number, inMessage: number): Press[] {
  const all = presses.concat();
  if (all.length >= pressLimit) all.splice(inMessage, 1);
  all.push({ name, accepted: false });
  return all;
}

/** A new device in an old one's place may use its names again: they mean something else then. */
export function isSameDevice(a: Facts, b: Facts): boolean {
  return a.bond === b.bond && a.did === b.did;
}

/** Whether both are of the same device and mean the same. */
function isSameSeries(a: Facts, b: Facts): boolean {
  return isSameDevice(a, b) && a.kind === b.kind && a.dty === b.dty && a.stc === b.stc && a.origin.dco === b.origin.dco;
}

/** The newest report that this call still belongs to. A lower kind is joined only as long as nobody has heard of it: `raising.ts`. */
function openReport(turn: Turn, facts: Facts, name: number): Report | undefined {
  for (let i = turn.reports.length - 1; i >= 0; i--) {
    const report = turn.reports[i] as Report;
    if (isSameDevice(report.facts, facts) && facts.bond >= 0 && knows(report, name)) return report;
    if (!isRacedKind(facts.kind) || !isSameSeries(report.facts, facts)) continue;
    if (isPending(report) || report.at === "open") return report;
  }
  return undefined;
}

function again(turn: Turn, open: Report, call: Call, instant: PressInstant): void {
  const known = knows(open, call.name);
  const pressCount = Math.max(known ? open.pressCount : open.pressCount + 1, call.times);
  if (known && (pressCount === open.pressCount || open.cancelled)) {
    tellDevice(turn, call.bond, call.name, isTold(open, call.name) ? "accepted" : "received");
    return;
  }
  const presses = known ? open.presses : named(open.presses, call.name, pressesInMessage(open));
  const untaken = hasUntaken(open) ? open.untaken : instant;
  const counted = change(open, { counter: call.counter, presses, pressCount, untaken, told: false });
  turn.effects.push({ type: "store", report: counted });
  put(turn, counted);
  tellDevice(turn, call.bond, call.name, isTold(counted, call.name) ? "accepted" : "received");
  if (isAccepted(counted)) {
    tellReceiver(turn, counted, "", !isTold(counted, call.name));
    return;
  }
  if (counted.facts.kind === "user-alarm") turn.effects.push({ type: "show", signal: "sending" });
  if (counted.at === "delayed") startRound(turn, counted);
  else hurry(turn, counted);
}

function pressInstant(turn: Turn, facts: Facts, ageS: number): PressInstant {
  return { clock: facts.clock, seconds: facts.seconds, atMs: Math.max(0, turn.nowMs - ageS * 1000) };
}

/** Whether a receiver has accepted that very press. */
function isTold(report: Report, name: number): boolean {
  for (const press of report.presses) if (press.name === name) return press.accepted;
  return false;
}

function delayOf(turn: Turn, facts: Facts): number {
  if (facts.kind !== "user-alarm") return 0;
  if (facts.dty === fallDetector) return turn.plan.fallDelayMs;
  return facts.stc === alarmByHand ? turn.plan.preAlarmMs : 0;
}

/** The receiver of the button's open press hears of the fall at once; where nobody has accepted that yet, with the acceptance. */
function tellOfFall(turn: Turn, bond: number): void {
  for (const report of turn.reports.concat()) {
    const ofPress = report.facts.bond === bond && report.facts.dty !== fallDetector;
    if (ofPress && report.facts.kind === "user-alarm" && report.at === "open")
      tellReceiver(turn, report, fallText, false);
  }
}

/** The receiver that accepted: once accepted, a report loses none of its sessions. */
export function tellReceiver(turn: Turn, report: Report, text: string, ofPress: boolean): void {
  const session = acceptingSession(report);
  if (session !== undefined) oweUpdate(turn, report, session, text, ofPress);
}
