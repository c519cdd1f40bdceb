/**
 * One connection to one receiver (RFC 3261 18): opened when something is to be said, kept while its route is the active one.
 * Where it takes everything and stays silent, a fresh one is opened beside it, and what may be lost is said again there; a
 * receiver takes the copy for the retransmission that it is (RFC 3261 17.2.2). The first of the two to speak is kept.
 */
import { ping } from "../../protocol/sip/stream.ts";
import { go, type Next, stay } from "../machine.ts";
import type { StreamFault } from "./stream-fault.ts";

/** Messages that wait for a connection, or for any sign that the one they were written to still lives. */
export const unheardLimit = 8;

const connectMs = 60_000;
const silentMs = 3_000;
/** A second connection that is silent too is left to the transactions' own patience (RFC 3261 17.1.2.2, timer F). */
const patientMs = 32_000;
const idleMs = 60_000;
/** RFC 5626 4.4.1: a ping is answered within ten seconds. */
const pongMs = 10_000;

export interface ConnectionState {
  readonly at: "closed" | "connecting" | "open";
  /** Number of the connection in use, and of the newest one; each new one has the next. */
  readonly serial: number;
  readonly lastSerial: number;
  /** The one before, which is only silent so far and may still speak; 0: none. */
  readonly former: number;
  /** How many of `unheard`, the oldest, were written to the former one. */
  readonly saidToFormer: number;
  /** What expects an answer: written since the other side was last heard, or waiting to be written; oldest first. */
  readonly unheard: readonly Uint8Array[];
  readonly openedMs: number;
  /** The first of `unheard` was written then, or -1. */
  readonly sinceMs: number;
  /** Something last went either way. */
  readonly usedMs: number;
  readonly kept: boolean;
  /** It took the place of one that was silent. */
  readonly isSecond: boolean;
  /** When a ping was last sent that nothing has answered, or -1. */
  readonly pingedMs: number;
  /** The other side has answered a ping: one that it owes means that the connection is dead. Many never answer any. */
  readonly isLively: boolean;
}

export type ConnectionEvent =
  /** A whole message is to be sent that expects an answer. */
  | { readonly type: "wanted"; readonly nowMs: number; readonly bytes: Uint8Array }
  /** A whole message is to be sent that expects none: a response or an ACK. */
  | { readonly type: "replied"; readonly nowMs: number; readonly bytes: Uint8Array }
  /** That very message is wanted no more: it is written to no connection that it was not written to yet. */
  | { readonly type: "recalled"; readonly bytes: Uint8Array }
  /** There is to be a connection, and nothing to say before it is there. */
  | { readonly type: "needed"; readonly nowMs: number }
  | { readonly type: "opened"; readonly nowMs: number; readonly serial: number }
  /** Any bytes of the other side. */
  | { readonly type: "heard"; readonly nowMs: number; readonly serial: number }
  | { readonly type: "faulted"; readonly nowMs: number; readonly serial: number; readonly fault: StreamFault }
  /** Whether it stays open when nothing is said. */
  | { readonly type: "kept"; readonly nowMs: number; readonly on: boolean }
  /** It is time to show that it is still used; a kept one that is closed is opened for that. */
  | { readonly type: "ping"; readonly nowMs: number }
  /** The answer to a ping. */
  | { readonly type: "pong"; readonly nowMs: number; readonly serial: number }
  | { readonly type: "due"; readonly nowMs: number };

export type ConnectionEffect =
  /** Opens connection `serial`; the one before is closed, or is the former one from now on. */
  | { readonly type: "open"; readonly serial: number; readonly beside: boolean }
  /** The connection in use is closed, and the former one is in use again. */
  | { readonly type: "go-back" }
  | { readonly type: "close-former" }
  | { readonly type: "write"; readonly bytes: Uint8Array }
  | { readonly type: "write-former"; readonly bytes: Uint8Array }
  /** Both. */
  | { readonly type: "close" }
  /** There was none to be had, or what waited is given up: it was not sent, or (`silent`) taken by a connection that never says anything. */
  | { readonly type: "failed"; readonly fault: StreamFault | "silent" }
  | { readonly type: "wake"; readonly atMs: number };

export const noConnection: ConnectionState = {
  at: "closed",
  serial: 0,
  lastSerial: 0,
  former: 0,
  saidToFormer: 0,
  unheard: [],
  openedMs: -1,
  sinceMs: -1,
  usedMs: -1,
  kept: false,
  isSecond: false,
  pingedMs: -1,
  isLively: false,
};

export function stepConnection(
  state: ConnectionState,
  event: ConnectionEvent,
): Next<ConnectionState, ConnectionEffect> {
  switch (event.type) {
    case "wanted":
      return wanted(state, event.nowMs, event.bytes);
    case "replied":
      return replied(state, event.nowMs, event.bytes);
    case "recalled":
      return recalled(state, event.bytes);
    case "needed":
      return state.at === "closed" ? open(state, event.nowMs, false, false) : stay(state);
    case "opened":
      return event.serial === state.serial && state.at === "connecting" ? opened(state, event.nowMs) : stay(state);
    case "heard":
      if (state.former > 0 && event.serial === state.former) return goBack(state, event.nowMs, true);
      return event.serial === state.serial && state.at === "open" ? heard(state, event.nowMs) : stay(state);
    case "faulted":
      if (state.former > 0 && event.serial === state.former)
        return go(change(state, { former: 0 }), [{ type: "close-former" }]);
      return event.serial === state.serial && state.at !== "closed" ? faulted(state, event) : stay(state);
    case "kept":
      return waiting(change(state, { kept: event.on }), []);
    case "ping":
      return state.kept ? pinged(state, event.nowMs) : stay(state);
    case "pong":
      return event.serial === state.serial ? go(change(state, { isLively: true }), []) : stay(state);
    case "due":
      return due(state, event.nowMs);
  }
}

/** Beyond the limit the oldest is given up: its transaction tells its user. */
function wanted(state: ConnectionState, nowMs: number, bytes: Uint8Array): Next<ConnectionState, ConnectionEffect> {
  const unheard = state.unheard.concat(bytes);
  const isOver = unheard.length > unheardLimit;
  if (isOver) unheard.shift();
  const saidToFormer = isOver ? Math.max(0, state.saidToFormer - 1) : state.saidToFormer;
  const more = change(state, { unheard, saidToFormer, usedMs: nowMs });
  if (state.at === "closed") return open(more, nowMs, false, false);
  if (state.at === "connecting") return waiting(more, []);
  const sinceMs = state.sinceMs < 0 ? nowMs : state.sinceMs;
  return waiting(change(more, { sinceMs }), [{ type: "write", bytes }]);
}

/** What was written is owed an answer all the same: a connection that never gives it is silent. */
function recalled(state: ConnectionState, bytes: Uint8Array): Next<ConnectionState, ConnectionEffect> {
  const index = state.unheard.indexOf(bytes);
  if (index < 0) return stay(state);
  const unheard = state.unheard.concat();
  unheard.splice(index, 1);
  const saidToFormer = index < state.saidToFormer ? state.saidToFormer - 1 : state.saidToFormer;
  return go(change(state, { unheard, saidToFormer }), []);
}

/**
 * Over the connection that the request came over (RFC 3261 18.2.2), which is the former one as long as there is one: whoever
 * speaks is kept. Where no connection is open it is dropped, and nobody waits for it.
 */
function replied(state: ConnectionState, nowMs: number, bytes: Uint8Array): Next<ConnectionState, ConnectionEffect> {
  if (state.former > 0) return go(state, [{ type: "write-former", bytes }]);
  if (state.at !== "open") return stay(state);
  return waiting(change(state, { usedMs: nowMs }), [{ type: "write", bytes }]);
}

/** Nothing is judged by a ping where none was ever answered. */
function pinged(state: ConnectionState, nowMs: number): Next<ConnectionState, ConnectionEffect> {
  if (state.at === "closed") return open(state, nowMs, false, false);
  if (state.at === "connecting" || (state.pingedMs >= 0 && state.isLively)) return stay(state);
  return waiting(change(state, { pingedMs: nowMs }), [{ type: "write", bytes: ping }]);
}

function heard(state: ConnectionState, nowMs: number): Next<ConnectionState, ConnectionEffect> {
  const effects: ConnectionEffect[] = state.former > 0 ? [{ type: "close-former" }] : [];
  const silent = { unheard: [], sinceMs: -1, usedMs: nowMs, isSecond: false, former: 0, pingedMs: -1 };
  return waiting(change(state, silent), effects);
}

/** The former one is in use again: it has spoken (`isHeard`), or the fresh one has failed. What it was not told is written to it. */
function goBack(state: ConnectionState, nowMs: number, isHeard: boolean): Next<ConnectionState, ConnectionEffect> {
  const effects: ConnectionEffect[] = [{ type: "go-back" }];
  const unsaid: Uint8Array[] = [];
  for (let i = state.saidToFormer; i < state.unheard.length; i++) {
    const bytes = state.unheard[i] as Uint8Array;
    unsaid.push(bytes);
    effects.push({ type: "write", bytes });
  }
  const unheard = isHeard ? unsaid : state.unheard;
  const back: Partial<ConnectionState> = { at: "open", serial: state.former, former: 0, unheard, isSecond: !isHeard };
  const sinceMs = unheard.length > 0 ? nowMs : -1;
  return waiting(change(state, Object.assign(back, { usedMs: nowMs, sinceMs, pingedMs: -1 })), effects);
}

function open(
  state: ConnectionState,
  nowMs: number,
  isSecond: boolean,
  beside: boolean,
): Next<ConnectionState, ConnectionEffect> {
  const serial = state.lastSerial + 1;
  const changes: Partial<ConnectionState> = { at: "connecting", serial, openedMs: nowMs, sinceMs: -1, isSecond };
  const former = beside ? state.serial : 0;
  const saidToFormer = beside ? state.unheard.length : 0;
  const others: Partial<ConnectionState> = { lastSerial: serial, former, saidToFormer, pingedMs: -1, isLively: false };
  return waiting(change(state, Object.assign(changes, others)), [{ type: "open", serial, beside }]);
}

function opened(state: ConnectionState, nowMs: number): Next<ConnectionState, ConnectionEffect> {
  const effects: ConnectionEffect[] = [];
  for (const bytes of state.unheard) effects.push({ type: "write", bytes });
  const sinceMs = state.unheard.length > 0 ? nowMs : -1;
  return waiting(change(state, { at: "open", openedMs: nowMs, sinceMs, usedMs: nowMs }), effects);
}

/**
 * What was written to a connection that has just ended is tried once more over a fresh one; where that was opened beside a
 * silent one, which may only be slow, the silent one has the patience that the fresh one would have had.
 */
function faulted(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { readonly type: "faulted" }>,
): Next<ConnectionState, ConnectionEffect> {
  if (state.former > 0) return goBack(state, event.nowMs, false);
  if (state.at === "open" && state.unheard.length > 0 && !state.isSecond) return open(state, event.nowMs, true, false);
  const isTold = state.at === "connecting" || state.unheard.length > 0;
  const closed = change(state, { at: "closed", unheard: [], sinceMs: -1 });
  return go(closed, isTold ? [{ type: "failed", fault: faultOf(state, event.fault) }] : []);
}

/** What was written to a connection before this one may have arrived: to whoever waits for an answer it was lost, not unsent. */
function faultOf(state: ConnectionState, fault: StreamFault): StreamFault {
  const wasWritten = state.at === "connecting" && (state.isSecond || state.saidToFormer > 0);
  return wasWritten && fault !== "certificate" ? "connection-lost" : fault;
}

function due(state: ConnectionState, nowMs: number): Next<ConnectionState, ConnectionEffect> {
  if (state.at === "closed") return stay(state);
  const atMs = deadlineOf(state);
  if (atMs < 0 || nowMs < atMs) return waiting(state, []);
  if (state.at === "connecting") return giveUp(state, faultOf(state, "connect-timeout"));
  if (isPongDue(state) && nowMs >= state.pingedMs + pongMs) return open(state, nowMs, state.isSecond, true);
  if (state.sinceMs < 0) return go(change(state, { at: "closed", former: 0 }), [{ type: "close" }]);
  return state.isSecond ? giveUp(state, "silent") : open(state, nowMs, true, true);
}

function giveUp(state: ConnectionState, fault: StreamFault | "silent"): Next<ConnectionState, ConnectionEffect> {
  return go(change(state, { at: "closed", former: 0, unheard: [], sinceMs: -1, isSecond: false }), [
    { type: "close" },
    { type: "failed", fault },
  ]);
}

/** Never, where no answer is owed and the connection is kept. */
function deadlineOf(state: ConnectionState): number {
  if (state.at === "connecting") return state.openedMs + connectMs;
  const pongDueMs = isPongDue(state) ? state.pingedMs + pongMs : -1;
  if (state.sinceMs >= 0) {
    const silentDueMs = state.sinceMs + (state.isSecond ? patientMs : silentMs);
    return pongDueMs >= 0 && pongDueMs < silentDueMs ? pongDueMs : silentDueMs;
  }
  if (pongDueMs >= 0) return pongDueMs;
  return state.kept ? -1 : state.usedMs + idleMs;
}

function isPongDue(state: ConnectionState): boolean {
  return state.isLively && state.pingedMs >= 0;
}

function waiting(state: ConnectionState, effects: ConnectionEffect[]): Next<ConnectionState, ConnectionEffect> {
  const atMs = state.at === "closed" ? -1 : deadlineOf(state);
  if (atMs >= 0) effects.push({ type: "wake", atMs });
  return go(state, effects);
}

function change(state: ConnectionState, changes: Partial<ConnectionState>): ConnectionState {
  return Object.assign({}, state, changes);
}
