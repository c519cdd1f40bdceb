/**
 * Proves routes and receivers end to end: heartbeats (SS 91100 4.5), checks after a miss, the choice of the active
 * route, and the recovery ladder of a lost one. A signal bar or a registration proves nothing.
 */
import type { Route } from "../alarm/report.ts";
import { around, roll } from "../dice.ts";
import { go, type Next } from "../machine.ts";
import { beatsDue, isSteady, obeyInterval } from "./beats.ts";
import { inCall } from "./in-call.ts";
import { checksDue, forgetMisses, missed, outrun, refused } from "./misses.ts";
import { testAnswered, testFailed, testPaths } from "./path-test.ts";
import { climb, rungAtAlarm } from "./recovery.ts";
import {
  type PathFault,
  type ReceiverState,
  type RouteState,
  type UplinkEffect,
  type UplinkEvent,
  type UplinkSignal,
  type UplinkState,
  type UplinkTurn,
  type Watch,
  watchLimit,
} from "./uplink-state.ts";
import { activeBeatMs, changeRoute, routeState } from "./uplink-turn.ts";

const silentMs = 8_000;
const unansweredMs = 10_000;
const firstBeatMs = 20_000;
const minuteMs = 60_000;

/** `routes` in the order of the policy; `beatMin` the heartbeat interval that was asked for and kept, 0: none; `provenS`: settings, 0: as usual. */
export function startUplink(
  routes: readonly Route[],
  receiverCount: number,
  dice: number,
  beatMin: number,
  provenS: number,
): UplinkState {
  const states: RouteState[] = [];
  for (const route of routes) {
    states.push({
      route,
      at: "unproven",
      linked: false,
      misses: 0,
      silent: 0,
      steadyMs: -1,
      heardMs: -1,
      beatMs: -1,
      receiver: 0,
      rung: 0,
      rungMs: -1,
      reselectMs: -1,
      harshMs: -1,
      inCall: false,
    });
  }
  const provenMs = provenS === 0 ? activeBeatMs : provenS * 1_000;
  const receivers: ReceiverState[] = [];
  for (let i = 0; i < receiverCount; i++)
    receivers.push({ at: "unproven", misses: 0, silentOver: 0, sinceMs: -1, heardMs: -1 });
  return {
    routes: states,
    receivers,
    active: (states[0] as RouteState).route,
    watches: [],
    checks: [],
    othersMs: -1,
    other: 1,
    intervalMs: beatMin === 0 ? provenMs : beatMin * minuteMs,
    intervalDueMs: 0,
    provenMs,
    supervised: true,
    tests: [],
    alarmMs: -1,
    nextBeat: 2,
    shown: "ready",
    dice: dice === 0 ? 1 : dice,
    wakeMs: -1,
  };
}

export function stepUplink(state: UplinkState, event: UplinkEvent): Next<UplinkState, UplinkEffect> {
  const turn: UplinkTurn = {
    nowMs: event.nowMs,
    routes: state.routes.concat(),
    receivers: state.receivers.concat(),
    active: state.active,
    watches: state.watches.concat(),
    checks: state.checks.concat(),
    othersMs: state.othersMs,
    other: state.other,
    intervalMs: state.intervalMs,
    intervalDueMs: state.intervalDueMs,
    provenMs: state.provenMs,
    supervised: state.supervised,
    tests: state.tests.concat(),
    alarmMs: state.alarmMs,
    nextBeat: state.nextBeat,
    shown: state.shown,
    dice: state.dice,
    effects: [],
  };
  watchUnlinked(turn);
  hear(turn, event);
  chooseActive(turn);
  showPaths(turn);
  return endTurn(turn, event.type === "due" ? -1 : state.wakeMs);
}

function hear(turn: UplinkTurn, event: UplinkEvent): void {
  switch (event.type) {
    case "linked":
      linked(turn, event.route, event.up);
      return;
    case "asked":
      watch(turn, event);
      return;
    case "heard":
      routeProven(turn, event.route);
      return;
    case "carried":
      carried(turn, event.id);
      return;
    case "failed":
      failed(turn, event.id, event.heard, event.why);
      return;
    case "odd-answer":
      turn.effects.push({ type: "path-fault", route: event.route, receiver: event.receiver, why: "wrong-ref" });
      return;
    case "interval":
      obeyInterval(turn, event.minutes);
      return;
    case "supervised":
      turn.supervised = event.on;
      return;
    case "test-paths":
      testPaths(turn);
      return;
    case "stopped":
      outrun(turn, takeWatch(turn, event.id));
      return;
    case "answered":
      answered(turn, event.route, event.receiver);
      return;
    case "alarm":
      alarm(turn, event.pending);
      return;
    case "in-call":
      inCall(turn, event.route, event.on);
      return;
    case "due":
      due(turn);
      return;
  }
}

/** A route that never gets a link is missed all the same. */
function watchUnlinked(turn: UplinkTurn): void {
  for (const state of turn.routes.concat())
    if (state.beatMs < 0) changeRoute(turn, state.route, { beatMs: turn.nowMs + activeBeatMs });
}

function alarm(turn: UplinkTurn, pending: boolean): void {
  if (!pending) turn.alarmMs = -1;
  if (!pending || turn.alarmMs >= 0) return;
  turn.alarmMs = turn.nowMs;
  for (const state of turn.routes.concat()) changeRoute(turn, state.route, rungAtAlarm(turn, state));
}

function linked(turn: UplinkTurn, route: Route, up: boolean): void {
  const before = routeState(turn, route);
  if (before === undefined || before.linked === up) return;
  changeRoute(turn, route, { linked: up, beatMs: up ? turn.nowMs + roll(turn, firstBeatMs) : before.beatMs });
  if (up) turn.effects.push({ type: "path-back" });
  if (up && turn.othersMs < 0) turn.othersMs = turn.nowMs + roll(turn, firstBeatMs);
}

function watch(turn: UplinkTurn, asked: Extract<UplinkEvent, { readonly type: "asked" }>): void {
  const state = routeState(turn, asked.route);
  if (state !== undefined && state.inCall) return;
  if (turn.watches.length >= watchLimit) turn.watches.shift();
  turn.watches.push({
    id: asked.id,
    route: asked.route,
    receiver: asked.receiver,
    heard: false,
    probe: asked.probe,
    askedMs: turn.nowMs,
    dueMs: turn.nowMs + silentMs,
  });
}

/** From now on its `mrs` is waited for; a probe has none. */
function carried(turn: UplinkTurn, id: number): void {
  const watched = takeWatch(turn, id);
  if (watched === undefined || watched.probe) return;
  turn.watches.push(Object.assign({}, watched, { heard: true, dueMs: turn.nowMs + unansweredMs }));
}

function takeWatch(turn: UplinkTurn, id: number): Watch | undefined {
  for (let i = 0; i < turn.watches.length; i++) {
    const watched = turn.watches[i] as Watch;
    if (watched.id === id) {
      turn.watches.splice(i, 1);
      return watched;
    }
  }
  return undefined;
}

function failed(turn: UplinkTurn, id: number, heard: boolean, why: PathFault): void {
  const watched = takeWatch(turn, id);
  testFailed(turn, id);
  if (watched === undefined) return;
  turn.effects.push({ type: "path-fault", route: watched.route, receiver: watched.receiver, why });
  if (!heard && !watched.heard) missed(turn, watched);
  else if (heard && !watched.probe && isBeat(id)) refused(turn, watched);
}

/** The alarm machine counts its attempts in odd numbers. */
function isBeat(id: number): boolean {
  return id % 2 === 0;
}

/** An `mrs` of any kind proves the receiver; what waits for one that was silent is tried at once. */
function answered(turn: UplinkTurn, route: Route, receiver: number): void {
  routeProven(turn, route);
  testAnswered(turn, route, receiver);
  const left: Watch[] = [];
  for (const watched of turn.watches) if (watched.receiver !== receiver || !watched.heard) left.push(watched);
  turn.watches = left;
  const before = turn.receivers[receiver];
  if (before === undefined) return;
  turn.receivers[receiver] = { at: "proven", misses: 0, silentOver: 0, sinceMs: -1, heardMs: turn.nowMs };
  if (before.at === "lost") turn.effects.push({ type: "receiver-changed", receiver, lost: false });
  if (before.misses > 0) turn.effects.push({ type: "path-back" });
}

/** Any SIP answer proves the route; after a loss it is steady from the first answer on. */
function routeProven(turn: UplinkTurn, route: Route): void {
  const before = routeState(turn, route);
  if (before === undefined) return;
  const wasLost = before.at === "lost";
  changeRoute(turn, route, {
    at: "proven",
    misses: 0,
    silent: 0,
    heardMs: turn.nowMs,
    rung: 0,
    rungMs: -1,
    steadyMs: wasLost ? turn.nowMs : before.steadyMs,
  });
  if (!wasLost) return;
  forgetMisses(turn);
  turn.effects.push({ type: "route-changed", route, lost: false });
  turn.effects.push({ type: "path-back" });
}

function due(turn: UplinkTurn): void {
  for (const watched of turn.watches.concat()) {
    if (watched.dueMs > turn.nowMs) continue;
    takeWatch(turn, watched.id);
    const why = watched.heard ? "no-mrs" : "no-answer";
    turn.effects.push({ type: "path-fault", route: watched.route, receiver: watched.receiver, why });
    testFailed(turn, watched.id);
    missed(turn, watched);
  }
  if (!turn.supervised) return;
  checksDue(turn);
  beatsDue(turn);
  for (const state of turn.routes.concat()) if (!state.inCall) climb(turn, state);
}

/** The policy's first route that is proven; one that was lost waits ten steady minutes, and never returns in an alarm. */
function chooseActive(turn: UplinkTurn): void {
  const current = routeState(turn, turn.active);
  for (const state of turn.routes) {
    if (state.route === turn.active) {
      if (state.at === "proven") return;
      continue;
    }
    if (state.at !== "proven") continue;
    const needed = current === undefined || current.at !== "proven";
    if (needed || (isSteady(turn, state) && turn.alarmMs < 0)) {
      turn.active = state.route;
      turn.effects.push({ type: "active-route", route: state.route });
      if (state.beatMs > turn.nowMs + activeBeatMs) {
        changeRoute(turn, state.route, { beatMs: turn.nowMs + around(turn, activeBeatMs, 10) });
      }
      return;
    }
  }
}

function showPaths(turn: UplinkTurn): void {
  let routes = 0;
  let receivers = 0;
  let lost = 0;
  for (const state of turn.routes) state.at === "lost" ? lost++ : routes++;
  for (const state of turn.receivers) state.at === "lost" ? lost++ : receivers++;
  const signal: UplinkSignal = routes === 0 || receivers === 0 ? "no-path" : lost > 0 ? "one-path-lost" : "ready";
  if (signal === turn.shown) return;
  turn.shown = signal;
  turn.effects.push({ type: "show", signal });
}

function endTurn(turn: UplinkTurn, timerMs: number): Next<UplinkState, UplinkEffect> {
  let wakeMs = -1;
  for (const watched of turn.watches) wakeMs = sooner(wakeMs, watched.dueMs);
  if (turn.supervised) {
    wakeMs = sooner(wakeMs, turn.othersMs);
    for (const check of turn.checks) wakeMs = sooner(wakeMs, check.atMs);
    for (const state of turn.routes) {
      if (state.inCall) continue;
      wakeMs = sooner(wakeMs, state.beatMs);
      wakeMs = sooner(wakeMs, state.rungMs);
    }
  }
  if (wakeMs >= 0 && wakeMs !== timerMs) turn.effects.push({ type: "wake", atMs: wakeMs });
  return go(
    {
      routes: turn.routes,
      receivers: turn.receivers,
      active: turn.active,
      watches: turn.watches,
      checks: turn.checks,
      othersMs: turn.othersMs,
      other: turn.other,
      intervalMs: turn.intervalMs,
      intervalDueMs: turn.intervalDueMs,
      provenMs: turn.provenMs,
      supervised: turn.supervised,
      tests: turn.tests,
      alarmMs: turn.alarmMs,
      nextBeat: turn.nextBeat,
      shown: turn.shown,
      dice: turn.dice,
      wakeMs,
    },
    turn.effects,
  );
}

function sooner(a: number, b: number): number {
  return b < 0 ? a : a < 0 || b < a ? b : a;
}
