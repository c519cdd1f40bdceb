/**
 * The unit on its battery: how many hours are left, told in steps; the last words before it goes dark; and after a dark
 * time how long that was. It reads the battery only when the next step could have been reached.
 */

import { localUnit, powerSupply, sharedSpreadMs, type Telling, technical } from "../department.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import type { ReserveSettings } from "./power-settings.ts";

export interface ReserveState {
  readonly at: "mains" | "battery";
  /** When the mains came back last, or -1. */
  readonly backMs: number;
  /** The first reading of this power cut; -1 permille: none yet. */
  readonly firstMs: number;
  readonly firstPermille: number;
  /** Steps told or passed, and whether the last words were said. */
  readonly steps: number;
  readonly spoken: boolean;
  /** When the battery is read next. */
  readonly readMs: number;
  /** Whether the unit came from a dark time that nobody was told of. */
  readonly owed: boolean;
  /** When the unit is known to have been alive, in seconds since 1970; -1 unknown. While owed: before the dark time. */
  readonly aliveS: number;
}

export type ReserveEvent =
  | { readonly type: "mains"; readonly nowMs: number; readonly wallS: number; readonly present: boolean }
  | { readonly type: "read"; readonly nowMs: number; readonly wallS: number; readonly permille: number }
  /** After a start: `kept` says that a former life left a record, with its `aliveS`. `dark`: power was gone altogether. */
  | {
      readonly type: "started";
      readonly nowMs: number;
      readonly wallS: number;
      readonly dark: boolean;
      readonly kept: boolean;
      readonly owed: boolean;
      readonly aliveS: number;
    }
  /** The wall clock was set. */
  | { readonly type: "clock-set"; readonly nowMs: number; readonly wallS: number }
  | { readonly type: "due"; readonly nowMs: number; readonly wallS: number };

export type ReserveEffect =
  | Telling
  | { readonly type: "measure" }
  | { readonly type: "keep"; readonly owed: boolean; readonly aliveS: number }
  | { readonly type: "wake"; readonly atMs: number };

const minuteMs = 60_000;
/** A mains that was back for less has not ended the power cut. */
const stableMs = 5 * minuteMs;
/** Keeps a flickering mains from wearing out the flash. */
const aliveStepS = 60;
/** The mains is often back at once. */
const firstReadMs = 5 * minuteMs;
const leastPauseMs = 10 * minuteMs;
const mostPauseMs = 360 * minuteMs;
/** For so long after a start the dark time waits for a clock. */
const clockWaitMs = 1_440 * minuteMs;
/** A drop that says more about the drain than the table does. */
const tellingDropPermille = 30;

export const reserveAtStart: ReserveState = {
  at: "mains",
  backMs: -1,
  firstMs: 0,
  firstPermille: -1,
  steps: 0,
  spoken: false,
  readMs: -1,
  owed: false,
  aliveS: -1,
};

export function stepReserve(
  settings: ReserveSettings,
  state: ReserveState,
  event: ReserveEvent,
): Next<ReserveState, ReserveEffect> {
  const next = decided(settings, state, event);
  const wakeMs = next.state.at !== "mains" ? next.state.readMs : next.state.owed ? clockWaitMs : -1;
  return wakeMs < 0 ? next : go(next.state, added(next.effects, { type: "wake", atMs: wakeMs }));
}

function decided(
  settings: ReserveSettings,
  state: ReserveState,
  event: ReserveEvent,
): Next<ReserveState, ReserveEffect> {
  switch (event.type) {
    case "started":
      return started(state, event);
    case "clock-set":
      return tellGap(state, event.wallS, false);
    case "mains":
      return event.present ? onMains(state, event.nowMs, event.wallS) : onBattery(state, event.nowMs, event.wallS);
    case "read":
      return state.at === "mains" ? alive(state, event.wallS, [], false) : readOnBattery(settings, state, event);
    case "due":
      return due(state, event.nowMs, event.wallS);
  }
}

/** Minutes that are left, by the table or by what this power cut has cost so far, whichever is less. */
export function remainingMinutes(
  settings: ReserveSettings,
  state: ReserveState,
  nowMs: number,
  permille: number,
): number {
  const byTable = Math.floor((settings.standbyMinutes * permille) / 1_000);
  const drop = state.firstPermille - permille;
  if (state.firstPermille < 0 || drop < tellingDropPermille) return byTable;
  const elapsed = Math.floor((nowMs - state.firstMs) / minuteMs);
  return Math.min(byTable, Math.floor((elapsed * permille) / drop));
}

function started(
  state: ReserveState,
  event: Extract<ReserveEvent, { type: "started" }>,
): Next<ReserveState, ReserveEffect> {
  const owed = event.owed || (event.dark && event.kept);
  const next = change(state, { owed, aliveS: event.aliveS });
  if (!owed) return alive(next, event.wallS, [], true);
  if (event.aliveS < 0) return tellGap(next, event.wallS, true);
  const told = tellGap(next, event.wallS, false);
  return told.state.owed ? go(next, [{ type: "keep", owed: true, aliveS: next.aliveS }]) : told;
}

/** `giveUp`: no clock will tell how long it was, which is told too. */
function tellGap(state: ReserveState, wallS: number, giveUp: boolean): Next<ReserveState, ReserveEffect> {
  if (!state.owed) return state.aliveS < 0 ? alive(state, wallS, [], false) : stay(state);
  if (!giveUp && wallS < 0) return stay(state);
  const known = wallS >= 0 && state.aliveS >= 0;
  const minutes = Math.floor((Math.max(0, wallS - state.aliveS) + 59) / 60);
  const stt = known ? "gap up to " + minutes + " min" : "gap, length unknown";
  return alive(
    change(state, { owed: false }),
    wallS,
    [technical(localUnit, reestablished, stt, -1, sharedSpreadMs)],
    true,
  );
}

function onBattery(state: ReserveState, nowMs: number, wallS: number): Next<ReserveState, ReserveEffect> {
  if (state.at !== "mains") return stay(state);
  const readMs = nowMs + firstReadMs;
  const same = state.backMs >= 0 && nowMs < state.backMs + stableMs;
  const next = same
    ? change(state, { at: "battery", readMs })
    : change(state, { at: "battery", firstMs: nowMs, firstPermille: -1, steps: 0, spoken: false, readMs });
  return alive(next, wallS, [], false);
}

function onMains(state: ReserveState, nowMs: number, wallS: number): Next<ReserveState, ReserveEffect> {
  if (state.at === "mains") return stay(state);
  return alive(change(state, { at: "mains", backMs: nowMs, readMs: -1 }), wallS, [], false);
}

function readOnBattery(
  settings: ReserveSettings,
  state: ReserveState,
  event: Extract<ReserveEvent, { type: "read" }>,
): Next<ReserveState, ReserveEffect> {
  const first = state.firstPermille < 0;
  const left = remainingMinutes(settings, state, event.nowMs, event.permille);
  let steps = state.steps;
  while (steps < settings.stepsMinutes.length && left <= (settings.stepsMinutes[steps] as number)) steps++;
  const effects: ReserveEffect[] = [];
  const last = !state.spoken && event.permille <= settings.lastWordsPermille;
  const spoken = state.spoken || last;
  if (last) effects.push(technical(localUnit, stopped, "battery empty, last words", -1, 0));
  else if (steps > state.steps && !spoken)
    effects.push(technical(powerSupply, alert, hoursText(left), -1, sharedSpreadMs));
  const pauseMs = spoken ? leastPauseMs : pauseUntilNextStep(settings, steps, left);
  const readMs = event.nowMs + pauseMs;
  const next = change(state, {
    firstMs: first ? event.nowMs : state.firstMs,
    firstPermille: first ? event.permille : state.firstPermille,
    steps,
    spoken,
    readMs,
  });
  return alive(next, event.wallS, effects, false);
}

/** Half of the way, so that a drain twice as fast as expected is still seen in time. */
function pauseUntilNextStep(settings: ReserveSettings, steps: number, left: number): number {
  const toLast = Math.floor((left * 9) / 10);
  const toStep = steps < settings.stepsMinutes.length ? left - (settings.stepsMinutes[steps] as number) : toLast;
  return Math.min(mostPauseMs, Math.max(leastPauseMs, Math.floor((Math.min(toStep, toLast) * minuteMs) / 2)));
}

function due(state: ReserveState, nowMs: number, wallS: number): Next<ReserveState, ReserveEffect> {
  if (state.owed && nowMs >= clockWaitMs) return tellGap(state, wallS, true);
  if (state.at === "mains" || nowMs < state.readMs) return stay(state);
  // Should no reading come, this asks again later.
  return go(change(state, { readMs: nowMs + leastPauseMs }), [{ type: "measure" }]);
}

/** The gap of the next dark time begins here, unless an earlier one is still to be told of. */
function alive(
  state: ReserveState,
  wallS: number,
  effects: readonly ReserveEffect[],
  always: boolean,
): Next<ReserveState, ReserveEffect> {
  if (state.owed) return go(state, effects);
  // Without a clock an older instant stands: the gap is told as "up to".
  const aliveS = wallS >= 0 ? wallS : state.aliveS;
  if (!always && (aliveS === state.aliveS || (state.aliveS >= 0 && aliveS - state.aliveS < aliveStepS)))
    return go(state, effects);
  return go(change(state, { aliveS }), added(effects, { type: "keep", owed: false, aliveS }));
}

function added(effects: readonly ReserveEffect[], effect: ReserveEffect): readonly ReserveEffect[] {
  const all: ReserveEffect[] = [];
  for (const each of effects) all.push(each);
  all.push(effect);
  return all;
}

function change(state: ReserveState, changes: Partial<ReserveState>): ReserveState {
  return Object.assign({}, state, changes);
}

function hoursText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return hours < 1 ? "battery for under 1 h" : "battery for " + hours + " h";
}

/** Status codes (SS 91100 annex C). */
const alert = 11;
const reestablished = 91;
const stopped = 97;
