/** Counters for sealed frames, promised in the journal before they are used: one value seals one content, ever (radio 2.3). */
import { Reader } from "../protocol/bytes/reader.ts";
import { Writer } from "../protocol/bytes/writer.ts";
import { counterLimit } from "../protocol/radio/envelope.ts";

/** What is needed of the journal: the newest value per kind and key; a write is there whole or not at all. */
export interface Records {
  read(kind: number, key: number): Uint8Array | undefined;
  write(kind: number, key: number, bytes: Uint8Array): boolean;
}

/** Values promised at a time. */
export const blockLength = 64;
/** The next block is promised while this many are left, so that flash that fails in an alarm leaves enough for one series of copies. */
const promiseAhead = 32;

export class RadioCounters {
  /** Whether this device has sealed frames in an earlier life. */
  readonly usedBefore: boolean;
  private readonly records: Records;
  private readonly kind: number;
  private upcoming: number;
  private promisedTo: number;

  /** Goes on behind everything that any earlier life may have used. */
  constructor(records: Records, kind: number) {
    this.records = records;
    this.kind = kind;
    const stored = records.read(kind, 0);
    this.usedBefore = stored !== undefined;
    this.upcoming = stored === undefined ? 1 : new Reader(stored, 0, stored.length).u32();
    this.promisedTo = this.upcoming;
  }

  /** The value that the next frame takes, or 0 while none may be used: flash does not take the promise, or all are spent. */
  peek(): number {
    if (this.promisedTo - this.upcoming <= promiseAhead) this.promise();
    return this.upcoming < this.promisedTo ? this.upcoming : 0;
  }

  /** Uses up what `peek` answered. Throws when that was 0: a mistake of ours. */
  take(): number {
    const value = this.peek();
    if (value === 0) throw new Error("radio: no counter left to take");
    this.upcoming++;
    return value;
  }

  private promise(): void {
    const end = Math.min(this.promisedTo + blockLength, counterLimit);
    if (end === this.promisedTo) return;
    const bytes = new Uint8Array(4);
    new Writer(bytes).u32(end);
    if (this.records.write(this.kind, 0, bytes)) this.promisedTo = end;
  }
}
