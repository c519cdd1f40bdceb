/**
 * Something that can be lost and come back, and flickers between: the mains, the battery's plug, the lid, the SIM. A loss
 * is told once it has lasted, its end once that is stable; what flickers is one loss (alarm devices: EN 50134-2).
 */
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";

export interface LossTimes {
  /** A loss is told so long after it began; what came back in between and did not stay belongs to it. */
  readonly tellAfterMs: number;
  /** Nothing is told of a level that has stood for less. */
  readonly settleMs: number;
  /** The loss is over when it has been back for so long. */
  readonly stableMs: number;
}

export interface LossState {
  readonly at: "present" | "lost" | "returning";
  /** When this loss began, and when the level last changed: monotonic ms. */
  readonly sinceMs: number;
  readonly changedMs: number;
  /** Told as lost, and not yet told as back. */
  readonly told: boolean;
}

export type LossEvent =
  | { readonly type: "level"; readonly nowMs: number; readonly lost: boolean }
  /** After a start: the level now, and what a former life has told. */
  | { readonly type: "restored"; readonly nowMs: number; readonly lost: boolean; readonly told: boolean }
  | { readonly type: "due"; readonly nowMs: number };

export type LossEffect =
  | { readonly type: "tell-lost" }
  | { readonly type: "tell-back" }
  /** A restart must know it; comes after the telling, since told twice is better than never. */
  | { readonly type: "keep"; readonly told: boolean }
  | { readonly type: "wake"; readonly atMs: number };

export const nothingLost: LossState = { at: "present", sinceMs: 0, changedMs: 0, told: false };

export function stepLoss(times: LossTimes, state: LossState, event: LossEvent): Next<LossState, LossEffect> {
  const effects: LossEffect[] = [];
  let next = moved(state, event);
  if (next.at === "lost" && !next.told && event.nowMs >= tellMs(times, next)) {
    next = { at: "lost", sinceMs: next.sinceMs, changedMs: next.changedMs, told: true };
    effects.push({ type: "tell-lost" }, { type: "keep", told: true });
  }
  if (next.at === "returning" && event.nowMs >= next.changedMs + times.stableMs) {
    if (next.told) effects.push({ type: "tell-back" }, { type: "keep", told: false });
    next = { at: "present", sinceMs: next.sinceMs, changedMs: next.changedMs, told: false };
  }
  if (next.at === "returning") effects.push({ type: "wake", atMs: next.changedMs + times.stableMs });
  else if (next.at === "lost" && !next.told) effects.push({ type: "wake", atMs: tellMs(times, next) });
  return go(next, effects);
}

function moved(state: LossState, event: LossEvent): LossState {
  if (event.type === "due") return state;
  const nowMs = event.nowMs;
  if (event.type === "restored") {
    const at = event.lost ? "lost" : event.told ? "returning" : "present";
    return { at, sinceMs: nowMs, changedMs: nowMs, told: event.told };
  }
  if (event.lost === (state.at === "lost")) return state;
  if (event.lost) {
    const sinceMs = state.at === "present" ? nowMs : state.sinceMs;
    return { at: "lost", sinceMs, changedMs: nowMs, told: state.told };
  }
  return state.at === "lost" ? { at: "returning", sinceMs: state.sinceMs, changedMs: nowMs, told: state.told } : state;
}

function tellMs(times: LossTimes, state: LossState): number {
  return Math.max(state.sinceMs + times.tellAfterMs, state.changedMs + times.settleMs);
}
