/**
 * The device's memory: the newest value of each (kind, key) on raw NOR flash, kept through any power cut. A record is
 * there whole or not at all; what `write` confirmed is found after every restart.
 *
 * Records are appended to one of two areas. Compaction copies what still counts to the other and puts it in force with
 * one last record, the commit: the area with the highest commit counts. What the last cut may have left in doubt is made
 * firm when the journal is opened, before anything is told: the last record is written once more, and where the other
 * area is not clean a higher commit is written to the chosen one before the other is erased.
 */
import type { Flash } from "../ports/flash.ts";
import { JournalArea, type JournalCounters, leastSectorSize } from "./journal-area.ts";
import { payloadLimit, RecordBuffer, recordLength } from "./record.ts";
import { indexLimit, RecordIndex } from "./record-index.ts";

/** What the scan of one area found. */
class AreaContent {
  readonly index: RecordIndex;
  readonly last: RecordBuffer;
  /** Highest commit, 0 without any. */
  sequence: number;
  recordCount: number;

  constructor() {
    this.index = new RecordIndex();
    this.last = new RecordBuffer();
    this.sequence = 0;
    this.recordCount = 0;
  }

  take(record: RecordBuffer, address: number): void {
    this.recordCount++;
    this.last.copyFrom(record);
    if (record.form === "commit") {
      if (record.key > this.sequence) this.sequence = record.key;
    } else if (record.form === "value") this.index.put(record.kind, record.key, address, record.payloadLength);
    else {
      const at = this.index.find(record.kind, record.key);
      if (at >= 0) this.index.removeAt(at);
    }
  }
}

export class Journal {
  /** Since the journal was opened. */
  readonly counters: JournalCounters;
  /** A later version's journal stands there: nothing is read, and nothing is written until somebody erases the chip. */
  readonly isForeign: boolean;
  /**
   * Asked to make room when a write finds none: true when it has removed something, and the write is tried again. It is told
   * the kind and the value that wait.
   */
  relief: ((kind: number, bytes: Uint8Array) => boolean) | undefined;
  private readonly flash: Flash;
  private readonly reading: RecordBuffer;
  private readonly writing: RecordBuffer;
  private index: RecordIndex;
  private active: JournalArea;
  private spare: JournalArea;
  private sequence: number;
  /** The chip took no fresh area: no write tries that again before `compact` has, since each try takes an erase's time. */
  private isTired: boolean;

  /** Opens what is there; blank or foreign flash becomes an empty journal. Throws where the chip is too small to serve. */
  constructor(flash: Flash) {
    const perArea = Math.floor(flash.sectorCount / 2);
    if (perArea < 1 || flash.sectorSize < leastSectorSize) throw new Error("journal: needs two sectors of 1 kB");
    this.counters = { writes: 0, erases: 0, failures: 0 };
    this.relief = undefined;
    this.isTired = false;
    this.flash = flash;
    this.reading = new RecordBuffer();
    this.writing = new RecordBuffer();
    this.active = new JournalArea(flash, this.reading, this.counters, 0, perArea);
    this.spare = new JournalArea(flash, this.reading, this.counters, perArea, perArea);
    const first = this.contentOf(this.active);
    const second = this.contentOf(this.spare);
    const better = second.sequence - first.sequence;
    let chosen = first;
    if (better > 0 || (better === 0 && second.recordCount > first.recordCount)) {
      this.swap();
      chosen = second;
    }
    this.index = chosen.index;
    this.sequence = chosen.sequence;
    this.isForeign = this.active.isForeign || this.spare.isForeign;
    if (this.isForeign) this.index = new RecordIndex();
    else if (chosen.recordCount === 0) this.format();
    else this.makeFirm(chosen.last);
  }

  /** Number of (kind, key) pairs that have a value; 256 at most. */
  get count(): number {
    return this.index.count;
  }

  /**
   * Keeps `bytes` (200 at most) as the value of `kind` (1–255) and `key` (32 bits). True: it is on flash for good. False:
   * the old value stands, since 256 pairs are there already, there is no room, or the chip fails everywhere, and `relief`
   * found nothing to give up for it.
   */
  write(kind: number, key: number, bytes: Uint8Array): boolean {
    if (kind < 1 || kind > 255 || key !== key >>> 0 || bytes.length > payloadLimit)
      throw new Error("journal: no such record");
    let kept = this.put(kind, key, bytes);
    while (!kept && !this.isForeign && this.relief !== undefined && this.relief(kind, bytes))
      kept = this.put(kind, key, bytes);
    return kept;
  }

  /** Forgets the value of (kind, key). True: it is gone for good, or was never there. False: it stands. */
  remove(kind: number, key: number): boolean {
    if (this.index.find(kind, key) < 0) return true;
    this.writing.fill("remove", kind, key, undefined);
    return this.keep();
  }

  /** A copy of the newest value; undefined when there is none, or the flash no longer holds it. */
  read(kind: number, key: number): Uint8Array | undefined {
    const at = this.index.find(kind, key);
    if (at < 0) return undefined;
    if (!this.loadAt(at)) {
      this.counters.failures++;
      return undefined;
    }
    return new Uint8Array(this.reading.payload());
  }

  /** Visits each value of `kind`, by rising key. The visitor may write and remove. */
  each(kind: number, visit: (key: number, bytes: Uint8Array) => void): void {
    let at = this.index.position(kind, 0);
    while (at < this.index.count && this.index.kindAt(at) === kind) {
      const key = this.index.keyAt(at);
      const bytes = this.read(kind, key);
      if (bytes !== undefined) visit(key, bytes);
      at = this.index.position(kind, key + 1);
    }
  }

  /** Whether `compact` would be well spent soon: room runs short and much is outdated, or no erased area stands ready. */
  needsRoom(): boolean {
    if (this.isForeign) return false;
    if (!this.spare.ready) return true;
    const capacity = this.active.capacity();
    return this.active.room() * 4 < capacity && this.liveBytes() * 4 < capacity * 3;
  }

  /** Takes as long as erasing an area does: for quiet times. True: room was made, and an erased area stands ready again. */
  compact(): boolean {
    if (this.isForeign) return false;
    this.isTired = false;
    this.writing.fill("commit", 0, 0, undefined);
    return this.rebuild() && this.prepareSpare();
  }

  private put(kind: number, key: number, bytes: Uint8Array): boolean {
    if (this.isForeign || (this.index.count >= indexLimit && this.index.find(kind, key) < 0)) return false;
    this.writing.fill("value", kind, key, bytes);
    return this.keep();
  }

  private liveBytes(): number {
    return this.index.payloadBytes + this.index.count * recordLength(0, this.flash.programUnit);
  }

  private contentOf(area: JournalArea): AreaContent {
    const content = new AreaContent();
    area.scan((address) => content.take(this.reading, address));
    return content;
  }

  private swap(): void {
    const area = this.active;
    this.active = this.spare;
    this.spare = area;
  }

  /** The sequence only rises, so it makes an epoch that no older record bears. */
  private prepareSpare(): boolean {
    return this.spare.prepare(this.sequence + 1);
  }

  /** An area that cannot be erased at all is left to the other one. */
  private format(): void {
    if (!this.active.prepare(1)) this.swap();
    this.prepareSpare();
    if (this.active.prepare(1)) this.commit(this.sequence + 1);
  }

  /** See the head of this file. What finds no room goes into a fresh area, together with all values. */
  private makeFirm(last: RecordBuffer): void {
    this.active.seal();
    this.writing.copyFrom(last);
    let kept = last.form === "commit" || this.keepHere(true);
    const clean = this.spare.ready;
    if (!clean || this.sequence === 0) kept = this.commit(this.sequence + 2) && kept;
    if (!clean) this.prepareSpare();
    if (kept) return;
    this.writing.copyFrom(last);
    if (this.rebuild()) this.prepareSpare();
  }

  /** Puts the record in the writing buffer on flash, in a fresh area when this one is full. */
  private keep(): boolean {
    const kept = this.keepHere(false) || this.rebuild();
    if (kept) this.counters.writes++;
    return kept;
  }

  private keepHere(fromReserve: boolean): boolean {
    const record = this.writing;
    const address = this.active.append(record, fromReserve);
    if (address < 0) return false;
    this.enter(record, address);
    return true;
  }

  private enter(record: RecordBuffer, address: number): void {
    if (record.form === "value") this.index.put(record.kind, record.key, address, record.payloadLength);
    else if (record.form === "remove") {
      const at = this.index.find(record.kind, record.key);
      if (at >= 0) this.index.removeAt(at);
    }
  }

  /** Writes a commit to the active area. Two above the present one it also beats a commit that a cut may have left. */
  private commit(sequence: number): boolean {
    this.writing.fill("commit", 0, sequence, undefined);
    if (this.active.append(this.writing, true) < 0) return false;
    this.sequence = sequence;
    return true;
  }

  /**
   * Copies all values to the spare area, with the change in the writing buffer in the place of its old value (a commit
   * there: no change), and puts that area in force. False: nothing has changed.
   */
  private rebuild(): boolean {
    if (!this.spare.ready && (this.isTired || !this.prepareSpare())) {
      this.isTired = true;
      return false;
    }
    const change = new RecordBuffer();
    change.copyFrom(this.writing);
    const old = change.form === "commit" ? -1 : this.index.find(change.kind, change.key);
    // What is too much by the bare lengths needs no try, which would cost the erased area that stands ready.
    if (old < 0 && change.form === "value" && this.liveBytes() + change.payloadLength > this.spare.capacity())
      return false;
    const addresses = new Uint32Array(this.index.count);
    for (let i = 0; i < addresses.length; i++) {
      if (i === old) continue;
      const address = this.copyToSpare(i);
      if (address < 0) return this.giveUp();
      addresses[i] = address;
    }
    const changed = change.form === "value" ? this.spare.append(change, false) : 0;
    if (changed < 0) return this.giveUp();
    this.swap();
    if (!this.commit(this.sequence + 1)) {
      this.swap();
      this.commit(this.sequence + 2);
      this.isTired = true;
      return this.giveUp();
    }
    for (let i = addresses.length - 1; i >= 0; i--) {
      if (i === old) continue;
      if (addresses[i] === 0) this.index.removeAt(i);
      else this.index.setAddress(i, addresses[i] as number);
    }
    this.enter(change, changed);
    this.spare.ready = false;
    return true;
  }

  private giveUp(): boolean {
    this.spare.ready = false;
    this.counters.failures++;
    return false;
  }

  /** Address of the copy, -1 when there is no room, 0 when the value can no longer be read. */
  private copyToSpare(position: number): number {
    if (!this.loadAt(position)) {
      this.counters.failures++;
      return 0;
    }
    this.writing.copyFrom(this.reading);
    return this.spare.append(this.writing, false);
  }

  private loadAt(position: number): boolean {
    return (
      this.active.load(this.index.addressAt(position)) &&
      this.reading.kind === this.index.kindAt(position) &&
      this.reading.key === this.index.keyAt(position)
    );
  }
}
