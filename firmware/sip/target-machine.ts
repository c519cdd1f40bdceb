/**
 * Where one receiver is now (RFC 3263 4 without NAPTR: which transport is used is set up, not discovered). The configured
 * address comes first, so that heartbeats prove the very address that an alarm will use and no alarm waits for a name
 * server; then what the name says. A target that stays silent or fails gives way to the next one.
 */
import { go, type Next, stay } from "../machine.ts";
import type { NameAnswer, NameQuestion, Service } from "./name-answer.ts";
import { inOrder } from "./service-order.ts";
import { isAddress } from "./sources.ts";

/** Addresses that are kept of one receiver. */
export const targetLimit = 8;

/** Whoever waits for a name waits so long. */
const patienceMs = 2_000;
/** A message that finds the one before it unanswered for so long goes to the next target. */
const silentMs = 8_000;
const shortestTtlS = 60;
const longestTtlS = 6 * 3_600;

/** An address and a port. */
export interface TargetAddress {
  readonly host: string;
  readonly port: number;
}

export interface TargetState {
  readonly name: string;
  /** 0: as its services say. */
  readonly port: number;
  /** `_sips._tcp.`, `_sip._tcp.` or `_sip._udp.`, and the port where the name has no such service. */
  readonly service: string;
  readonly usualPort: number;
  /** The configured address, always known. */
  readonly configured: TargetAddress | undefined;
  readonly asking: "nothing" | NameQuestion["kind"];
  /** Number of the newest question; only its answer counts. */
  readonly serial: number;
  /** Until then somebody waits for a target, or -1. */
  readonly dueMs: number;
  /** Whose addresses are still to be asked for, and at which port the ones asked for now are. */
  readonly services: readonly Service[];
  readonly askedPort: number;
  /** What the look-up under way has brought, and how long it holds. */
  readonly found: readonly TargetAddress[];
  readonly ttlS: number;
  /** What is known from the name server, and until when. */
  readonly known: readonly TargetAddress[];
  readonly knownMs: number;
  /** The target in use: its place among the configured one and the known ones. */
  readonly place: number;
  /** The last that answered. */
  readonly good: TargetAddress | undefined;
  /** Since when the target in use owes an answer, or -1. */
  readonly silentMs: number;
  readonly dice: number;
}

export type TargetEvent =
  /** A message is to be sent; one that is `urgent` takes a target that is known, however old. */
  | { readonly type: "wanted"; readonly nowMs: number; readonly urgent: boolean }
  /** `answer` is undefined where there was none. */
  | { readonly type: "told"; readonly nowMs: number; readonly serial: number; readonly answer: NameAnswer | undefined }
  /** The receiver has answered. */
  | { readonly type: "heard"; readonly nowMs: number }
  /** That target could not be reached, or did not answer. */
  | { readonly type: "failed"; readonly nowMs: number; readonly target: TargetAddress }
  | { readonly type: "due"; readonly nowMs: number };

export type TargetEffect =
  | { readonly type: "look-up"; readonly serial: number; readonly question: NameQuestion }
  /** What waits goes there. */
  | { readonly type: "use"; readonly target: TargetAddress }
  /** What waits has nowhere to go: the name is not found. */
  | { readonly type: "give-up" }
  | { readonly type: "wake"; readonly atMs: number };

export interface TargetSetUp {
  /** An address or a name. */
  readonly host: string;
  readonly port: number;
  readonly transport: "udp" | "tcp" | "tls";
  readonly address: string | undefined;
}

/** A receiver that is set up by address has that one target for ever. */
export function startTarget(setUp: TargetSetUp, dice: number): TargetState {
  const usualPort = usualPortOf(setUp.transport);
  const address = isAddress(setUp.host) ? setUp.host : setUp.address;
  const port = setUp.port === 0 ? usualPort : setUp.port;
  return {
    name: isAddress(setUp.host) ? "" : setUp.host,
    port: setUp.port,
    service: setUp.transport === "tls" ? "_sips._tcp." : setUp.transport === "tcp" ? "_sip._tcp." : "_sip._udp.",
    usualPort,
    configured: address === undefined ? undefined : { host: address, port },
    asking: "nothing",
    serial: 0,
    dueMs: -1,
    services: [],
    askedPort: port,
    found: [],
    ttlS: longestTtlS,
    known: [],
    knownMs: -1,
    place: 0,
    good: undefined,
    silentMs: -1,
    dice: dice === 0 ? 1 : dice,
  };
}

/** The port where nobody names one (RFC 3261 19.1.2). */
export function usualPortOf(transport: TargetSetUp["transport"]): number {
  return transport === "tls" ? 5061 : 5060;
}

export function stepTarget(state: TargetState, event: TargetEvent): Next<TargetState, TargetEffect> {
  switch (event.type) {
    case "wanted":
      return wanted(state, event.nowMs, event.urgent);
    case "told":
      if (event.serial !== state.serial || state.asking === "nothing") return stay(state);
      return state.asking === "services"
        ? servicesTold(state, event.nowMs, event.answer)
        : addressesTold(state, event.nowMs, event.answer);
    case "heard": {
      const good = targetOf(state, event.nowMs, true) ?? state.good;
      return state.silentMs < 0 && good === state.good ? stay(state) : go(change(state, { good, silentMs: -1 }), []);
    }
    case "failed":
      return sameTarget(targetOf(state, event.nowMs, true), event.target)
        ? go(moveOn(state, event.nowMs), [])
        : stay(state);
    case "due":
      return due(state, event.nowMs);
  }
}

function wanted(state: TargetState, nowMs: number, urgent: boolean): Next<TargetState, TargetEffect> {
  const isSilent = state.silentMs >= 0 && nowMs - state.silentMs >= silentMs;
  const moved = isSilent ? moveOn(state, nowMs) : state;
  const target = targetOf(moved, nowMs, false);
  if (target !== undefined) return use(moved, nowMs, target, []);
  const isAsking = moved.dueMs >= 0 && moved.asking !== "nothing";
  const asked = isAsking ? go<TargetState, TargetEffect>(moved, []) : lookUp(moved, nowMs);
  const stale = targetOf(asked.state, nowMs, true);
  if (!urgent || (stale === undefined && moved.good === undefined)) return asked;
  const held = stale === undefined ? backTo(asked.state, moved.good as TargetAddress) : asked.state;
  return use(held, nowMs, targetOf(held, nowMs, true) as TargetAddress, asked.effects);
}

function use(
  state: TargetState,
  nowMs: number,
  target: TargetAddress,
  before: readonly TargetEffect[],
): Next<TargetState, TargetEffect> {
  const effects = before.concat({ type: "use", target });
  return go(change(state, { silentMs: state.silentMs < 0 ? nowMs : state.silentMs }), effects);
}

function lookUp(state: TargetState, nowMs: number): Next<TargetState, TargetEffect> {
  const fresh = change(state, { found: [], services: [], ttlS: longestTtlS, askedPort: portOf(state) });
  const kind = state.port === 0 ? "services" : "addresses";
  return ask(fresh, kind, kind === "services" ? state.service + state.name : state.name, nowMs + patienceMs);
}

function ask(
  state: TargetState,
  kind: NameQuestion["kind"],
  name: string,
  dueMs: number,
): Next<TargetState, TargetEffect> {
  const serial = state.serial + 1;
  const question: NameQuestion = { kind, name };
  return waiting(change(state, { asking: kind, serial }), dueMs, [{ type: "look-up", serial, question }]);
}

function waiting(state: TargetState, dueMs: number, effects: TargetEffect[]): Next<TargetState, TargetEffect> {
  if (dueMs >= 0) effects.push({ type: "wake", atMs: dueMs });
  return go(change(state, { dueMs }), effects);
}

/** Without such a service the name's own addresses serve, at the usual port (RFC 3263 4.2). */
function servicesTold(
  state: TargetState,
  nowMs: number,
  answer: NameAnswer | undefined,
): Next<TargetState, TargetEffect> {
  const dice = { dice: state.dice };
  const services = answer === undefined ? [] : inOrder(answer.services, dice);
  // Some name services tell it of addresses alone.
  const ttlS = answer === undefined || answer.ttlS === 0 ? state.ttlS : Math.min(state.ttlS, answer.ttlS);
  const told = change(state, { services, ttlS, dice: dice.dice });
  return services.length === 0 ? ask(told, "addresses", state.name, state.dueMs) : askNext(told, nowMs);
}

/** Asks for the addresses of the next server, or ends the look-up. */
function askNext(state: TargetState, nowMs: number): Next<TargetState, TargetEffect> {
  const service = state.services[0];
  if (service === undefined || state.found.length >= targetLimit) return lookedUp(state, nowMs);
  const services: Service[] = [];
  for (let i = 1; i < state.services.length; i++) services.push(state.services[i] as Service);
  return ask(change(state, { services, askedPort: service.port }), "addresses", service.host, state.dueMs);
}

/** Where none is known to be good, the first address serves whoever waits; the others are asked for beside it. */
function addressesTold(
  state: TargetState,
  nowMs: number,
  answer: NameAnswer | undefined,
): Next<TargetState, TargetEffect> {
  if (answer === undefined || answer.addresses.length === 0) return askNext(state, nowMs);
  const found = state.found.concat();
  for (const host of answer.addresses) if (found.length < targetLimit) found.push({ host, port: state.askedPort });
  const told = change(state, { found, ttlS: Math.min(state.ttlS, answer.ttlS) });
  const served = state.good === undefined ? serve(told, nowMs) : go<TargetState, TargetEffect>(told, []);
  const next = askNext(served.state, nowMs);
  return go(next.state, served.effects.concat(next.effects));
}

function lookedUp(state: TargetState, nowMs: number): Next<TargetState, TargetEffect> {
  const ended = change(state, { asking: "nothing", services: [] });
  return state.found.length === 0 ? fallBack(ended, nowMs) : serve(ended, nowMs);
}

/** What was found is known from now on: the good one among it is used, else the first. */
function serve(state: TargetState, nowMs: number): Next<TargetState, TargetEffect> {
  const first = state.configured === undefined ? 0 : 1;
  let place = state.place < first ? state.place : first;
  for (let i = 0; i < state.found.length; i++)
    if (place >= first && sameTarget(state.good, state.found[i] as TargetAddress)) place = first + i;
  const knownMs = nowMs + 1_000 * Math.min(longestTtlS, Math.max(shortestTtlS, state.ttlS));
  const known = change(state, { known: state.found, knownMs, place });
  if (state.dueMs < 0) return go(known, []);
  return use(change(known, { dueMs: -1 }), nowMs, targetOf(known, nowMs, true) as TargetAddress, []);
}

/** No name server helps: the last good address, then the configured one. */
function fallBack(state: TargetState, nowMs: number): Next<TargetState, TargetEffect> {
  if (state.dueMs < 0) return go(state, []);
  const helped = change(state, { dueMs: -1 });
  if (state.good !== undefined) return use(backTo(helped, state.good), nowMs, state.good, []);
  if (state.configured !== undefined) return use(change(helped, { place: 0 }), nowMs, state.configured, []);
  return go(helped, [{ type: "give-up" }]);
}

/** The last good one is in use again, until a name server is heard. */
function backTo(state: TargetState, good: TargetAddress): TargetState {
  if (state.configured !== undefined && sameTarget(state.configured, good)) return change(state, { place: 0 });
  return change(state, { known: [good], knownMs: -1, place: state.configured === undefined ? 0 : 1 });
}

function due(state: TargetState, nowMs: number): Next<TargetState, TargetEffect> {
  if (state.dueMs < 0) return stay(state);
  return nowMs < state.dueMs ? waiting(state, state.dueMs, []) : fallBack(state, nowMs);
}

/** Past the last one the row begins anew, with what the name server says by then. */
function moveOn(state: TargetState, nowMs: number): TargetState {
  const count = (state.configured === undefined ? 0 : 1) + state.known.length;
  const isOnly = count === 1 && state.configured !== undefined && state.name === "";
  if (isOnly) return change(state, { silentMs: -1 });
  const place = state.place + 1;
  const isOver = place > count || (place === count && state.known.length > 0);
  const knownMs = isOver ? Math.min(state.knownMs, nowMs) : state.knownMs;
  return change(state, { place: isOver ? 0 : place, knownMs, silentMs: -1 });
}

/** The target in use; undefined where a name server has to be asked first. `stale`: what it said may be too old. */
function targetOf(state: TargetState, nowMs: number, stale: boolean): TargetAddress | undefined {
  const first = state.configured === undefined ? 0 : 1;
  if (state.place < first) return state.configured;
  return stale || nowMs < state.knownMs ? state.known[state.place - first] : undefined;
}

function portOf(state: TargetState): number {
  return state.port === 0 ? state.usualPort : state.port;
}

function sameTarget(one: TargetAddress | undefined, other: TargetAddress): boolean {
  return one !== undefined && one.host === other.host && one.port === other.port;
}

function change(state: TargetState, changes: Partial<TargetState>): TargetState {
  return Object.assign({}, state, changes);
}
