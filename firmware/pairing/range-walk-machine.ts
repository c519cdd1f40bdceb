/** A walk through the home with a button: at each named place some test presses, and by how much they were heard above the limit. */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

export interface RangeWalkSettings {
  /** The weakest strength at which the unit still hears, in dBm. */
  readonly sensitivityDbm: number;
  /** A place passes with at least so much above it, in dB. */
  readonly limitDb: number;
}

/** A quiet home. */
export const rangeWalkDefaults: RangeWalkSettings = { sensitivityDbm: -110, limitDb: 10 };

/** What is wrong with the settings, in words, or undefined. */
export function rangeWalkFault(settings: RangeWalkSettings): string | undefined {
  if (settings.sensitivityDbm < -130 || settings.sensitivityDbm > -60) return "the sensitivity must be -130 to -60 dBm";
  return settings.limitDb >= 0 && settings.limitDb <= 40 ? undefined : "the margin must be 0 to 40 dB";
}

export type RangeWalkState =
  | { readonly at: "idle" }
  /** Presses of `bond` are test presses until then. */
  | {
      readonly at: "walking";
      readonly bond: number;
      readonly where: string;
      readonly presses: number;
      readonly lastDbm: number;
      readonly worstDbm: number;
      readonly untilMs: number;
    };

export type RangeWalkEvent =
  /** Somebody with the right to do so names the place that he stands at, or the next one. */
  | { readonly type: "at-place"; readonly bond: number; readonly where: string; readonly nowMs: number }
  | { readonly type: "pressed"; readonly bond: number; readonly rssiDbm: number; readonly nowMs: number }
  | { readonly type: "ended" }
  | { readonly type: "due"; readonly nowMs: number };

export type RangeWalkEffect =
  | {
      readonly type: "keep-place";
      readonly bond: number;
      readonly where: string;
      readonly presses: number;
      /** Of the weakest press; absent where none was heard: the place does not pass. */
      readonly marginDb: number | undefined;
      readonly passed: boolean;
    }
  | { readonly type: "wake"; readonly atMs: number };

/** A forgotten walk ends: a press is a call for help again. */
export const walkMs = 300_000;

const idle: RangeWalkState = { at: "idle" };
export const rangeWalkAtStart: RangeWalkState = idle;

type Step = Next<RangeWalkState, RangeWalkEffect>;
type Walking = Extract<RangeWalkState, { readonly at: "walking" }>;

export function stepRangeWalk(settings: RangeWalkSettings, state: RangeWalkState, event: RangeWalkEvent): Step {
  switch (event.type) {
    case "at-place": {
      const untilMs = event.nowMs + walkMs;
      const effects: RangeWalkEffect[] = state.at === "walking" ? [kept(settings, state)] : [];
      effects.push({ type: "wake", atMs: untilMs });
      return go(
        { at: "walking", bond: event.bond, where: event.where, presses: 0, lastDbm: 0, worstDbm: 0, untilMs },
        effects,
      );
    }
    case "pressed":
      return state.at === "walking" && event.bond === state.bond ? pressed(state, event) : stay(state);
    case "ended":
      return state.at === "walking" ? go(idle, [kept(settings, state)]) : stay(state);
    case "due":
      if (state.at === "idle") return stay(state);
      if (event.nowMs < state.untilMs) return go(state, [{ type: "wake", atMs: state.untilMs }]);
      return go(idle, [kept(settings, state)]);
  }
}

function pressed(state: Walking, event: Extract<RangeWalkEvent, { readonly type: "pressed" }>): Step {
  const untilMs = event.nowMs + walkMs;
  const worstDbm = state.presses === 0 ? event.rssiDbm : Math.min(state.worstDbm, event.rssiDbm);
  const presses = Math.min(255, state.presses + 1);
  const walking: Walking = {
    at: "walking",
    bond: state.bond,
    where: state.where,
    presses,
    lastDbm: event.rssiDbm,
    worstDbm,
    untilMs,
  };
  return go(walking, [{ type: "wake", atMs: untilMs }]);
}

function kept(settings: RangeWalkSettings, state: Walking): RangeWalkEffect {
  const marginDb = state.presses === 0 ? undefined : state.worstDbm - settings.sensitivityDbm;
  const passed = marginDb !== undefined && marginDb >= settings.limitDb;
  return { type: "keep-place", bond: state.bond, where: state.where, presses: state.presses, marginDb, passed };
}
