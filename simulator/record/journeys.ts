/**
 * Follows the messages of each press from the unit's order to send to the receiver's answer, as seen at both ends of the
 * way (SS 91100 4.1, RFC 3428): what ladder diagrams are drawn from. Bounded, since an alarm that nobody takes is sent for ever.
 */
import type { AlarmEffect, Attempt } from "../../firmware/alarm/alarm-state.ts";
import type { Report, Route } from "../../firmware/alarm/report.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { numberFromRef, partFromRef } from "../../protocol/scaip/stem.ts";
import { viewSip } from "../../protocol/sip/message.ts";
import { unitOfAddress } from "../network/network.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import type { ReceiverTransport } from "../peers/receiver-transactions.ts";
import type { Resident } from "../residents.ts";
import { lookAt, type MessageLook } from "./message-look.ts";
import type { Journey, JourneyTry } from "./run-result.ts";
import type { Witness } from "./witness.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Of the tries of one alarm the first and the last ones are kept. */
export const firstTries = 4;
export const lastTries = 3;
/** Alarms of a run that are followed. */
const mostJourneys = 20_000;
/** Tries of one unit whose answers are still waited for. */
const waitingLimit = 24;
/** Messages at receivers whose `mrs` is still waited for. */
const heldLimit = 4_000;
const [unauthorized, proxyUnauthorized] = [401, 407];

const prefixLength = 5;
const stemLength = 12;
const refLength = 15;
const acceptedMark = Buffer.from("<snu>0<");

interface Waiting {
  readonly row: Mutable<JourneyTry>;
  readonly journey: Mutable<Journey>;
  /** The unit's name for this order, and the report and the session that it is about. */
  readonly attempt: Attempt;
  /** The unit has given it up: what leaves from now on is of another order. */
  isStopped: boolean;
  callId: string;
  ref: string;
}

export class JourneyBook implements Witness {
  readonly rows: Journey[];
  private readonly residents: readonly Resident[];
  private readonly limit: number;
  /** By unit: the alarms that it has open, by number, and the tries that may still be answered, oldest first. */
  private readonly open: Map<number, Mutable<Journey>>[];
  private readonly waiting: Waiting[][];
  /** What a receiver's front has this moment, and what its application has to answer, by receiver and its own number. */
  private arriving: { readonly atMs: number; readonly receiver: number; readonly one: Waiting } | undefined;
  private readonly held: Map<string, Waiting>;

  constructor(residents: readonly Resident[], limit: number = mostJourneys) {
    this.rows = [];
    this.residents = residents;
    this.limit = limit;
    this.open = residents.map(() => new Map());
    this.waiting = residents.map(() => []);
    this.arriving = undefined;
    this.held = new Map();
  }

  /** What it says of an alarm from now on is a journey of its own: after a wipe the same number names another alarm. */
  started(_atMs: number, unit: number): void {
    this.open[unit]?.clear();
  }

  stepped(atMs: number, unit: number, machine: string, _event: object, effects: readonly object[]): void {
    if (machine !== "alarm") return;
    for (const effect of effects as readonly AlarmEffect[])
      if (effect.type === "send" && effect.report.facts.kind === "user-alarm")
        this.begun(atMs, unit, effect.attempt, effect.report);
      else if (effect.type === "stop")
        for (const one of this.waiting[unit] ?? []) if (one.attempt.id === effect.attempt) one.isStopped = true;
  }

  datagram(atMs: number, unit: number, route: Route, direction: "sent" | "received", bytes: Uint8Array): void {
    const waiting = this.waiting[unit];
    if (waiting === undefined || waiting.length === 0) return;
    const look = lookAt(bytes);
    if (direction === "received") received(atMs, waiting, look);
    else if (look.isRequest && !look.isBeat) sent(atMs, waiting, route, look);
  }

  packet(
    atMs: number,
    receiver: number,
    direction: "sent" | "received",
    bytes: Uint8Array,
    far: Endpoint,
    _transport: ReceiverTransport,
  ): void {
    if (direction === "sent") return;
    this.arriving = undefined;
    const waiting = this.waiting[unitOfAddress(far.host)];
    if (waiting === undefined || waiting.length === 0) return;
    const sip = viewSip(bytes);
    const one = sip.ok ? waiting.find(({ callId }) => callId === sip.value.callId) : undefined;
    if (one === undefined) return;
    one.row.heardMs ??= atMs;
    this.arriving = { atMs, receiver, one };
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    if (sign.type !== "heard" && sign.type !== "answered") return;
    const key = `${receiver} ${sign.id}`;
    if (sign.type === "heard") {
      const { arriving, held } = this;
      if (arriving === undefined || arriving.receiver !== receiver || arriving.atMs !== atMs) return;
      held.set(key, arriving.one);
      if (held.size > heldLimit) held.delete(held.keys().next().value as string);
      return;
    }
    const row = this.held.get(key)?.row;
    this.held.delete(key);
    if (row === undefined || row.repliedMs !== null) return;
    row.repliedMs = atMs;
    row.snu = sign.snu;
  }

  private begun(atMs: number, unit: number, attempt: Attempt, report: Report): void {
    const { what, path } = attempt;
    const journey = this.journeyOf(atMs, unit, report);
    const resident = this.residents[unit];
    const waiting = this.waiting[unit];
    if (journey === undefined || resident === undefined || waiting === undefined) return;
    const row: Mutable<JourneyTry> = {
      what,
      route: path.route,
      receiver: resident.group.receivers[path.receiver] ?? "",
      startedMs: atMs,
      sentMs: null,
      packets: 0,
      heardMs: null,
      carriedMs: null,
      status: null,
      repliedMs: null,
      snu: null,
      answeredMs: null,
    };
    const tries = journey.tries as JourneyTry[];
    if (tries.length >= firstTries + lastTries) {
      const [gone] = tries.splice(firstTries, 1);
      journey.leftOut++;
      const at = waiting.findIndex((one) => one.row === gone);
      if (at >= 0) waiting.splice(at, 1);
    }
    tries.push(row);
    waiting.push({ row, journey, attempt, isStopped: false, callId: "", ref: "" });
    if (waiting.length > waitingLimit) waiting.shift();
  }

  private journeyOf(atMs: number, unit: number, { number }: Report): Mutable<Journey> | undefined {
    const open = this.open[unit];
    const known = open?.get(number);
    if (known !== undefined || open === undefined || this.rows.length >= this.limit) return known;
    const journey: Mutable<Journey> = {
      unit: this.residents[unit]?.name ?? "",
      stem: null,
      beganMs: atMs,
      tries: [],
      leftOut: 0,
    };
    open.set(number, journey);
    this.rows.push(journey);
    return journey;
  }
}

/** A repeated packet is known by its Call-ID; a new message belongs to the newest order of its kind over that route. */
function sent(atMs: number, waiting: readonly Waiting[], route: Route, { text, bytes }: MessageLook): void {
  const sip = viewSip(bytes);
  if (!sip.ok || sip.value.kind !== "request") return;
  const { callId } = sip.value;
  const known = waiting.find((one) => one.callId === callId);
  if (known !== undefined) {
    known.row.packets++;
    return;
  }
  const ref = refIn(text);
  const number = numberFromRef(ref.slice(0, prefixLength), ref);
  const part = partFromRef(ref);
  const what = kindIn(text);
  const found = waiting.findLast(
    ({ attempt, row, isStopped }) =>
      !isStopped &&
      row.sentMs === null &&
      row.route === route &&
      row.what === what &&
      attempt.number === number &&
      attempt.part === part,
  );
  if (found === undefined) return;
  found.callId = callId;
  found.ref = ref;
  found.row.sentMs = atMs;
  found.row.packets = 1;
  found.journey.stem ??= ref.slice(0, stemLength);
}

function received(atMs: number, waiting: Waiting[], { text, bytes, isAnswer }: MessageLook): void {
  if (isAnswer) {
    const ref = refIn(text);
    const found = waiting.find((one) => one.ref === ref && one.row.repliedMs !== null && one.row.answeredMs === null);
    if (found === undefined) return;
    found.row.answeredMs = atMs;
    if (text.indexOf(acceptedMark) >= 0) waiting.splice(waiting.indexOf(found), 1);
    return;
  }
  const sip = viewSip(bytes);
  if (!sip.ok || sip.value.kind !== "response") return;
  const { callId, status } = sip.value;
  const row = waiting.find((one) => one.callId === callId)?.row;
  if (row === undefined || status < 200) return;
  // Who is asked for a password asks again in the same call; the answer to that is the one that counts.
  if (row.status !== null && row.status !== unauthorized && row.status !== proxyUnauthorized) return;
  row.carriedMs = atMs;
  row.status = status;
}

function kindIn(text: Buffer): string {
  const at = text.indexOf("<mty>");
  return at < 0 ? "ME" : text.toString("latin1", at + 5, at + 7);
}

function refIn(text: Buffer): string {
  const at = text.indexOf("<ref>") + 5;
  return at < 5 ? "" : text.toString("latin1", at, at + refLength);
}
