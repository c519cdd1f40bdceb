/** One memory of a modem's stand-in for short messages: numbered places (3GPP 27.005 3.1), and what stands in them. */
import { lengthForModem } from "../../protocol/at/sms-pdu.ts";

/** 0 received and unread, 1 received and read, 2 written and not sent, 3 sent. */
export type StoredStatus = 0 | 1 | 2 | 3;

interface Stored {
  readonly pdu: Uint8Array;
  status: StoredStatus;
}

/** Which of them go, by the flag of AT+CMGD (3.5.4): those that were read; the sent ones too; those not sent too; all. */
const goneByFlag: readonly (readonly StoredStatus[])[] = [[], [1], [1, 3], [1, 3, 2], [0, 1, 2, 3]];

export class MessageMemory {
  readonly name: string;
  private readonly places: (Stored | undefined)[];

  constructor(name: string, places: number) {
    this.name = name;
    this.places = new Array(places).fill(undefined);
  }

  get size(): number {
    return this.places.length;
  }

  get count(): number {
    return this.places.filter((stored) => stored !== undefined).length;
  }

  get isFull(): boolean {
    return !this.places.includes(undefined);
  }

  /** Its place, or -1 where it is full. */
  store(pdu: Uint8Array, status: StoredStatus): number {
    const index = this.places.indexOf(undefined);
    if (index >= 0) this.places[index] = { pdu, status };
    return index;
  }

  /** What AT+CMGR tells of a place, and that it is read now; undefined where it is empty or there is no such place. */
  read(index: number): string | undefined {
    const stored = this.places[index];
    if (stored === undefined) return undefined;
    const text = stored.status + ",," + lengthForModem(stored.pdu) + "\r\n" + hexOf(stored.pdu);
    if (stored.status === 0) stored.status = 1;
    return text;
  }

  /** The same of each that AT+CMGL asks for, behind its place; 4 is all. */
  list(wanted: number): string[] {
    const lines: string[] = [];
    for (let index = 0; index < this.places.length; index++)
      if (wanted === 4 || this.places[index]?.status === wanted) {
        const text = this.read(index);
        if (text !== undefined) lines.push(index + "," + text);
      }
    return lines;
  }

  /** False where there is no such place or flag. */
  remove(index: number, flag: number): boolean {
    const gone = goneByFlag[flag];
    if (gone === undefined || (flag === 0 && !(index >= 0 && index < this.places.length))) return false;
    if (flag === 0) this.places[index] = undefined;
    this.places.forEach((stored, at) => {
      if (stored !== undefined && gone.includes(stored.status)) this.places[at] = undefined;
    });
    return true;
  }
}

export function hexOf(pdu: Uint8Array): string {
  return Buffer.from(pdu).toString("hex").toUpperCase();
}
