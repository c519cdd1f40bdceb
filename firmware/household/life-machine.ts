/**
 * Where the unit stands in its life. A change is in the journal before anything acts on it, and is told; a unit that is
 * handed back goes on with its heartbeats until somebody has accepted that it falls silent.
 */

import { localUnit, type Telling, technical } from "../department.ts";
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";
import { dutiesOf, type LifeDuties, type LifeName } from "./life-states.ts";

export interface LifeState {
  readonly life: LifeName;
  /** Whether receivers were told of the last change. */
  readonly told: boolean;
  /** Number of the report of a return that nobody has accepted yet, or -1. */
  readonly farewell: number;
  /** When a returned unit that is on is told of again. */
  readonly noticeAtMs: number;
}

export type LifeEvent =
  | {
      readonly type: "restored";
      readonly nowMs: number;
      readonly life: LifeName;
      readonly told: boolean;
      readonly farewell: number;
    }
  /** An authorised order, and in the journal already. */
  | { readonly type: "moved"; readonly nowMs: number; readonly to: LifeName }
  /** The report of the change has this number. */
  | { readonly type: "told"; readonly nowMs: number; readonly number: number }
  | { readonly type: "accepted"; readonly nowMs: number; readonly number: number }
  | { readonly type: "due"; readonly nowMs: number };

export type LifeEffect =
  | Telling
  /** To be answered by `told`. */
  | { readonly type: "tell-change"; readonly telling: Telling }
  | { readonly type: "keep"; readonly told: boolean; readonly farewell: number }
  /** The duties may be others now. */
  | { readonly type: "duties" }
  | { readonly type: "wake"; readonly atMs: number };

/** A returned unit that stays on is told of each week. */
const noticeMs = 604_800_000;

/** What the unit does now. */
export function dutiesNow(state: LifeState): LifeDuties {
  const duties = dutiesOf(state.life);
  if (state.life !== "returned" || (state.told && state.farewell < 0)) return duties;
  return Object.assign({}, duties, { beats: true });
}

export function stepLife(state: LifeState, event: LifeEvent): Next<LifeState, LifeEffect> {
  switch (event.type) {
    case "restored":
      return restored(event);
    case "moved": {
      const next: LifeState = { life: event.to, told: false, farewell: -1, noticeAtMs: -1 };
      const telling = noticeOf(event.to, state.life);
      if (telling !== undefined) return go(next, [{ type: "tell-change", telling }, { type: "duties" }]);
      return go(change(next, { told: true }), [{ type: "keep", told: true, farewell: -1 }, { type: "duties" }]);
    }
    case "told": {
      const farewell = state.life === "returned" ? event.number : -1;
      return go(change(state, { told: true, farewell }), [{ type: "keep", told: true, farewell }, { type: "duties" }]);
    }
    case "accepted": {
      if (state.farewell < 0 || event.number !== state.farewell) return go(state, []);
      const noticeAtMs = event.nowMs + noticeMs;
      return go(change(state, { farewell: -1, noticeAtMs }), [
        { type: "keep", told: true, farewell: -1 },
        { type: "duties" },
        { type: "wake", atMs: noticeAtMs },
      ]);
    }
    case "due": {
      if (state.noticeAtMs < 0) return go(state, []);
      if (event.nowMs < state.noticeAtMs) return go(state, [{ type: "wake", atMs: state.noticeAtMs }]);
      return noticed(state, event.nowMs);
    }
  }
}

function restored(event: Extract<LifeEvent, { type: "restored" }>): Next<LifeState, LifeEffect> {
  const state: LifeState = { life: event.life, told: event.told, farewell: event.farewell, noticeAtMs: -1 };
  if (!event.told) {
    const telling = noticeOf(event.life, event.life);
    if (telling !== undefined) return go(state, [{ type: "tell-change", telling }]);
    return go(change(state, { told: true }), [{ type: "keep", told: true, farewell: -1 }]);
  }
  return event.life === "returned" && event.farewell < 0 ? noticed(state, event.nowMs) : go(state, []);
}

/** Somebody has switched on what should lie in a box. */
function noticed(state: LifeState, nowMs: number): Next<LifeState, LifeEffect> {
  const noticeAtMs = nowMs + noticeMs;
  return go(change(state, { noticeAtMs }), [
    technical(localUnit, trouble, "returned unit is switched on", -1, 0),
    { type: "wake", atMs: noticeAtMs },
  ]);
}

/** What receivers are told when `life` begins; undefined: nothing. */
function noticeOf(life: LifeName, before: LifeName): Telling | undefined {
  switch (life) {
    case "suspended":
      return technical(localUnit, outOfService, "suspended", -1, 0);
    case "returned":
      return technical(localUnit, outOfService, "returned", -1, 0);
    case "in-service": {
      const ends = before === "suspended" || before === "returned";
      return technical(localUnit, inService, "in service", ends ? outOfService : -1, 0);
    }
    case "stored":
    case "prepared":
    case "installed":
    case "wiped":
      return undefined;
  }
}

function change(state: LifeState, changes: Partial<LifeState>): LifeState {
  return Object.assign({}, state, changes);
}

/** Status codes (SS 91100 annex C). */
const inService = 48;
const outOfService = 78;
const trouble = 105;
