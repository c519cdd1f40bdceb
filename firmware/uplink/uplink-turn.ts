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
    if (state.route === route) turn.routes[i] = Object.assign({}, state, changes);
  }
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
