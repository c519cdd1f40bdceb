/**
 * When an alarm that no receiver can be reached for goes by short message, how often, and what an answer to it means: somebody
 * knows, and nothing more. The alarm stays pending until a receiver has accepted it.
 */
import { countLimit } from "../../protocol/sms-alarm/sms-alarm.ts";
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";
import type { PendingAlarm } from "./pending-alarms.ts";

export interface SmsCase {
  readonly number: number;
  /** Messages ordered so far: each has its own count, from 1. */
  readonly count: number;
  /** An authenticated answer has come: no more messages. */
  readonly informed: boolean;
  readonly nextMs: number;
}

export interface LastResortState {
  readonly pending: readonly PendingAlarm[];
  readonly cases: readonly SmsCase[];
  /** What the timer is set to, or -1. */
  readonly wakeMs: number;
}

export type LastResortEvent =
  /** What a former run has sent. */
  | { readonly type: "restored"; readonly nowMs: number; readonly cases: readonly SmsCase[] }
  | { readonly type: "alarms"; readonly nowMs: number; readonly pending: readonly PendingAlarm[] }
  /** The receiver has read the message of that count about that alarm; its tag fits. */
  | { readonly type: "answered"; readonly nowMs: number; readonly number: number; readonly count: number }
  | { readonly type: "due"; readonly nowMs: number };

export type LastResortEffect =
  | { readonly type: "keep"; readonly number: number; readonly count: number; readonly informed: boolean }
  | { readonly type: "forget"; readonly number: number }
  | {
      readonly type: "send";
      readonly number: number;
      readonly dty: number;
      readonly stc: number;
      readonly count: number;
      /** Of no use after this. */
      readonly untilMs: number;
    }
  /** What still waits to be sent about that alarm need not be. */
  | { readonly type: "stop"; readonly number: number }
  | { readonly type: "tell-informed"; readonly number: number }
  | { readonly type: "wake"; readonly atMs: number };

/** An alarm has been pending for so long, and its first round has failed everywhere. */
export const pendingForMs = 180_000;
/** Between two messages about one alarm; after `oftenLimit` of them the longer pause. */
export const betweenMs = 600_000;
export const laterBetweenMs = 3_600_000;
export const oftenLimit = 6;
/** Alarms that messages go out for at a time. */
export const activeLimit = 3;
/** Alarms that are remembered, those that somebody knows of included; a further one waits for its place. */
export const caseLimit = 8;

export const noLastResort: LastResortState = { pending: [], cases: [], wakeMs: -1 };

interface Turn {
  readonly nowMs: number;
  pending: readonly PendingAlarm[];
  cases: SmsCase[];
  readonly effects: LastResortEffect[];
}

export function stepLastResort(
  state: LastResortState,
  event: LastResortEvent,
): Next<LastResortState, LastResortEffect> {
  const turn: Turn = { nowMs: event.nowMs, pending: state.pending, cases: state.cases.concat([]), effects: [] };
  switch (event.type) {
    case "restored":
      for (let i = 0; i < event.cases.length && i < caseLimit; i++) turn.cases.push(event.cases[i] as SmsCase);
      break;
    case "alarms":
      turn.pending = event.pending;
      closeCases(turn);
      break;
    case "answered":
      answered(turn, event.number, event.count);
      break;
    case "due":
      break;
  }
  openCases(turn);
  sendDue(turn);
  const wakeMs = nextDue(turn);
  const setMs = event.type === "due" ? -1 : state.wakeMs;
  if (wakeMs >= 0 && wakeMs !== setMs) turn.effects.push({ type: "wake", atMs: wakeMs });
  return go({ pending: turn.pending, cases: turn.cases, wakeMs }, turn.effects);
}

/** Of alarms that are accepted or taken back. */
function closeCases(turn: Turn): void {
  const left: SmsCase[] = [];
  for (const one of turn.cases) {
    if (pendingOf(turn, one.number) !== undefined) left.push(one);
    else {
      if (one.count > 0 && !one.informed) turn.effects.push({ type: "stop", number: one.number });
      if (one.count > 0) turn.effects.push({ type: "forget", number: one.number });
    }
  }
  turn.cases = left;
}

function openCases(turn: Turn): void {
  let active = 0;
  for (const one of turn.cases) if (!one.informed) active++;
  for (const alarm of turn.pending) {
    if (active >= activeLimit || turn.cases.length >= caseLimit) return;
    if (!alarm.hasFailed || indexOf(turn, alarm.number) >= 0) continue;
    const nextMs = Math.max(turn.nowMs, alarm.sinceMs + pendingForMs);
    turn.cases.push({ number: alarm.number, count: 0, informed: false, nextMs });
    active++;
  }
}

function sendDue(turn: Turn): void {
  for (let i = 0; i < turn.cases.length; i++) {
    const one = turn.cases[i] as SmsCase;
    const alarm = pendingOf(turn, one.number);
    if (!isSending(one) || one.nextMs > turn.nowMs || alarm === undefined || !alarm.hasFailed) continue;
    const count = one.count + 1;
    const pauseMs = count < oftenLimit ? betweenMs : laterBetweenMs;
    turn.cases[i] = { number: one.number, count, informed: false, nextMs: turn.nowMs + pauseMs };
    turn.effects.push({ type: "keep", number: one.number, count, informed: false });
    turn.effects.push({
      type: "send",
      number: one.number,
      dty: alarm.dty,
      stc: alarm.stc,
      count,
      untilMs: turn.nowMs + betweenMs - 1,
    });
  }
}

/** Only of a message that was sent about an alarm that is pending; once. */
function answered(turn: Turn, number: number, count: number): void {
  const at = indexOf(turn, number);
  const one = turn.cases[at];
  if (one === undefined || one.informed || count < 1 || count > one.count) return;
  turn.cases[at] = { number, count: one.count, informed: true, nextMs: one.nextMs };
  turn.effects.push({ type: "keep", number, count: one.count, informed: true });
  turn.effects.push({ type: "stop", number });
  turn.effects.push({ type: "tell-informed", number });
}

function nextDue(turn: Turn): number {
  let dueMs = -1;
  for (const one of turn.cases) {
    const alarm = pendingOf(turn, one.number);
    if (!isSending(one) || alarm === undefined || !alarm.hasFailed) continue;
    if (dueMs < 0 || one.nextMs < dueMs) dueMs = one.nextMs;
  }
  return dueMs;
}

function isSending(one: SmsCase): boolean {
  return !one.informed && one.count < countLimit;
}

function pendingOf(turn: Turn, number: number): PendingAlarm | undefined {
  for (const alarm of turn.pending) if (alarm.number === number) return alarm;
  return undefined;
}

function indexOf(turn: Turn, number: number): number {
  for (let i = 0; i < turn.cases.length; i++) if ((turn.cases[i] as SmsCase).number === number) return i;
  return -1;
}
