/**
 * Names for reports that are never given twice: five random characters drawn once, and a number that is written ahead in
 * blocks of 64, so that a power cut skips numbers and repeats none.
 */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { Journal } from "./journal.ts";
import { identityKind } from "./record-kinds.ts";

const blockSize = 64;
const recordSize = 11;
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export class ReportNumbers {
  /** The first five characters of every stem of this unit. */
  readonly prefix: string;
  private readonly journal: Journal;
  private following: number;
  private reserved: number;

  constructor(journal: Journal, secrets: Secrets) {
    this.journal = journal;
    const kept = journal.read(identityKind, 0);
    const known = kept !== undefined && kept.length === recordSize;
    this.prefix = known ? textOf(kept, 0, 5) : drawPrefix(secrets);
    this.following = known ? reservedIn(kept) : 0;
    this.reserved = this.following;
    if (!known) this.reserve();
  }

  next(): number {
    if (this.following >= this.reserved) this.reserve();
    return this.following++;
  }

  private reserve(): void {
    this.reserved = this.following + blockSize;
    const to = new Writer(new Uint8Array(recordSize));
    to.put(ascii(this.prefix));
    to.u16(Math.floor(this.reserved / 0x1_0000_0000));
    to.u32(this.reserved % 0x1_0000_0000);
    this.journal.write(identityKind, 0, to.written());
  }
}

function reservedIn(record: Uint8Array): number {
  const from = readerOf(record);
  from.view(5);
  const high = from.u16();
  return high * 0x1_0000_0000 + from.u32();
}

/** Each character evenly from 36: a byte of 252 or more is drawn again. */
function drawPrefix(secrets: Secrets): string {
  const byte = new Uint8Array(1);
  let prefix = "";
  while (prefix.length < 5) {
    secrets.random(byte);
    const drawn = byte[0] as number;
    if (drawn < 252) prefix += letters.charAt(drawn % 36);
  }
  return prefix;
}
