/** Buttons, falls and the unit's own keys: what their events mean as calls, and what takes an alarm back. */
import { fallDetector, localUnit, personalTrigger } from "../department.ts";
import { type AlarmEvent, type Call, put, type Turn } from "./alarm-state.ts";
import { stopAttempts } from "./attempts.ts";
import { called, knows } from "./calls.ts";
import { tellDevice } from "./devices.ts";
import { alarmAutomatic, alarmByHand, factsOf, firstButton, instantS, noOrigin, type Told } from "./facts.ts";
import { change, changeSession, isPending, mayStandOpen, newestSession, type Report, type Session } from "./report.ts";
import { owe } from "./withdrawal.ts";

type Pressed = Extract<AlarmEvent, { type: "pressed" }>;

/** A fall is a series of calls of its own: it never joins a press. */
export function pressed(turn: Turn, event: Pressed): void {
  switch (event.reason) {
    case "cancel":
    case "fall-withdrawn": {
      const open = event.reason === "cancel" ? openAlarm(turn, event.bond) : fallNamed(turn, event);
      if (open !== undefined) cancel(turn, open, event.counter);
      tellDevice(turn, event.bond, event.name, "received");
      return;
    }
    case "call":
    case "fall": {
      const fall = event.reason === "fall";
      const told: Told = {
        kind: "user-alarm",
        dty: fall ? fallDetector : personalTrigger,
        stc: fall ? alarmAutomatic : alarmByHand,
        did: event.did,
        stt: "",
        bond: event.bond,
        restores: -1,
      };
      const origin = fall ? event.origin : Object.assign({}, event.origin, { dco: firstButton });
      called(turn, event.number, factsOf(turn, told, origin, event.ageS), callOf(event), event.ageS);
    }
  }
}

/** A help key of the unit: nobody to acknowledge, so each press is new, named by the number that came with it. */
export function keyPressed(turn: Turn, number: number, key: number): void {
  const told: Told = {
    kind: "user-alarm",
    dty: localUnit,
    stc: alarmByHand,
    did: "",
    stt: "",
    bond: -1,
    restores: -1,
  };
  const origin = Object.assign({}, noOrigin, { dco: firstButton + key });
  const call: Call = { bond: -1, name: number % 0x1_0000_0000, counter: 0, times: 1 };
  called(turn, number, factsOf(turn, told, origin, 0), call, 0);
}

/** What nobody has heard of yet is taken back; an alarm that has left is not for whoever stands at the unit to end. */
export function keyCancelled(turn: Turn): void {
  let any = false;
  for (const report of turn.reports.concat()) {
    if (report.at !== "delayed") continue;
    cancel(turn, report, report.counter);
    any = true;
  }
  if (any) turn.effects.push({ type: "say", phrase: "alarm-cancelled" });
}

/** Nothing is under way any more, unless another alarm is. */
export function showReady(turn: Turn): void {
  for (const report of turn.reports) {
    if (report.facts.kind === "user-alarm" && (isPending(report) || report.at === "open")) return;
  }
  turn.effects.push({ type: "show", signal: "ready" });
}

function callOf(event: Pressed): Call {
  return { bond: event.bond, name: event.name, counter: event.counter, times: event.presses };
}

/** The newest alarm of that button that can still be cancelled. */
function openAlarm(turn: Turn, bond: number): Report | undefined {
  for (let i = turn.reports.length - 1; i >= 0; i--) {
    const report = turn.reports[i] as Report;
    if (report.facts.kind !== "user-alarm" || report.facts.bond !== bond) continue;
    if (isPending(report) || report.at === "open") return report;
  }
  return undefined;
}

function fallNamed(turn: Turn, event: Pressed): Report | undefined {
  for (const report of turn.reports) {
    const ofFall = report.facts.bond === event.bond && report.facts.dty === fallDetector;
    if (ofFall && knows(report, event.name) && (isPending(report) || report.at === "open")) return report;
  }
  return undefined;
}

/** The wearer's own cancel withdraws every started session, an accepted one too. */
function cancel(turn: Turn, report: Report, counter: number): void {
  let cancelled = change(report, {
    cancelled: true,
    counter,
    at: "done",
    ahead: [],
    updates: [],
    overMs: turn.nowMs,
    endedS: turn.wallStartS >= 0 ? instantS(turn, turn.nowMs) : -1,
  });
  for (const session of report.sessions) {
    if (isStarted(report, session)) cancelled = owe(cancelled, session.part, turn.nowMs);
    else if (session.at === "owed")
      cancelled = changeSession(cancelled, session.part, { nextMs: turn.nowMs, carried: false });
  }
  turn.effects.push({ type: "store", report: cancelled });
  if (report.sessions.length === 0)
    turn.effects.push({
      type: "log",
      what: "withdrawn",
      number: report.number,
      part: 0,
      path: undefined,
      attempt: 0,
    });
  put(turn, cancelled);
  stopAttempts(turn, (attempt) => attempt.number === report.number);
  showReady(turn);
}

function isStarted(report: Report, session: Session): boolean {
  if (session.at === "accepted") return true;
  if (!mayStandOpen(session)) return false;
  return session.held || newestSession(report, session.receiver) === session;
}
