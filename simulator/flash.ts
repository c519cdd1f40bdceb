/**
 * NOR flash as it behaves at its worst: programming only clears bits, sectors wear out, and a power cut leaves cells
 * half way, which read differently each time. Memory is taken only for sectors that hold something.
 */
import type { Flash } from "../firmware/ports/flash.ts";

/** Thrown out of the step at which the power went: everything above it has lost its memory. */
export class PowerCut extends Error {
  override readonly name = "PowerCut";
}

export interface FlashOptions {
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
  /** Erases a sector bears before it fails; absent: no limit. */
  readonly eraseLimit?: number;
  /** A whole number from 0 to `limit` - 1: how torn cells fall out. */
  readonly below: (limit: number) => number;
}

/** An erase is this many steps, so that it can be cut early, in the middle and late. */
const eraseSteps = 3;

export class NorFlash implements Flash {
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
  /** Steps done since the chip was made: one for each unit programmed, three for each erase. */
  steps = 0;
  erases = 0;
  /** Units that were programmed a second time with anything but zeros: chips with ECC forbid it. */
  reprogrammed = 0;
  private readonly options: FlashOptions;
  private readonly sectors: (Uint8Array | undefined)[] = [];
  private readonly wear: number[] = [];
  /** Bits that read as either, by address. */
  private readonly weak = new Map<number, number>();
  /** Sectors that read blank, while what is programmed into them does not hold. */
  private readonly frail = new Set<number>();
  private readonly failing = new Set<number>();
  private readonly lying = new Set<number>();
  private cutAt = Number.POSITIVE_INFINITY;

  constructor(options: FlashOptions) {
    this.options = options;
    this.sectorSize = options.sectorSize;
    this.sectorCount = options.sectorCount;
    this.programUnit = options.programUnit;
  }

  /** The power goes during the step after `steps` more; Infinity takes the plan back. */
  cutAfter(steps: number): void {
    this.cutAt = this.steps + steps;
  }

  /** From now on programming and erasing this sector fails, and what is programmed comes out wrong; `silently`: unreported. */
  fail(sector: number, silently = false): void {
    this.failing.add(sector);
    if (silently) this.lying.add(sector);
  }

  /** Bit rot: turns the bits of `mask` at `address`. */
  rot(address: number, mask: number): void {
    const sector = this.sectorAt(address);
    const at = address % this.sectorSize;
    sector[at] = (sector[at] as number) ^ mask;
  }

  /** A second chip in the same state, with chance of its own and no cut planned. */
  copy(below: (limit: number) => number): NorFlash {
    const other = new NorFlash({ ...this.options, below });
    for (let i = 0; i < this.sectors.length; i++) other.sectors[i] = this.sectors[i]?.slice();
    for (let i = 0; i < this.wear.length; i++) other.wear[i] = this.wear[i] ?? 0;
    for (const [address, mask] of this.weak) other.weak.set(address, mask);
    for (const sector of this.frail) other.frail.add(sector);
    for (const sector of this.failing) other.failing.add(sector);
    for (const sector of this.lying) other.lying.add(sector);
    return other;
  }

  /** Bytes of memory that the contents take. */
  get memoryBytes(): number {
    let count = 0;
    for (const sector of this.sectors) if (sector !== undefined) count += this.sectorSize;
    return count;
  }

  read(address: number, into: Uint8Array): void {
    const from = address % this.sectorSize;
    if (this.weak.size === 0 && from + into.length <= this.sectorSize) {
      const sector = this.sectors[Math.floor(address / this.sectorSize)];
      if (sector === undefined) into.fill(0xff);
      else into.set(sector.subarray(from, from + into.length));
      return;
    }
    for (let i = 0; i < into.length; i++) into[i] = this.readByte(address + i);
  }

  program(address: number, bytes: Uint8Array): boolean {
    const unit = this.programUnit;
    if (address % unit !== 0 || bytes.length % unit !== 0) throw new Error("flash: program off its unit");
    if (address < 0 || address + bytes.length > this.sectorSize * this.sectorCount)
      throw new Error("flash: program outside the chip");
    let good = true;
    for (let at = 0; at < bytes.length; at += unit) {
      const piece = bytes.subarray(at, at + unit);
      if (this.cutNow()) {
        this.tearUnit(address + at, piece);
        throw new PowerCut();
      }
      good = this.programUnitAt(address + at, piece) && good;
    }
    return good;
  }

  erase(sector: number): boolean {
    if (sector < 0 || sector >= this.sectorCount) throw new Error("flash: erase outside the chip");
    for (let step = 0; step < eraseSteps; step++) {
      if (this.cutNow()) {
        this.tearSector(sector, step);
        throw new PowerCut();
      }
    }
    this.erases++;
    const wear = (this.wear[sector] ?? 0) + 1;
    this.wear[sector] = wear;
    if (this.failing.has(sector) || (this.options.eraseLimit !== undefined && wear > this.options.eraseLimit)) {
      this.failing.add(sector);
      return this.lying.has(sector);
    }
    this.settle(sector);
    this.sectors[sector] = undefined;
    return true;
  }

  /** Erases so far of the most and the least used sector. */
  wearBounds(): { least: number; most: number } {
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let i = 0; i < this.sectorCount; i++) {
      const wear = this.wear[i] ?? 0;
      least = Math.min(least, wear);
      most = Math.max(most, wear);
    }
    return { least, most };
  }

  private cutNow(): boolean {
    if (this.steps < this.cutAt) {
      this.steps++;
      return false;
    }
    this.cutAt = Number.POSITIVE_INFINITY;
    return true;
  }

  private readByte(address: number): number {
    const sector = this.sectors[Math.floor(address / this.sectorSize)];
    const solid = sector === undefined ? 0xff : (sector[address % this.sectorSize] as number);
    const loose = this.weak.size === 0 ? undefined : this.weak.get(address);
    return loose === undefined ? solid : (solid & ~loose) | (this.options.below(256) & loose);
  }

  private programUnitAt(address: number, bytes: Uint8Array): boolean {
    const sector = this.sectorAt(address);
    const from = address % this.sectorSize;
    const index = Math.floor(address / this.sectorSize);
    if (this.failing.has(index)) {
      for (let i = 0; i < bytes.length; i++) sector[from + i] = (sector[from + i] as number) & this.options.below(256);
      return this.lying.has(index);
    }
    let blank = true;
    let zeros = true;
    for (let i = 0; i < bytes.length; i++) {
      const old = sector[from + i] as number;
      const asked = bytes[i] as number;
      if (old !== 0xff) blank = false;
      if (asked !== 0) zeros = false;
      sector[from + i] = old & asked;
      const loose = this.weak.get(address + i);
      const left = ((loose ?? 0) | (this.frail.has(index) ? 0xff : 0)) & asked;
      if (left !== 0) this.weak.set(address + i, left);
      else if (loose !== undefined) this.weak.delete(address + i);
    }
    if (!blank && !zeros) this.reprogrammed++;
    return true;
  }

  /**
   * Half a unit: of the bits that should have become 0, some did, some did not, and some read as either. The later in the
   * pulse the power goes, the fewer are missing; at the very end all look done, and a few waver.
   */
  private tearUnit(address: number, bytes: Uint8Array): void {
    const sector = this.sectorAt(address);
    const from = address % this.sectorSize;
    const late = this.options.below(4);
    for (let i = 0; i < bytes.length; i++) {
      const clearing = (sector[from + i] as number) & ~(bytes[i] as number);
      const one = this.options.below(256);
      const other = this.options.below(256);
      const third = this.options.below(256);
      const early = clearing & one & (late === 0 ? other : 0xff);
      const done = late < 3 ? early : clearing & (one | other | third);
      const loose = clearing & ~done & (late < 2 ? third : 0xff);
      sector[from + i] = (sector[from + i] as number) & ~done;
      if (loose !== 0) this.weak.set(address + i, (this.weak.get(address + i) ?? 0) | loose);
    }
  }

  /** Half a sector: a part of it blank or undecided and the rest as before, or all of it only looks blank. */
  private tearSector(index: number, step: number): void {
    const way = this.options.below(4);
    if (step === 0 && way < 2) return;
    const sector = this.sectorAt(index * this.sectorSize);
    this.frail.add(index);
    if (way === 3) {
      this.settle(index);
      sector.fill(0xff);
      this.frail.add(index);
      return;
    }
    const border =
      way === 0 ? this.sectorSize : this.options.below(this.options.below(2) === 0 ? 64 : this.sectorSize + 1);
    const forward = way === 0 || this.options.below(2) === 0;
    for (let i = forward ? 0 : border; i < (forward ? border : this.sectorSize); i++) {
      const address = index * this.sectorSize + i;
      const rising = ~(sector[i] as number) & 0xff;
      const risen = way === 1 ? rising : rising & this.options.below(256);
      const loose = ((this.weak.get(address) ?? 0) | (rising & ~risen & this.options.below(256))) & ~risen;
      sector[i] = (sector[i] as number) | risen;
      if (way !== 1 && loose !== 0) this.weak.set(address, loose);
      else this.weak.delete(address);
    }
  }

  private settle(index: number): void {
    this.frail.delete(index);
    if (this.weak.size === 0) return;
    for (let i = 0; i < this.sectorSize; i++) this.weak.delete(index * this.sectorSize + i);
  }

  private sectorAt(address: number): Uint8Array {
    const index = Math.floor(address / this.sectorSize);
    const known = this.sectors[index];
    if (known !== undefined) return known;
    const fresh = new Uint8Array(this.sectorSize).fill(0xff);
    this.sectors[index] = fresh;
    return fresh;
  }
}
