/**
 * Names for reports that are never given twice: five random characters drawn once, and a number that is written ahead in
 * blocks of 64, so that a power cut skips numbers and repeats none. The next block is promised while half of one is left;
 * an alarm never waits for flash that fails.
 */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { Journal } from "./journal.ts";
import { identityKind } from "./record-kinds.ts";

export const blockSize = 64;
const margin = 32;
const prefixLength = 5;
const recordSize = 11;
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export class ReportNumbers {
  /** The first five characters of every stem of this unit. */
  readonly prefix: string;
  private readonly journal: Journal;
  private following: number;
  private reserved: number;

  /** Where nothing can be promised, this life gets five characters of its own: numbers given in it mean nothing later. */
  constructor(journal: Journal, secrets: Secrets) {
    this.journal = journal;
    const kept = journal.read(identityKind, 0);
    const known = kept !== undefined && kept.length === recordSize;
    const prefix = known ? textOf(kept, 0, prefixLength) : drawPrefix(secrets);
    this.following = known ? reservedIn(kept) : 0;
    this.reserved = this.following;
    this.prefix = this.reserve(prefix) ? prefix : drawPrefix(secrets);
  }

  next(): number {
    if (this.following + margin >= this.reserved) this.reserve(this.prefix);
    return this.following++;
  }

  private reserve(prefix: string): boolean {
    const reserved = Math.max(this.reserved, this.following) + blockSize;
    const to = new Writer(new Uint8Array(recordSize));
    to.put(ascii(prefix));
    to.u16(Math.floor(reserved / 0x1_0000_0000));
    to.u32(reserved % 0x1_0000_0000);
    if (!this.journal.write(identityKind, 0, to.written())) return false;
    this.reserved = reserved;
    return true;
  }
}

function reservedIn(record: Uint8Array): number {
  const from = readerOf(record);
  from.view(prefixLength);
  const high = from.u16();
  return high * 0x1_0000_0000 + from.u32();
}

/** Each character evenly from 36: a byte of 252 or more is drawn again. */
function drawPrefix(secrets: Secrets): string {
  const byte = new Uint8Array(1);
  let prefix = "";
  while (prefix.length < prefixLength) {
    secrets.random(byte);
    const drawn = byte[0] as number;
    if (drawn < 252) prefix += letters.charAt(drawn % 36);
  }
  return prefix;
}
