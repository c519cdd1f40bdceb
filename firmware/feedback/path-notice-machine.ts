/**
 * When the wearer is told that paths are missing: after ten minutes, so that no brief loss frightens anybody; without any path
 * again each three hours by day, with the place to turn to. What fell into the quiet hours is said when they end.
 */
import { go, type Next, stay } from "../machine.ts";

export type Links = "ready" | "one-path-lost" | "no-path";

export interface PathNoticeState {
  readonly at: Links;
  /** What the wearer has last heard, and when. */
  readonly told: Links;
  readonly saidMs: number;
  /** When the present state is said, or -1. */
  readonly sayMs: number;
}

/** `quietForMs`: until the quiet hours end, 0 by day and while the time is unknown. */
export type PathNoticeEvent =
  | { readonly type: "changed"; readonly nowMs: number; readonly links: Links }
  | { readonly type: "due"; readonly nowMs: number; readonly quietForMs: number };

export type PathNoticeEffect =
  | { readonly type: "say"; readonly links: Links }
  | { readonly type: "wake"; readonly atMs: number };

export interface PathNoticeTimes {
  readonly afterMs: number;
  readonly repeatMs: number;
}

export const pathNoticeAtStart: PathNoticeState = { at: "ready", told: "ready", saidMs: -1, sayMs: -1 };

export function stepPathNotice(
  times: PathNoticeTimes,
  state: PathNoticeState,
  event: PathNoticeEvent,
): Next<PathNoticeState, PathNoticeEffect> {
  if (event.type === "changed") {
    if (event.links === state.at) return stay(state);
    return sayAt(state, event.links, state.told, state.saidMs, sayAtMs(times, state, event.links, event.nowMs), []);
  }
  if (state.sayMs < 0 || event.nowMs < state.sayMs) return stay(state);
  if (event.quietForMs > 0) {
    return sayAt(state, state.at, state.told, state.saidMs, event.nowMs + event.quietForMs, []);
  }
  const againMs = state.at === "no-path" ? event.nowMs + times.repeatMs : -1;
  return sayAt(state, state.at, state.at, event.nowMs, againMs, [{ type: "say", links: state.at }]);
}

/** Good news takes its time like the bad; a route that comes and goes is no reason to say the same more often. */
function sayAtMs(times: PathNoticeTimes, state: PathNoticeState, links: Links, nowMs: number): number {
  if (links !== state.told) return nowMs + times.afterMs;
  return links === "no-path" ? Math.max(nowMs + times.afterMs, state.saidMs + times.repeatMs) : -1;
}

function sayAt(
  state: PathNoticeState,
  at: Links,
  told: Links,
  saidMs: number,
  sayMs: number,
  effects: PathNoticeEffect[],
): Next<PathNoticeState, PathNoticeEffect> {
  if (sayMs >= 0 && sayMs !== state.sayMs) effects.push({ type: "wake", atMs: sayMs });
  return go({ at, told, saidMs, sayMs }, effects);
}
