/**
 * The battery's condition: low, failed under load, gone, too old, each told once and told again when it is over. It is read
 * once a day while the mains is there, sooner only where a reading must be confirmed or a low battery is being charged.
 */

import { powerSupply, sharedSpreadMs, type Telling, technical } from "../department.ts";
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";
import type { BatterySettings } from "./power-settings.ts";

/** What a restart must know: `low`, `failed`, `old` have been told and not yet taken back. */
export interface BatteryMemory {
  readonly low: boolean;
  readonly failed: boolean;
  readonly old: boolean;
  /** Readings since the last load test. */
  readonly checks: number;
  /** When it was fitted, in seconds since 1970; -1 unknown. */
  readonly fittedS: number;
}

export interface BatteryState {
  readonly memory: BatteryMemory;
  readonly mains: boolean;
  readonly connected: boolean;
  /** An alarm or a call: nothing draws on the battery meanwhile. */
  readonly busy: boolean;
  /** When a low reading came first, and when it is to be confirmed; -1: none waits. */
  readonly lowSinceMs: number;
  readonly confirmAtMs: number;
  /** When it is read next on mains. */
  readonly readAtMs: number;
  readonly test: "none" | "loaded" | "judging";
  readonly testEndMs: number;
}

export type BatteryEvent =
  | { readonly type: "restored"; readonly nowMs: number; readonly memory: BatteryMemory }
  | { readonly type: "mains"; readonly nowMs: number; readonly present: boolean }
  | { readonly type: "connected"; readonly nowMs: number; readonly connected: boolean }
  | { readonly type: "busy"; readonly nowMs: number; readonly busy: boolean }
  | {
      readonly type: "read";
      readonly nowMs: number;
      readonly wallS: number;
      readonly mv: number;
      readonly permille: number;
    }
  /** A person with authority has put a new battery in. */
  | { readonly type: "replaced"; readonly nowMs: number; readonly wallS: number }
  /** The daily self-check wants a reading. */
  | { readonly type: "asked"; readonly nowMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type BatteryEffect =
  | Telling
  | { readonly type: "measure" }
  | { readonly type: "load"; readonly on: boolean }
  | { readonly type: "say-low" }
  | { readonly type: "keep"; readonly memory: BatteryMemory }
  | { readonly type: "wake"; readonly atMs: number };

const dayS = 86_400;
/** How soon a low battery on its charger is read again. */
const chargingCheckMs = 7_200_000;
const askAgainMs = 60_000;
const mostChecks = 255;

export const batteryAtStart: BatteryState = {
  memory: { low: false, failed: false, old: false, checks: 0, fittedS: -1 },
  mains: true,
  connected: true,
  busy: false,
  lowSinceMs: -1,
  confirmAtMs: -1,
  readAtMs: 0,
  test: "none",
  testEndMs: -1,
};

export function stepBattery(
  settings: BatterySettings,
  state: BatteryState,
  event: BatteryEvent,
): Next<BatteryState, BatteryEffect> {
  const effects: BatteryEffect[] = [];
  const next = decided(settings, state, event, effects);
  if (next.memory !== state.memory && event.type !== "restored") effects.push({ type: "keep", memory: next.memory });
  const wakeMs = earliest(next);
  if (wakeMs >= 0) effects.push({ type: "wake", atMs: wakeMs });
  return go(next, effects);
}

function decided(
  settings: BatterySettings,
  state: BatteryState,
  event: BatteryEvent,
  effects: BatteryEffect[],
): BatteryState {
  switch (event.type) {
    case "restored":
      return change(state, { memory: event.memory, readAtMs: event.nowMs + settings.confirmMs });
    case "mains":
      return withoutTest(change(state, { mains: event.present }), effects);
    case "connected":
      return withoutTest(
        change(state, {
          connected: event.connected,
          lowSinceMs: -1,
          confirmAtMs: -1,
          readAtMs: event.nowMs + settings.confirmMs,
        }),
        effects,
      );
    case "busy":
      return withoutTest(change(state, { busy: event.busy }), effects);
    case "read":
      return read(settings, state, event, effects);
    case "replaced":
      return replaced(state, event.wallS, effects);
    case "asked":
      return asked(settings, state, event.nowMs, effects);
    case "due":
      return due(settings, state, event.nowMs, effects);
  }
}

/** A reading that was due soon comes now instead, so that the unit need not wake twice a day for it. */
function asked(settings: BatterySettings, state: BatteryState, nowMs: number, effects: BatteryEffect[]): BatteryState {
  if (!state.connected || state.test !== "none") return state;
  const soon = state.mains && state.confirmAtMs < 0 && state.readAtMs - nowMs <= Math.floor(settings.checkMs / 4);
  if (soon) return due(settings, change(state, { readAtMs: nowMs }), nowMs, effects);
  effects.push({ type: "measure" });
  return state;
}

/** -1: nothing is awaited. In a power cut others read, so only a confirmation is awaited here. */
function earliest(state: BatteryState): number {
  if (!state.connected) return -1;
  if (state.test !== "none") return state.testEndMs;
  if (!state.mains) return state.confirmAtMs;
  return state.confirmAtMs >= 0 ? Math.min(state.confirmAtMs, state.readAtMs) : state.readAtMs;
}

/** Should no reading come of it, the next check asks again. */
function due(settings: BatterySettings, state: BatteryState, nowMs: number, effects: BatteryEffect[]): BatteryState {
  const wakeMs = earliest(state);
  if (wakeMs < 0 || nowMs < wakeMs) return state;
  effects.push({ type: "measure" });
  if (state.test !== "none") return change(state, { test: "judging", testEndMs: nowMs + askAgainMs });
  if (nowMs < state.readAtMs || !state.mains) return change(state, { confirmAtMs: -1 });
  const checks = Math.min(state.memory.checks + 1, mostChecks);
  const readAtMs = nowMs + (state.memory.low ? chargingCheckMs : settings.checkMs);
  const counted = state.memory.low ? state.memory : remember(state.memory, { checks });
  return change(state, { memory: counted, readAtMs, confirmAtMs: -1 });
}

function read(
  settings: BatterySettings,
  state: BatteryState,
  event: Extract<BatteryEvent, { type: "read" }>,
  effects: BatteryEffect[],
): BatteryState {
  if (!state.connected || state.test === "loaded") return state;
  if (state.test === "judging") return judged(settings, state, event.nowMs, event.mv, effects);
  const next = levelled(settings, aged(settings, state, event.wallS, effects), event, effects);
  return mayTest(settings, next, event.permille) ? tested(settings, next, event.nowMs, effects) : next;
}

function levelled(
  settings: BatterySettings,
  state: BatteryState,
  event: Extract<BatteryEvent, { type: "read" }>,
  effects: BatteryEffect[],
): BatteryState {
  if (state.memory.low) {
    if (event.permille < settings.goodPermille) return state;
    effects.push(technical(powerSupply, batteryGood, "", batteryLow, 0));
    return change(state, { memory: remember(state.memory, { low: false }), lowSinceMs: -1, confirmAtMs: -1 });
  }
  if (event.permille > settings.lowPermille)
    return state.lowSinceMs < 0 ? state : change(state, { lowSinceMs: -1, confirmAtMs: -1 });
  const sinceMs = state.lowSinceMs < 0 ? event.nowMs : state.lowSinceMs;
  if (event.nowMs < sinceMs + settings.confirmMs)
    return change(state, { lowSinceMs: sinceMs, confirmAtMs: sinceMs + settings.confirmMs });
  effects.push({ type: "say-low" }, technical(powerSupply, batteryLow, "", -1, state.mains ? 0 : sharedSpreadMs));
  const readAtMs = Math.min(state.readAtMs, event.nowMs + chargingCheckMs);
  return change(state, { memory: remember(state.memory, { low: true }), lowSinceMs: -1, confirmAtMs: -1, readAtMs });
}

function aged(settings: BatterySettings, state: BatteryState, wallS: number, effects: BatteryEffect[]): BatteryState {
  const memory = state.memory;
  if (wallS < 0 || memory.old) return state;
  if (memory.fittedS < 0) return change(state, { memory: remember(memory, { fittedS: wallS }) });
  if (wallS - memory.fittedS < settings.overAgeDays * dayS) return state;
  effects.push(technical(powerSupply, maintenanceDue, "battery over age", -1, 0));
  return change(state, { memory: remember(memory, { old: true }) });
}

/** Never on a battery that may be needed soon, and never while somebody needs help. */
function mayTest(settings: BatterySettings, state: BatteryState, permille: number): boolean {
  if (settings.checksPerTest === 0 || state.memory.checks < settings.checksPerTest) return false;
  return state.mains && !state.busy && !state.memory.low && permille >= settings.testFromPermille;
}

function tested(settings: BatterySettings, state: BatteryState, nowMs: number, effects: BatteryEffect[]): BatteryState {
  effects.push({ type: "load", on: true });
  return change(state, { test: "loaded", testEndMs: nowMs + settings.testMs });
}

/** The test is a reading too: the day after needs none. */
function judged(
  settings: BatterySettings,
  state: BatteryState,
  nowMs: number,
  mv: number,
  effects: BatteryEffect[],
): BatteryState {
  effects.push({ type: "load", on: false });
  const failed = mv < settings.failedMv;
  if (failed && !state.memory.failed) effects.push(technical(powerSupply, batteryFailed, mv + " mV under load", -1, 0));
  if (!failed && state.memory.failed) effects.push(technical(powerSupply, inService, "", batteryFailed, 0));
  const memory = remember(state.memory, { failed, checks: 1 });
  return change(state, { memory, test: "none", testEndMs: -1, readAtMs: nowMs + 2 * settings.checkMs });
}

/** A test that is broken off is still due, at the next check. */
function withoutTest(state: BatteryState, effects: BatteryEffect[]): BatteryState {
  if (state.test === "none" || (state.mains && state.connected && !state.busy)) return state;
  effects.push({ type: "load", on: false });
  return change(state, { test: "none", testEndMs: -1 });
}

function replaced(state: BatteryState, wallS: number, effects: BatteryEffect[]): BatteryState {
  if (state.memory.failed) effects.push(technical(powerSupply, inService, "", batteryFailed, 0));
  effects.push(technical(powerSupply, changed, "battery changed", state.memory.old ? maintenanceDue : -1, 0));
  return change(state, { memory: remember(state.memory, { failed: false, old: false, fittedS: wallS }) });
}

function change(state: BatteryState, changes: Partial<BatteryState>): BatteryState {
  return Object.assign({}, state, changes);
}

function remember(memory: BatteryMemory, changes: Partial<BatteryMemory>): BatteryMemory {
  return Object.assign({}, memory, changes);
}

/** Status codes (SS 91100 annex C). */
const batteryFailed = 14;
const batteryGood = 15;
const batteryLow = 16;
const changed = 20;
const inService = 48;
const maintenanceDue = 65;
