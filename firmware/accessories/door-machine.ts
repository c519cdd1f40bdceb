/** A door that should be shut at night, or not stand open for long: a spoken pre-alarm first, then 0076 or 0077, then 0021 (SS 91100 annex C). */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

/** Minutes of the local day, 0 to 1,439. */
export interface DoorSettings {
  /** Opening it in this window is an alarm; the window may reach over midnight. Both the same: never. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** For so long the home is asked first; closing the door ends it. */
  readonly preAlarmMs: number;
  /** It may stand open for so long at any time; 0: for ever. */
  readonly tooLongMs: number;
}

/** No window, and a quarter of an hour. */
export const doorDefaults: DoorSettings = { fromMinute: 0, toMinute: 0, preAlarmMs: 30_000, tooLongMs: 900_000 };

/** What is wrong with the settings, in words, or undefined. */
export function doorFault(settings: DoorSettings): string | undefined {
  if (!isMinute(settings.fromMinute) || !isMinute(settings.toMinute))
    return "a door's window must be minutes of the day";
  if (settings.preAlarmMs < 0 || settings.preAlarmMs > 300_000) return "a door's pre-alarm must be 0 to 300 s";
  if (settings.tooLongMs !== 0 && (settings.tooLongMs < 60_000 || settings.tooLongMs > dayMs))
    return "a door may stand open for 1 minute to 24 hours";
  return undefined;
}

export type DoorState =
  | { readonly at: "shut" }
  /** Told of as open, too long, or neither yet; `preMs`: when the running pre-alarm is over. */
  | {
      readonly at: "open";
      readonly sinceMs: number;
      readonly preMs: number | undefined;
      readonly toldOpen: boolean;
      readonly toldLong: boolean;
    };

/** `minute` of the local day; -1 where the unit does not know the time: then the window counts. */
export type DoorEvent =
  | { readonly type: "opened"; readonly nowMs: number; readonly minute: number }
  | { readonly type: "shut"; readonly nowMs: number; readonly minute: number }
  | { readonly type: "due"; readonly nowMs: number; readonly minute: number };

export type DoorEffect =
  | { readonly type: "pre-alarm" }
  | { readonly type: "tell"; readonly what: "open" | "too-long" | "shut" }
  | { readonly type: "wake"; readonly atMs: number };

const minuteMs = 60_000;
const minutesADay = 1_440;
const dayMs = minutesADay * minuteMs;

export const doorAtStart: DoorState = { at: "shut" };

type Step = Next<DoorState, DoorEffect>;
type Open = Extract<DoorState, { readonly at: "open" }>;

export function stepDoor(settings: DoorSettings, state: DoorState, event: DoorEvent): Step {
  switch (event.type) {
    case "opened":
      if (state.at === "open") return stay(state);
      return look(settings, opened(event.nowMs), event.nowMs, event.minute);
    case "shut": {
      if (state.at === "shut") return stay(state);
      const told = state.toldOpen || state.toldLong;
      return go({ at: "shut" }, told ? [{ type: "tell", what: "shut" }] : []);
    }
    case "due":
      return state.at === "open" ? look(settings, state, event.nowMs, event.minute) : stay(state);
  }
}

function opened(nowMs: number): Open {
  return { at: "open", sinceMs: nowMs, preMs: undefined, toldOpen: false, toldLong: false };
}

/** What is due of an open door, and when the next thing is. */
function look(settings: DoorSettings, state: Open, nowMs: number, minute: number): Step {
  const effects: DoorEffect[] = [];
  let preMs = state.preMs;
  let toldOpen = state.toldOpen;
  if (!toldOpen && preMs === undefined && isWithin(settings, minute)) {
    preMs = nowMs + settings.preAlarmMs;
    if (settings.preAlarmMs > 0) effects.push({ type: "pre-alarm" });
  }
  if (!toldOpen && preMs !== undefined && preMs <= nowMs) {
    toldOpen = true;
    effects.push({ type: "tell", what: "open" });
  }
  const longMs = settings.tooLongMs === 0 ? undefined : state.sinceMs + settings.tooLongMs;
  const toldLong = state.toldLong || (longMs !== undefined && longMs <= nowMs);
  if (toldLong && !state.toldLong) effects.push({ type: "tell", what: "too-long" });
  let wakeMs = toldLong ? undefined : longMs;
  const openMs = toldOpen ? undefined : (preMs ?? windowMs(settings, nowMs, minute));
  if (openMs !== undefined && (wakeMs === undefined || openMs < wakeMs)) wakeMs = openMs;
  if (wakeMs !== undefined) effects.push({ type: "wake", atMs: wakeMs });
  const next: Open = { at: "open", sinceMs: state.sinceMs, preMs, toldOpen, toldLong };
  return go(next, effects);
}

function isWithin(settings: DoorSettings, minute: number): boolean {
  const from = settings.fromMinute;
  const to = settings.toMinute;
  if (from === to) return false;
  if (minute < 0) return true;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** When the window begins for a door that is open outside of it. */
function windowMs(settings: DoorSettings, nowMs: number, minute: number): number | undefined {
  if (settings.fromMinute === settings.toMinute || minute < 0) return undefined;
  const minutes = (settings.fromMinute - minute + minutesADay) % minutesADay;
  return nowMs + Math.max(1, minutes) * minuteMs;
}

function isMinute(value: number): boolean {
  return value >= 0 && value < minutesADay && value === Math.floor(value);
}
