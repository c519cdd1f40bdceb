/**
 * What a button remembers, on two sectors of raw NOR flash and kept through any power cut: five short values, all of them in each slot.
 * A journal for many would take a third of a button's script.
 *
 * A sector begins with its mark, twice (8 bytes each: "LB", version, program unit, CRC-32), written after each completed erase: a sector that
 * merely reads blank is erased again. Then come slots of 56 bytes: 8 zeros that claim the slot, written first; a sequence number that only
 * rises; the values; CRC-32. The whole slot with the highest number counts. What the last cut may have left in doubt is made firm when the
 * store is opened, before anything is told: the values are written once more, with a number that no torn slot can bear.
 */
import { shortCrc32 } from "../../protocol/bytes/short-crc.ts";
import type { Flash } from "../ports/flash.ts";
import { buttonCountersKind, buttonLifeKind, ownKeyKind, unheardFallKind, unheardPressKind } from "./record-kinds.ts";

const markLength = 8;
const slotsAt = 2 * markLength;
const claimLength = 8;
const valuesAt = claimLength + 4;
const crcAt = 52;
const slotLength = 56;
/** Kept at the end of a sector for what makes the store firm after power cuts, even several in a row. */
const reserve = 6;
const version = 1;
const tries = 2;
const leastSectorSize = 1024;
const absent = 0xff;

export class ButtonStore {
  private readonly flash: Flash;
  private readonly slotCount: number;
  /** The slot as it was last written or read: the values stand in it. */
  private slot: Uint8Array;
  private other: Uint8Array;
  /** The sector in force, and the first of its slots that nobody has claimed; the slot count where it takes none. */
  private sector: number;
  private at: number;
  private sequence: number;
  /** The other sector is erased and marked. */
  private spareReady: boolean;

  /** Opens what is there; blank or foreign flash becomes an empty store. Throws where the chip is too small to serve. */
  constructor(flash: Flash) {
    if (flash.sectorCount < 2 || flash.sectorSize < leastSectorSize) throw new Error("store: too small");
    this.flash = flash;
    this.slotCount = Math.floor((flash.sectorSize - slotsAt) / slotLength);
    this.slot = new Uint8Array(slotLength);
    this.other = new Uint8Array(slotLength);
    this.sector = 0;
    this.sequence = 0;
    this.spareReady = false;
    this.at = this.newestOf(0);
    const first = this.sequenceOf(this.slot);
    this.swap();
    const end = this.newestOf(1);
    if (this.sequenceOf(this.slot) > first) {
      this.sector = 1;
      this.at = end;
    } else this.swap();
    this.sequence = this.sequenceOf(this.slot) + 1;
    if (!this.isMarked(this.sector)) this.at = this.slotCount;
    this.spareReady = this.isMarked(1 - this.sector) && this.isBlank(this.addressOf(1 - this.sector, 0));
    if (this.sequence === 1) this.slot.fill(absent, valuesAt, crcAt);
    if (!this.append(0)) this.move();
    if (this.needsRoom()) this.compact();
  }

  /** A copy of the value of `kind`, or undefined; `key` is 0 always. */
  read(kind: number, _key: number): Uint8Array | undefined {
    const at = placeOf(kind);
    const length = this.slot[at] as number;
    return length === absent ? undefined : new Uint8Array(this.slot.subarray(at + 1, at + 1 + length));
  }

  /** True: the value is on flash for good. False: the old one stands, since the chip fails. */
  write(kind: number, _key: number, bytes: Uint8Array): boolean {
    const at = placeOf(kind);
    const before = new Uint8Array(this.slot.subarray(valuesAt, crcAt));
    this.slot[at] = bytes.length;
    this.slot.set(bytes, at + 1);
    return this.keep(before);
  }

  remove(kind: number, _key: number): boolean {
    const at = placeOf(kind);
    if (this.slot[at] === absent) return true;
    const before = new Uint8Array(this.slot.subarray(valuesAt, crcAt));
    this.slot[at] = absent;
    return this.keep(before);
  }

  /** Whether `compact` would be well spent soon: the sector in force is nearly full, or no erased one stands ready. */
  needsRoom(): boolean {
    return !this.spareReady || this.at * 4 > (this.slotCount - reserve) * 3;
  }

  /** Takes as long as erasing a sector does: for quiet times. True: there is room, and an erased sector stands ready again. */
  compact(): boolean {
    return (!this.spareReady || this.move()) && this.prepare();
  }

  private keep(before: Uint8Array): boolean {
    if (this.append(reserve) || this.move()) return true;
    this.slot.set(before, valuesAt);
    return false;
  }

  /** Writes all values to the next slot and reads them back; `spared` slots at the sector's end are left alone. */
  private append(spared: number): boolean {
    for (let left = tries; left > 0 && this.at < this.slotCount - spared; left--) {
      const address = this.addressOf(this.sector, this.at++);
      putU32(this.slot, claimLength, ++this.sequence);
      putU32(this.slot, crcAt, crcOf(this.slot));
      this.slot.fill(0, 0, claimLength);
      const good = this.put(address, 0, claimLength) && this.put(address, claimLength, slotLength);
      if (good && this.load(address, this.other) && this.sequenceOf(this.other) === this.sequence) return true;
      // What may read as whole one day must not: it was not confirmed.
      this.slot.fill(0, 0, claimLength);
      this.flash.program(address + crcAt - 4, this.slot.subarray(0, claimLength));
    }
    return false;
  }

  /** Puts the values into the other sector and that in force. False: nothing has changed. */
  private move(): boolean {
    if (!this.spareReady && !this.prepare()) return false;
    const at = this.at;
    this.spareReady = false;
    this.sector = 1 - this.sector;
    this.at = 0;
    if (this.append(reserve)) return true;
    this.sector = 1 - this.sector;
    this.at = at;
    return false;
  }

  /** Erases and marks the other sector. The old marks are zeroed first, so that a half erased sector has none. */
  private prepare(): boolean {
    const base = (1 - this.sector) * this.flash.sectorSize;
    this.flash.program(base, new Uint8Array(slotsAt));
    const mark = this.mark();
    this.spareReady =
      this.flash.erase(1 - this.sector) &&
      this.flash.program(base, mark) &&
      this.flash.program(base + markLength, mark) &&
      this.isMarked(1 - this.sector);
    return this.spareReady;
  }

  /**
   * Reads the newest whole slot of a sector into `slot`, with the sequence number 0 where there is none. Answers the first slot that nobody
   * has claimed: slots are claimed in their order, and a sector where it looks otherwise is one that was being erased.
   */
  private newestOf(sector: number): number {
    let low = 0;
    let high = this.slotCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.isBlank(this.addressOf(sector, middle))) high = middle;
      else low = middle + 1;
    }
    for (let slot = low - 1; slot >= 0; slot--) {
      const address = this.addressOf(sector, slot);
      if (this.load(address, this.slot)) return low;
      // A claim that a cut left half done may look blank one day, and would hide every slot behind it.
      if (slot === low - 1) this.flash.program(address, new Uint8Array(claimLength));
    }
    putU32(this.slot, claimLength, 0);
    return low;
  }

  private load(address: number, into: Uint8Array): boolean {
    this.flash.read(address, into);
    return getU32(into, crcAt) === crcOf(into);
  }

  private put(address: number, from: number, to: number): boolean {
    return this.flash.program(address + from, this.slot.subarray(from, to));
  }

  private isBlank(address: number): boolean {
    const claim = new Uint8Array(claimLength);
    this.flash.read(address, claim);
    for (let i = 0; i < claimLength; i++) if (claim[i] !== absent) return false;
    return true;
  }

  private isMarked(sector: number): boolean {
    const mark = this.mark();
    const marks = new Uint8Array(slotsAt);
    this.flash.read(sector * this.flash.sectorSize, marks);
    for (let i = 0; i < slotsAt; i++) if (marks[i] !== mark[i % markLength]) return false;
    return true;
  }

  private mark(): Uint8Array {
    const mark = new Uint8Array([0x4c, 0x42, version, this.flash.programUnit, 0, 0, 0, 0]);
    putU32(mark, 4, shortCrc32(mark, 0, 4, 0));
    return mark;
  }

  private sequenceOf(slot: Uint8Array): number {
    return getU32(slot, claimLength);
  }

  private addressOf(sector: number, slot: number): number {
    return sector * this.flash.sectorSize + slotsAt + slot * slotLength;
  }

  private swap(): void {
    const slot = this.slot;
    this.slot = this.other;
    this.other = slot;
  }
}

function crcOf(slot: Uint8Array): number {
  return shortCrc32(slot, claimLength, crcAt, version);
}

/** Where the length of a value stands, its bytes behind it. Throws for a kind that no button keeps: a mistake of ours. */
function placeOf(kind: number): number {
  switch (kind) {
    case buttonCountersKind:
      return valuesAt;
    case unheardPressKind:
      return valuesAt + 5;
    case unheardFallKind:
      return valuesAt + 11;
    case buttonLifeKind:
      return valuesAt + 17;
    case ownKeyKind:
      return valuesAt + 19;
    default:
      throw new Error("store: no such value");
  }
}

function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

function getU32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  return high * 0x10000 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
}
