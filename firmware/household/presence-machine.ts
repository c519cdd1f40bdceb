/**
 * A carer's key: short when coming and when leaving, long to call a colleague. A visit after an alarm and a planned one
 * have codes of their own (SS 91100 annex C); a visit whose end was forgotten ends by itself.
 */

import { localUnit, type Telling, technical } from "../department.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

export interface PresenceState {
  readonly at: "absent" | "present";
  /** When a forgotten visit ends, or -1. */
  readonly endMs: number;
}

export type PresenceEvent =
  | { readonly type: "restored"; readonly nowMs: number }
  /** `alarm`: somebody has asked for help in the last hours. */
  | { readonly type: "pressed"; readonly nowMs: number; readonly long: boolean; readonly alarm: boolean }
  | { readonly type: "due"; readonly nowMs: number };

export type PresenceEffect =
  | Telling
  | { readonly type: "keep"; readonly present: boolean }
  | { readonly type: "say"; readonly phrase: "presence-noted" | "presence-ended" | "assistance-called" }
  | { readonly type: "wake"; readonly atMs: number };

export const longestVisitMs = 43_200_000;

export const nobodyThere: PresenceState = { at: "absent", endMs: -1 };

export function stepPresence(state: PresenceState, event: PresenceEvent): Next<PresenceState, PresenceEffect> {
  switch (event.type) {
    case "restored":
      return go(there(event.nowMs), [{ type: "wake", atMs: event.nowMs + longestVisitMs }]);
    case "pressed":
      if (event.long) return callColleague(state, event.nowMs);
      return state.at === "absent" ? arrive(event.nowMs, event.alarm) : leave();
    case "due":
      if (state.at === "absent") return stay(state);
      if (event.nowMs < state.endMs) return go(state, [{ type: "wake", atMs: state.endMs }]);
      return go(nobodyThere, [
        technical(localUnit, resetAutomatic, "visit not ended by key", -1, 0),
        { type: "keep", present: false },
      ]);
  }
}

function there(nowMs: number): PresenceState {
  return { at: "present", endMs: nowMs + longestVisitMs };
}

function arrive(nowMs: number, alarm: boolean): Next<PresenceState, PresenceEffect> {
  const next = there(nowMs);
  return go(next, [
    technical(localUnit, alarm ? presenceAtAlarm : presencePlanned, "", -1, 0),
    { type: "keep", present: true },
    { type: "say", phrase: "presence-noted" },
    { type: "wake", atMs: next.endMs },
  ]);
}

function leave(): Next<PresenceState, PresenceEffect> {
  return go(nobodyThere, [
    technical(localUnit, checkOut, "intervention complete", -1, 0),
    { type: "keep", present: false },
    { type: "say", phrase: "presence-ended" },
  ]);
}

/** Whoever calls for a colleague is there, whether they said so before or not. */
function callColleague(state: PresenceState, nowMs: number): Next<PresenceState, PresenceEffect> {
  const next = state.at === "present" ? state : there(nowMs);
  return go(next, [
    {
      type: "tell",
      kind: "user-alarm",
      dty: localUnit,
      stc: assistance,
      stt: "carer wants assistance",
      restores: -1,
      spreadMs: 0,
    },
    { type: "keep", present: true },
    { type: "say", phrase: "assistance-called" },
    { type: "wake", atMs: next.endMs },
  ]);
}

/** Status codes (SS 91100 annex C). */
const presencePlanned = 87;
const presenceAtAlarm = 88;
const resetAutomatic = 92;
const assistance = 110;
const checkOut = 111;
