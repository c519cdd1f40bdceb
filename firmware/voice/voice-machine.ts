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
  dialFallback,
  dialSession,
  ended,
  finish,
  hangUp,
  isBusy,
  isUnconfirmed,
  sayMessage,
  taken,
  takesLine,
  type VoiceTurn,
} from "./voice-call.ts";
import { key } from "./voice-keys.ts";
import { isSameNumber } from "./voice-settings.ts";
import {
  messageLimit,
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
    fallbackAt: 0,
    messages: 0,
    medium: "mobile",
    numbers: [],
    mode: "duplex",
    targets: [],
    tries: 0,
    cleared: false,
    untilMs: -1,
    windowMs: -1,
    grantedMs: -1,
    isOpen: false,
    alarms: noAlarms,
    fallbackMs: -1,
    wakeMs: -1,
  };
}

export function stepVoice(state: VoiceState, event: VoiceEvent): Next<VoiceState, VoiceEffect> {
  const turn: VoiceTurn = { nowMs: event.nowMs, state, effects: [] };
  hear(turn, event);
  if (isFallbackWaiting(turn.state) && turn.nowMs >= fallbackDueMs(turn.state)) dialFallback(turn);
  showWindow(turn);
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
      incoming(turn, event.medium, event.from);
      return;
    case "answered":
      taken(turn);
      return;
    case "ended":
      ended(turn, event.reason);
      return;
    case "key":
      key(turn, event.key);
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
    fallbackAt: nobodyWaits && !state.isFallback ? 0 : state.fallbackAt,
  });
  if (state.at === "holding" && alarms.freshMs < 0) dialSession(turn);
  if (nobodyWaits && state.at === "dialling" && state.isFallback) {
    hangUp(turn);
    finish(turn);
    change(turn, { fallbackAt: 0, fallbackMs: -1 });
  }
}

/** An unknown caller is answered while a receiver has said that it calls, an allowed one also within the window. */
function incoming(turn: VoiceTurn, medium: VoiceState["medium"], from: string): void {
  const state = turn.state;
  if (isBusy(state)) return;
  if (turn.nowMs < state.grantedMs || (turn.nowMs < state.windowMs && isAllowed(state.rules, from)))
    answer(turn, medium);
  else hangUp(turn);
}

/** Whoever is granted a call, speaks, or just had an alarm is to be reachable: a network may forget who is quiet. */
function showWindow(turn: VoiceTurn): void {
  const isOpen = isBusy(turn.state) || turn.nowMs < openUntilMs(turn.state);
  if (isOpen === turn.state.isOpen) return;
  change(turn, { isOpen });
  turn.effects.push({ type: "open", on: isOpen });
}

function openUntilMs(state: VoiceState): number {
  return Math.max(state.grantedMs, state.windowMs);
}

function isAllowed(rules: VoiceRules, from: string): boolean {
  for (const number of rules.allowedNumbers) if (isSameNumber(number, from)) return true;
  return false;
}

function due(turn: VoiceTurn): void {
  switch (turn.state.at) {
    case "promised":
    case "pausing":
    case "holding":
      dialSession(turn);
      return;
    case "dialling":
      hangUp(turn);
      ended(turn, "no-answer");
      return;
    case "talking":
      if (isUnconfirmed(turn.state) && turn.state.messages < messageLimit) sayMessage(turn);
      else {
        hangUp(turn);
        finish(turn);
      }
      return;
    case "quiet":
      return;
  }
}

function isFallbackWaiting(state: VoiceState): boolean {
  return state.at === "quiet" && state.rules.fallback.length > 0 && state.alarms.waiting.length > 0;
}

/** A receiver that has the message may still answer: it is not called away from; and a new alarm has the line first. */
function fallbackDueMs(state: VoiceState): number {
  const target = state.rules.fallback[state.fallbackAt];
  const freshMs = target !== undefined && takesLine(state, target.medium) ? state.alarms.freshMs : -1;
  return Math.max(state.fallbackMs, state.alarms.answerMs, freshMs);
}

function dueMs(state: VoiceState): number {
  let atMs = state.at !== "quiet" ? state.untilMs : isFallbackWaiting(state) ? fallbackDueMs(state) : -1;
  if (state.isOpen && !isBusy(state) && (atMs < 0 || openUntilMs(state) < atMs)) atMs = openUntilMs(state);
  return atMs;
}
