/** A turn of the uplink machine: how its parts change what is being made. */
import type { Route } from "../alarm/report.ts";
import type { RouteState, UplinkTurn } from "./uplink-state.ts";

export const activeBeatMs = 180_000;

export function routeState(turn: UplinkTurn, route: Route): RouteState | undefined {
  for (const state of turn.routes) if (state.route === route) return state;
  return undefined;
}

export function changeRoute(turn: UplinkTurn, route: Route, changes: Partial<RouteState>): void {
  for (let i = 0; i < turn.routes.length; i++) {
    const state = turn.routes[i] as RouteState;
    if (state.route === route) turn.routes[i] = changed(state, changes);
  }
}

/** Written out: each answer changes a route. */
function changed(state: RouteState, changes: Partial<RouteState>): RouteState {
  return {
    route: state.route,
    at: changes.at ?? state.at,
    linked: changes.linked ?? state.linked,
    misses: changes.misses ?? state.misses,
    silent: changes.silent ?? state.silent,
    steadyMs: changes.steadyMs ?? state.steadyMs,
    heardMs: changes.heardMs ?? state.heardMs,
    beatMs: changes.beatMs ?? state.beatMs,
    receiver: changes.receiver ?? state.receiver,
    rung: changes.rung ?? state.rung,
    rungMs: changes.rungMs ?? state.rungMs,
    reselectMs: changes.reselectMs ?? state.reselectMs,
    harshMs: changes.harshMs ?? state.harshMs,
    inCall: changes.inCall ?? state.inCall,
  };
}

/** It never had a link: until its first beat it is not expected to answer. */
export function isStarting(state: RouteState): boolean {
  return state.at === "unproven" && !state.linked;
}

export function beat(turn: UplinkTurn, route: Route, receiver: number): void {
  turn.effects.push({ type: "beat", id: turn.nextBeat, route, receiver });
  turn.nextBeat += 2;
}

/** An OPTIONS: proves the route, asks nothing of the receiver's application. */
export function probe(turn: UplinkTurn, route: Route, receiver: number): void {
  turn.effects.push({ type: "probe", id: turn.nextBeat, route, receiver });
  turn.nextBeat += 2;
}
