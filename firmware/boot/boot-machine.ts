/**
 * Starts of the unit: counts short lives in a row, falls back to minimal alarm mode when there are five, and leaves it after
 * a stable hour. A life is short until it has been alarm-ready for five minutes. No clock is needed for that: five starts
 * that each end sooner are a loop, however long the pauses between them. Pure.
 */
import { go, type Next, stay } from "../machine.ts";

export type BootMode = "full" | "minimal";

/** What outlives a start. */
export interface KeptStarts {
  readonly starts: number;
  /** Starts in a row that nobody ordered and that had not been ready for five minutes when they ended, this one included. */
  readonly shortLives: number;
  readonly mode: BootMode;
}

export interface BootState {
  /** `starting` until the unit is alarm-ready, `running` while its life is still short, `stable` after that. */
  readonly at: "starting" | "running" | "stable";
  readonly kept: KeptStarts;
  readonly startedMs: number;
  /** An alarm of a person waits for its acceptance. */
  readonly isPending: boolean;
}

export type BootEvent =
  /** `isSuspect`: nobody ordered this start or switched the unit on. */
  | { readonly type: "started"; readonly nowMs: number; readonly isSuspect: boolean; readonly kept: KeptStarts }
  /** The radio listens, kept alarms are restored, and a press would be taken. */
  | { readonly type: "ready"; readonly nowMs: number }
  | { readonly type: "alarm"; readonly nowMs: number; readonly isPending: boolean }
  | { readonly type: "due"; readonly nowMs: number };

export type BootEffect =
  | { readonly type: "store"; readonly kept: KeptStarts }
  /** To be logged and reported as soon as the unit is ready. */
  | { readonly type: "tell"; readonly what: "boot-loop" | "boot-loop-over"; readonly shortLives: number }
  /** `fault`: it was never ready; `ordered`: the departments that were off are to come back. */
  | { readonly type: "restart"; readonly cause: "fault" | "ordered" }
  | { readonly type: "wake"; readonly atMs: number };

export const shortLifeMs = 300_000;
export const loopLength = 5;
export const readyWithinMs = 60_000;
export const stableHourMs = 3_600_000;

export const firstStart: KeptStarts = { starts: 0, shortLives: 0, mode: "full" };

export const noStart: BootState = { at: "starting", kept: firstStart, startedMs: 0, isPending: false };

export function stepBoot(state: BootState, event: BootEvent): Next<BootState, BootEffect> {
  switch (event.type) {
    case "started":
      return start(event.nowMs, event.isSuspect, event.kept);
    case "ready":
      if (state.at !== "starting") return stay(state);
      return go(moved(state, "running", state.kept, state.isPending), [
        { type: "wake", atMs: event.nowMs + shortLifeMs },
      ]);
    case "alarm":
      if (event.isPending || state.at !== "stable" || state.kept.mode === "full")
        return go(moved(state, state.at, state.kept, event.isPending), []);
      return event.nowMs >= state.startedMs + stableHourMs
        ? leaveMinimal(state)
        : go(moved(state, state.at, state.kept, false), []);
    case "due":
      return due(state, event.nowMs);
  }
}

function start(nowMs: number, isSuspect: boolean, before: KeptStarts): Next<BootState, BootEffect> {
  const shortLives = Math.min(255, before.shortLives + (isSuspect ? 1 : 0));
  const isLoop = shortLives >= loopLength;
  const kept: KeptStarts = { starts: before.starts + 1, shortLives, mode: isLoop ? "minimal" : before.mode };
  const state: BootState = { at: "starting", kept, startedMs: nowMs, isPending: false };
  const effects: BootEffect[] = [{ type: "store", kept }];
  if (kept.mode === "minimal" && before.mode === "full") effects.push({ type: "tell", what: "boot-loop", shortLives });
  effects.push({ type: "wake", atMs: nowMs + readyWithinMs });
  return go(state, effects);
}

function due(state: BootState, nowMs: number): Next<BootState, BootEffect> {
  if (state.at === "starting") {
    if (nowMs < state.startedMs + readyWithinMs) return stay(state);
    return go(state, [{ type: "restart", cause: "fault" }]);
  }
  if (state.at === "running") {
    const kept: KeptStarts = { starts: state.kept.starts, shortLives: 0, mode: state.kept.mode };
    const store: BootEffect[] = state.kept.shortLives === 0 ? [] : [{ type: "store", kept }];
    if (kept.mode === "minimal") store.push({ type: "wake", atMs: state.startedMs + stableHourMs });
    return go(moved(state, "stable", kept, state.isPending), store);
  }
  if (state.kept.mode === "full" || state.isPending || nowMs < state.startedMs + stableHourMs) return stay(state);
  return leaveMinimal(state);
}

function leaveMinimal(state: BootState): Next<BootState, BootEffect> {
  const kept: KeptStarts = { starts: state.kept.starts, shortLives: 0, mode: "full" };
  return go(moved(state, "stable", kept, false), [
    { type: "store", kept },
    { type: "tell", what: "boot-loop-over", shortLives: 0 },
    { type: "restart", cause: "ordered" },
  ]);
}

function moved(state: BootState, at: BootState["at"], kept: KeptStarts, isPending: boolean): BootState {
  return { at, kept, startedMs: state.startedMs, isPending };
}
