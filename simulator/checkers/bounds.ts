/**
 * Bounds, as they show on a unit's wire: how long a message is, how many begin at one instant, how often one is repeated,
 * how many calls for help wait at once, how often a path is proven, how often a password is offered. A queue that grows without
 * end, or a retry that never rests, is seen here.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { parseChallenges } from "../../protocol/sip/digest.ts";
import { headerOf, type SipRequest, viewSip } from "../../protocol/sip/message.ts";
import { lookAt } from "../record/message-look.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";

export const boundsCheck = "bounds";

/** Longer than any message of a unit with every text at its longest. */
const byteLimit = 2_048;
/** New messages of one instant, heartbeats left out. */
const atOnceLimit = 24;
/** RFC 3261 17.1.2.2: a request over UDP goes out eleven times in the 32 s of timer F; the same again for each route. */
const sameLimit = 12;
/** Reports that a unit holds. */
const waitingLimit = 32;
/** New messages that leave a unit in one minute: four paths for each of its reports, and no more. */
const minuteLimit = 4 * waitingLimit;
const minuteMs = 60_000;
/** Heartbeats of ten minutes: one a minute may be asked for, and a unit whose power or network flickers has sent fifty. */
const beatLimit = 100;
const beatMs = 10 * minuteMs;
/** Credentials sent ahead, and those that the first challenge asked for: whoever refuses both knows another password. */
const refusalLimit = 2;
const challenged = Buffer.from("SIP/2.0 401 ");
/** Transactions whose repetitions are still counted. */
const followedLimit = 64;

interface Row {
  /** Times that a transaction (RFC 3261 8.1.1.7, `branch`) has left, newest last. */
  readonly sent: Map<string, number>;
  atMs: number;
  atOnce: number;
  minute: number;
  inMinute: number;
  /** When the latest heartbeats first left, by their references, the oldest first. */
  readonly beats: Map<string, number>;
  /** By conversation (From tag): transactions in which credentials were asked for, though no nonce had grown old. */
  readonly refused: Map<string, Set<string>>;
  readonly blamed: Set<string>;
}

export class Bounds implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  private readonly rows: readonly Row[];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[]) {
    this.sight = sight;
    this.residents = residents;
    this.rows = residents.map(() => ({
      sent: new Map(),
      atMs: -1,
      atOnce: 0,
      minute: -1,
      inMinute: 0,
      beats: new Map(),
      refused: new Map(),
      blamed: new Set(),
    }));
    this.findings = new Findings();
    sight.listen((atMs, unit, request, sip) => this.requested(atMs, unit, request, sip));
  }

  datagram(atMs: number, unit: number, _route: string, direction: "sent" | "received", bytes: Uint8Array): void {
    if (direction === "sent" && bytes.length > byteLimit)
      this.blame(atMs, unit, "length", `a message of ${bytes.length} bytes left, more than ${byteLimit}`);
    const row = this.rows[unit];
    if (row === undefined) return;
    const look = lookAt(bytes);
    if (direction === "received" && look.begins(challenged)) this.challenged(atMs, unit, row, bytes);
    else if (direction === "sent" && look.isBeat && look.isRequest) this.beaten(atMs, unit, row, look.ref);
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(boundsCheck, "what a unit sends, repeats and keeps waiting stays within its limits");
  }

  private requested(atMs: number, unit: number, _request: ScaipRequest, sip: SipRequest): void {
    const row = this.rows[unit];
    const branch = sip.via[0]?.branch;
    if (row === undefined || branch === undefined) return;
    const times = (row.sent.get(branch) ?? 0) + 1;
    if (times === 1) this.begun(atMs, unit, row);
    row.sent.set(branch, times);
    if (row.sent.size > followedLimit) row.sent.delete(row.sent.keys().next().value as string);
    if (times > sameLimit)
      this.blame(atMs, unit, "repeats", `one and the same request left ${times} times, more than ${sameLimit}`);
  }

  private begun(atMs: number, unit: number, row: Row): void {
    row.atOnce = row.atMs === atMs ? row.atOnce + 1 : 1;
    row.atMs = atMs;
    const minute = Math.floor(atMs / minuteMs);
    row.inMinute = row.minute === minute ? row.inMinute + 1 : 1;
    row.minute = minute;
    if (row.atOnce > atOnceLimit)
      this.blame(atMs, unit, "at once", `${row.atOnce} messages began at one instant, more than ${atOnceLimit}`);
    if (row.inMinute > minuteLimit)
      this.blame(atMs, unit, "minute", `${row.inMinute} messages began in one minute, more than ${minuteLimit}`);
    const waiting = this.waiting(unit);
    if (waiting > waitingLimit)
      this.blame(atMs, unit, "waiting", `${waiting} calls for help wait at once, more than ${waitingLimit}`);
  }

  private beaten(atMs: number, unit: number, row: Row, ref: string): void {
    const { beats } = row;
    if (beats.has(ref)) return;
    beats.set(ref, atMs);
    for (const [old, sentMs] of beats) {
      if (sentMs > atMs - beatMs) break;
      beats.delete(old);
    }
    if (beats.size > beatLimit)
      this.blame(atMs, unit, "beats", `${beats.size} heartbeats left in ten minutes, more than ${beatLimit}`);
  }

  /** A challenge to a request that bore credentials looks like one to a request that bore none: their number tells. */
  private challenged(atMs: number, unit: number, row: Row, bytes: Uint8Array): void {
    const sip = viewSip(bytes);
    if (!sip.ok || sip.value.kind !== "response") return;
    const { from, via, cseqMethod } = sip.value;
    const branch = via[0]?.branch;
    if (from.tag === undefined || branch === undefined || (cseqMethod !== "MESSAGE" && cseqMethod !== "OPTIONS"))
      return;
    const parsed = parseChallenges(headerOf(sip.value, "WWW-Authenticate") ?? "");
    if (!parsed.ok || parsed.value[0]?.stale !== false) return;
    const branches = row.refused.get(from.tag) ?? new Set();
    row.refused.set(from.tag, branches.add(branch));
    if (row.refused.size > followedLimit) row.refused.delete(row.refused.keys().next().value as string);
    if (branches.size > refusalLimit)
      this.blame(
        atMs,
        unit,
        "password",
        `one request was asked for a password ${branches.size} times, more than ${refusalLimit}`,
      );
  }

  private waiting(unit: number): number {
    const alarms = this.sight.alarms[unit] ?? [];
    if (alarms.length <= waitingLimit) return 0;
    let waiting = 0;
    for (const { acceptedMs, sessions } of alarms)
      if (acceptedMs.length === 0 && [...sessions.values()].some((session) => session === "open")) waiting++;
    return waiting;
  }

  /** Each bound of a unit is told once. */
  private blame(atMs: number, unit: number, bound: string, what: string): void {
    const row = this.rows[unit];
    if (row === undefined || row.blamed.has(bound)) return;
    row.blamed.add(bound);
    this.findings.add(`${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${what}`);
  }
}
