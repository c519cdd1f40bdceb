/**
 * The order of kinds: what is less urgent than a person's call for help delays it by one message at the most. Looked at
 * where it matters: between a press that the unit has taken over and its first message, and between a path that is back
 * and the next try of a call that waits. A call whose turn does not come while other things leave is delayed too. While a call
 * that nobody answers goes from path to path, no report that is no alarm begins beside it.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { lookAt } from "../record/message-look.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { type AlarmSight, isCallForHelp, isOfButton, type SeenAlarm, toldSinceMs } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

export const orderOfKindsCheck = "order-of-kinds";

/** Somebody who waits for a message of his call to leave, and what left before it. */
interface Wait {
  readonly why: string;
  readonly before: Set<string>;
  /** Whether another of the unit's messages has left meanwhile, and when something came over a route after that: from then on the call could have left. */
  hasOtherLeft: boolean;
  passedMs: number | undefined;
}

interface Row {
  /** By button. */
  readonly presses: Map<number, Wait>;
  readonly newestMs: Map<number, number>;
  back: Wait | undefined;
  heardMs: number;
  startedMs: number;
  /** Since when calls are tried without a pause and without anything that came back, and when last; -1: they are not. */
  raceMs: number;
  triedMs: number;
  /** Tries (RFC 3261 8.1.1.7, `branch`) and reports that have left, the newest last. */
  readonly tries: Set<string>;
  readonly lower: Set<string>;
}

const stemLength = 12;
/** A path that brings nothing for so long, beats and checks included, is lost; what is heard then means that one is back. */
const silenceMs = 600_000;
/** Where one message goes a call goes too: with the next round, 5 s away at the most, whose second path is tried 5 s later. */
const promptMs = 12_000;
/** A try of a call goes on for so long where nothing answers it; in the first part of that not even a new round is due. */
const tryMs = 18_100;
const freshTryMs = 10_000;
/** A less urgent report that begins before a call may show for the first time so much later: with its second path, or its third. */
const hiddenMs = 17_000;
const followedLimit = 64;
/** What accessories call for races as a person's call does (SS 91100 annex C): automatic, door open, left open, away for too long. */
const racedCodes: readonly (number | undefined)[] = [9, 76, 77, 104];
/** So many of what overtook a call are named. */
const foundLimit = 4;

export class OrderOfKinds implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  private readonly rows: Row[];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[], hindrances: Hindrances) {
    this.sight = sight;
    this.residents = residents;
    this.hindrances = hindrances;
    this.rows = residents.map(() => ({
      presses: new Map(),
      newestMs: new Map(),
      back: undefined,
      heardMs: 0,
      startedMs: 0,
      raceMs: -1,
      triedMs: -1,
      tries: new Set(),
      lower: new Set(),
    }));
    this.findings = new Findings();
    sight.listen((atMs, unit, request, sip) => {
      this.requested(atMs, unit, request);
      this.raced(atMs, unit, request, sip.via[0]?.branch ?? "");
    });
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.rows[unit]?.newestMs.set(button, atMs);
  }

  /** A press that joins a call which has left and waits is not overtaken: that call goes its rounds. */
  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    const row = this.rows[unit];
    const pressMs = row?.newestMs.get(button);
    if (row === undefined || signal !== "received" || pressMs === undefined || row.presses.has(button)) return;
    const isUnderway = (this.sight.alarms[unit] ?? []).some(
      (alarm) =>
        isOfButton(alarm, button) &&
        (toldSinceMs(alarm, pressMs) !== undefined || (isWaiting(alarm) && alarm.lastSentMs >= row.startedMs)),
    );
    if (isUnderway) return;
    const why = `button ${button}, taken over at ${instant(atMs)}`;
    row.presses.set(button, { why, before: new Set(), hasOtherLeft: false, passedMs: undefined });
  }

  /** A restart begins with what is kept: the call goes first again. */
  started(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    row.startedMs = atMs;
    row.raceMs = -1;
    for (const [button, { why }] of [...row.presses])
      row.presses.set(button, { why, before: new Set(), hasOtherLeft: false, passedMs: undefined });
  }

  /** Who takes back a press on the unit waits for nothing. */
  keyTouched(_atMs: number, unit: number, key: string): void {
    const row = this.rows[unit];
    if (row === undefined || key !== "cancel") return;
    row.presses.clear();
    row.raceMs = -1;
  }

  fell(_atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row !== undefined) row.raceMs = -1;
  }

  datagram(atMs: number, unit: number, _route: string, direction: "sent" | "received", bytes: Uint8Array): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    if (direction === "sent") {
      if (row.presses.size > 0) this.messageLeft(row, bytes);
      return;
    }
    row.raceMs = -1;
    for (const wait of row.presses.values()) if (wait.hasOtherLeft) wait.passedMs ??= atMs;
    const wasSilent = atMs - row.heardMs >= silenceMs;
    row.heardMs = atMs;
    if (!wasSilent || row.back !== undefined || !this.hasWaiting(unit)) return;
    const why = `a call for help, with a path back at ${instant(atMs)}`;
    row.back = { why, before: new Set(), hasOtherLeft: false, passedMs: undefined };
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(orderOfKindsCheck, "no call for help waits for more than one less urgent message");
  }

  /** A heartbeat or a report: where that goes and something comes back, a call goes too. */
  private messageLeft({ presses }: Row, bytes: Uint8Array): void {
    if (!lookAt(bytes).isRequest) return;
    for (const wait of presses.values()) wait.hasOtherLeft = true;
  }

  private requested(atMs: number, unit: number, { mty, ref, dty, stc }: ScaipRequest): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    const isCall = isCallForHelp(dty, stc);
    if (isCall || mty === "RE" || mty === "IN") {
      if (isCall) this.callLeft(atMs, unit, row, ref);
      return;
    }
    for (const { before } of row.presses.values()) if (before.size < foundLimit) before.add(ref);
    if (row.back === undefined) return;
    if (!this.hasWaiting(unit)) row.back = undefined;
    // Where nobody answered for so long it may have been under way to each receiver.
    else if (row.back.before.size < foundLimit) row.back.before.add(ref.slice(0, stemLength));
  }

  /** `branch` tells a new try from one that is said again. */
  private raced(atMs: number, unit: number, { mty, ref, dty, stc }: ScaipRequest, branch: string): void {
    const row = this.rows[unit];
    if (row === undefined || (mty ?? "ME") !== "ME") return;
    const stem = ref.slice(0, stemLength);
    if (isCallForHelp(dty, stc)) {
      if (!noteNew(row.tries, branch) || !this.hasWaiting(unit)) return;
      if (row.raceMs < 0 || atMs - row.triedMs > tryMs) row.raceMs = atMs;
      row.triedMs = atMs;
      return;
    }
    if (racedCodes.includes(stc) || !noteNew(row.lower, stem) || row.raceMs < 0 || atMs - row.raceMs < hiddenMs) return;
    if (atMs - row.triedMs > freshTryMs || !this.hasWaiting(unit)) return;
    const since = `a call for help, tried since ${instant(row.raceMs)}`;
    this.findings.add(`${this.residents[unit]?.name ?? ""}: ${since}, and ${stem} began beside it at ${instant(atMs)}`);
  }

  /** What never leaves has not been overtaken but lost, which is for another to find. */
  private callLeft(atMs: number, unit: number, row: Row, ref: string): void {
    if (row.back !== undefined) this.judge(atMs, unit, row.back);
    row.back = undefined;
    const alarm = this.sight.alarms[unit]?.find(({ stem }) => stem === ref.slice(0, stemLength));
    if (alarm === undefined) return;
    for (const [button, wait] of [...row.presses]) {
      if (!isOfButton(alarm, button)) continue;
      this.judge(atMs, unit, wait);
      row.presses.delete(button);
    }
  }

  private judge(atMs: number, unit: number, { why, before, passedMs }: Wait): void {
    const resident = this.residents[unit] as Resident;
    // A modem that stands still when the call's turn comes takes no message of it.
    const isStuck = passedMs !== undefined && this.hindrances.stoodStill(resident, passedMs, passedMs + promptMs);
    const waitedMs = passedMs === undefined || isStuck ? 0 : atMs - passedMs;
    if (before.size < 2 && waitedMs <= promptMs) return;
    const refs = before.size < 2 ? `what was answered at ${instant(passedMs ?? 0)}` : [...before].join(" and ");
    this.findings.add(`${resident.name}: ${why}, left at ${instant(atMs)}, after ${refs}`);
  }

  private hasWaiting(unit: number): boolean {
    return (this.sight.alarms[unit] ?? []).some(isWaiting);
  }
}

/** False: it had left before. */
function noteNew(known: Set<string>, one: string): boolean {
  if (known.has(one)) return false;
  known.add(one);
  if (known.size > followedLimit) known.delete(known.values().next().value as string);
  return true;
}

function isWaiting({ acceptedMs, sessions }: SeenAlarm): boolean {
  return acceptedMs.length === 0 && [...sessions.values()].some((session) => session === "open");
}
