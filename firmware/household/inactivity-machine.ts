/**
 * Nobody has stirred for too long. `rolling`: not for 12 or 24 h; `window`: not within certain hours of the day, such as the
 * morning. The unit asks aloud first; any sign of life ends it.
 */

import { activityDetector, type Telling } from "../department.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import type { InactivitySettings } from "./household-settings.ts";

export interface InactivityState {
  readonly at: "paused" | "watching" | "warning" | "alarmed";
  readonly lastMs: number;
  /** What the next deadline is for, and when. */
  readonly plan: "rolling" | "window";
  readonly dueMs: number;
}

/** `minute`: local minute of the day, or -1 while unknown. */
export type InactivityEvent =
  | { readonly type: "active"; readonly nowMs: number; readonly minute: number }
  | { readonly type: "paused"; readonly nowMs: number; readonly minute: number; readonly paused: boolean }
  | { readonly type: "due"; readonly nowMs: number; readonly minute: number };

export type InactivityEffect =
  | Telling
  | { readonly type: "ask-aloud" }
  | { readonly type: "wake"; readonly atMs: number };

type InactivityNext = Next<InactivityState, InactivityEffect>;

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMinutes = 1_440;
/** A change to or from summer time moves a window by an hour. */
const clockShiftMinutes = 120;

export const inactivityAtStart: InactivityState = { at: "paused", lastMs: 0, plan: "rolling", dueMs: -1 };

export function stepInactivity(
  settings: InactivitySettings,
  state: InactivityState,
  event: InactivityEvent,
): InactivityNext {
  switch (event.type) {
    case "paused":
      if (event.paused || settings.mode === "off") return go(inactivityAtStart, []);
      return state.at === "paused" ? watch(settings, event.nowMs, event.nowMs, event.minute) : stay(state);
    case "active":
      if (state.at === "paused") return stay(state);
      if (state.at !== "watching") return watch(settings, event.nowMs, event.nowMs, event.minute);
      // The deadline stands; whether it still holds is looked at when it comes, not at each step on a mat.
      return stay({ at: "watching", lastMs: event.nowMs, plan: state.plan, dueMs: state.dueMs });
    case "due":
      return due(settings, state, event.nowMs, event.minute);
  }
}

function watch(settings: InactivitySettings, lastMs: number, nowMs: number, minute: number): InactivityNext {
  const byWindow = settings.mode === "window" && minute >= 0;
  const untilEnd = minutesFrom(minute, settings.windowEnd);
  const dueMs = byWindow ? nowMs + (untilEnd === 0 ? dayMinutes : untilEnd) * minuteMs : lastMs + settings.periodMs;
  const next: InactivityState = { at: "watching", lastMs, plan: byWindow ? "window" : "rolling", dueMs };
  return go(next, [{ type: "wake", atMs: dueMs }]);
}

function due(settings: InactivitySettings, state: InactivityState, nowMs: number, minute: number): InactivityNext {
  if (state.at === "paused" || state.at === "alarmed") return stay(state);
  if (nowMs < state.dueMs) return go(state, [{ type: "wake", atMs: state.dueMs }]);
  if (state.at === "warning") return alarm(state, nowMs);
  if (isSilent(settings, state, nowMs, minute)) {
    const dueMs = nowMs + settings.warnMs;
    return go({ at: "warning", lastMs: state.lastMs, plan: state.plan, dueMs }, [
      { type: "ask-aloud" },
      { type: "wake", atMs: dueMs },
    ]);
  }
  return watch(settings, state.lastMs, nowMs, minute);
}

function isSilent(settings: InactivitySettings, state: InactivityState, nowMs: number, minute: number): boolean {
  const rolling = nowMs >= state.lastMs + settings.periodMs;
  if (state.plan === "rolling" || minute < 0) return rolling;
  const early = minutesFrom(minute, settings.windowEnd);
  if (early > 0 && early <= clockShiftMinutes) return false;
  return state.lastMs < nowMs - minutesFrom(settings.windowStart, minute) * minuteMs;
}

function alarm(state: InactivityState, nowMs: number): InactivityNext {
  const hours = Math.floor((nowMs - state.lastMs) / hourMs);
  return go({ at: "alarmed", lastMs: state.lastMs, plan: state.plan, dueMs: -1 }, [
    {
      type: "tell",
      kind: "life-safety",
      dty: activityDetector,
      stc: automaticAlarm,
      stt: "no activity for " + hours + " h",
      restores: -1,
      spreadMs: 0,
    },
  ]);
}

function minutesFrom(minute: number, to: number): number {
  return (to - minute + dayMinutes) % dayMinutes;
}

/** Status code (SS 91100 annex C). */
const automaticAlarm = 9;
