/** While a call takes the line of a route, nothing is expected of it; the other route is proven the more often. */
import type { Route } from "../alarm/report.ts";
import { around } from "../dice.ts";
import type { UplinkTurn, Watch } from "./uplink-state.ts";
import { activeBeatMs, changeRoute, routeState } from "./uplink-turn.ts";

/** After a call a modem finds its data again within so long: until then nothing is recovered. */
const settleMs = 8_000;

/** After a call the route is asked at once, and what waits is sent. */
export function inCall(turn: UplinkTurn, route: Route, on: boolean): void {
  const before = routeState(turn, route);
  if (before === undefined || before.inCall === on) return;
  const left: Watch[] = [];
  for (const watched of turn.watches) if (watched.route !== route) left.push(watched);
  turn.watches = left;
  const rungMs = on || before.rungMs < 0 ? before.rungMs : turn.nowMs + settleMs;
  changeRoute(turn, route, { inCall: on, rungMs, beatMs: on ? before.beatMs : turn.nowMs });
  if (on && route === turn.active) othersSpeak(turn);
  if (!on) turn.effects.push({ type: "path-back" });
}

/** The routes beside the one that a call has taken are heard of as soon as it would have been. */
function othersSpeak(turn: UplinkTurn): void {
  for (const state of turn.routes.concat())
    if (!state.inCall && state.beatMs > turn.nowMs + activeBeatMs)
      changeRoute(turn, state.route, { beatMs: turn.nowMs + around(turn, activeBeatMs, 10) });
}
