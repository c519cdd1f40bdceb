/**
 * One journal record as it stands on flash, big-endian: payload length (1 byte), kind (1), form (1), check of the header
 * (1), key (4), payload (0–200), CRC-32 (4), then 0xFF up to the chip's program unit.
 *
 * The CRC also runs over the record's address and the area's epoch. So an old record that an interrupted erase left
 * behind, or a payload that looks like a record, is never taken for one.
 */
import { crc32 } from "../../protocol/bytes/crc.ts";
import type { Flash } from "../ports/flash.ts";

/** What a record does to its (kind, key); a commit says that its area is in force, its key is the area's sequence number. */
export type RecordForm = "value" | "remove" | "commit";

export const payloadLimit = 200;
export const headerLength = 8;
const crcLength = 4;
/** Longest record on any chip: the program unit is at most 8 bytes. */
export const recordLimit = 216;

const valueForm = 0x56;
const removeForm = 0x52;
const commitForm = 0x43;

/** Bytes that a record with this payload takes on flash. */
export function recordLength(payloadLength: number, programUnit: number): number {
  const bare = headerLength + payloadLength + crcLength;
  return bare + ((programUnit - (bare % programUnit)) % programUnit);
}

/** One record in RAM, to be written or just read. It is filled again and again, so that a journal allocates once. */
export class RecordBuffer {
  form: RecordForm;
  kind: number;
  key: number;
  payloadLength: number;
  /** After `load`: whether the first program unit read as blank. */
  blank: boolean;
  private readonly bytes: Uint8Array;
  private readonly header: Uint8Array;
  private readonly place: Uint8Array;

  constructor() {
    this.form = "value";
    this.kind = 0;
    this.key = 0;
    this.payloadLength = 0;
    this.blank = true;
    this.bytes = new Uint8Array(recordLimit);
    this.header = this.bytes.subarray(0, headerLength);
    this.place = new Uint8Array(8);
  }

  /** Takes the fields in; `payload` holds at most 200 bytes. */
  fill(form: RecordForm, kind: number, key: number, payload: Uint8Array | undefined): void {
    this.form = form;
    this.kind = kind;
    this.key = key;
    this.payloadLength = payload === undefined ? 0 : payload.length;
    if (payload !== undefined) this.bytes.set(payload, headerLength);
  }

  copyFrom(other: RecordBuffer): void {
    this.fill(other.form, other.kind, other.key, other.payload());
  }

  /** A view on the payload; it changes with the next `fill` or `load`. */
  payload(): Uint8Array {
    return this.bytes.subarray(headerLength, headerLength + this.payloadLength);
  }

  /** The bytes to program at `address`, a view. */
  bytesAt(address: number, epoch: number, programUnit: number): Uint8Array {
    const bytes = this.bytes;
    bytes[0] = this.payloadLength;
    bytes[1] = this.kind;
    bytes[2] = this.form === "value" ? valueForm : this.form === "remove" ? removeForm : commitForm;
    putU32(bytes, 4, this.key);
    bytes[3] = headerCheck(bytes);
    const end = headerLength + this.payloadLength;
    putU32(bytes, end, this.crcOf(address, epoch, end));
    const length = recordLength(this.payloadLength, programUnit);
    bytes.fill(0xff, end + crcLength, length);
    return bytes.subarray(0, length);
  }

  /** Reads what stands at `address`, no further than `end`. True when it is a whole record; else only `blank` is set. */
  load(flash: Flash, address: number, end: number, epoch: number): boolean {
    const bytes = this.bytes;
    if (!this.loadHeader(flash, address)) return false;
    const length = bytes[0] as number;
    const bare = headerLength + length + crcLength;
    if (address + bare > end) return false;
    flash.read(address + headerLength, bytes.subarray(headerLength, bare));
    if (getU32(bytes, headerLength + length) !== this.crcOf(address, epoch, headerLength + length)) return false;
    this.payloadLength = length;
    this.kind = bytes[1] as number;
    this.key = getU32(bytes, 4);
    this.form = bytes[2] === valueForm ? "value" : bytes[2] === removeForm ? "remove" : "commit";
    return true;
  }

  /** Length on flash of the record whose header stands at `address`, whole or torn; 0 when that is no header. */
  claimedLength(flash: Flash, address: number): number {
    return this.loadHeader(flash, address) ? recordLength(this.bytes[0] as number, flash.programUnit) : 0;
  }

  private loadHeader(flash: Flash, address: number): boolean {
    const bytes = this.bytes;
    flash.read(address, this.header);
    this.blank = true;
    for (let i = 0; i < flash.programUnit; i++) if (bytes[i] !== 0xff) this.blank = false;
    if ((bytes[0] as number) > payloadLimit || bytes[3] !== headerCheck(bytes)) return false;
    return bytes[2] === valueForm || bytes[2] === removeForm || bytes[2] === commitForm;
  }

  private crcOf(address: number, epoch: number, end: number): number {
    putU32(this.place, 0, address);
    putU32(this.place, 4, epoch);
    return crc32(this.bytes, 0, end, crc32(this.place, 0, 8, 0));
  }
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export function getU32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  return high * 0x10000 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
}

/** A header torn in the middle must not claim a length: this catches most of them, the CRC all. */
function headerCheck(bytes: Uint8Array): number {
  let check = 0xa5;
  for (let i = 0; i < headerLength; i++)
    if (i !== 3) check = ((check << 1) ^ (check >> 7) ^ (bytes[i] as number)) & 0xff;
  return check;
}
