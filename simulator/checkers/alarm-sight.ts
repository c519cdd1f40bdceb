/**
 * What can be seen of alarms from outside the firmware: the messages that leave and reach each unit, read from their
 * bytes. The checkers judge by this and by what people see, never by what a unit thinks of itself.
 */

import { parsePressed, utcText } from "../../protocol/scaip/pressed.ts";
import { decodeRequest, type ScaipRequest } from "../../protocol/scaip/request.ts";
import { decodeResponse } from "../../protocol/scaip/response.ts";
import { type SipRequest, viewSip } from "../../protocol/sip/message.ts";
import { lookAt } from "../record/message-look.ts";
import type { Resident } from "../residents.ts";

/** One call for help as its own messages tell it: a press, a fall, a pulled cord, a key of the unit. */
export interface SeenAlarm {
  readonly unit: number;
  /** Twelve characters. */
  readonly stem: string;
  /** Button it came from, from 1; 0 where it came from something else; undefined where the message is too short to say. */
  readonly button: number | undefined;
  /** What it came from, as far as the message says: device identity, device type and component (SS 91100 table 1). */
  readonly source: string;
  /** The press time that the message bears, in virtual ms (to the second); undefined where nobody can say. */
  readonly pressedMs: number | undefined;
  /** The same as the message says it, "2026-01-14T08:10:05Z"; undefined while the unit knows no time. */
  readonly reportedTime: string | undefined;
  readonly firstSentMs: number;
  lastSentMs: number;
  /** Updates (`IN`) that say how often was pressed: each text with the instant it first left. */
  readonly counts: { readonly text: string; readonly atMs: number }[];
  /** Refs that left the unit, and whether a withdrawal (`RE`) has followed. */
  readonly sessions: Map<string, "open" | "withdrawn">;
  /** Refs that a receiver of the world has accepted: an `mrs` under any other comes from somebody else. */
  readonly granted: Set<string>;
  /** Those of a receiver whose certificate no unit takes: they count where no certificate is asked for, over mobile. */
  readonly doubtful: Set<string>;
  /** Instants at which an `mrs` with `snu` 0 of a receiver for a session that was not withdrawn reached the unit. */
  readonly acceptedMs: number[];
  /** The sessions of those. */
  readonly acceptedRefs: Set<string>;
  /** Those of them whose acceptance the unit has acknowledged by SIP, the first first: what has come to a modem may be lost there. */
  readonly knownRefs: Set<string>;
  /** When the acceptance of a session first came to the unit's end of a route, and when the unit first acknowledged any. */
  readonly cameMs: Map<string, number>;
  firstKnownMs: number | undefined;
}

/**
 * The sessions that the unit may have found accepted first: one alone, unless what came over the modem was acknowledged so late
 * that the other route was quicker meanwhile. Empty: it has acknowledged none.
 */
export function firstKnownRefs({ knownRefs, cameMs, firstKnownMs }: SeenAlarm): readonly string[] {
  return [...knownRefs].filter((ref) => (cameMs.get(ref) ?? 0) <= (firstKnownMs ?? -1));
}

/**
 * From when on an acceptance of `alarm` speaks of a press of its button at `pressMs`: since its message left, where that was
 * made after the press, else since an update told the count. Undefined: nothing that left tells of that press.
 */
export function toldSinceMs(alarm: SeenAlarm, pressMs: number): number | undefined {
  if (pressMs <= alarm.firstSentMs + oneTouchMs) return alarm.firstSentMs;
  return alarm.counts.find(({ atMs }) => atMs >= pressMs)?.atMs;
}

/** Whether an alarm can come from that button: one too short to say so can come from any. */
export function isOfButton(alarm: SeenAlarm, button: number): boolean {
  return alarm.button === undefined || alarm.button === button;
}

const stemLength = 12;
/** Two presses within one closing of the contact are one to the button. */
const oneTouchMs = 500;
/**
 * Device type and status code of a call for help (SS 91100 annexes A and C): by hand 10, automatic 9, assistance 110. Whatever else
 * a device tells, such as its battery or smoke, nobody was promised an answer to.
 */
const localUnit = 2;
const personalTrigger = 3;
const fixedTrigger = 4;
const fallDetector = 5;
const callCodes: readonly { readonly dty: number; readonly stc: number }[] = [
  { dty: localUnit, stc: 10 },
  { dty: localUnit, stc: 110 },
  { dty: personalTrigger, stc: 10 },
  { dty: fixedTrigger, stc: 10 },
  { dty: fallDetector, stc: 9 },
];

/** Whether a message with these codes is somebody's call for help. */
export function isCallForHelp(dty: number | undefined, stc: number | undefined): boolean {
  return callCodes.some((code) => code.dty === dty && code.stc === stc);
}

const countText = /^pressed \d+ times(;|$)/;

const acknowledgement = Buffer.from("SIP/2.0 200 ");
/** So many acceptances may wait to be read at once. */
const unreadLimit = 64;

/** Hears of every request but heartbeats that leaves a unit, once for each time it leaves. */
export type RequestListener = (atMs: number, unit: number, request: ScaipRequest, sip: SipRequest) => void;

export class AlarmSight {
  /** By unit, in the order they were first seen. */
  readonly alarms: SeenAlarm[][];
  /** By unit: when anything at all last left it; -1 before. */
  readonly lastSentMs: number[];
  private readonly residents: readonly Resident[];
  private readonly byCid: ReadonlyMap<string, number>;
  private readonly listeners: RequestListener[];
  private readonly startWallMs: number;
  /** By unit: when its clock began; undefined where an alarm may be of an earlier life, whose clock nobody knows. */
  private readonly bootMs: (number | undefined)[];
  private readonly hasLived: boolean[];
  /** By unit: acceptances (Call-ID and reference) that may still lie in the modem. */
  private readonly unread: Map<string, string>[];

  constructor(residents: readonly Resident[], startWallMs: number) {
    this.residents = residents;
    this.byCid = new Map(residents.map(({ cid, index }) => [cid, index]));
    this.listeners = [];
    this.startWallMs = startWallMs;
    this.alarms = residents.map(() => []);
    this.bootMs = residents.map(() => undefined);
    this.hasLived = residents.map(() => false);
    this.lastSentMs = residents.map(() => -1);
    this.unread = residents.map(() => new Map<string, string>());
  }

  /** `listener` is told after the alarms here are up to date. */
  listen(listener: RequestListener): void {
    this.listeners.push(listener);
  }

  /** The unit was switched on: its own clock begins at 0. */
  started(atMs: number, unit: number): void {
    this.bootMs[unit] = this.hasLived[unit] === true ? undefined : atMs;
    this.hasLived[unit] = true;
  }

  sent(atMs: number, unit: number, bytes: Uint8Array): void {
    this.lastSentMs[unit] = atMs;
    const look = lookAt(bytes);
    if ((this.unread[unit]?.size ?? 0) > 0 && look.begins(acknowledgement)) this.acknowledged(atMs, unit, bytes);
    // Beats are many and say nothing of alarms.
    if (look.isBeat || !look.isRequest) return;
    const sip = viewSip(bytes);
    if (!sip.ok || sip.value.kind !== "request") return;
    const decoded = decodeRequest(sip.value.body);
    if (!decoded.ok) return;
    const request = decoded.value;
    this.take(atMs, unit, request);
    for (const listener of this.listeners) listener(atMs, unit, request, sip.value);
  }

  /** A receiver has sent an `mrs`. */
  answered(
    { cid, ref, snu }: { readonly cid: string; readonly ref: string; readonly snu: number },
    isStrange = false,
  ): void {
    const unit = snu === 0 ? this.byCid.get(cid) : undefined;
    const alarm = unit === undefined ? undefined : this.find(unit, ref.slice(0, stemLength));
    alarm?.granted.add(ref);
    if (isStrange) alarm?.doubtful.add(ref);
  }

  received(atMs: number, unit: number, bytes: Uint8Array, route: "broadband" | "mobile" = "mobile"): void {
    const look = lookAt(bytes);
    if (!look.isAcceptance || this.alarms[unit]?.length === 0) return;
    const { ref } = look;
    const alarm = this.find(unit, ref.slice(0, stemLength));
    const isOpen = alarm?.sessions.get(ref) === "open";
    if (route === "broadband" && alarm?.doubtful.has(ref) === true) return;
    if (alarm === undefined || !alarm.granted.has(ref) || (!isOpen && !alarm.acceptedRefs.has(ref))) return;
    const sip = viewSip(bytes);
    const response = sip.ok ? decodeResponse(sip.value.body) : undefined;
    if (response?.ok !== true || response.value.snu !== 0) return;
    if (isOpen) {
      alarm.acceptedMs.push(atMs);
      alarm.acceptedRefs.add(ref);
    }
    const unread = this.unread[unit];
    if (unread === undefined || !sip.ok || !alarm.acceptedRefs.has(ref)) return;
    if (!alarm.cameMs.has(ref)) alarm.cameMs.set(ref, atMs);
    unread.set(sip.value.callId, ref);
    if (unread.size > unreadLimit) unread.delete(unread.keys().next().value as string);
  }

  /** The unit has answered 200 to a request. */
  private acknowledged(atMs: number, unit: number, bytes: Uint8Array): void {
    const sip = viewSip(bytes);
    const ref = sip.ok ? this.unread[unit]?.get(sip.value.callId) : undefined;
    const alarm = ref === undefined ? undefined : this.find(unit, ref.slice(0, stemLength));
    if (ref === undefined || alarm === undefined) return;
    alarm.knownRefs.add(ref);
    alarm.firstKnownMs ??= atMs;
  }

  private take(atMs: number, unit: number, request: ScaipRequest): void {
    const { ref, ite } = request;
    const known = this.find(unit, ref.slice(0, stemLength));
    switch (request.mty ?? "ME") {
      case "ME":
        this.alarmSent(atMs, unit, request, known);
        return;
      case "IN":
        if (known === undefined || ite === undefined || !countText.test(ite)) return;
        if (!known.counts.some(({ text }) => text === ite)) known.counts.push({ text: ite, atMs });
        return;
      case "RE":
        known?.sessions.set(ref, "withdrawn");
    }
  }

  private alarmSent(atMs: number, unit: number, request: ScaipRequest, known: SeenAlarm | undefined): void {
    const { ref, did, dty, dco, stc, ite } = request;
    if (known !== undefined) {
      known.lastSentMs = atMs;
      if (!known.sessions.has(ref)) known.sessions.set(ref, "open");
      return;
    }
    if (!isCallForHelp(dty, stc)) return;
    this.alarms[unit]?.push({
      unit,
      stem: ref.slice(0, stemLength),
      button: this.buttonOf(unit, dty, did),
      source: `${did ?? ""} ${dty} ${dco ?? ""}`,
      ...this.pressTime(unit, ite),
      firstSentMs: atMs,
      lastSentMs: atMs,
      counts: [],
      sessions: new Map([[ref, "open"]]),
      granted: new Set(),
      doubtful: new Set(),
      acceptedMs: [],
      acceptedRefs: new Set(),
      knownRefs: new Set(),
      cameMs: new Map(),
      firstKnownMs: undefined,
    });
  }

  /** Buttons press and feel falls; what hangs on a wall and what is built into the unit does not. */
  private buttonOf(unit: number, dty: number | undefined, did: string | undefined): number | undefined {
    if (dty !== personalTrigger && dty !== fallDetector) return 0;
    if (did === undefined) return undefined;
    const place = this.residents[unit]?.bonds.findIndex((bond) => hexName(bond.address) === did) ?? -1;
    return place + 1;
  }

  private find(unit: number, stem: string): SeenAlarm | undefined {
    return this.alarms[unit]?.find((alarm) => alarm.stem === stem);
  }

  private pressTime(unit: number, ite: string | undefined): Pick<SeenAlarm, "pressedMs" | "reportedTime"> {
    const pressed = ite === undefined ? undefined : parsePressed(ite);
    if (pressed === undefined) return { pressedMs: undefined, reportedTime: undefined };
    const { clock, seconds } = pressed;
    if (clock === "wall") return { pressedMs: seconds * 1000 - this.startWallMs, reportedTime: utcText(seconds) };
    const bootMs = this.bootMs[unit];
    return { pressedMs: bootMs === undefined ? undefined : bootMs + seconds * 1000, reportedTime: undefined };
  }
}

function hexName(address: number): string {
  return address.toString(16).toUpperCase().padStart(8, "0");
}
