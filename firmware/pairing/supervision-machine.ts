/** Whether each bonded device still lives, and how its battery is: told once, again each week or day, and its return (radio 6). */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

/** One device under supervision. Instants are monotonic. */
export interface Watched {
  readonly place: number;
  /** It may be silent for so long. */
  readonly spanMs: number;
  /** Worn, so that it leaves the home with its wearer. */
  readonly portable: boolean;
  readonly heardAtMs: number;
  readonly missing: boolean;
  readonly toldAtMs: number;
  readonly low: boolean;
  /** When each was told last; absent: not in this life. */
  readonly lowToldAtMs: number | undefined;
  readonly goodToldAtMs: number | undefined;
}

export interface SupervisionState {
  readonly watched: readonly Watched[];
  /** Nobody is at home. */
  readonly away: boolean;
  readonly wakeMs: number;
}

export type SupervisionEvent =
  /** A device is in use from now on, or has changed; what was told of it before a restart comes with it. */
  | {
      readonly type: "watch";
      readonly place: number;
      readonly spanMs: number;
      readonly portable: boolean;
      readonly missing: boolean;
      readonly low: boolean;
      readonly nowMs: number;
    }
  | { readonly type: "unwatch"; readonly place: number }
  /** Any proven frame, not heard before. */
  | { readonly type: "heard"; readonly place: number; readonly nowMs: number }
  /** A frame told of the battery. */
  | {
      readonly type: "battery";
      readonly place: number;
      readonly low: boolean;
      readonly batteryMv: number;
      readonly nowMs: number;
    }
  | { readonly type: "away"; readonly away: boolean; readonly nowMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type SupervisionEffect =
  | { readonly type: "tell-missing"; readonly place: number; readonly silentMs: number }
  | { readonly type: "tell-back"; readonly place: number }
  | { readonly type: "tell-battery"; readonly place: number; readonly low: boolean; readonly batteryMv: number }
  | { readonly type: "wake"; readonly atMs: number };

/** Told of again after this long. */
export const repeatMs = 7 * 86_400_000;
const dayMs = 86_400_000;
/** Later than every instant of a device's life. */
export const never = 9_007_199_254_740_991;

export const supervisionAtStart: SupervisionState = { watched: [], away: false, wakeMs: never };

type Step = Next<SupervisionState, SupervisionEffect>;

export function stepSupervision(state: SupervisionState, event: SupervisionEvent): Step {
  switch (event.type) {
    case "watch":
      return watch(state, event);
    case "unwatch":
      return waked(without(state.watched, event.place), state.away, state.wakeMs, []);
    case "heard":
      return heard(state, event.place, event.nowMs);
    case "battery":
      return battery(state, event);
    case "away":
      return away(state, event);
    case "due":
      return due(state, event.nowMs);
  }
}

function watch(state: SupervisionState, event: Extract<SupervisionEvent, { readonly type: "watch" }>): Step {
  const before = find(state.watched, event.place);
  const watched: Watched = {
    place: event.place,
    spanMs: event.spanMs,
    portable: event.portable,
    heardAtMs: before === undefined ? event.nowMs : before.heardAtMs,
    missing: before === undefined ? event.missing : before.missing,
    toldAtMs: before === undefined ? event.nowMs : before.toldAtMs,
    low: before === undefined ? event.low : before.low,
    lowToldAtMs: before === undefined ? undefined : before.lowToldAtMs,
    goodToldAtMs: before === undefined ? undefined : before.goodToldAtMs,
  };
  return waked(without(state.watched, event.place).concat([watched]), state.away, state.wakeMs, []);
}

function heard(state: SupervisionState, place: number, nowMs: number): Step {
  const before = find(state.watched, place);
  if (before === undefined) return stay(state);
  const effects: SupervisionEffect[] = before.missing ? [{ type: "tell-back", place }] : [];
  return waked(replaced(state.watched, live(before, nowMs, false, before.toldAtMs)), state.away, state.wakeMs, effects);
}

/** Low and good are each told once a day at most, so that a reading on the border cannot fill the receiver's screen. */
function battery(state: SupervisionState, event: Extract<SupervisionEvent, { readonly type: "battery" }>): Step {
  const before = find(state.watched, event.place);
  if (before === undefined || (!event.low && !before.low)) return stay(state);
  const lastMs = event.low ? before.lowToldAtMs : before.goodToldAtMs;
  if (lastMs !== undefined && event.nowMs - lastMs < dayMs) return stay(state);
  // What was told in an earlier life may have been told today: it is repeated a day from now.
  const known = event.low && before.low && lastMs === undefined;
  const after: Watched = Object.assign({}, before, { low: event.low });
  const told: Watched = Object.assign(after, event.low ? { lowToldAtMs: event.nowMs } : { goodToldAtMs: event.nowMs });
  const effects: SupervisionEffect[] = [];
  if (!known) effects.push({ type: "tell-battery", place: event.place, low: event.low, batteryMv: event.batteryMv });
  return go({ watched: replaced(state.watched, told), away: state.away, wakeMs: state.wakeMs }, effects);
}

/** Whoever comes home has the whole span before him again. */
function away(state: SupervisionState, event: Extract<SupervisionEvent, { readonly type: "away" }>): Step {
  if (event.away === state.away) return stay(state);
  let watched = state.watched;
  if (!event.away)
    for (const each of state.watched)
      if (each.portable) watched = replaced(watched, live(each, event.nowMs, each.missing, event.nowMs));
  return waked(watched, event.away, state.wakeMs, []);
}

function due(state: SupervisionState, nowMs: number): Step {
  const effects: SupervisionEffect[] = [];
  let watched = state.watched;
  for (const each of state.watched) {
    if (dueMs(each, state.away) > nowMs) continue;
    effects.push({ type: "tell-missing", place: each.place, silentMs: nowMs - each.heardAtMs });
    watched = replaced(watched, live(each, each.heardAtMs, true, nowMs));
  }
  return waked(watched, state.away, never, effects);
}

/** When the device is told of next. */
function dueMs(watched: Watched, isAway: boolean): number {
  if (isAway && watched.portable) return never;
  return watched.missing ? watched.toldAtMs + repeatMs : watched.heardAtMs + watched.spanMs;
}

/** A wake that comes too early does no harm; it is asked for again only where something is due before it. */
function waked(watched: readonly Watched[], isAway: boolean, wakeMs: number, effects: SupervisionEffect[]): Step {
  let earliest = never;
  for (const each of watched) earliest = Math.min(earliest, dueMs(each, isAway));
  if (earliest >= wakeMs) return go({ watched, away: isAway, wakeMs }, effects);
  effects.push({ type: "wake", atMs: earliest });
  return go({ watched, away: isAway, wakeMs: earliest }, effects);
}

function live(before: Watched, heardAtMs: number, missing: boolean, toldAtMs: number): Watched {
  return Object.assign({}, before, { heardAtMs, missing, toldAtMs });
}

function find(all: readonly Watched[], place: number): Watched | undefined {
  for (const each of all) if (each.place === place) return each;
  return undefined;
}

function without(all: readonly Watched[], place: number): readonly Watched[] {
  const left: Watched[] = [];
  for (const each of all) if (each.place !== place) left.push(each);
  return left;
}

function replaced(all: readonly Watched[], one: Watched): readonly Watched[] {
  const next: Watched[] = [];
  for (const each of all) next.push(each.place === one.place ? one : each);
  return next;
}
