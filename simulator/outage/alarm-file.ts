/** The receivers' own account of alarms: when each was pressed, as it says itself, heard and accepted. Bounded: the oldest go. */
import { parsePressed } from "../../protocol/scaip/pressed.ts";
import { stemFromRef } from "../../protocol/scaip/stem.ts";
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";

export interface FiledAlarm {
  readonly cid: string;
  /** What all its messages share; the whole reference where it is not of our form. */
  readonly stem: string;
  /** In ms since 1970; undefined: the message does not say. */
  readonly pressedWallMs: number | undefined;
  readonly heardMs: number;
  /** A key or button was pressed, by a person. */
  readonly isByHand: boolean;
  acceptedMs: number | undefined;
  /** Who accepted it, or heard it while nobody has. */
  receiver: string;
}

export const alarmLimit = 50_000;
/** Alarms by hand and automatic ones (SS 91100 annex C): somebody is waiting for help. */
const byHand = 10;
const byItself = 9;

export class AlarmFile {
  private readonly limit: number;
  private readonly alarms: Map<string, FiledAlarm>;

  constructor(limit: number = alarmLimit) {
    this.limit = limit;
    this.alarms = new Map();
  }

  read(receiver: string, { cid, ref, mty, stc, ite }: ReceiverEvent, atMs: number): void {
    if (mty !== "ME" || (stc !== byHand && stc !== byItself)) return;
    const stem = stemFromRef(ref) ?? ref;
    const key = `${cid} ${stem}`;
    if (this.alarms.has(key)) return;
    const pressed = ite === undefined ? undefined : parsePressed(ite);
    const pressedWallMs = pressed?.clock === "wall" ? pressed.seconds * 1_000 : undefined;
    const isByHand = stc === byHand;
    this.alarms.set(key, { cid, stem, pressedWallMs, heardMs: atMs, isByHand, acceptedMs: undefined, receiver });
    this.makeRoom();
  }

  hear(receiver: string, sign: ReceiverSign, atMs: number): void {
    if (sign.type !== "answered" || sign.snu !== 0) return;
    const alarm = this.find(sign.cid, sign.ref);
    if (alarm === undefined || alarm.acceptedMs !== undefined) return;
    alarm.acceptedMs = atMs;
    alarm.receiver = receiver;
  }

  find(cid: string, refOrStem: string): FiledAlarm | undefined {
    return this.alarms.get(`${cid} ${stemFromRef(refOrStem) ?? refOrStem}`);
  }

  /** Oldest first. */
  all(): Iterable<FiledAlarm> {
    return this.alarms.values();
  }

  restore(alarms: readonly FiledAlarm[]): void {
    for (const alarm of alarms) this.alarms.set(`${alarm.cid} ${alarm.stem}`, { ...alarm });
  }

  /** Those that were accepted go first. */
  private makeRoom(): void {
    if (this.alarms.size <= this.limit) return;
    let oldest: string | undefined;
    for (const [key, { acceptedMs }] of this.alarms) {
      oldest ??= key;
      if (acceptedMs === undefined) continue;
      oldest = key;
      break;
    }
    if (oldest !== undefined) this.alarms.delete(oldest);
  }
}
