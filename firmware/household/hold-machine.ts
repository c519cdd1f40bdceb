/** A key with two meanings: short when it is let go in time, long while it is still held. A bounce is neither. */
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";

export interface HoldState {
  readonly closed: boolean;
  /** When the level last changed. */
  readonly changedMs: number;
  /** When this press began, or -1. */
  readonly pressedMs: number;
  readonly long: boolean;
}

export type HoldEvent =
  | { readonly type: "closed"; readonly nowMs: number }
  | { readonly type: "opened"; readonly nowMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type HoldEffect =
  | { readonly type: "short" }
  | { readonly type: "long" }
  | { readonly type: "wake"; readonly atMs: number };

/** Held for so long it is a long press: slow hands let go later than they mean to. */
export const longMs = 2_000;
/** Open for so long the key was let go: longer than any bounce. */
export const letGoMs = 60;

export const holdAtStart: HoldState = { closed: false, changedMs: 0, pressedMs: -1, long: false };

/** One movement of the hand is one press, short or long, however it bounces. */
export function stepHold(state: HoldState, event: HoldEvent): Next<HoldState, HoldEffect> {
  const effects: HoldEffect[] = [];
  // What was due before this change counts, also where its timer comes late.
  let next = settled(state, event.nowMs, effects);
  if (event.type === "closed" && !next.closed) {
    const begins = next.pressedMs < 0;
    next = {
      closed: true,
      changedMs: event.nowMs,
      pressedMs: begins ? event.nowMs : next.pressedMs,
      long: begins ? false : next.long,
    };
  } else if (event.type === "opened" && next.closed)
    next = { closed: false, changedMs: event.nowMs, pressedMs: next.pressedMs, long: next.long };
  if (next.pressedMs >= 0 && !next.closed) effects.push({ type: "wake", atMs: next.changedMs + letGoMs });
  else if (next.pressedMs >= 0 && !next.long) effects.push({ type: "wake", atMs: next.pressedMs + longMs });
  return go(next, effects);
}

function settled(state: HoldState, nowMs: number, effects: HoldEffect[]): HoldState {
  if (state.pressedMs < 0) return state;
  if (state.closed) {
    if (state.long || nowMs < state.pressedMs + longMs) return state;
    effects.push({ type: "long" });
    return { closed: true, changedMs: state.changedMs, pressedMs: state.pressedMs, long: true };
  }
  if (nowMs < state.changedMs + letGoMs) return state;
  if (!state.long) effects.push({ type: "short" });
  return { closed: false, changedMs: state.changedMs, pressedMs: -1, long: false };
}
