/** One call of the unit: its tries, its beginning and its end. */
import type { CallEnd, VoiceMedium } from "../ports/voice.ts";
import type { Target } from "./call-plan.ts";
import {
  betweenFallbacksMs,
  clearDownMs,
  confirmMs,
  firstPauseMs,
  longestCallMs,
  nextNumberMs,
  ringMs,
  tryLimit,
  type VoiceEffect,
  type VoiceState,
  windowMs,
} from "./voice-state.ts";

/** A turn of the machine: the state being made and the effects so far. */
export interface VoiceTurn {
  readonly nowMs: number;
  state: VoiceState;
  readonly effects: VoiceEffect[];
}

export function change(turn: VoiceTurn, changes: Partial<VoiceState>): void {
  turn.state = Object.assign({}, turn.state, changes);
}

/** Whether the unit's one line is in use. */
export function isBusy(state: VoiceState): boolean {
  return state.at === "dialling" || state.at === "talking";
}

/** The session's next try, over its targets in turn; where there is none it is over. */
export function dialSession(turn: VoiceTurn): void {
  const state = turn.state;
  const target = state.targets[state.tries % Math.max(1, state.targets.length)];
  if (target === undefined || state.tries >= tryLimit) {
    learn(turn, "call failed");
    finish(turn);
    return;
  }
  if (state.at !== "holding" && state.alarms.freshMs > turn.nowMs && takesLine(state, target.medium)) {
    change(turn, { at: "holding", untilMs: state.alarms.freshMs });
    return;
  }
  const first = state.tries === 0;
  change(turn, { at: "dialling", isFallback: false, tries: state.tries + 1, untilMs: turn.nowMs + ringMs });
  if (first) turn.effects.push({ type: "hold-open", numbers: state.numbers });
  dial(turn, target);
}

/** Whether a call over that medium would stop the data of the alarms' own route. */
export function takesLine(state: VoiceState, medium: VoiceMedium): boolean {
  return state.rules.stopsData && medium === "mobile";
}

/** The next of the fallback call's numbers. */
export function dialFallback(turn: VoiceTurn): void {
  const target = turn.state.rules.fallback[turn.state.fallbackAt];
  if (target === undefined) return;
  change(turn, {
    at: "dialling",
    isFallback: true,
    messages: 0,
    numbers: [],
    mode: "duplex",
    tries: 0,
    cleared: false,
    untilMs: turn.nowMs + ringMs,
    fallbackMs: turn.nowMs + betweenFallbacksMs,
  });
  dial(turn, target);
}

function dial(turn: VoiceTurn, target: Target): void {
  change(turn, { medium: target.medium });
  turn.effects.push({ type: "talking", on: true, medium: target.medium });
  turn.effects.push({ type: "tone" });
  turn.effects.push({ type: "dial", medium: target.medium, number: target.number, mode: turn.state.mode });
}

/** A call that came in is the session's, where there is one, or that of the alarms that are open. */
export function answer(turn: VoiceTurn, medium: VoiceMedium): void {
  const state = turn.state;
  const numbers = state.at === "quiet" ? state.alarms.open : state.numbers;
  const untilMs = turn.nowMs + longestCallMs;
  change(turn, { at: "talking", isFallback: false, medium, numbers, cleared: false, untilMs });
  turn.effects.push({ type: "hold-open", numbers });
  turn.effects.push({ type: "talking", on: true, medium });
  turn.effects.push({ type: "tone" });
  turn.effects.push({ type: "answer", mode: state.mode });
}

export function taken(turn: VoiceTurn): void {
  if (turn.state.at !== "dialling") return;
  change(turn, { at: "talking", cleared: false, untilMs: turn.nowMs + longestCallMs });
  if (isUnconfirmed(turn.state)) sayMessage(turn);
}

/** Whether the call is one that a person must confirm, and nobody has. */
export function isUnconfirmed(state: VoiceState): boolean {
  const target = state.rules.fallback[state.fallbackAt];
  return state.at === "talking" && state.isFallback && !state.cleared && target !== undefined && target.mustConfirm;
}

export function sayMessage(turn: VoiceTurn): void {
  change(turn, { messages: turn.state.messages + 1, untilMs: turn.nowMs + confirmMs });
  turn.effects.push({ type: "message" });
}

/** A failed call undoes nothing: it is tried again. Silence in the home is an outcome and is told. */
export function ended(turn: VoiceTurn, reason: CallEnd): void {
  const state = turn.state;
  if (!isBusy(state)) return;
  const talked = state.at === "talking";
  if (talked && reason === "silent") learn(turn, "no response");
  const failed = !talked || (reason === "lost" && !state.cleared);
  if (!failed || state.isFallback || state.targets.length === 0) {
    finish(turn);
    return;
  }
  if (state.tries >= tryLimit) {
    learn(turn, "call failed");
    finish(turn);
    return;
  }
  let pauseMs = firstPauseMs;
  for (let i = 1; i < state.tries; i++) pauseMs *= 2;
  change(turn, { at: "pausing", untilMs: turn.nowMs + pauseMs, windowMs: turn.nowMs + windowMs });
  turn.effects.push({ type: "talking", on: false, medium: state.medium });
}

/**
 * Key 0: the far side has received the call properly and hangs up soon (SS 91100 7). In a call that must be confirmed it says
 * that a person listens, and the call begins.
 */
export function cleared(turn: VoiceTurn): void {
  const state = turn.state;
  if (state.at !== "talking" || state.cleared) return;
  const confirmed = isUnconfirmed(state);
  if (state.isFallback) learn(turn, "spoken");
  const untilMs = confirmed ? turn.nowMs + longestCallMs : Math.min(state.untilMs, turn.nowMs + clearDownMs);
  change(turn, { cleared: true, untilMs });
}

export function hangUp(turn: VoiceTurn): void {
  turn.effects.push({ type: "hang-up" });
}

/** Of the session's alarms, and in the fallback call of those that wait. */
function learn(turn: VoiceTurn, text: string): void {
  const state = turn.state;
  const numbers = state.isFallback ? state.numbers.concat(state.alarms.waiting) : state.numbers;
  for (const number of numbers) turn.effects.push({ type: "learn", number, text });
}

/** The session is over; whoever called may call again. */
export function finish(turn: VoiceTurn): void {
  const state = turn.state;
  const talked = state.at === "talking";
  const began = isBusy(state) || state.tries > 0;
  if (isBusy(state)) turn.effects.push({ type: "talking", on: false, medium: state.medium });
  if (began && state.numbers.length > 0) turn.effects.push({ type: "let-close", numbers: state.numbers });
  change(turn, {
    at: "quiet",
    isFallback: false,
    numbers: [],
    targets: [],
    tries: 0,
    cleared: false,
    windowMs: talked || state.tries > 0 ? turn.nowMs + windowMs : state.windowMs,
  });
  if (state.isFallback) afterFallback(turn, talked, state.cleared);
}

/** Until somebody has pressed key 0 the next of the list is called; after the last, and after that key, all wait. */
function afterFallback(turn: VoiceTurn, talked: boolean, isCleared: boolean): void {
  const state = turn.state;
  const next = state.fallbackAt + 1;
  if (next < state.rules.fallback.length && !isCleared) {
    change(turn, { fallbackAt: next, fallbackMs: turn.nowMs + nextNumberMs });
    return;
  }
  change(turn, { fallbackAt: 0, fallbackMs: talked ? turn.nowMs + betweenFallbacksMs : state.fallbackMs });
}
