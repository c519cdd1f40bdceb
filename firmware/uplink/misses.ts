/**
 * What follows from a message that was not answered: the same path is checked after 20 and 40 s, the other route at once. A
 * route is lost when no receiver answers over it, a receiver when no route brings its `mrs`.
 */
import type { Route } from "../alarm/report.ts";
import { around } from "../dice.ts";
import { hurryOthers } from "./beats.ts";
import { rungAfterMiss } from "./recovery.ts";
import { type Check, checkLimit, type UplinkTurn, type Watch } from "./uplink-state.ts";
import { activeBeatMs, beat, changeRoute, isStarting, routeState } from "./uplink-turn.ts";

const checksMs: readonly number[] = [20_000, 40_000];
const missesToLose = 3;

/**
 * Nobody answered in time: not even by SIP, or (`heard`) only the `mrs` did not come. A question says nothing of a receiver or a
 * route that has answered another one since it was asked: where many are lost, those under way together would else cost the path
 * that has just been proven.
 */
export function missed(turn: UplinkTurn, watched: Watch): void {
  const ofReceiver = receiverMissed(turn, watched);
  const ofRoute = !watched.heard && routeMissed(turn, watched);
  if (!turn.supervised || (!ofReceiver && !ofRoute)) return;
  const route = routeState(turn, watched.route);
  const receiver = turn.receivers[watched.receiver];
  if (route === undefined || receiver === undefined || isChecked(turn, watched.route, watched.receiver)) return;
  if (route.at === "lost" || receiver.at === "lost") return;
  for (let i = 0; i < checksMs.length && turn.checks.length < checkLimit; i++) {
    turn.checks.push({
      route: watched.route,
      receiver: watched.receiver,
      atMs: turn.nowMs + around(turn, checksMs[i] as number, 30),
      wide: i === checksMs.length - 1,
    });
  }
  askOthers(turn, watched);
}

/** Over every other route that may bring an answer. */
function askOthers(turn: UplinkTurn, watched: Watch): void {
  for (const other of turn.routes) {
    if (other.route === watched.route || other.at === "lost" || other.inCall || isStarting(other)) continue;
    if (!isChecked(turn, other.route, watched.receiver)) beat(turn, other.route, watched.receiver);
  }
}

/**
 * A heartbeat was answered by SIP and turned away: whatever the reason, no `mrs` comes of it. It is not checked sooner, since who
 * turns away may be overloaded; only the other routes are asked, for what lies on the way may have said so.
 */
export function refused(turn: UplinkTurn, watched: Watch): void {
  const before = turn.receivers[watched.receiver];
  if (!receiverMissed(turn, Object.assign({}, watched, { heard: true })) || !turn.supervised) return;
  if (before !== undefined && before.at !== "lost" && before.misses === 0) askOthers(turn, watched);
}

/** The last check of a path also asks the other receivers over that route: only they can tell whose fault it is. */
export function checksDue(turn: UplinkTurn): void {
  const due: Check[] = [];
  const left: Check[] = [];
  for (const check of turn.checks) (check.atMs <= turn.nowMs ? due : left).push(check);
  turn.checks = left;
  for (const check of due) {
    const route = routeState(turn, check.route);
    const receiver = turn.receivers[check.receiver];
    if (route === undefined || receiver === undefined || route.inCall) continue;
    if (route.misses === 0 && receiver.misses === 0) continue;
    beat(turn, check.route, check.receiver);
    for (let other = 0; check.wide && other < turn.receivers.length; other++)
      if (other !== check.receiver) beat(turn, check.route, other);
  }
}

/** The next miss would be a first one again: what a route that is back or a receiver that answers has settled. */
export function forgetMisses(turn: UplinkTurn): void {
  for (let i = 0; i < turn.receivers.length; i++) {
    const state = turn.receivers[i];
    if (state !== undefined && state.at !== "lost" && state.misses > 0)
      turn.receivers[i] = { at: state.at, misses: 0, silentOver: 0, sinceMs: -1, heardMs: state.heardMs };
  }
}

/**
 * Another path was quicker, and this one has not said a word. Where proofs are seldom nobody would ask over it for hours: it
 * is proven now.
 */
export function outrun(turn: UplinkTurn, watched: Watch | undefined): void {
  if (watched === undefined || watched.heard) return;
  const state = routeState(turn, watched.route);
  if (state === undefined || state.heardMs >= watched.askedMs) return;
  if (turn.provenMs > activeBeatMs) changeRoute(turn, watched.route, { beatMs: turn.nowMs });
}

function isChecked(turn: UplinkTurn, route: Route, receiver: number): boolean {
  for (const check of turn.checks) if (check.route === route && check.receiver === receiver) return true;
  return false;
}

/** Lost after three misses, once every receiver was asked over it in vain. Whether it was a miss. */
function routeMissed(turn: UplinkTurn, watched: Watch): boolean {
  const before = routeState(turn, watched.route);
  if (before === undefined || watched.askedMs < before.heardMs) return false;
  const misses = Math.min(before.misses + 1, missesToLose);
  const silent = before.silent | (1 << watched.receiver);
  const lost = before.at === "lost" || (misses >= missesToLose && silent === (1 << turn.receivers.length) - 1);
  const newlyLost = lost && before.at !== "lost";
  changeRoute(turn, watched.route, {
    misses,
    silent,
    at: lost ? "lost" : before.at,
    steadyMs: before.steadyMs < 0 && !lost ? -1 : turn.nowMs,
    beatMs: newlyLost ? turn.nowMs + around(turn, activeBeatMs, 10) : before.beatMs,
    rungMs: newlyLost ? -1 : before.rungMs,
  });
  const now = routeState(turn, watched.route);
  if (now !== undefined) changeRoute(turn, watched.route, rungAfterMiss(turn, now));
  if (newlyLost) turn.effects.push({ type: "route-changed", route: watched.route, lost: true });
  return true;
}

/** Lost after three misses over every route that still answers; while no route answers at all, the routes are to blame. Whether it was a miss. */
function receiverMissed(turn: UplinkTurn, watched: Watch): boolean {
  const before = turn.receivers[watched.receiver];
  if (before === undefined || watched.askedMs < before.heardMs) return false;
  const misses = Math.min(before.misses + 1, missesToLose);
  const sinceMs = before.sinceMs < 0 ? turn.nowMs : before.sinceMs;
  let silentOver = before.silentOver;
  let everywhere = true;
  let answering = false;
  for (let i = 0; i < turn.routes.length; i++) {
    const route = turn.routes[i];
    if (route === undefined) continue;
    if (route.route === watched.route) silentOver |= 1 << i;
    if (route.heardMs >= sinceMs) answering = true;
    if (route.at !== "lost" && (silentOver & (1 << i)) === 0) everywhere = false;
  }
  if (watched.heard) answering = true;
  const lost = before.at === "lost" || (misses >= missesToLose && everywhere && answering);
  turn.receivers[watched.receiver] = Object.assign({}, before, {
    at: lost ? "lost" : before.at,
    misses,
    silentOver,
    sinceMs,
  });
  if (!lost || before.at === "lost") return true;
  if (watched.receiver === 0) hurryOthers(turn);
  turn.effects.push({ type: "receiver-changed", receiver: watched.receiver, lost: true });
  return true;
}
