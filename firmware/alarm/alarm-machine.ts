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
  reportLimit,
  reportOf,
  type Turn,
} from "./alarm-state.ts";
import { answered } from "./answer.ts";
import {
  hurry,
  leaveOut,
  pathCarried,
  pathFailed,
  pathTo,
  roundDue,
  sendAlarm,
  skipReceiver,
  startRound,
  stopAttempts,
} from "./delivery.ts";
import { newReport, pressed } from "./press.ts";
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
} from "./report.ts";
import { updateDue } from "./update.ts";
import { debtDue, hurryDebts, owe } from "./withdrawal.ts";

/** A late answer is still matched for so long after an alarm has closed. */
const matchMs = 24 * 3_600_000;
const longestHoldMs = 1_800_000;
const pollMs = 10_000;
/** Between two reports of a kind below user alarm. */
const lowerGapMs = 300_000;
/** An attempt that was carried and never answered is forgotten then. */
const attemptMs = 100_000;

export function startAlarms(plan: AlarmPlan, active: Route, dice: number): AlarmState {
  const leftOut: LeftOut[] = [];
  for (let i = 0; i < plan.receiverCount; i++) leftOut.push({ untilMs: 0, waitMs: 0 });
  return {
    plan,
    active,
    reports: [],
    attempts: [],
    leftOut,
    nextAttempt: 1,
    lowerMs: 0,
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
      makeRoom(turn);
      pressed(turn, event);
      return;
    case "raised":
      makeRoom(turn);
      raised(turn, event);
      return;
    case "restored":
      for (const report of event.reports) turn.reports.push(restored(report, event.nowMs));
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
    case "path-back":
      for (const report of turn.reports.concat()) {
        hurryDebts(turn, report);
        const now = reportOf(turn, report.number);
        if (now !== undefined) hurry(turn, now);
      }
      return;
    case "active-route":
      turn.active = event.route;
      return;
    case "due":
      due(turn, event.number);
      return;
  }
}

function raised(turn: Turn, event: Extract<AlarmEvent, { type: "raised" }>): void {
  const report = change(newReport(event.number, event.facts, turn.nowMs), {
    nextMs: turn.nowMs + roll(turn, event.spreadMs + 1),
  });
  turn.effects.push({ type: "store", report });
  turn.effects.push({ type: "log", what: "stored", number: event.number, part: 0, path: undefined, attempt: 0 });
  put(turn, report);
  if (isRaced(report)) startRound(turn, report);
}

/** After a restart what was pending starts anew in its old sessions; times of the former run mean nothing any more. */
function restored(report: Report, nowMs: number): Report {
  const sessions: Session[] = [];
  for (const session of report.sessions) sessions.push(Object.assign({}, session, { sinceMs: nowMs, nextMs: nowMs }));
  return change(report, {
    sessions,
    at: isPending(report) ? "waiting" : "done",
    raisedMs: nowMs,
    roundMs: nowMs,
    nextMs: nowMs,
    acceptedMs: isAccepted(report) ? nowMs : -1,
  });
}

function carried(turn: Turn, id: number): void {
  for (let i = 0; i < turn.attempts.length; i++) {
    const attempt = turn.attempts[i] as Attempt;
    if (attempt.id !== id) continue;
    turn.attempts[i] = Object.assign({}, attempt, { carriedMs: turn.nowMs });
    if (attempt.what === "ME") pathCarried(turn, attempt);
    return;
  }
}

function failed(turn: Turn, event: Extract<AlarmEvent, { type: "failed" }>): void {
  let lost: Attempt | undefined;
  for (const attempt of turn.attempts) if (attempt.id === event.attempt) lost = attempt;
  if (lost === undefined) return;
  const attempt = lost;
  turn.attempts.splice(turn.attempts.indexOf(attempt), 1);
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
  if (event.reason === "no-link") uncount(turn, report, attempt.part);
  if (event.reason === "busy") {
    leaveOut(turn, attempt.path.receiver);
    skipReceiver(turn, report, attempt.path.receiver);
  }
  pathFailed(turn, attempt.number);
}

/** No byte left the unit: the session is as untold as before. */
function uncount(turn: Turn, report: Report, part: number): void {
  for (const session of report.sessions) {
    if (session.part === part && session.tries > 0)
      put(turn, changeSession(report, part, { tries: session.tries - 1 }));
  }
}

function due(turn: Turn, number: number): void {
  stopAttempts(turn, (attempt) => turn.nowMs >= attempt.startedMs + attemptMs);
  let free = number;
  for (const kind of kindsByUrgency) {
    for (const old of turn.reports.concat()) {
      if (old.facts.kind !== kind) continue;
      sessionsDue(turn, old);
      const report = reportOf(turn, old.number);
      if (report === undefined) continue;
      const update = report.update;
      if (update !== undefined && update.nextMs <= turn.nowMs && free >= 0 && updateDue(turn, report, free)) free = -1;
      reportDue(turn, report.number);
    }
  }
}

function sessionsDue(turn: Turn, report: Report): void {
  for (const session of report.sessions) {
    if (session.nextMs > turn.nowMs) continue;
    const now = reportOf(turn, report.number);
    if (now === undefined) return;
    if (session.at === "owed") debtDue(turn, now, session);
    else if (session.at === "hold" && isPending(now)) poll(turn, now, session);
  }
}

function poll(turn: Turn, report: Report, session: Session): void {
  if (turn.nowMs >= session.sinceMs + longestHoldMs) {
    const ended = owe(report, session.part, turn.nowMs);
    turn.effects.push({ type: "store", report: ended });
    put(turn, ended);
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
    if (report.facts.kind === "user-alarm") turn.effects.push({ type: "show", signal: "ready" });
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

/** What is over is kept for late answers, a lower kind only until nothing is owed any more. */
function forgetOld(turn: Turn): void {
  const kept: Report[] = [];
  for (const report of turn.reports) {
    if (report.at === "done" && !isOwing(report) && turn.nowMs >= keptUntilMs(report)) {
      turn.effects.push({ type: "forget", report });
    } else kept.push(report);
  }
  if (kept.length < turn.reports.length) turn.reports = kept;
}

function keptUntilMs(report: Report): number {
  if (!isRaced(report)) return 0;
  return (report.acceptedMs >= 0 ? report.acceptedMs : report.raisedMs) + matchMs;
}

function isOwing(report: Report): boolean {
  if (report.update !== undefined) return true;
  for (const session of report.sessions) if (session.at === "owed") return true;
  return false;
}

/** Full: the oldest report that is over goes, else the least urgent of the others; an alarm of a person never while another can go. */
function makeRoom(turn: Turn): void {
  if (turn.reports.length < reportLimit) return;
  let worst = 0;
  for (let i = 1; i < turn.reports.length; i++) {
    if (dispensable(turn.reports[i] as Report) > dispensable(turn.reports[worst] as Report)) worst = i;
  }
  const dropped = turn.reports[worst] as Report;
  stopAttempts(turn, (attempt) => attempt.number === dropped.number);
  turn.reports.splice(worst, 1);
  turn.effects.push({ type: "log", what: "dropped", number: dropped.number, part: 0, path: undefined, attempt: 0 });
  turn.effects.push({ type: "forget", report: dropped });
}

function dispensable(report: Report): number {
  const over = report.at === "done" || report.at === "open" ? (isOwing(report) ? 10 : 20) : 0;
  return over + kindsByUrgency.indexOf(report.facts.kind);
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
      dice: turn.dice,
      wakeMs,
    },
    effects: turn.effects,
  };
}

/** The earliest instant at which anything is due, or -1. */
function earliest(turn: Turn): number {
  let wakeMs = -1;
  for (const report of turn.reports) {
    if (report.at !== "done") wakeMs = sooner(wakeMs, report.nextMs);
    else if (!isOwing(report)) wakeMs = sooner(wakeMs, keptUntilMs(report));
    if (report.update !== undefined) wakeMs = sooner(wakeMs, report.update.nextMs);
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
