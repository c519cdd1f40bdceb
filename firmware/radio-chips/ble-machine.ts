/** Sends packets as bursts of advertising, one after the other, and scans for as long as the port asks, also where the stack refused once. */
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";

export interface BleSettings {
  /** 0xFFFF until there is one of our own: it is kept for tests (Bluetooth assigned numbers 7). */
  readonly company: number;
  /** 100 where the stack is older than Bluetooth 5.0 and takes nothing shorter without connections; 20 from there on. */
  readonly intervalMs: number;
  /** Advertising events of each part. */
  readonly events: number;
  /** The same data within this is one transmission: longer than a burst, shorter than the gap between two copies (radio 5). */
  readonly sameForMs: number;
}

export const bleDefaults: BleSettings = { company: 0xffff, intervalMs: 100, events: 3, sameForMs: 300 };

export interface BleState {
  /** Bursts to come, the one under way first; at most 10. */
  readonly parts: readonly Uint8Array[];
  /** The burst under way, -1 where nothing is advertised. */
  readonly sinceMs: number;
  readonly scanning: boolean;
  /** Not before: the stack has just refused something. */
  readonly scanFromMs: number;
  readonly scanUntilMs: number;
}

export type BleEvent =
  | { readonly type: "handed"; readonly nowMs: number; readonly parts: readonly Uint8Array[] }
  /** As the port's listen(): -1 for ever, 0 not at all. */
  | { readonly type: "asked"; readonly nowMs: number; readonly forMs: number }
  /** The stack refused to scan, or to advertise the burst that has just begun. */
  | { readonly type: "refused"; readonly nowMs: number; readonly what: "scan" | "burst" }
  | { readonly type: "due"; readonly nowMs: number };

export type BleEffect =
  | { readonly type: "advertise"; readonly data: Uint8Array }
  | { readonly type: "still" }
  | { readonly type: "scan"; readonly on: boolean }
  | { readonly type: "drop" }
  | { readonly type: "wake"; readonly atMs: number };

/** Two parts of each of the five packets that the port holds. */
export const mostParts = 10;
/** A stack draws up to 10 ms beside each interval (Core 5.4 volume 6 part B 4.4.2.2.1), and needs as much for the event itself. */
const delayMs = 10;
/** Copies of a frame are never closer together (radio 5). */
const leastCopyGapMs = 450;
/** Before a stack that refused something is asked to scan again. */
const refusedForMs = 1_000;
const forEver = 9_007_199_254_740_991;

export const bleAtStart: BleState = { parts: [], sinceMs: -1, scanning: false, scanFromMs: 0, scanUntilMs: -1 };

/** What is wrong with these settings; undefined where they are sound. */
export function bleFault(settings: BleSettings): string | undefined {
  if (settings.company < 0 || settings.company > 0xffff) return "a company has a number of 16 bits";
  if (settings.intervalMs < 20 || settings.intervalMs > 200) return "20 to 200 ms between advertising events";
  if (settings.events < 1 || settings.events > 10) return "1 to 10 advertising events";
  if (settings.sameForMs <= burstMs(settings, settings.events)) return "the end of a burst would be taken for a copy";
  if (settings.sameForMs >= leastCopyGapMs) return "a copy would be taken for the burst before it";
  return undefined;
}

/** How long so many events of one burst take. */
export function burstMs(settings: BleSettings, events: number): number {
  return (events - 1) * (settings.intervalMs + delayMs) + delayMs;
}

export function stepBle(settings: BleSettings, state: BleState, event: BleEvent): Next<BleState, BleEffect> {
  const effects: BleEffect[] = [];
  const nowMs = event.nowMs;
  const next = bursts(settings, take(state, event, effects), nowMs, effects);
  const scanning = nowMs >= next.scanFromMs && nowMs < next.scanUntilMs;
  if (scanning !== next.scanning) effects.push({ type: "scan", on: scanning });
  const done = changed(next, { scanning });
  const atMs = wakeAt(settings, done, nowMs);
  if (atMs < forEver) effects.push({ type: "wake", atMs });
  return go(done, effects);
}

function changed(state: BleState, change: Partial<BleState>): BleState {
  return {
    parts: change.parts ?? state.parts,
    sinceMs: change.sinceMs ?? state.sinceMs,
    scanning: change.scanning ?? state.scanning,
    scanFromMs: change.scanFromMs ?? state.scanFromMs,
    scanUntilMs: change.scanUntilMs ?? state.scanUntilMs,
  };
}

function take(state: BleState, event: BleEvent, effects: BleEffect[]): BleState {
  if (event.type === "due") return state;
  if (event.type === "asked")
    return changed(state, { scanUntilMs: event.forMs < 0 ? forEver : event.nowMs + event.forMs });
  if (event.type === "refused")
    return event.what === "scan"
      ? changed(state, { scanning: false, scanFromMs: event.nowMs + refusedForMs })
      : changed(state, { parts: rest(state.parts), sinceMs: -1 });
  if (state.parts.length + event.parts.length > mostParts) {
    effects.push({ type: "drop" });
    return state;
  }
  return changed(state, { parts: state.parts.concat(event.parts) });
}

/** The next burst begins when the one under way is over; that is earlier where others wait. */
function bursts(settings: BleSettings, state: BleState, nowMs: number, effects: BleEffect[]): BleState {
  const first = state.parts[0];
  if (first === undefined) return state;
  if (state.sinceMs < 0) {
    effects.push({ type: "advertise", data: first });
    return changed(state, { sinceMs: nowMs });
  }
  if (nowMs < endOf(settings, state)) return state;
  const parts = rest(state.parts);
  if (parts.length === 0) effects.push({ type: "still" });
  return bursts(settings, changed(state, { parts, sinceMs: -1 }), nowMs, effects);
}

function rest(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  return parts.filter((_, i) => i > 0);
}

function endOf(settings: BleSettings, state: BleState): number {
  const events = state.parts.length > 1 ? Math.min(2, settings.events) : settings.events;
  return state.sinceMs + burstMs(settings, events);
}

/** The earliest instant at which time alone changes what is due. */
function wakeAt(settings: BleSettings, state: BleState, nowMs: number): number {
  const endMs = state.sinceMs < 0 ? forEver : endOf(settings, state);
  if (state.scanning) return Math.min(endMs, state.scanUntilMs);
  return nowMs < state.scanUntilMs ? Math.min(endMs, state.scanFromMs) : endMs;
}
