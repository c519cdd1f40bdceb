/**
 * One connection to one receiver (RFC 3261 18): opened when something is to be said, kept while its route is the active one,
 * replaced by a fresh one where it opens, takes everything and stays silent. What may have been lost with it is said again;
 * a receiver takes the copy for the retransmission that it is (RFC 3261 17.2.2).
 */
import { go, type Next, stay } from "../machine.ts";
import type { StreamFault } from "./stream-fault.ts";

/** Messages that wait for a connection, or for any sign that the one they were written to still lives. */
export const unheardLimit = 8;

const connectMs = 60_000;
const silentMs = 3_000;
/** A second connection that is silent too is left to the transactions' own patience (RFC 3261 17.1.2.2, timer F). */
const patientMs = 32_000;
const idleMs = 60_000;

export interface ConnectionState {
  readonly at: "closed" | "connecting" | "open";
  /** Number of the connection in use; each new one has the next. */
  readonly serial: number;
  /** Written since the other side was last heard, or waiting to be written; oldest first. */
  readonly unheard: readonly Uint8Array[];
  readonly openedMs: number;
  /** The first of `unheard` was written then, or -1. */
  readonly sinceMs: number;
  /** Something last went either way. */
  readonly usedMs: number;
  readonly kept: boolean;
  /** It took the place of one that was silent. */
  readonly isSecond: boolean;
}

export type ConnectionEvent =
  /** A whole message is to be sent. */
  | { readonly type: "wanted"; readonly nowMs: number; readonly bytes: Uint8Array }
  | { readonly type: "opened"; readonly nowMs: number; readonly serial: number }
  /** Any bytes of the other side. */
  | { readonly type: "heard"; readonly nowMs: number; readonly serial: number }
  | { readonly type: "faulted"; readonly nowMs: number; readonly serial: number; readonly fault: StreamFault }
  /** Whether it stays open when nothing is said. */
  | { readonly type: "kept"; readonly nowMs: number; readonly on: boolean }
  | { readonly type: "due"; readonly nowMs: number };

export type ConnectionEffect =
  /** Opens connection `serial`; the one before is closed. */
  | { readonly type: "open"; readonly serial: number }
  | { readonly type: "write"; readonly bytes: Uint8Array }
  | { readonly type: "close" }
  /** What waited is given up: it was not sent, or (`silent`) it was taken by a connection that never says anything. */
  | { readonly type: "failed"; readonly fault: StreamFault | "silent" }
  | { readonly type: "wake"; readonly atMs: number };

export const noConnection: ConnectionState = {
  at: "closed",
  serial: 0,
  unheard: [],
  openedMs: -1,
  sinceMs: -1,
  usedMs: -1,
  kept: false,
  isSecond: false,
};

export function stepConnection(
  state: ConnectionState,
  event: ConnectionEvent,
): Next<ConnectionState, ConnectionEffect> {
  switch (event.type) {
    case "wanted":
      return wanted(state, event.nowMs, event.bytes);
    case "opened":
      return event.serial === state.serial && state.at === "connecting" ? opened(state, event.nowMs) : stay(state);
    case "heard":
      if (event.serial !== state.serial || state.at !== "open") return stay(state);
      return waiting(change(state, { unheard: [], sinceMs: -1, usedMs: event.nowMs, isSecond: false }), []);
    case "faulted":
      return event.serial === state.serial && state.at !== "closed" ? faulted(state, event) : stay(state);
    case "kept":
      return waiting(change(state, { kept: event.on }), []);
    case "due":
      return due(state, event.nowMs);
  }
}

/** Beyond the limit the oldest is given up: its transaction tells its user. */
function wanted(state: ConnectionState, nowMs: number, bytes: Uint8Array): Next<ConnectionState, ConnectionEffect> {
  const unheard = state.unheard.concat(bytes);
  if (unheard.length > unheardLimit) unheard.shift();
  const more = change(state, { unheard, usedMs: nowMs });
  if (state.at === "closed") return open(more, nowMs, false);
  if (state.at === "connecting") return waiting(more, []);
  const sinceMs = state.sinceMs < 0 ? nowMs : state.sinceMs;
  return waiting(change(more, { sinceMs }), [{ type: "write", bytes }]);
}

function open(state: ConnectionState, nowMs: number, isSecond: boolean): Next<ConnectionState, ConnectionEffect> {
  const serial = state.serial + 1;
  return waiting(change(state, { at: "connecting", serial, openedMs: nowMs, sinceMs: -1, isSecond }), [
    { type: "open", serial },
  ]);
}

function opened(state: ConnectionState, nowMs: number): Next<ConnectionState, ConnectionEffect> {
  const effects: ConnectionEffect[] = [];
  for (const bytes of state.unheard) effects.push({ type: "write", bytes });
  const sinceMs = state.unheard.length > 0 ? nowMs : -1;
  return waiting(change(state, { at: "open", openedMs: nowMs, sinceMs, usedMs: nowMs }), effects);
}

/** What was written to a connection that has just ended is tried once more over a fresh one. */
function faulted(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { readonly type: "faulted" }>,
): Next<ConnectionState, ConnectionEffect> {
  if (state.at === "open" && state.unheard.length > 0 && !state.isSecond) return open(state, event.nowMs, true);
  const closed = change(state, { at: "closed", unheard: [], sinceMs: -1 });
  return go(closed, state.unheard.length > 0 ? [{ type: "failed", fault: event.fault }] : []);
}

function due(state: ConnectionState, nowMs: number): Next<ConnectionState, ConnectionEffect> {
  if (state.at === "closed") return stay(state);
  const atMs = deadlineOf(state);
  if (atMs < 0 || nowMs < atMs) return waiting(state, []);
  if (state.at === "connecting") return giveUp(state, "connect-timeout");
  if (state.sinceMs < 0) return go(change(state, { at: "closed" }), [{ type: "close" }]);
  return state.isSecond ? giveUp(state, "silent") : open(state, nowMs, true);
}

function giveUp(state: ConnectionState, fault: StreamFault | "silent"): Next<ConnectionState, ConnectionEffect> {
  return go(change(state, { at: "closed", unheard: [], sinceMs: -1, isSecond: false }), [
    { type: "close" },
    { type: "failed", fault },
  ]);
}

/** Never, where nothing is written and the connection is kept. */
function deadlineOf(state: ConnectionState): number {
  if (state.at === "connecting") return state.openedMs + connectMs;
  if (state.sinceMs >= 0) return state.sinceMs + (state.isSecond ? patientMs : silentMs);
  return state.kept ? -1 : state.usedMs + idleMs;
}

function waiting(state: ConnectionState, effects: ConnectionEffect[]): Next<ConnectionState, ConnectionEffect> {
  const atMs = state.at === "closed" ? -1 : deadlineOf(state);
  if (atMs >= 0) effects.push({ type: "wake", atMs });
  return go(state, effects);
}

function change(state: ConnectionState, changes: Partial<ConnectionState>): ConnectionState {
  return Object.assign({}, state, changes);
}
