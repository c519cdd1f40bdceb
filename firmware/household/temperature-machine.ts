/** The room is too cold or too warm: held for a minute, not in the first hour, told at most once a day, over with hysteresis. */

import { environmentMonitor, type Telling, technical } from "../department.ts";
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";
import type { TemperatureSettings } from "./household-settings.ts";

export type Zone = "normal" | "cold" | "warm";

export interface TemperatureState {
  /** What has held, and what it looks like since when. */
  readonly zone: Zone;
  readonly candidate: Zone;
  readonly sinceMs: number;
  /** What receivers think it is. */
  readonly told: Zone;
  /** When cold and warm may be told of again; 0: now. */
  readonly coldFreeMs: number;
  readonly warmFreeMs: number;
}

export type TemperatureEvent =
  | { readonly type: "restored"; readonly nowMs: number; readonly told: Zone }
  /** A border was passed, or a deadline has come. */
  | { readonly type: "looked"; readonly nowMs: number; readonly deciC: number };

export type TemperatureEffect =
  | Telling
  | { readonly type: "keep"; readonly told: Zone }
  | { readonly type: "watch"; readonly belowDeciC: number; readonly aboveDeciC: number }
  | { readonly type: "wake"; readonly atMs: number };

const hysteresisDeciC = 10;
const holdMs = 60_000;
/** A unit fresh from a cold van. */
const inhibitMs = 3_600_000;
const dayMs = 86_400_000;
/** Beyond any room. */
const noBorder = 10_000;

export const temperatureAtStart: TemperatureState = {
  zone: "normal",
  candidate: "normal",
  sinceMs: 0,
  told: "normal",
  coldFreeMs: 0,
  warmFreeMs: 0,
};

export function stepTemperature(
  settings: TemperatureSettings,
  state: TemperatureState,
  event: TemperatureEvent,
): Next<TemperatureState, TemperatureEffect> {
  if (event.type === "restored")
    return go(change(temperatureAtStart, { told: event.told }), [{ type: "wake", atMs: event.nowMs + inhibitMs }]);
  if (event.nowMs < inhibitMs) return go(state, [{ type: "wake", atMs: inhibitMs }]);
  const effects: TemperatureEffect[] = [];
  const next = told(held(settings, state, event.nowMs, event.deciC), event.nowMs, event.deciC, effects);
  effects.push(watchOf(settings, next.candidate));
  const wakeMs = deadline(next);
  if (wakeMs > event.nowMs) effects.push({ type: "wake", atMs: wakeMs });
  return go(next, effects);
}

function held(settings: TemperatureSettings, state: TemperatureState, nowMs: number, deciC: number): TemperatureState {
  const candidate = zoneOf(settings, state.candidate, deciC);
  const next = candidate === state.candidate ? state : change(state, { candidate, sinceMs: nowMs });
  if (next.candidate === next.zone || nowMs < next.sinceMs + holdMs) return next;
  return change(next, { zone: next.candidate });
}

function zoneOf(settings: TemperatureSettings, before: Zone, deciC: number): Zone {
  if (deciC < settings.coldDeciC + (before === "cold" ? hysteresisDeciC : 0)) return "cold";
  return deciC > settings.warmDeciC - (before === "warm" ? hysteresisDeciC : 0) ? "warm" : "normal";
}

function told(state: TemperatureState, nowMs: number, deciC: number, effects: TemperatureEffect[]): TemperatureState {
  if (state.zone === state.told) return state;
  let next = state;
  if (next.told !== "normal") {
    effects.push(technical(environmentMonitor, normal, degrees(deciC), next.told === "cold" ? low : high, 0));
    next = change(next, { told: "normal" });
  }
  if (next.zone === "cold" && nowMs >= next.coldFreeMs) {
    effects.push(technical(environmentMonitor, low, degrees(deciC), -1, 0));
    next = change(next, { told: "cold", coldFreeMs: nowMs + dayMs });
  }
  if (next.zone === "warm" && nowMs >= next.warmFreeMs) {
    effects.push(technical(environmentMonitor, high, degrees(deciC), -1, 0));
    next = change(next, { told: "warm", warmFreeMs: nowMs + dayMs });
  }
  if (next.told !== state.told) effects.push({ type: "keep", told: next.told });
  return next;
}

/** -1: nothing is awaited but a border. */
function deadline(state: TemperatureState): number {
  if (state.candidate !== state.zone) return state.sinceMs + holdMs;
  if (state.zone === state.told || state.zone === "normal") return -1;
  return state.zone === "cold" ? state.coldFreeMs : state.warmFreeMs;
}

function watchOf(settings: TemperatureSettings, zone: Zone): TemperatureEffect {
  const belowDeciC = zone === "cold" ? -noBorder : settings.coldDeciC;
  const aboveDeciC = zone === "warm" ? noBorder : settings.warmDeciC;
  if (zone === "cold") return { type: "watch", belowDeciC, aboveDeciC: settings.coldDeciC + hysteresisDeciC - 1 };
  if (zone === "warm") return { type: "watch", belowDeciC: settings.warmDeciC - hysteresisDeciC + 1, aboveDeciC };
  return { type: "watch", belowDeciC, aboveDeciC };
}

/** Such as "5.3 C". */
function degrees(deciC: number): string {
  const size = deciC < 0 ? -deciC : deciC;
  return (deciC < 0 ? "-" : "") + Math.floor(size / 10) + "." + (size % 10) + " C";
}

function change(state: TemperatureState, changes: Partial<TemperatureState>): TemperatureState {
  return Object.assign({}, state, changes);
}

/** Status codes (SS 91100 annex C). */
const normal = 70;
const high = 100;
const low = 101;
