/** One call of the unit: its tries, its beginning and its end. */
import type { CallEnd } from "../ports/voice.ts";
import type { Target } from "./call-plan.ts";
import {
  betweenFallbacksMs,
  clearDownMs,
  firstPauseMs,
  longestCallMs,
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
  const first = state.tries === 0;
  change(turn, { at: "dialling", isFallback: false, tries: state.tries + 1, untilMs: turn.nowMs + ringMs });
  if (first) turn.effects.push({ type: "hold-open", numbers: state.numbers });
  dial(turn, target);
}

export function dialFallback(turn: VoiceTurn, target: Target): void {
  change(turn, {
    at: "dialling",
    isFallback: true,
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
  turn.effects.push({ type: "talking", on: true });
  turn.effects.push({ type: "tone" });
  turn.effects.push({ type: "dial", medium: target.medium, number: target.number, mode: turn.state.mode });
}

/** A call that came in is the session's, where there is one, or that of the alarms that are open. */
export function answer(turn: VoiceTurn): void {
  const state = turn.state;
  const numbers = state.at === "quiet" ? state.alarms.open : state.numbers;
  change(turn, { at: "talking", isFallback: false, numbers, cleared: false, untilMs: turn.nowMs + longestCallMs });
  turn.effects.push({ type: "hold-open", numbers });
  turn.effects.push({ type: "talking", on: true });
  turn.effects.push({ type: "tone" });
  turn.effects.push({ type: "answer", mode: state.mode });
}

export function taken(turn: VoiceTurn): void {
  if (turn.state.at === "dialling")
    change(turn, { at: "talking", cleared: false, untilMs: turn.nowMs + longestCallMs });
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
  turn.effects.push({ type: "talking", on: false });
}

/** Key 0: the far side has received the call properly and hangs up soon. */
export function cleared(turn: VoiceTurn): void {
  const state = turn.state;
  if (state.at !== "talking" || state.cleared) return;
  if (state.isFallback) learn(turn, "spoken");
  change(turn, { cleared: true, untilMs: Math.min(state.untilMs, turn.nowMs + clearDownMs) });
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
  if (isBusy(state)) turn.effects.push({ type: "talking", on: false });
  if (began && state.numbers.length > 0) turn.effects.push({ type: "let-close", numbers: state.numbers });
  change(turn, {
    at: "quiet",
    isFallback: false,
    numbers: [],
    targets: [],
    tries: 0,
    cleared: false,
    windowMs: talked || state.tries > 0 ? turn.nowMs + windowMs : state.windowMs,
    fallbackMs: talked && state.isFallback ? turn.nowMs + betweenFallbacksMs : state.fallbackMs,
  });
}
