/** What a button tells without a press: that it lives, and how its battery is (radio 6). Three tries each time, one on the reserve, then it rests. */
import type { ReportKind } from "../../protocol/radio/button-report.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import type { AirRoom } from "../radio-ledger.ts";
import type { Wait } from "./copy-schedule.ts";

export interface ReportSettings {
  /** Time between check-ins, 1 to 24 h. */
  readonly checkInMs: number;
  /** The battery is low from here down: at least 28 days are left (EN 50134-2). */
  readonly lowBatteryMv: number;
  /** It is good again from here up, so that a reading on the border does not flutter. */
  readonly goodBatteryMv: number;
  /** Below this, check-ins come once a day and are tried once, so that energy for 20 alarms remains. */
  readonly reserveBatteryMv: number;
}

export interface ReportState {
  /** Between reports, or waiting for the answer to `counter`. */
  readonly at: "resting" | "telling";
  readonly low: boolean;
  /** What the report is about; a battery that became low is told of again each day. */
  readonly kind: ReportKind;
  readonly lowToldAtMs: number;
  /** When a unit last answered, or the button started. */
  readonly answeredAtMs: number;
  readonly tries: number;
  readonly counter: number;
}

export type ReportEvent =
  | {
      /** The wait has ended. `busy`: a press is under way, which comes first. */
      readonly type: "waited";
      readonly nowMs: number;
      readonly counter: number;
      readonly room: AirRoom;
      readonly batteryMv: number;
      readonly busy: boolean;
    }
  /** A unit acknowledged this press or report: proven, and not heard before. */
  | { readonly type: "told"; readonly nowMs: number; readonly name: number; readonly batteryMv: number };

export type ReportEffect =
  | { readonly type: "send-report"; readonly counter: number; readonly kind: ReportKind; readonly low: boolean }
  | { readonly type: "listen" }
  /** Write down whether the battery is low, so that a new one is known after the change. */
  | { readonly type: "keep-low"; readonly low: boolean }
  | ({ readonly type: "wait" } & Wait);

const dayMs = 86_400_000;
const tryLimit = 3;
/** After this long without a unit a report a day must do; the first answer brings the button back to its usual pace. */
const lonelyAfterMs = 7 * dayMs;

export const reportAtStart: ReportState = {
  at: "resting",
  low: false,
  kind: "started",
  lowToldAtMs: 0,
  answeredAtMs: 0,
  tries: 0,
  counter: 0,
};

/** The report state of a button whose battery was low before it started: a good one now is a new one, and is told as that. */
export function reportAfter(wasLow: boolean): ReportState {
  if (!wasLow) return reportAtStart;
  return { at: "resting", low: true, kind: "check-in", lowToldAtMs: 0, answeredAtMs: 0, tries: 0, counter: 0 };
}

/** The wait before the first report after a start. */
export const firstReport: Wait = { leastMs: 10_000, mostMs: 60_000 };
const nextTry: Wait = { leastMs: 4_000, mostMs: 8_000 };
const afterPress: Wait = { leastMs: 600_000, mostMs: 900_000 };

/** Low with hysteresis: below `lowBatteryMv` it is, from `goodBatteryMv` on it is not, between them it stays as it was. */
export function isLow(wasLow: boolean, batteryMv: number, settings: ReportSettings): boolean {
  return batteryMv < settings.lowBatteryMv || (wasLow && batteryMv < settings.goodBatteryMv);
}

export function stepReport(
  settings: ReportSettings,
  state: ReportState,
  event: ReportEvent,
): Next<ReportState, ReportEffect> {
  if (event.type === "told") {
    if (state.at === "resting" && event.nowMs - state.answeredAtMs >= lonelyAfterMs)
      return go(answered(state, event.nowMs), [
        { type: "wait", leastMs: firstReport.leastMs, mostMs: firstReport.mostMs },
      ]);
    if (state.at === "resting" || event.name !== state.counter) return stay(answered(state, event.nowMs));
    return rest(settings, state, event.nowMs, event.nowMs, event.batteryMv);
  }
  if (event.busy || event.counter === 0 || event.room !== "free")
    return go(state, [{ type: "wait", leastMs: afterPress.leastMs, mostMs: afterPress.mostMs }]);
  const tries = event.batteryMv < settings.reserveBatteryMv ? 1 : tryLimit;
  if (state.at === "telling" && state.tries >= tries)
    return rest(settings, state, event.nowMs, state.answeredAtMs, event.batteryMv);
  const low = isLow(state.low, event.batteryMv, settings);
  const kind = state.at === "telling" && low === state.low ? state.kind : kindOf(state, low, event.nowMs);
  const next: ReportState = {
    at: "telling",
    low,
    kind,
    lowToldAtMs: kind === "battery-low" ? event.nowMs : state.lowToldAtMs,
    answeredAtMs: state.answeredAtMs,
    tries: state.at === "telling" ? state.tries + 1 : 1,
    counter: event.counter,
  };
  const effects: ReportEffect[] = low === state.low ? [] : [{ type: "keep-low", low }];
  effects.push(
    { type: "send-report", counter: event.counter, kind, low },
    { type: "listen" },
    { type: "wait", leastMs: nextTry.leastMs, mostMs: nextTry.mostMs },
  );
  return go(next, effects);
}

/** Any answer shows that a unit is near. */
function answered(state: ReportState, nowMs: number): ReportState {
  return {
    at: state.at,
    low: state.low,
    kind: state.kind,
    lowToldAtMs: state.lowToldAtMs,
    answeredAtMs: nowMs,
    tries: state.tries,
    counter: state.counter,
  };
}

function kindOf(state: ReportState, low: boolean, nowMs: number): ReportKind {
  if (low && (!state.low || nowMs - state.lowToldAtMs >= dayMs)) return "battery-low";
  if (!low && state.low) return "battery-ok";
  return state.kind === "started" ? "started" : "check-in";
}

function rest(
  settings: ReportSettings,
  state: ReportState,
  nowMs: number,
  answeredAtMs: number,
  batteryMv: number,
): Next<ReportState, ReportEffect> {
  const spare = batteryMv < settings.reserveBatteryMv || nowMs - answeredAtMs >= lonelyAfterMs;
  const periodMs = spare ? Math.max(dayMs, settings.checkInMs) : settings.checkInMs;
  const spreadMs = Math.floor(periodMs / 10);
  const told = answeredAtMs === nowMs;
  const next: ReportState = {
    at: "resting",
    low: state.low,
    kind: told || state.kind !== "started" ? "check-in" : "started",
    lowToldAtMs: state.lowToldAtMs,
    answeredAtMs,
    tries: 0,
    counter: 0,
  };
  // A unit misses a button after 25 h: what comes once a day comes within the day.
  const mostMs = Math.min(periodMs + spreadMs, dayMs);
  return go(next, [{ type: "wait", leastMs: periodMs - spreadMs, mostMs }]);
}
