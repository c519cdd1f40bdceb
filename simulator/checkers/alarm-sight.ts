/**
 * What can be seen of alarms from outside the firmware: the messages that leave and reach each unit, read from their
 * bytes. The checkers judge by this and by what people see, never by what a unit thinks of itself.
 */

import { parsePressed, utcText } from "../../protocol/scaip/pressed.ts";
import { decodeRequest } from "../../protocol/scaip/request.ts";
import { decodeResponse } from "../../protocol/scaip/response.ts";
import { decodeSip } from "../../protocol/sip/message.ts";
import { textOf } from "../../protocol/text/utf8.ts";
import type { Resident } from "../residents.ts";

/** One alarm as its own messages tell it. */
export interface SeenAlarm {
  readonly unit: number;
  /** Twelve characters. */
  readonly stem: string;
  /** Button it came from, from 1; 0 where the message names none of this unit's. */
  readonly button: number;
  /** The press time that the message bears, in virtual ms (to the second); undefined where it bears none. */
  readonly pressedMs: number | undefined;
  /** The same as the message says it, "2026-01-14T08:10:05Z"; undefined while the unit knows no time. */
  readonly reportedTime: string | undefined;
  lastSentMs: number;
  /** Instants at which an `mrs` with `snu` 0 reached the unit. */
  readonly acceptedMs: number[];
}

const stemLength = 12;
const longestMatches = 64;

/** Texts that are looked for before a datagram is decoded at all: beats are many and say nothing of alarms. */
const requestMark = Buffer.from("<mrq>");
const beatMark = Buffer.from("<mty>PI");
const answerMark = Buffer.from("<snu>0");

export class AlarmSight {
  /** By unit, in the order they were first seen. */
  readonly alarms: SeenAlarm[][];
  private readonly residents: readonly Resident[];
  private readonly startWallMs: number;
  private readonly bootMs: (number | undefined)[];

  constructor(residents: readonly Resident[], startWallMs: number) {
    this.residents = residents;
    this.startWallMs = startWallMs;
    this.alarms = residents.map(() => []);
    this.bootMs = residents.map(() => undefined);
  }

  /** The unit was switched on: its own clock begins at 0. */
  started(atMs: number, unit: number): void {
    this.bootMs[unit] = atMs;
  }

  sent(atMs: number, unit: number, bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (text.indexOf(beatMark) >= 0 || text.indexOf(requestMark) < 0) return;
    const sip = decodeSip(bytes);
    if (!sip.ok || sip.value.kind !== "request") return;
    const request = decodeRequest(sip.value.body);
    if (!request.ok || (request.value.mty ?? "ME") !== "ME") return;
    const { ref, did, ite } = request.value;
    const known = this.find(unit, ref.slice(0, stemLength));
    if (known !== undefined) known.lastSentMs = atMs;
    if (known !== undefined || did === undefined) return;
    const button = (this.residents[unit]?.bonds.findIndex((bond) => hexName(bond.address) === did) ?? -1) + 1;
    this.alarms[unit]?.push({
      unit,
      stem: ref.slice(0, stemLength),
      button,
      ...this.pressTime(unit, ite),
      lastSentMs: atMs,
      acceptedMs: [],
    });
  }

  received(atMs: number, unit: number, bytes: Uint8Array): void {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (body.indexOf(answerMark) < 0) return;
    const at = body.indexOf("<ref>");
    const end = body.indexOf("</ref>");
    if (at < 0 || end < at + 5 || end - at > longestMatches) return;
    const alarm = this.find(unit, textOf(bytes, at + 5, at + 5 + stemLength));
    if (alarm === undefined) return;
    const sip = decodeSip(bytes);
    const response = sip.ok ? decodeResponse(sip.value.body) : undefined;
    if (response?.ok === true && response.value.snu === 0) alarm.acceptedMs.push(atMs);
  }

  private find(unit: number, stem: string): SeenAlarm | undefined {
    return this.alarms[unit]?.find((alarm) => alarm.stem === stem);
  }

  private pressTime(unit: number, ite: string | undefined): Pick<SeenAlarm, "pressedMs" | "reportedTime"> {
    const pressed = ite === undefined ? undefined : parsePressed(ite);
    if (pressed === undefined) return { pressedMs: undefined, reportedTime: undefined };
    const { clock, seconds } = pressed;
    if (clock === "wall") return { pressedMs: seconds * 1000 - this.startWallMs, reportedTime: utcText(seconds) };
    return { pressedMs: (this.bootMs[unit] ?? 0) + seconds * 1000, reportedTime: undefined };
  }
}

function hexName(address: number): string {
  return address.toString(16).toUpperCase().padStart(8, "0");
}
