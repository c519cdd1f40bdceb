/**
 * When each path is proven again: heartbeats (SS 91100 4.5) by the interval that the first receiver asks for, an OPTIONS
 * (RFC 3261 11) in between where that is long, the standby route and the other receivers now and then.
 */
import type { Route } from "../alarm/report.ts";
import { around, roll } from "../dice.ts";
import type { RouteState, UplinkTurn } from "./uplink-state.ts";
import { activeBeatMs, beat, changeRoute, isStarting, probe, routeState } from "./uplink-turn.ts";

const standbyBeatMs = 1_800_000;
const othersBeatMs = 3_600_000;
const steadyMs = 600_000;
const minuteMs = 60_000;
const longestMin = 1_440;
const jitterPercent = 10;

export function beatsDue(turn: UplinkTurn): void {
  for (const state of turn.routes.concat()) beatDue(turn, state.route);
  if (turn.othersMs >= 0 && turn.othersMs <= turn.nowMs) othersDue(turn);
}

/** What is out of range is not obeyed; what a unit does by itself its settings say. */
export function obeyInterval(turn: UplinkTurn, minutes: number): void {
  if (minutes < 1 || minutes > longestMin || minutes * minuteMs === turn.intervalMs) return;
  turn.intervalMs = minutes * minuteMs;
  turn.intervalDueMs = turn.nowMs + intervalMs(turn);
  const active = routeState(turn, turn.active);
  if (active !== undefined && active.beatMs > turn.intervalDueMs)
    changeRoute(turn, turn.active, { beatMs: turn.intervalDueMs });
  turn.effects.push({ type: "keep-interval", minutes });
}

/** It was never lost, or has answered for ten minutes since without a miss. */
export function isSteady(turn: UplinkTurn, state: RouteState): boolean {
  return state.steadyMs < 0 || turn.nowMs >= state.steadyMs + steadyMs;
}

function beatDue(turn: UplinkTurn, route: Route): void {
  const state = routeState(turn, route);
  if (state === undefined || state.inCall || state.beatMs < 0 || state.beatMs > turn.nowMs) return;
  const isFirst = route === turn.active && state.at !== "lost";
  if (isFirst) {
    proveFirst(turn, state);
    return;
  }
  const often = route === turn.active || state.at === "lost" || !isSteady(turn, state) || isActiveInCall(turn);
  changeRoute(turn, route, {
    beatMs: turn.nowMs + around(turn, often ? activeBeatMs : Math.max(standbyBeatMs, turn.provenMs), jitterPercent),
    receiver: (state.receiver + 1) % turn.receivers.length,
  });
  beat(turn, route, state.receiver);
}

/** The active route to the first receiver: as often as was agreed, or each three minutes after a loss, by whatever is due. */
function proveFirst(turn: UplinkTurn, state: RouteState): void {
  const provenMs = isSteady(turn, state) ? turn.provenMs : activeBeatMs;
  const often = turn.intervalMs <= provenMs;
  const due = often || turn.nowMs >= turn.intervalDueMs;
  if (due) turn.intervalDueMs = turn.nowMs + intervalMs(turn);
  const nextMs = often ? turn.intervalDueMs : turn.nowMs + pauseMs(turn, provenMs);
  changeRoute(turn, state.route, {
    beatMs: Math.min(nextMs, turn.intervalDueMs),
    receiver: (state.receiver + 1) % turn.receivers.length,
  });
  if (due) beat(turn, state.route, 0);
  else probe(turn, state.route, 0);
}

function intervalMs(turn: UplinkTurn): number {
  return pauseMs(turn, turn.intervalMs);
}

/** Early rather than late, so that the receiver never has to wonder; but for the three minutes that nobody asked for. */
function pauseMs(turn: UplinkTurn, ms: number): number {
  if (ms === activeBeatMs) return around(turn, activeBeatMs, jitterPercent);
  return ms - roll(turn, Math.floor((ms * jitterPercent) / 100));
}

/** The active route is proven to the other receivers too, one each hour; each three minutes where the first is lost, for then they are the path. */
function othersDue(turn: UplinkTurn): void {
  const active = routeState(turn, turn.active);
  if (active !== undefined && (active.inCall || isStarting(active))) {
    turn.othersMs = turn.nowMs + activeBeatMs;
    return;
  }
  turn.othersMs =
    turn.nowMs + around(turn, isFirstLost(turn) ? activeBeatMs : Math.max(othersBeatMs, turn.provenMs), jitterPercent);
  if (turn.receivers.length < 2) return;
  beat(turn, turn.active, turn.other);
  turn.other = turn.other + 1 < turn.receivers.length ? turn.other + 1 : 1;
}

/** The first receiver has just been lost: whoever else may accept is asked as often as it was. */
export function hurryOthers(turn: UplinkTurn): void {
  if (turn.othersMs > turn.nowMs + activeBeatMs) turn.othersMs = turn.nowMs + around(turn, activeBeatMs, jitterPercent);
}

function isFirstLost(turn: UplinkTurn): boolean {
  const first = turn.receivers[0];
  return first !== undefined && first.at === "lost";
}

/** Meanwhile the other route speaks for the unit, as often as the active one would. */
function isActiveInCall(turn: UplinkTurn): boolean {
  const active = routeState(turn, turn.active);
  return active !== undefined && active.inCall;
}
