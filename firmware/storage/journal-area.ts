/**
 * One of the journal's two areas: some sectors, filled from the first to the last and erased together.
 *
 * A sector begins with its mark, twice (16 bytes each: "LJ", version, program unit, epoch, CRC-32), written after each
 * completed erase: a sector that merely reads blank is erased again. Then come 8 bytes of zeros, written before the first
 * record, and the records. All sectors of an area bear its epoch; one that kept an older mark could not be erased, and is
 * left alone.
 *
 * What a power cut leaves behind may read differently each time. So nothing is ever programmed over a spot that was
 * not finished, except zeros, and a scan does not believe the length of a record that does not fit its CRC.
 */
import { crc32 } from "../../protocol/bytes/crc.ts";
import type { Flash } from "../ports/flash.ts";
import { getU32, headerLength, putU32, type RecordBuffer, recordLength, recordLimit } from "./record.ts";

/** What a journal did to its flash since it was opened. */
export interface JournalCounters {
  writes: number;
  erases: number;
  /** Programs, erases and reads that did not do what they should. */
  failures: number;
}

const markLength = 16;
const openedAt = 2 * markLength;
const recordsAt = openedAt + headerLength;
/** Kept at the end of an area for what makes it firm after power cuts, even several in a row. */
const reserve = 512;
const spotsPerSector = 2;
const version = 1;
const zeros = new Uint8Array(openedAt);

/** As much as is looked at in one read for the end of what is blank. */
const lookLength = 64;

export const leastSectorSize = 1024;

export class JournalArea {
  /** No sector is opened, and each bears two whole marks: ready to take a compaction. */
  ready: boolean;
  /** Epoch of the sectors in use; 0 when none has a mark. */
  epoch: number;
  /** A sector bears the whole mark of another version: a later firmware's journal, which is not ours to erase. */
  isForeign: boolean;
  private readonly flash: Flash;
  private readonly reading: RecordBuffer;
  private readonly counters: JournalCounters;
  private readonly first: number;
  private readonly count: number;
  /** Of each sector: whether its mark has the area's epoch. */
  private readonly usable: Uint8Array;
  /** End of the last whole record in each sector, as the scan found it, and of the last byte that is not blank. */
  private readonly recordsEnd: Uint32Array;
  private readonly contentEnd: Uint32Array;
  /** Sector being filled, counted from the area's first; -1 before any. */
  private sector: number;
  private at: number;
  /** First sector that `seal` has to look at. */
  private sealFrom: number;
  private readonly mark: Uint8Array;
  private readonly opening: Uint8Array;
  private readonly look: Uint8Array;
  /** Epoch in each of a sector's two marks, as `readMarks` found them; 0 for none. */
  private readonly epochs: Uint32Array;

  constructor(flash: Flash, reading: RecordBuffer, counters: JournalCounters, first: number, count: number) {
    this.flash = flash;
    this.reading = reading;
    this.counters = counters;
    this.first = first;
    this.count = count;
    this.ready = false;
    this.epoch = 0;
    this.isForeign = false;
    this.usable = new Uint8Array(count);
    this.recordsEnd = new Uint32Array(count);
    this.contentEnd = new Uint32Array(count);
    this.sector = -1;
    this.at = 0;
    this.sealFrom = 0;
    this.mark = new Uint8Array(markLength);
    this.opening = new Uint8Array(headerLength);
    this.look = new Uint8Array(lookLength);
    this.epochs = new Uint32Array(2 * count);
  }

  /** Reads the whole area. `visit` hears of each whole record, oldest first; it stands in the reading buffer. */
  scan(visit: (address: number) => void): void {
    this.readMarks();
    this.ready = this.epoch > 0;
    this.sector = -1;
    this.sealFrom = 0;
    for (let i = 0; i < this.count; i++) {
      this.recordsEnd[i] = recordsAt;
      this.contentEnd[i] = recordsAt;
      if (!this.hadBothMarks(i)) this.ready = false;
      if (this.usable[i] === 0 || !this.isOpened(i)) continue;
      this.ready = false;
      this.sector = i;
      if (this.scanSector(i, visit)) this.sealFrom = i;
    }
    if (this.sector >= 0) this.at = this.contentEnd[this.sector] as number;
  }

  /**
   * Makes firm what a power cut may have left half done behind the last record: it is zeroed, and writing goes on behind
   * it. From its end on, so that a second cut still finds the headers and how far they reach. Call once, after `scan`.
   */
  seal(): void {
    const size = this.flash.sectorSize;
    // A sector without any record may be opened but half, and would look untouched one day, whatever stands in it by then.
    if (this.sector >= 0 && this.recordsEnd[this.sector] === recordsAt)
      this.clear(this.base(this.sector) + openedAt, headerLength);
    for (let i = this.sealFrom; i <= this.sector; i++) {
      if (this.usable[i] === 0 || !this.isOpened(i)) continue;
      const unit = this.flash.programUnit;
      const end = Math.min((this.contentEnd[i] as number) + headerLength, size);
      for (let at = end - unit; at >= (this.recordsEnd[i] as number); at -= unit) this.clear(this.base(i) + at, unit);
      this.at = end;
    }
  }

  /**
   * Writes the record at the next good spot and reads it back. Answers its address, or -1 when there is no room.
   * Only what makes the journal firm may use the reserve.
   */
  append(record: RecordBuffer, fromReserve: boolean): number {
    const length = recordLength(record.payloadLength, this.flash.programUnit);
    let spots = 0;
    while (true) {
      while (this.sector < 0 || this.at + length > this.limit(this.sector, fromReserve)) {
        if (!this.openNext()) return -1;
        spots = 0;
      }
      const address = this.base(this.sector) + this.at;
      this.at += length;
      const bytes = record.bytesAt(address, this.epoch, this.flash.programUnit);
      if (this.flash.program(address, bytes) && this.load(address)) return address;
      this.counters.failures++;
      this.clear(address, headerLength);
      spots++;
      if (spots >= spotsPerSector) this.at = this.flash.sectorSize;
    }
  }

  /** Reads the record at `address` into the reading buffer; tries three times, since a worn cell may waver. */
  load(address: number): boolean {
    const end = (Math.floor(address / this.flash.sectorSize) + 1) * this.flash.sectorSize;
    for (let i = 0; i < 3; i++) if (this.reading.load(this.flash, address, end, this.epoch)) return true;
    return false;
  }

  /**
   * Erases and marks what is not blank and marked already. `epoch` is higher than any that this area has had; it is taken
   * when records of the old one are still there. True when at least one sector can be used.
   */
  prepare(epoch: number): boolean {
    this.readMarks();
    let used = this.epoch === 0;
    for (let i = 0; i < this.count; i++) if (this.usable[i] === 1 && this.isOpened(i)) used = true;
    if (used) this.epoch = epoch;
    this.ready = false;
    for (let i = 0; i < this.count; i++) {
      const good = (!used && this.hadBothMarks(i)) || this.renew(i);
      this.usable[i] = good ? 1 : 0;
      if (good) this.ready = true;
    }
    this.sector = -1;
    return this.ready;
  }

  /** Bytes left for values. */
  room(): number {
    const left = this.sector < 0 ? 0 : this.limit(this.sector, false) - this.at;
    return this.emptyFrom(this.sector + 1) + Math.max(left, 0);
  }

  /** Bytes for values when the area is empty. */
  capacity(): number {
    return this.emptyFrom(0);
  }

  private emptyFrom(sector: number): number {
    let bytes = 0;
    for (let i = sector; i < this.count; i++) if (this.usable[i] === 1) bytes += this.limit(i, false) - recordsAt;
    return bytes;
  }

  private base(sector: number): number {
    return (this.first + sector) * this.flash.sectorSize;
  }

  /** End of the part of a sector that may be filled: the last sector keeps the reserve. */
  private limit(sector: number, fromReserve: boolean): number {
    if (fromReserve) return this.flash.sectorSize;
    for (let i = sector + 1; i < this.count; i++) if (this.usable[i] === 1) return this.flash.sectorSize;
    return this.flash.sectorSize - reserve;
  }

  /** False when no sector is left. The zeros come first: a torn first record must not make its sector look untouched. */
  private openNext(): boolean {
    for (let i = this.sector + 1; i < this.count; i++) {
      if (this.usable[i] === 0) continue;
      this.sector = i;
      this.at = this.clear(this.base(i) + openedAt, headerLength) ? recordsAt : this.flash.sectorSize;
      return true;
    }
    return false;
  }

  /** Whether the sector holds any whole record. Goes on until as much is blank as a record can be long. */
  private scanSector(sector: number, visit: (address: number) => void): boolean {
    const base = this.base(sector);
    const size = this.flash.sectorSize;
    let found = false;
    let at = recordsAt;
    let blankFrom = at;
    let claimedEnd = at;
    while (at + headerLength <= size && at - blankFrom < recordLimit) {
      if (this.reading.load(this.flash, base + at, base + size, this.epoch)) {
        visit(base + at);
        found = true;
        at += recordLength(this.reading.payloadLength, this.flash.programUnit);
        this.recordsEnd[sector] = at;
        blankFrom = at;
        claimedEnd = at;
      } else if (this.reading.blank) at = this.blankUntil(base, at);
      else {
        // A torn record may look blank from its ones on, and in doubt behind them: its header says how far.
        const end = at + this.reading.claimedLength(this.flash, base + at);
        if (end > claimedEnd) claimedEnd = Math.min(end, size);
        at += this.flash.programUnit;
        blankFrom = at;
      }
    }
    this.contentEnd[sector] = Math.max(blankFrom, claimedEnd);
    return found;
  }

  /** The next spot, from the blank one at `at` on, where a record could begin: no record begins with a blank unit. */
  private blankUntil(base: number, at: number): number {
    const unit = this.flash.programUnit;
    const length = Math.min(lookLength, this.flash.sectorSize - at);
    const look = length === lookLength ? this.look : this.look.subarray(0, length);
    this.flash.read(base + at, look);
    let blank = unit;
    while (blank < length && look[blank] === 0xff) blank++;
    return at + blank - (blank % unit);
  }

  private readMarks(): void {
    this.epoch = 0;
    for (let i = 0; i < this.count; i++) {
      this.epochs[2 * i] = this.markAt(this.base(i));
      this.epochs[2 * i + 1] = this.markAt(this.base(i) + markLength);
      const epoch = this.epochOf(i);
      if (epoch > this.epoch) this.epoch = epoch;
    }
    for (let i = 0; i < this.count; i++) this.usable[i] = this.epoch > 0 && this.epochOf(i) === this.epoch ? 1 : 0;
  }

  private epochOf(sector: number): number {
    const one = this.epochs[2 * sector] as number;
    return one > 0 ? one : (this.epochs[2 * sector + 1] as number);
  }

  private hadBothMarks(sector: number): boolean {
    return this.epochs[2 * sector] === this.epoch && this.epochs[2 * sector + 1] === this.epoch;
  }

  private isWhole(sector: number): boolean {
    const base = this.base(sector);
    return this.markAt(base) === this.epoch && this.markAt(base + markLength) === this.epoch;
  }

  /** Epoch in the mark at `address`, 0 when it is none. */
  private markAt(address: number): number {
    const mark = this.mark;
    this.flash.read(address, mark);
    if (mark[0] !== 0x4c || mark[1] !== 0x4a || getU32(mark, 8) !== crc32(mark, 0, 8, 0)) return 0;
    if (mark[2] !== version) this.isForeign = true;
    return mark[2] === version && mark[3] === this.flash.programUnit ? getU32(mark, 4) : 0;
  }

  private isOpened(sector: number): boolean {
    this.flash.read(this.base(sector) + openedAt, this.opening);
    for (let i = 0; i < headerLength; i++) if (this.opening[i] !== 0xff) return true;
    return false;
  }

  /** Erases one sector and marks it. The old marks are zeroed first, so that a half erased sector has none. */
  private renew(sector: number): boolean {
    const base = this.base(sector);
    this.clear(base, openedAt);
    this.counters.erases++;
    let good = this.flash.erase(this.first + sector);
    const mark = this.mark;
    for (let copy = 0; good && copy < 2; copy++) {
      mark.fill(0xff);
      mark[0] = 0x4c;
      mark[1] = 0x4a;
      mark[2] = version;
      mark[3] = this.flash.programUnit;
      putU32(mark, 4, this.epoch);
      putU32(mark, 8, crc32(mark, 0, 8, 0));
      good = this.flash.program(base + copy * markLength, mark);
    }
    good = good && this.isWhole(sector);
    if (!good) this.counters.failures++;
    return good;
  }

  private clear(address: number, length: number): boolean {
    let good = true;
    for (let at = 0; at < length; at += openedAt) {
      const piece = Math.min(length - at, openedAt);
      good = this.flash.program(address + at, zeros.subarray(0, piece)) && good;
    }
    if (!good) this.counters.failures++;
    return good;
  }
}
