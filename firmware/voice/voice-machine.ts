/**
 * Decides who calls whom after an alarm: by what the receiver grants (SS 91100 table 2), by who calls and when, and, where
 * nobody has accepted at all, by telephone to a stored number. Being answered there accepts nothing.
 */
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";
import type { CallPlan } from "./call-plan.ts";
import {
  answer,
  change,
  cleared,
  dialFallback,
  dialSession,
  ended,
  finish,
  hangUp,
  isBusy,
  taken,
  type VoiceTurn,
} from "./voice-call.ts";
import { isSameNumber } from "./voice-settings.ts";
import {
  promiseMs,
  sessionLimit,
  type VoiceEffect,
  type VoiceEvent,
  type VoiceRules,
  type VoiceState,
  windowMs,
} from "./voice-state.ts";
import { noAlarms, type WaitingAlarms } from "./waiting-alarms.ts";

export function startVoice(rules: VoiceRules): VoiceState {
  return {
    rules,
    at: "quiet",
    isFallback: false,
    numbers: [],
    mode: "duplex",
    targets: [],
    tries: 0,
    cleared: false,
    untilMs: -1,
    windowMs: -1,
    grantedMs: -1,
    alarms: noAlarms,
    fallbackMs: -1,
    wakeMs: -1,
  };
}

export function stepVoice(state: VoiceState, event: VoiceEvent): Next<VoiceState, VoiceEffect> {
  const turn: VoiceTurn = { nowMs: event.nowMs, state, effects: [] };
  hear(turn, event);
  const now = turn.state;
  const fallback = now.rules.fallback;
  if (fallback !== undefined && isFallbackWaiting(now) && turn.nowMs >= fallbackDueMs(now))
    dialFallback(turn, fallback);
  const wakeMs = dueMs(turn.state);
  if (wakeMs >= 0 && wakeMs !== (event.type === "due" ? -1 : state.wakeMs))
    turn.effects.push({ type: "wake", atMs: wakeMs });
  change(turn, { wakeMs });
  return go(turn.state, turn.effects);
}

function hear(turn: VoiceTurn, event: VoiceEvent): void {
  switch (event.type) {
    case "granted":
      granted(turn, event.number, event.plan);
      return;
    case "alarms":
      alarmsAre(turn, event.alarms);
      return;
    case "incoming":
      incoming(turn, event.from);
      return;
    case "answered":
      taken(turn);
      return;
    case "ended":
      ended(turn, event.reason);
      return;
    case "key":
      if (event.key === "0") cleared(turn);
      return;
    case "due":
      if (turn.state.at !== "quiet" && turn.nowMs >= turn.state.untilMs) due(turn);
      return;
  }
}

/** The first receiver that grants a call decides where it goes; a further one joins it, and is told so. */
function granted(turn: VoiceTurn, number: number, plan: CallPlan): void {
  if (plan.who === "none") return;
  if (turn.state.at === "dialling" && turn.state.isFallback) {
    hangUp(turn);
    finish(turn);
  }
  const state = turn.state;
  const grantedMs = Math.max(state.grantedMs, turn.nowMs + plan.minutes * 60_000);
  if (state.at !== "quiet") {
    change(turn, { numbers: withNumber(state.numbers, number), grantedMs });
    turn.effects.push({ type: "learn", number, text: "samtal pågår" });
    if (isBusy(state) || state.tries > 0) turn.effects.push({ type: "hold-open", numbers: [number] });
    return;
  }
  change(turn, {
    numbers: [number],
    mode: plan.mode,
    targets: plan.targets,
    tries: 0,
    cleared: false,
    windowMs: Math.max(state.windowMs, turn.nowMs + windowMs),
    grantedMs,
  });
  if (plan.who === "unit") dialSession(turn);
  else change(turn, { at: "promised", untilMs: turn.nowMs + promiseMs });
}

function withNumber(numbers: readonly number[], number: number): readonly number[] {
  if (numbers.indexOf(number) >= 0 || numbers.length >= sessionLimit) return numbers;
  return numbers.concat([number]);
}

function alarmsAre(turn: VoiceTurn, alarms: WaitingAlarms): void {
  const state = turn.state;
  const isNew = alarms.newestMs > state.alarms.newestMs;
  const nobodyWaits = alarms.waiting.length === 0;
  change(turn, {
    alarms,
    mode: isNew && state.at === "quiet" ? "duplex" : state.mode,
    windowMs: isNew ? Math.max(state.windowMs, alarms.newestMs + windowMs) : state.windowMs,
    fallbackMs: nobodyWaits ? -1 : state.fallbackMs,
  });
  if (nobodyWaits && state.at === "dialling" && state.isFallback) {
    hangUp(turn);
    finish(turn);
  }
}

/** An unknown caller is answered while a receiver has said that it calls, an allowed one also within the window. */
function incoming(turn: VoiceTurn, from: string): void {
  const state = turn.state;
  if (isBusy(state)) return;
  if (turn.nowMs < state.grantedMs || (turn.nowMs < state.windowMs && isAllowed(state.rules, from))) answer(turn);
  else hangUp(turn);
}

function isAllowed(rules: VoiceRules, from: string): boolean {
  for (const number of rules.allowedNumbers) if (isSameNumber(number, from)) return true;
  return false;
}

function due(turn: VoiceTurn): void {
  switch (turn.state.at) {
    case "promised":
    case "pausing":
      dialSession(turn);
      return;
    case "dialling":
      hangUp(turn);
      ended(turn, "no-answer");
      return;
    case "talking":
      hangUp(turn);
      finish(turn);
      return;
    case "quiet":
      return;
  }
}

function isFallbackWaiting(state: VoiceState): boolean {
  return state.at === "quiet" && state.rules.fallback !== undefined && state.alarms.waiting.length > 0;
}

/** A receiver that has the message may still answer: it is not called away from. */
function fallbackDueMs(state: VoiceState): number {
  return Math.max(state.fallbackMs, state.alarms.answerMs);
}

function dueMs(state: VoiceState): number {
  if (state.at !== "quiet") return state.untilMs;
  return isFallbackWaiting(state) ? fallbackDueMs(state) : -1;
}
