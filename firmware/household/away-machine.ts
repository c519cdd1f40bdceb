/** The wearer is out: watching for silence rests meanwhile. An alarm ends it, since whoever presses is there; forgotten, it reminds. */

import { localUnit, type Telling, technical } from "../department.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

export interface AwayState {
  readonly at: "home" | "away";
  /** When it reminds next. */
  readonly remindAtMs: number;
  readonly weeks: number;
}

export type AwayEvent =
  | { readonly type: "restored"; readonly nowMs: number }
  /** The away key. */
  | { readonly type: "turned"; readonly nowMs: number }
  /** Somebody asks for help. */
  | { readonly type: "alarmed"; readonly nowMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type AwayEffect =
  | Telling
  | { readonly type: "keep"; readonly away: boolean }
  | { readonly type: "say"; readonly phrase: "away-on" | "away-off" | "away-reminder" }
  | { readonly type: "changed" }
  | { readonly type: "wake"; readonly atMs: number };

export const weekMs = 604_800_000;

export const atHome: AwayState = { at: "home", remindAtMs: -1, weeks: 0 };

export function stepAway(state: AwayState, event: AwayEvent): Next<AwayState, AwayEffect> {
  switch (event.type) {
    case "restored":
      return go(leaving(event.nowMs), [{ type: "changed" }, { type: "wake", atMs: event.nowMs + weekMs }]);
    case "turned":
      return state.at === "home" ? leave(event.nowMs) : comeHome([{ type: "say", phrase: "away-off" }]);
    case "alarmed":
      return state.at === "home" ? stay(state) : comeHome([]);
    case "due":
      return remind(state, event.nowMs);
  }
}

function leaving(nowMs: number): AwayState {
  return { at: "away", remindAtMs: nowMs + weekMs, weeks: 0 };
}

function leave(nowMs: number): Next<AwayState, AwayEffect> {
  const next = leaving(nowMs);
  return go(next, [
    { type: "keep", away: true },
    { type: "changed" },
    { type: "say", phrase: "away-on" },
    technical(localUnit, absent, "", -1, 0),
    { type: "wake", atMs: next.remindAtMs },
  ]);
}

function comeHome(spoken: readonly AwayEffect[]): Next<AwayState, AwayEffect> {
  const effects: AwayEffect[] = [{ type: "keep", away: false }, { type: "changed" }];
  for (const effect of spoken) effects.push(effect);
  effects.push(technical(localUnit, presentAtHome, "", absent, 0));
  return go(atHome, effects);
}

function remind(state: AwayState, nowMs: number): Next<AwayState, AwayEffect> {
  if (state.at === "home") return stay(state);
  if (nowMs < state.remindAtMs) return go(state, [{ type: "wake", atMs: state.remindAtMs }]);
  const weeks = state.weeks + 1;
  const remindAtMs = nowMs + weekMs;
  return go({ at: "away", remindAtMs, weeks }, [
    { type: "say", phrase: "away-reminder" },
    technical(localUnit, absent, "away for " + weeks * 7 + " days", -1, 0),
    { type: "wake", atMs: remindAtMs },
  ]);
}

/** Status codes (SS 91100 annex C). */
const absent = 3;
const presentAtHome = 121;
