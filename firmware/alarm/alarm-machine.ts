/**
 * Carries every report from the moment it is known until somebody has accepted it; an alarm of a person is never given
 * up. One deadline at a time is asked for: the earliest of all reports.
 */
import { around, roll } from "../dice.ts";
import type { Next } from "../machine.ts";
import {
  type AlarmEffect,
  type AlarmEvent,
  type AlarmPlan,
  type AlarmState,
  type Attempt,
  beginTurn,
  type LeftOut,
  put,
  reportOf,
  sendsPerWakeUp,
  type Turn,
} from "./alarm-state.ts";
import { answered } from "./answer.ts";
import { pathTo, stopAttempts, takeAttempt } from "./attempts.ts";
import { tellReceiver } from "./calls.ts";
import { clockKnown } from "./clock.ts";
import { hurry, pathCarried, pathFailed, roundDue, sendAlarm, skipReceiver, startRound } from "./delivery.ts";
import { cleanText, noMarks, textByteLimit } from "./facts.ts";
import { restEndMs } from "./flaps.ts";
import { forgetOld, isOwing, keptUntilMs } from "./keeping.ts";
import { leaveOut, letInFromStart, noteProof } from "./left-out.ts";
import { keyCancelled, keyPressed, pressed, showReady } from "./press.ts";
import { flapsDue, raised } from "./raising.ts";
import {
  change,
  changeSession,
  isAccepted,
  isPending,
  isRaced,
  kindsByUrgency,
  type Report,
  type Route,
  type Session,
  sessionOf,
} from "./report.ts";
import { restored } from "./restoring.ts";
import { hurryUpdates, joinedText, updateCarried, updatesDue } from "./update.ts";
import { debtDue, hurryDebts, owe } from "./withdrawal.ts";

const longestHoldMs = 1_800_000;
const pollMs = 10_000;
/** To the next poll where this one found no way. */
const noWayMs = 5_000;
/** Between two reports of a kind below user alarm. */
const lowerGapMs = 300_000;
/** An attempt that was carried and never answered is forgotten then. */
const attemptMs = 100_000;
/** Whatever becomes of its call, an alarm closes then. */
const longestOpenMs = 7_200_000;

export function startAlarms(plan: AlarmPlan, active: Route, dice: number): AlarmState {
  const leftOut: LeftOut[] = [];
  for (let i = 0; i < plan.receiverCount; i++) leftOut.push(letInFromStart);
  return {
    plan,
    active,
    reports: [],
    attempts: [],
    leftOut,
    nextAttempt: 1,
    lowerMs: 0,
    flaps: [],
    wallStartS: -1,
    marks: noMarks,
    dice: dice === 0 ? 1 : dice,
    wakeMs: -1,
  };
}

export function stepAlarms(state: AlarmState, event: AlarmEvent): Next<AlarmState, AlarmEffect> {
  const turn = beginTurn(state, event.nowMs);
  hear(turn, event);
  forgetOld(turn);
  return endTurn(state, turn, event.type === "due" ? -1 : state.wakeMs);
}

function hear(turn: Turn, event: AlarmEvent): void {
  switch (event.type) {
    case "pressed":
      pressed(turn, event);
      return;
    case "key-pressed":
      keyPressed(turn, event.number, event.key);
      return;
    case "key-cancelled":
      keyCancelled(turn);
      return;
    case "raised":
      raised(turn, event);
      return;
    case "learned":
      learned(turn, event.number, event.text);
      return;
    case "clock-known":
      clockKnown(turn, event.wallS);
      return;
    case "unit-state":
      turn.marks = event.marks;
      return;
    case "restored":
      restored(turn, event.reports);
      return;
    case "carried":
      carried(turn, event.attempt);
      return;
    case "failed":
      failed(turn, event);
      return;
    case "answered":
      answered(turn, event);
      return;
    case "call-began":
      holdOpen(turn, event.numbers, turn.nowMs + longestOpenMs);
      return;
    case "call-ended":
      holdOpen(turn, event.numbers, turn.nowMs);
      return;
    case "path-back":
      for (const kind of kindsByUrgency)
        for (const report of turn.reports.concat()) if (report.facts.kind === kind) pathBack(turn, report.number);
      return;
    case "receiver-proof":
      noteProof(turn, event.receiver, event.lost);
      return;
    case "active-route":
      turn.active = event.route;
      return;
    case "due":
      due(turn, event.number);
      return;
  }
}

/** Told to the receiver that has accepted, or will; of a report that is over there is nobody to tell any more. */
function learned(turn: Turn, number: number, said: string): void {
  const text = cleanText(said, textByteLimit);
  const report = reportOf(turn, number);
  if (report === undefined || !isRaced(report) || report.cancelled) return;
  if (isAccepted(report)) tellReceiver(turn, report, text, false);
  else put(turn, change(report, { later: joinedText(report.later, text) }));
}

/** An alarm that has been accepted is open until its call has ended. */
function holdOpen(turn: Turn, numbers: readonly number[], untilMs: number): void {
  for (const number of numbers) {
    const report = reportOf(turn, number);
    if (report !== undefined && report.at === "open") put(turn, change(report, { nextMs: untilMs }));
  }
}

function pathBack(turn: Turn, number: number): void {
  const report = reportOf(turn, number);
  if (report === undefined) return;
  hurryDebts(turn, report);
  hurryUpdates(turn, reportOf(turn, number) ?? report);
  hurry(turn, reportOf(turn, number) ?? report);
}

function carried(turn: Turn, id: number): void {
  for (let i = 0; i < turn.attempts.length; i++) {
    const attempt = turn.attempts[i] as Attempt;
    if (attempt.id !== id) continue;
    turn.attempts[i] = Object.assign({}, attempt, { carriedMs: turn.nowMs });
    const report = reportOf(turn, attempt.number);
    if (attempt.what === "ME") {
      if (report !== undefined && report.carriedMs < 0) put(turn, change(report, { carriedMs: turn.nowMs }));
      pathCarried(turn, attempt);
    } else if (report !== undefined) {
      if (attempt.what === "IN") updateCarried(turn, report, attempt.part);
      else put(turn, changeSession(report, attempt.part, { carried: true }));
    }
    return;
  }
}

function failed(turn: Turn, event: Extract<AlarmEvent, { type: "failed" }>): void {
  const attempt = takeAttempt(turn, event.attempt);
  if (attempt === undefined) return;
  const receiver = attempt.path.receiver;
  if (event.reason === "busy") leaveOut(turn, receiver, attempt.path.route, event.retryAfterS ?? -1);
  const report = reportOf(turn, attempt.number);
  if (report === undefined || attempt.what !== "ME") return;
  turn.effects.push({
    type: "log",
    what: "gave-up-path",
    number: attempt.number,
    part: attempt.part,
    path: attempt.path,
    attempt: attempt.id,
  });
  if (event.reason === "no-link") {
    uncount(turn, report, attempt);
    pollSoon(turn, attempt);
  }
  if (event.reason === "busy") skipReceiver(turn, report, receiver);
  pathFailed(turn, attempt);
}

/** A poll that found no way is due again before the others: no round brings it forward, as a link does a message. */
function pollSoon(turn: Turn, attempt: Attempt): void {
  const report = reportOf(turn, attempt.number);
  const session = report === undefined ? undefined : sessionOf(report, attempt.part);
  if (report === undefined || session === undefined || session.at !== "hold") return;
  put(turn, changeSession(report, session.part, { nextMs: turn.nowMs + noWayMs }));
}

/** No byte left the unit: the session is as untold as before. */
function uncount(turn: Turn, report: Report, attempt: Attempt): void {
  let others = 0;
  for (const other of turn.attempts) if (other.number === report.number) others++;
  const wasFirst = report.sentMs === attempt.startedMs && others === 0;
  const unsent = wasFirst ? change(report, { sentMs: -1 }) : report;
  for (const session of report.sessions) {
    if (session.part === attempt.part && session.sends > 0)
      put(turn, changeSession(unsent, attempt.part, { sends: session.sends - 1 }));
  }
}

function due(turn: Turn, number: number): void {
  stopAttempts(turn, (attempt) => turn.nowMs >= attempt.startedMs + attemptMs);
  let free = flapsDue(turn, number) ? -1 : number;
  for (const kind of kindsByUrgency) {
    for (const old of turn.reports.concat()) {
      if (old.facts.kind !== kind || turn.sends >= sendsPerWakeUp) continue;
      sessionsDue(turn, old);
      const report = reportOf(turn, old.number);
      if (report === undefined) continue;
      if (updatesDue(turn, report.number, free)) free = -1;
      reportDue(turn, report.number);
    }
  }
}

function sessionsDue(turn: Turn, report: Report): void {
  for (const session of report.sessions) {
    if (session.nextMs > turn.nowMs || turn.sends >= sendsPerWakeUp) continue;
    const now = reportOf(turn, report.number);
    if (now === undefined) return;
    if (session.at === "owed") debtDue(turn, now, session);
    else if (session.at === "hold" && isPending(now)) poll(turn, now, session);
  }
}

function poll(turn: Turn, report: Report, session: Session): void {
  if (turn.nowMs >= session.sinceMs + longestHoldMs) {
    const ended = owe(report, session.part, turn.nowMs);
    stopAttempts(turn, (attempt) => attempt.number === report.number && attempt.part === session.part);
    turn.effects.push({ type: "store", report: ended });
    put(turn, ended);
    hurry(turn, ended);
    return;
  }
  let silent = 0;
  for (const attempt of turn.attempts) {
    if (attempt.number === report.number && attempt.part === session.part && attempt.carriedMs < 0) silent = 1;
  }
  const next = changeSession(report, session.part, { nextMs: turn.nowMs + around(turn, pollMs, 20) });
  sendAlarm(turn, next, session.part, pathTo(turn, session.receiver, silent));
}

function reportDue(turn: Turn, number: number): void {
  const report = reportOf(turn, number);
  if (report === undefined || report.nextMs > turn.nowMs || report.at === "done") return;
  if (report.at === "round") {
    roundDue(turn, report);
    return;
  }
  if (report.at === "open") {
    put(turn, change(report, { at: "done" }));
    if (report.facts.kind === "user-alarm") showReady(turn);
    return;
  }
  if (isRaced(report)) {
    startRound(turn, report);
    return;
  }
  if (mayStartLower(turn)) {
    turn.lowerMs = turn.nowMs + around(turn, lowerGapMs, 40);
    startRound(turn, report);
  } else put(turn, change(report, { nextMs: Math.max(turn.lowerMs, turn.nowMs + 5_000 + roll(turn, 10_000)) }));
}

/** A lower kind goes alone, with a pause to the one before, and never beside a running race. */
function mayStartLower(turn: Turn): boolean {
  if (turn.nowMs < turn.lowerMs) return false;
  for (const report of turn.reports) if (report.at === "round") return false;
  return true;
}

/** `timerMs` is what the timer still stands at, or -1 once it has fired. */
function endTurn(state: AlarmState, turn: Turn, timerMs: number): Next<AlarmState, AlarmEffect> {
  const wakeMs = earliest(turn);
  if (wakeMs !== timerMs && wakeMs >= 0) turn.effects.push({ type: "wake", atMs: wakeMs });
  return {
    state: {
      plan: state.plan,
      active: turn.active,
      reports: turn.reports,
      attempts: turn.attempts,
      leftOut: turn.leftOut,
      nextAttempt: turn.nextAttempt,
      lowerMs: turn.lowerMs,
      flaps: turn.flaps,
      wallStartS: turn.wallStartS,
      marks: turn.marks,
      dice: turn.dice,
      wakeMs,
    },
    effects: turn.effects,
  };
}

/** The earliest instant at which anything is due, or -1. */
function earliest(turn: Turn): number {
  let wakeMs = -1;
  for (const flap of turn.flaps) {
    const endMs = restEndMs(flap);
    if (endMs >= 0) wakeMs = sooner(wakeMs, endMs);
  }
  for (const report of turn.reports) {
    if (report.at !== "done") wakeMs = sooner(wakeMs, report.nextMs);
    else if (!isOwing(report)) wakeMs = sooner(wakeMs, keptUntilMs(report));
    for (const update of report.updates) wakeMs = sooner(wakeMs, update.nextMs);
    for (const session of report.sessions) {
      if (session.at === "owed" || (session.at === "hold" && isPending(report)))
        wakeMs = sooner(wakeMs, session.nextMs);
    }
  }
  return wakeMs;
}

function sooner(a: number, b: number): number {
  return a < 0 || b < a ? b : a;
}
