/** Updates (`IN`): what became known after the first message, told to the receiver that accepted. */

import { fallDetector } from "../department.ts";
import { put, reportOf, type Turn } from "./alarm-state.ts";
import { pathTo, send, stopAttempts } from "./attempts.ts";
import { tellDevice } from "./devices.ts";
import { instantS } from "./facts.ts";
import { makeRoom } from "./keeping.ts";
import {
  change,
  changeSession,
  newReport,
  type Press,
  pressLimit,
  type Report,
  type Session,
  sessionOf,
  type Update,
  updateOf,
  withUpdate,
} from "./report.ts";

/** An update of a press that nobody took for so long becomes an alarm of its own. */
const pressUpdateMs = 20_000;
const retryMs = 5_000;
const slowestRetryMs = 600_000;
const answerMs = 30_000;
/** Other updates are tried for about an hour. */
const updateTries = 12;
/** With a count and a time of its own it still fits into `ite`. */
export const updateTextLimit = 64;

export const fallText = "fall detected";
/** To every receiver that accepted after the first: both stand, and this one need not act. */
export const laterText = "accepted by another receiver before";

/** Told once more with the number of presses as it is now; what waits is joined, and a press that waits keeps its place in time. */
export function oweUpdate(turn: Turn, report: Report, session: Session, text: string, ofPress: boolean): void {
  const before = updateOf(report, session.part);
  const keeps = before !== undefined && before.ofPress;
  const unread = unreadOf(turn, report, session.part) + leftOf(turn, report, session.part);
  const update: Update = {
    part: session.part,
    receiver: session.receiver,
    text: before === undefined ? text : joinedText(before.text, text),
    ofPress: ofPress || keeps,
    sinceMs: keeps ? before.sinceMs : turn.nowMs,
    nextMs: turn.nowMs,
    tries: 0,
    // Nobody is shown anything for the answer to another fact: that it was carried is enough.
    before: ofPress || keeps ? unread : 0,
  };
  // What is under way says less: its answer must not count for this.
  stopUpdate(turn, report, session.part);
  const owing = changeSession(report, session.part, { unread, unreadMs: turn.nowMs });
  put(turn, withUpdate(owing, session.part, update));
}

/** A path is back: what waits is told at once; what has just been sent has its time. */
export function hurryUpdates(turn: Turn, report: Report): void {
  let hurried = report;
  for (const update of report.updates)
    if (!isJustSent(turn, report, update))
      hurried = withUpdate(hurried, update.part, Object.assign({}, update, { nextMs: turn.nowMs }));
  if (hurried !== report) put(turn, hurried);
}

function isJustSent(turn: Turn, report: Report, update: Update): boolean {
  for (const attempt of turn.attempts)
    if (attempt.number === report.number && attempt.part === update.part && attempt.what === "IN")
      if (attempt.startedMs + retryMs > turn.nowMs) return true;
  return false;
}

/** Sends what is due. `number` becomes the report of a press that nobody took in time; answers true when it was used. */
export function updatesDue(turn: Turn, number: number, free: number): boolean {
  const report = reportOf(turn, number);
  if (report === undefined) return false;
  let used = false;
  for (const update of report.updates) {
    const now = reportOf(turn, number);
    if (update.nextMs > turn.nowMs || now === undefined) continue;
    if (!update.ofPress || turn.nowMs < update.sinceMs + pressUpdateMs) tell(turn, now, update);
    else if (!used && free >= 0) used = becomeAlarm(turn, now, update, free);
  }
  return used;
}

function tell(turn: Turn, report: Report, update: Update): void {
  if (!update.ofPress && update.tries >= updateTries) {
    put(turn, withUpdate(report, update.part, undefined));
    return;
  }
  let waitMs = retryMs;
  if (!update.ofPress)
    for (let i = 0; i < update.tries && waitMs < slowestRetryMs; i++) waitMs = Math.min(waitMs * 2, slowestRetryMs);
  const tried = Object.assign({}, update, { tries: update.tries + 1, nextMs: turn.nowMs + waitMs });
  const telling = withUpdate(report, update.part, tried);
  put(turn, telling);
  send(turn, telling, update.part, pathTo(turn, update.receiver, update.tries), "IN");
}

/** An update has reached its receiver, which owes a message of its own for it. */
export function updateCarried(turn: Turn, report: Report, part: number): void {
  const unread = unreadOf(turn, report, part) + 1;
  put(turn, changeSession(report, part, { unread, unreadMs: turn.nowMs }));
}

/** What that receiver has not answered; an answer that does not come for so long does not come. */
function unreadOf(turn: Turn, report: Report, part: number): number {
  const session = sessionOf(report, part);
  return session === undefined || turn.nowMs > session.unreadMs + answerMs ? 0 : session.unread;
}

/** Updates that have just left and may have reached it, though nobody has said so yet. */
function leftOf(turn: Turn, report: Report, part: number): number {
  let left = 0;
  for (const attempt of turn.attempts) {
    const isMeant = attempt.number === report.number && attempt.part === part && attempt.what === "IN";
    if (isMeant && attempt.carriedMs < 0 && attempt.startedMs + retryMs > turn.nowMs) left++;
  }
  return left;
}

/** The accepting receiver answered 0 again: it has taken the update, if that was carried and nothing that said less waits for this answer. */
export function updateAnswered(turn: Turn, before: Report, session: Session): void {
  const report = changeSession(before, session.part, { unread: Math.max(0, session.unread - 1) });
  put(turn, report);
  const update = updateOf(report, session.part);
  if (update === undefined) return;
  if (update.before > 0) {
    put(turn, withUpdate(report, session.part, Object.assign({}, update, { before: update.before - 1 })));
    return;
  }
  if (session.unread === 0) return;
  const presses: Press[] = [];
  for (const press of report.presses) presses.push({ name: press.name, accepted: true });
  const told = change(withUpdate(report, session.part, undefined), {
    presses: update.ofPress ? presses : report.presses,
    timeTold: report.corrected !== "none",
  });
  turn.effects.push({ type: "store", report: told });
  put(turn, told);
  stopUpdate(turn, report, session.part);
  const newest = presses[presses.length - 1];
  if (update.ofPress && newest !== undefined) tellDevice(turn, report.facts.bond, newest.name, "accepted");
}

/** Whether that button has told of a fall since: it is an alarm of its own, of which the open one's receiver shall know. */
export function hasFallen(turn: Turn, report: Report): boolean {
  if (report.facts.dty === fallDetector) return false;
  for (const other of turn.reports) {
    const same = other.facts.dty === fallDetector && other.facts.bond === report.facts.bond;
    if (same && other.facts.kind === report.facts.kind && other.raisedMs >= report.raisedMs) return true;
  }
  return false;
}

function stopUpdate(turn: Turn, report: Report, part: number): void {
  stopAttempts(turn, (attempt) => attempt.number === report.number && attempt.part === part && attempt.what === "IN");
}

/**
 * The presses that nobody took become a report of their own, whose message has the time of the oldest and says how many they
 * are. Without room for it the update goes on being told.
 */
function becomeAlarm(turn: Turn, report: Report, update: Update, number: number): boolean {
  if (!makeRoom(turn, 0)) {
    tell(turn, report, update);
    return false;
  }
  // Never all that have a name: whoever accepted the alarm took its first press.
  const old: Press[] = [];
  const own: Press[] = [];
  for (const press of report.presses) (press.accepted ? old : own).push(press);
  const since = report.untaken;
  const former = since.atMs < 0;
  const facts = Object.assign({}, report.facts, {
    clock: former ? since.clock : turn.wallStartS >= 0 ? "wall" : "start",
    // By a start's clock it may have been before that, where `atMs` ends at 0.
    seconds: former ? since.seconds : instantS(turn, since.clock === "start" ? since.seconds * 1000 : since.atMs),
    times: own.length,
    // The unit may have changed since the alarm that they joined was raised.
    marks: turn.marks,
  });
  // Of a former run's clock this alone is known, that it stood before this run.
  const isBefore = facts.clock === "start" && former && turn.wallStartS >= 0;
  const left = change(withUpdate(report, update.part, undefined), { presses: old });
  const alarm = change(newReport(number, facts, turn.nowMs), {
    presses: own,
    // Presses beyond the names are only counted; where these have used the names up, they are of them.
    pressCount: own.length < pressLimit - 1 ? own.length : report.pressCount - old.length,
    counter: report.counter,
    raisedMs: update.sinceMs,
    pressedMs: since.atMs,
    former,
    corrected: isBefore ? "before" : "none",
    correctedS: isBefore ? turn.wallStartS : 0,
  });
  turn.effects.push({ type: "store", report: alarm });
  turn.effects.push({ type: "store", report: left });
  turn.effects.push({ type: "log", what: "stored", number, part: 0, path: undefined, attempt: 0 });
  put(turn, left);
  put(turn, alarm);
  stopUpdate(turn, report, update.part);
  turn.effects.push({ type: "show", signal: "sending" });
  return true;
}

/** Two facts in one text; what is known already is not said twice, and where both are too long the newer one stays. */
export function joinedText(before: string, text: string): string {
  if (before === "" || before === text) return text === "" ? before : text;
  if (text === "" || before.indexOf(text) >= 0) return before;
  const both = before + "; " + text;
  return both.length > updateTextLimit ? text : both;
}
