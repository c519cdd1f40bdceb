/** Receivers that are left out for a moment because they said that they are busy: randomly, longer each time in a row. */
import { roll } from "../dice.ts";
import type { LeftOut, Turn } from "./alarm-state.ts";
import { isRaced, type Report, type Route } from "./report.ts";

const leastMs = 5_000;
const mostMs = 15_000;
const limitMs = 60_000;
/** A receiver that names a longer time is asked again after this. */
const retryAfterLimitS = 3_600;

export const letInFromStart: LeftOut = { untilMs: 0, waitMs: 0, lowerMs: 0, lost: false, over: undefined };

/** `snu` 5 or 6, or SIP 503, over that route: left out for 5 to 15 s, doubled each time in a row, at most 60 s. -1: no time was named. */
export function leaveOut(turn: Turn, receiver: number, over: Route, retryAfterS: number): void {
  const before = turn.leftOut[receiver];
  if (before === undefined) return;
  const lowerMs = Math.max(before.lowerMs, turn.nowMs + Math.min(retryAfterS, retryAfterLimitS) * 1_000);
  if (before.untilMs > turn.nowMs) {
    // The answer over the other route says no more than the first.
    turn.leftOut[receiver] = Object.assign({}, before, { lowerMs });
    return;
  }
  const waitMs =
    before.waitMs === 0 ? leastMs + roll(turn, mostMs - leastMs + 1) : Math.min(before.waitMs * 2, limitMs);
  turn.leftOut[receiver] = Object.assign({}, before, { untilMs: turn.nowMs + waitMs, waitMs, lowerMs, over });
}

/** The receiver took something: the next "busy" is the first of a row again. */
export function letIn(turn: Turn, receiver: number): void {
  const before = turn.leftOut[receiver];
  if (before !== undefined)
    turn.leftOut[receiver] = Object.assign({}, before, { untilMs: 0, waitMs: 0, over: undefined });
}

/** Those routes, the one over which the receiver last was busy behind the others: what turns messages away may lie on the way. */
export function routesTo(turn: Turn, receiver: number, routes: readonly Route[]): readonly Route[] {
  const left = turn.leftOut[receiver];
  if (left === undefined || left.over === undefined) return routes;
  const ordered: Route[] = [];
  for (const route of routes) if (route !== left.over) ordered.push(route);
  ordered.push(left.over);
  return ordered;
}

/** What the uplink knows of the receiver, end to end. */
export function noteProof(turn: Turn, receiver: number, lost: boolean): void {
  const before = turn.leftOut[receiver];
  if (before !== undefined) turn.leftOut[receiver] = Object.assign({}, before, { lost });
}

export function isLost(turn: Turn, receiver: number): boolean {
  const known = turn.leftOut[receiver];
  return known !== undefined && known.lost;
}

/**
 * When the receiver may be asked for this report. An alarm's first round leaves nobody out, since nobody has turned that
 * alarm away; the time that a 503 names (Retry-After) binds the lower kinds only.
 */
export function mayAskMs(turn: Turn, report: Report, receiver: number): number {
  const left = turn.leftOut[receiver];
  if (left === undefined) return 0;
  if (!isRaced(report)) return Math.max(left.untilMs, left.lowerMs);
  return report.round === 0 ? 0 : left.untilMs;
}
