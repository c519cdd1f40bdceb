/**
 * One binding at one receiver's registrar, over one route (RFC 3261 10.2, RFC 5626 4.2): made when it is needed, kept while
 * its route is the active one. All routes share an address of record, so a message waits until this route's binding is the
 * newest, but never longer than two seconds, and an alarm not at all: it goes out right behind the REGISTER.
 */
import { type Dice, roll } from "../dice.ts";
import { go, type Next, stay } from "../machine.ts";

/** What is asked for where the registrar wants nothing else. */
export const usualExpiresS = 600;
const longestExpiresS = 86_400;
/** A message waits so long for its binding. */
const patienceMs = 2_000;
/** Units that a failure has brought down together do not all return at once. */
const firstSpreadMs = 5_000;
/** The other route's answer has this long to come in before the active route takes the address of record back. */
const overtakenMs = 15_000;
const firstPauseMs = 10_000;
const longestPauseMs = 600_000;
/** Longest Retry-After that is obeyed. */
const obeyedMs = 3_600_000;
const shortestRefreshMs = 5_000;

export interface RegistrationState {
  readonly at: "unbound" | "asking" | "bound";
  readonly linked: boolean;
  /** The active route keeps its binding; any other makes it when it is used. */
  readonly kept: boolean;
  /** No other route has bound the address of record since. */
  readonly newest: boolean;
  readonly askS: number;
  /** The registrar has named a longer time once since the last success. */
  readonly isRaised: boolean;
  /** The binding ends then, or -1. */
  readonly untilMs: number;
  /** The next REGISTER of its own accord is due then, and no message below an alarm asks for one before; -1: never. */
  readonly nextMs: number;
  /** Messages wait until then, or -1. */
  readonly waitMs: number;
  readonly failures: number;
  readonly dice: number;
}

export type RegistrationEvent =
  | { readonly type: "linked"; readonly nowMs: number; readonly up: boolean }
  /** Its route is the active one, or is no longer. */
  | { readonly type: "kept"; readonly nowMs: number; readonly on: boolean }
  /** A message is to go out; one that is `urgent` waits for nothing. */
  | { readonly type: "wanted"; readonly nowMs: number; readonly urgent: boolean }
  /** `isStale`: it names a connection that is no longer in use. */
  | { readonly type: "bound"; readonly nowMs: number; readonly expiresS: number; readonly isStale: boolean }
  | { readonly type: "too-brief"; readonly nowMs: number; readonly leastS: number }
  /** Refused, or not answered. */
  | { readonly type: "refused"; readonly nowMs: number; readonly retryAfterS: number | undefined }
  /** Another route has bound the address of record. */
  | { readonly type: "overtaken"; readonly nowMs: number }
  /** What the binding names is gone: there is a new connection. */
  | { readonly type: "moved"; readonly nowMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type RegistrationEffect =
  | { readonly type: "register"; readonly expiresS: number }
  /** What waits goes out now. */
  | { readonly type: "release" }
  /** This route's binding is the newest. */
  | { readonly type: "took-over" }
  | { readonly type: "wake"; readonly atMs: number };

export function startRegistration(dice: number): RegistrationState {
  return {
    at: "unbound",
    linked: false,
    kept: false,
    newest: false,
    askS: usualExpiresS,
    isRaised: false,
    untilMs: -1,
    nextMs: -1,
    waitMs: -1,
    failures: 0,
    dice: dice === 0 ? 1 : dice,
  };
}

export function stepRegistration(
  state: RegistrationState,
  event: RegistrationEvent,
): Next<RegistrationState, RegistrationEffect> {
  switch (event.type) {
    case "linked":
      return event.up === state.linked ? stay(state) : linked(state, event.nowMs, event.up);
    case "kept":
      return event.on === state.kept ? stay(state) : kept(state, event.nowMs, event.on);
    case "wanted":
      return wanted(state, event.nowMs, event.urgent);
    case "bound":
      if (state.at !== "asking") return stay(state);
      if (event.expiresS === 0) return refused(state, event.nowMs, 0);
      return event.isStale ? ask(forgotten(state), []) : bound(state, event.nowMs, event.expiresS);
    case "too-brief":
      return state.at === "asking" ? tooBrief(state, event.nowMs, event.leastS) : stay(state);
    case "refused":
      return state.at === "asking" ? refused(state, event.nowMs, event.retryAfterS ?? 0) : stay(state);
    case "overtaken": {
      const nextMs = state.kept && state.at === "bound" ? event.nowMs + overtakenMs : state.nextMs;
      return waiting(change(state, { newest: false, nextMs }), []);
    }
    case "moved":
      if (state.at !== "bound") return waiting(forgotten(state), []);
      return lost(state, state.kept ? event.nowMs : -1, []);
    case "due":
      return due(state, event.nowMs);
  }
}

function linked(state: RegistrationState, nowMs: number, up: boolean): Next<RegistrationState, RegistrationEffect> {
  const dice = { dice: state.dice };
  const nextMs = up && state.kept ? nowMs + roll(dice, firstSpreadMs) : -1;
  return lost(change(state, { linked: up, failures: 0, dice: dice.dice }), nextMs, released(state));
}

function kept(state: RegistrationState, nowMs: number, on: boolean): Next<RegistrationState, RegistrationEffect> {
  if (!on) return waiting(change(state, { kept: false, nextMs: state.failures > 0 ? state.nextMs : -1 }), []);
  const dice = { dice: state.dice };
  const isLate = state.failures === 0 && state.at !== "asking" && state.linked;
  const nextMs = isLate ? nowMs + roll(dice, firstSpreadMs) : state.nextMs;
  return waiting(change(state, { kept: true, nextMs, dice: dice.dice }), []);
}

/** There is no binding any more; who waits goes out without. */
function lost(
  state: RegistrationState,
  nextMs: number,
  effects: RegistrationEffect[],
): Next<RegistrationState, RegistrationEffect> {
  return waiting(change(state, { at: "unbound", newest: false, untilMs: -1, nextMs, waitMs: -1 }), effects);
}

/** What was bound before is worth nothing any more. */
function forgotten(state: RegistrationState): RegistrationState {
  return change(state, { newest: false, untilMs: -1 });
}

function wanted(state: RegistrationState, nowMs: number, urgent: boolean): Next<RegistrationState, RegistrationEffect> {
  if (isGood(state, nowMs)) return go(state, [{ type: "release" }]);
  const isPause = state.failures > 0 && nowMs < state.nextMs && !urgent;
  if (!state.linked || isPause) return go(state, [{ type: "release" }]);
  const waits = change(state, { waitMs: urgent ? -1 : state.waitMs < 0 ? nowMs + patienceMs : state.waitMs });
  const effects: RegistrationEffect[] = urgent ? [{ type: "release" }] : [];
  return state.at === "asking" ? waiting(waits, effects) : ask(waits, effects);
}

/** The REGISTER goes out before anything else. */
function ask(
  state: RegistrationState,
  after: readonly RegistrationEffect[],
): Next<RegistrationState, RegistrationEffect> {
  const effects: RegistrationEffect[] = [{ type: "register", expiresS: state.askS }];
  return waiting(change(state, { at: "asking", nextMs: -1 }), effects.concat(after));
}

/** Renewed at half its time, so that a second try has the other half. */
function bound(state: RegistrationState, nowMs: number, expiresS: number): Next<RegistrationState, RegistrationEffect> {
  const lifeMs = 1_000 * Math.min(expiresS, longestExpiresS);
  const dice = { dice: state.dice };
  const refreshMs = Math.max(shortestRefreshMs, early(dice, Math.floor(lifeMs / 2), 10));
  const held = change(state, {
    at: "bound",
    newest: true,
    isRaised: false,
    failures: 0,
    untilMs: nowMs + lifeMs,
    nextMs: state.kept ? nowMs + refreshMs : -1,
    waitMs: -1,
    dice: dice.dice,
  });
  return waiting(held, [{ type: "took-over" }, { type: "release" }]);
}

/** Obeyed at once, but not twice in a row: who raises it again and again wants no binding (RFC 3261 10.2.8). */
function tooBrief(
  state: RegistrationState,
  nowMs: number,
  leastS: number,
): Next<RegistrationState, RegistrationEffect> {
  if (state.isRaised || leastS <= state.askS || leastS > longestExpiresS) return refused(state, nowMs, 0);
  return ask(change(state, { askS: leastS, isRaised: true }), []);
}

/** A binding that was made before stands until it runs out. The pauses grow, and are drawn shorter (RFC 5626 4.5). */
function refused(
  state: RegistrationState,
  nowMs: number,
  retryAfterS: number,
): Next<RegistrationState, RegistrationEffect> {
  const dice = { dice: state.dice };
  let pauseMs = firstPauseMs;
  for (let i = 0; i < state.failures && pauseMs < longestPauseMs; i++) pauseMs = Math.min(2 * pauseMs, longestPauseMs);
  const askedMs = Math.min(obeyedMs, 1_000 * retryAfterS);
  const nextMs = nowMs + Math.max(askedMs, early(dice, pauseMs, 50));
  const stands = nowMs < state.untilMs;
  const failed = change(state, {
    at: stands ? "bound" : "unbound",
    untilMs: stands ? state.untilMs : -1,
    newest: stands && state.newest,
    isRaised: false,
    failures: state.failures + 1,
    nextMs,
    waitMs: -1,
    dice: dice.dice,
  });
  return waiting(failed, released(state));
}

function due(state: RegistrationState, nowMs: number): Next<RegistrationState, RegistrationEffect> {
  const isOver = state.at === "bound" && nowMs >= state.untilMs;
  const now = isOver ? change(state, { at: "unbound", newest: false, untilMs: -1 }) : state;
  const isLate = now.waitMs >= 0 && nowMs >= now.waitMs;
  const served = isLate ? change(now, { waitMs: -1 }) : now;
  const effects: RegistrationEffect[] = isLate ? [{ type: "release" }] : [];
  const isDue = served.nextMs >= 0 && nowMs >= served.nextMs;
  if (isDue && served.kept && served.linked && served.at !== "asking") return ask(served, effects);
  return waiting(isDue ? change(served, { nextMs: -1 }) : served, effects);
}

/** A message may rely on the binding. */
function isGood(state: RegistrationState, nowMs: number): boolean {
  return state.newest && nowMs < state.untilMs;
}

function released(state: RegistrationState): RegistrationEffect[] {
  return state.waitMs >= 0 ? [{ type: "release" }] : [];
}

/** `ms`, or up to `percent` per cent less. */
function early(dice: Dice, ms: number, percent: number): number {
  return ms - roll(dice, Math.floor((ms * percent) / 100) + 1);
}

function waiting(state: RegistrationState, effects: RegistrationEffect[]): Next<RegistrationState, RegistrationEffect> {
  let atMs = state.waitMs;
  if (state.at === "bound") atMs = sooner(atMs, state.untilMs);
  if (state.at !== "asking") atMs = sooner(atMs, state.nextMs);
  if (atMs >= 0) effects.push({ type: "wake", atMs });
  return go(state, effects);
}

function sooner(one: number, other: number): number {
  return other < 0 ? one : one < 0 ? other : Math.min(one, other);
}

function change(state: RegistrationState, changes: Partial<RegistrationState>): RegistrationState {
  return Object.assign({}, state, changes);
}
