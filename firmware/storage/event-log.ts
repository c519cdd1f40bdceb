/**
 * The ring log: the newest 2,000 events and more, in sectors of its own. Each event is programmed by itself, so a power
 * cut costs the one that is being written and no other; the oldest sector is erased when the newest is nearly full.
 *
 * A sector begins with its mark, twice ("LL", version, program unit, turn, CRC-32), then slots of 32 bytes. It counts
 * once a whole event stands in it, so a sector whose erase or mark was cut is erased again. Behind the last event a start
 * zeroes what may be half written, and never programs over it.
 */
import { crc32 } from "../../protocol/bytes/crc.ts";
import type { Clock } from "../ports/clock.ts";
import type { Flash } from "../ports/flash.ts";
import { encodeLogEntry, isAmple, type LogWord, logEntryLength, sequenceIn, startIn } from "./log-entry.ts";
import { getU32, putU32 } from "./record.ts";
import { WriteAllowance } from "./write-allowance.ts";

const markLength = 16;
const version = 1;
/** So few free slots are left when the next sector is to be erased. */
const aheadSlots = 32;
const triesPerSector = 2;
const none = 0xffffffff;

export class EventLog {
  /** Sequence number of the next event. */
  next: number;
  /** Which start this is, by the log's own count. */
  readonly start: number;
  /** False once no sector takes an event any more; it is tried again by `tend`. */
  healthy: boolean;
  /** Events that found no place. */
  lost: number;
  erases: number;
  private readonly flash: Flash;
  private readonly clock: Clock;
  private readonly utcS: () => number;
  private readonly slots: number;
  /** Turn of each sector, 0 where it holds no event; and its first event. */
  private readonly turns: Uint32Array;
  private readonly firsts: Uint32Array;
  private readonly allowance: WriteAllowance;
  private readonly entry: Uint8Array;
  private readonly check: Uint8Array;
  private current: number;
  private turn: number;
  /** Slot to be written next; 0 is the mark. */
  private slot: number;
  /** The sector that is erased and marked already, or -1. */
  private ready: number;

  /** Opens what is there. `utcS` answers seconds since 1970 or anything below 1 while the time is unknown. */
  constructor(flash: Flash, clock: Clock, utcS: () => number) {
    if (flash.sectorCount < 3 || flash.sectorSize < 4 * logEntryLength) throw new Error("log: needs three sectors");
    this.flash = flash;
    this.clock = clock;
    this.utcS = utcS;
    this.slots = Math.floor(flash.sectorSize / logEntryLength);
    this.turns = new Uint32Array(flash.sectorCount);
    this.firsts = new Uint32Array(flash.sectorCount);
    this.allowance = new WriteAllowance(clock.nowMs());
    this.entry = new Uint8Array(logEntryLength);
    this.check = new Uint8Array(logEntryLength);
    this.current = -1;
    this.turn = 0;
    this.slot = this.slots;
    this.ready = -1;
    this.next = 1;
    this.healthy = true;
    this.lost = 0;
    this.erases = 0;
    this.start = this.open();
  }

  /** Sequence number of the oldest event that is still there. */
  get first(): number {
    let first = this.next;
    for (let i = 0; i < this.turns.length; i++)
      if (this.turns[i] !== 0 && (this.firsts[i] as number) < first) first = this.firsts[i] as number;
    return first;
  }

  /** Writes one event down. A chip that fails and an allowance that is used up cost the event and nothing else. */
  write(what: LogWord, detail: number, number: number, value: number): void {
    const nowMs = this.clock.nowMs();
    if (!this.allowance.take(nowMs, isAmple(what))) return;
    const suppressed = this.allowance.suppressed;
    if (suppressed > 0) {
      this.allowance.suppressed = 0;
      this.put("suppressed", 0, 0, suppressed);
    }
    this.put(what, detail, number, value);
  }

  /** Visits events from sequence number `from` on, oldest first, at most `count`. What is handed over is a view. */
  each(from: number, count: number, visit: (sequence: number, bytes: Uint8Array) => void): void {
    let left = count;
    for (let i = 1; i <= this.turns.length && left > 0; i++) {
      const sector = (Math.max(this.current, 0) + i) % this.turns.length;
      if (this.turns[sector] === 0 || !this.reaches(sector, from)) continue;
      const end = sector === this.current ? this.slot : this.slots;
      for (let slot = 1; slot < end && left > 0; slot++) {
        const sequence = this.sequenceAt(sector, slot);
        if (sequence < from) continue;
        visit(sequence, this.check);
        left--;
      }
    }
  }

  /** Whether `tend` would be well spent soon. */
  needsTending(): boolean {
    return !this.healthy || (this.ready < 0 && this.slots - this.slot <= aheadSlots);
  }

  /** Erases the oldest sector ahead: for quiet times, since an erase may take as long as a tenth of a second and more. */
  tend(): void {
    this.healthy = true;
    if (this.ready < 0 && this.slots - this.slot <= aheadSlots) this.ready = this.renewNext(this.current);
  }

  /** Whether an event from `from` on can stand in this sector: the next one begins behind it. */
  private reaches(sector: number, from: number): boolean {
    if (sector === this.current) return true;
    for (let i = 1; i < this.turns.length; i++) {
      const later = (sector + i) % this.turns.length;
      if (this.turns[later] === 0) continue;
      return (this.firsts[later] as number) > from;
    }
    return true;
  }

  private put(what: LogWord, detail: number, number: number, value: number): void {
    const uptimeMs = this.clock.nowMs();
    const utcS = this.utcS();
    const entry = {
      sequence: this.next,
      start: this.start,
      uptimeMs,
      utcS: utcS > 0 ? utcS : 0,
      what,
      detail,
      number,
      value,
    };
    encodeLogEntry(entry, this.entry);
    this.next++;
    if (!this.healthy || !this.place()) {
      this.healthy = false;
      this.lost++;
    }
  }

  /** Programs the entry at the next good slot and reads it back. */
  private place(): boolean {
    let tries = 0;
    for (let sectors = 0; sectors < this.turns.length; ) {
      if (this.slot >= this.slots || tries >= triesPerSector) {
        if (!this.advance()) return false;
        sectors++;
        tries = 0;
      }
      const slot = this.slot++;
      const address = this.addressOf(this.current, slot);
      if (this.flash.program(address, this.entry) && this.isThere(address)) {
        if (this.turns[this.current] === 0) {
          this.turns[this.current] = this.turn;
          this.firsts[this.current] = this.next - 1;
        }
        return true;
      }
      this.zero(address);
      tries++;
    }
    return false;
  }

  private isThere(address: number): boolean {
    this.flash.read(address, this.check);
    for (let i = 0; i < logEntryLength; i++) if (this.check[i] !== this.entry[i]) return false;
    return true;
  }

  private advance(): boolean {
    const sector = this.ready >= 0 ? this.ready : this.renewNext(this.current);
    this.ready = -1;
    if (sector < 0) return false;
    this.current = sector;
    this.turn++;
    this.slot = 1;
    return true;
  }

  /** Erases and marks the first good sector behind `sector`; -1 where there is none. */
  private renewNext(sector: number): number {
    for (let i = 1; i < this.turns.length; i++) {
      const candidate = (sector + i) % this.turns.length;
      if (candidate !== sector && this.renew(candidate)) return candidate;
    }
    return -1;
  }

  /** The old mark is zeroed first, so that a half erased sector has none. */
  private renew(sector: number): boolean {
    this.turns[sector] = 0;
    this.zero(this.addressOf(sector, 0));
    this.erases++;
    if (!this.flash.erase(sector)) return false;
    const mark = new Uint8Array(markLength).fill(0xff);
    mark[0] = 0x4c;
    mark[1] = 0x4c;
    mark[2] = version;
    mark[3] = this.flash.programUnit;
    putU32(mark, 4, this.turn + 1);
    putU32(mark, 8, crc32(mark, 0, 8, 0));
    const address = this.addressOf(sector, 0);
    const good = this.flash.program(address, mark) && this.flash.program(address + markLength, mark);
    return good && this.turnIn(sector) === this.turn + 1;
  }

  /** Answers which start this is. */
  private open(): number {
    let last = 0;
    for (let sector = 0; sector < this.turns.length; sector++) {
      const turn = this.turnIn(sector);
      if (turn === 0) continue;
      for (let slot = 1; slot < this.slots && this.turns[sector] === 0; slot++) {
        const sequence = this.sequenceAt(sector, slot);
        if (sequence >= 0) {
          this.turns[sector] = turn;
          this.firsts[sector] = sequence;
        }
        if (this.isBlank()) break;
      }
      if (this.turns[sector] !== 0 && turn > this.turn) {
        this.turn = turn;
        this.current = sector;
      }
    }
    if (this.current < 0) return 1;
    let doubtful = 1;
    for (let slot = 1; slot < this.slots; slot++) {
      const sequence = this.sequenceAt(this.current, slot);
      if (sequence >= 0) {
        this.next = sequence + 1;
        last = startIn(this.check);
        doubtful = slot + 1;
        this.slot = slot + 1;
      } else if (!this.isBlank()) this.slot = slot + 1;
    }
    const end = Math.min(this.slot + 1, this.slots);
    for (let slot = doubtful; slot < end; slot++) this.zero(this.addressOf(this.current, slot));
    this.slot = end;
    return (last + 1) & 0xffff;
  }

  /** Sequence number of the event in a slot, or -1; its bytes are in `check` then. */
  private sequenceAt(sector: number, slot: number): number {
    this.flash.read(this.addressOf(sector, slot), this.check);
    return sequenceIn(this.check);
  }

  /** Of what was read last. */
  private isBlank(): boolean {
    for (let i = 0; i < logEntryLength; i++) if (this.check[i] !== 0xff) return false;
    return true;
  }

  private turnIn(sector: number): number {
    const address = this.addressOf(sector, 0);
    this.flash.read(address, this.check);
    for (let at = 0; at < 2 * markLength; at += markLength) {
      const right = this.check[at] === 0x4c && this.check[at + 1] === 0x4c && this.check[at + 2] === version;
      const turn = getU32(this.check, at + 4);
      if (right && turn !== none && getU32(this.check, at + 8) === crc32(this.check, at, at + 8, 0)) return turn;
    }
    return 0;
  }

  private zero(address: number): void {
    this.flash.program(address, zeros);
  }

  private addressOf(sector: number, slot: number): number {
    return sector * this.flash.sectorSize + slot * logEntryLength;
  }
}

const zeros = new Uint8Array(logEntryLength);
