/**
 * NOR flash as it behaves at its worst: programming only clears bits, sectors wear out, and a power cut leaves cells
 * half way, which read differently each time. Memory is taken only for sectors that hold something, and as far as they do.
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
/** How long a step of an erase takes, in times of programming a unit: 45 ms for a sector of NOR flash, some 30 us for a word. */
const eraseStepTicks = 500;

/** Bytes that a sector holds as soon as it holds one. */
const leastHeld = 64;

/** What one sector holds. Copies of a chip share it until one of them changes it. */
interface Cells {
  /** From the sector's first on; what lies behind them is blank. */
  bytes: Uint8Array;
  /** Bits that read as either, byte by byte; absent where every bit is settled. */
  weak: Uint8Array | undefined;
}

/** Whether this sector fails, lies about it, or reads blank while what is programmed into it does not hold. */
const failing = 1;
const lying = 2;
const frail = 4;

/** Hears of a power cut that could have come: `torn` is the chip it would have left, to be done with as one likes. */
export type CutVisitor = (torn: NorFlash) => void;

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
  private readonly sectors: (Cells | undefined)[];
  private readonly owned: Uint8Array;
  private readonly wear: Uint32Array;
  private readonly states: Uint8Array;
  private cutAt = Number.POSITIVE_INFINITY;
  /** Until the power goes, in times of programming a unit. */
  private ticksLeft = Number.POSITIVE_INFINITY;
  private visitor: CutVisitor | undefined;
  private ways = 0;

  constructor(options: FlashOptions) {
    this.options = options;
    this.sectorSize = options.sectorSize;
    this.sectorCount = options.sectorCount;
    this.programUnit = options.programUnit;
    this.sectors = new Array<Cells | undefined>(options.sectorCount).fill(undefined);
    this.owned = new Uint8Array(options.sectorCount);
    this.wear = new Uint32Array(options.sectorCount);
    this.states = new Uint8Array(options.sectorCount);
  }

  /** The power goes during the step after `steps` more; Infinity takes the plan back. */
  cutAfter(steps: number): void {
    this.cutAt = this.steps + steps;
  }

  /** The power goes once the chip has been busy for so long, in times of programming a unit; Infinity takes the plan back. */
  cutWhenBusyFor(ticks: number): void {
    this.ticksLeft = ticks;
  }

  /**
   * From now on every step shows `ways` of the chips that a cut during it would leave, without being cut itself: each step
   * of an operation is tried while the operation is done but once. 0 ends it.
   */
  visitCuts(ways: number, visitor: CutVisitor): void {
    this.ways = ways;
    this.visitor = ways > 0 ? visitor : undefined;
  }

  /** From now on programming and erasing this sector fails, and what is programmed comes out wrong; `silently`: unreported. */
  fail(sector: number, silently = false): void {
    this.mark(sector, failing | (silently ? lying : 0));
  }

  /** Bit rot: turns the bits of `mask` at `address`. */
  rot(address: number, mask: number): void {
    const at = address % this.sectorSize;
    const { bytes } = this.cellsAt(Math.floor(address / this.sectorSize), at + 1);
    bytes[at] = (bytes[at] as number) ^ mask;
  }

  /** A second chip in the same state, with chance of its own and no cut planned. It costs nothing until one of them changes. */
  copy(below: (limit: number) => number): NorFlash {
    const other = new NorFlash({ ...this.options, below });
    this.owned.fill(0);
    for (let i = 0; i < this.sectorCount; i++) other.sectors[i] = this.sectors[i];
    other.wear.set(this.wear);
    other.states.set(this.states);
    return other;
  }

  /** Bytes of memory that the contents take. */
  get memoryBytes(): number {
    let count = 0;
    for (const sector of this.sectors) count += (sector?.bytes.length ?? 0) + (sector?.weak?.length ?? 0);
    return count;
  }

  read(address: number, into: Uint8Array): void {
    const from = address % this.sectorSize;
    let index = Math.floor(address / this.sectorSize);
    let cells = this.sectors[index];
    if (from + into.length <= this.sectorSize && cells?.weak === undefined) {
      const held = cells === undefined ? 0 : Math.max(0, Math.min(into.length, cells.bytes.length - from));
      for (let i = 0; i < held; i++) into[i] = cells?.bytes[from + i] as number;
      if (held < into.length) into.fill(0xff, held);
      return;
    }
    for (let i = 0, at = from; i < into.length; i++, at++) {
      if (at === this.sectorSize) {
        at = 0;
        cells = this.sectors[++index];
      }
      const solid = cells?.bytes[at] ?? 0xff;
      const loose = cells?.weak?.[at] ?? 0;
      into[i] = loose === 0 ? solid : (solid & ~loose) | (this.options.below(256) & loose);
    }
  }

  program(address: number, bytes: Uint8Array): boolean {
    const unit = this.programUnit;
    if (address % unit !== 0 || bytes.length % unit !== 0) throw new Error("flash: program off its unit");
    if (address < 0 || address + bytes.length > this.sectorSize * this.sectorCount)
      throw new Error("flash: program outside the chip");
    let good = true;
    for (let at = 0; at < bytes.length; at += unit) {
      if (this.visitor !== undefined) this.show((torn) => torn.tearUnit(address + at, bytes, at));
      if (this.cutNow(1)) {
        this.tearUnit(address + at, bytes, at);
        throw new PowerCut();
      }
      good = this.programUnitAt(address + at, bytes, at) && good;
    }
    return good;
  }

  erase(sector: number): boolean {
    if (sector < 0 || sector >= this.sectorCount) throw new Error("flash: erase outside the chip");
    for (let step = 0; step < eraseSteps; step++) {
      if (this.visitor !== undefined) this.show((torn) => torn.tearSector(sector, step));
      if (this.cutNow(eraseStepTicks)) {
        this.tearSector(sector, step);
        throw new PowerCut();
      }
    }
    this.erases++;
    const wear = (this.wear[sector] ?? 0) + 1;
    this.wear[sector] = wear;
    if (this.is(sector, failing) || (this.options.eraseLimit !== undefined && wear > this.options.eraseLimit)) {
      this.mark(sector, failing);
      return this.is(sector, lying);
    }
    this.settle(sector);
    return true;
  }

  /** Erases so far of the most and the least used sector. */
  wearBounds(): { least: number; most: number } {
    return { least: Math.min(...this.wear), most: Math.max(...this.wear) };
  }

  private show(tear: (torn: NorFlash) => void): void {
    for (let way = 0; way < this.ways; way++) {
      const torn = this.copy(this.options.below);
      tear(torn);
      this.visitor?.(torn);
    }
  }

  private cutNow(ticks: number): boolean {
    this.ticksLeft -= ticks;
    if (this.steps < this.cutAt && this.ticksLeft >= 0) {
      this.steps++;
      return false;
    }
    this.cutAt = Number.POSITIVE_INFINITY;
    this.ticksLeft = Number.POSITIVE_INFINITY;
    return true;
  }

  private programUnitAt(address: number, bytes: Uint8Array, at: number): boolean {
    const index = Math.floor(address / this.sectorSize);
    const from = address % this.sectorSize;
    const unit = this.programUnit;
    const cells = this.cellsAt(index, from + unit);
    if (this.is(index, failing)) {
      for (let i = 0; i < unit; i++)
        cells.bytes[from + i] = (cells.bytes[from + i] as number) & this.options.below(256);
      return this.is(index, lying);
    }
    const unsound = this.is(index, frail) ? 0xff : 0;
    let blank = true;
    let zeros = true;
    for (let i = 0; i < unit; i++) {
      const old = cells.bytes[from + i] as number;
      const asked = bytes[at + i] as number;
      if (old !== 0xff) blank = false;
      if (asked !== 0) zeros = false;
      cells.bytes[from + i] = old & asked;
      if (cells.weak !== undefined || unsound !== 0)
        this.loosen(cells, from + i, ((cells.weak?.[from + i] ?? 0) | unsound) & asked);
    }
    if (!blank && !zeros) this.reprogrammed++;
    return true;
  }

  /**
   * Half a unit: of the bits that should have become 0, some did, some did not, and some read as either. The later in the
   * pulse the power goes, the fewer are missing; at the very end all look done, and a few waver.
   */
  private tearUnit(address: number, bytes: Uint8Array, at: number): void {
    const from = address % this.sectorSize;
    const cells = this.cellsAt(Math.floor(address / this.sectorSize), from + this.programUnit);
    const late = this.options.below(4);
    for (let i = 0; i < this.programUnit; i++) {
      const clearing = (cells.bytes[from + i] as number) & ~(bytes[at + i] as number);
      const one = this.options.below(256);
      const other = this.options.below(256);
      const third = this.options.below(256);
      const early = clearing & one & (late === 0 ? other : 0xff);
      const done = late < 3 ? early : clearing & (one | other | third);
      const loose = clearing & ~done & (late < 2 ? third : 0xff);
      cells.bytes[from + i] = (cells.bytes[from + i] as number) & ~done;
      if (loose !== 0) this.loosen(cells, from + i, (cells.weak?.[from + i] ?? 0) | loose);
    }
  }

  /** Half a sector: a part of it blank or undecided and the rest as before, or all of it only looks blank. */
  private tearSector(index: number, step: number): void {
    const way = this.options.below(4);
    if (step === 0 && way < 2) return;
    if (way === 3) {
      this.settle(index);
      this.mark(index, frail);
      return;
    }
    const cells = this.cellsAt(index, this.sectorSize);
    this.mark(index, frail);
    const border =
      way === 0 ? this.sectorSize : this.options.below(this.options.below(2) === 0 ? 64 : this.sectorSize + 1);
    const forward = way === 0 || this.options.below(2) === 0;
    for (let at = forward ? 0 : border; at < (forward ? border : this.sectorSize); at++) {
      const rising = ~(cells.bytes[at] as number) & 0xff;
      const weak = cells.weak?.[at] ?? 0;
      if (rising === 0 && weak === 0) continue;
      const risen = way === 1 ? rising : rising & this.options.below(256);
      const loose = (weak | (rising & ~risen & this.options.below(256))) & ~risen;
      cells.bytes[at] = (cells.bytes[at] as number) | risen;
      this.loosen(cells, at, way === 1 ? 0 : loose);
    }
  }

  private loosen(cells: Cells, at: number, mask: number): void {
    if (mask === 0 && cells.weak === undefined) return;
    cells.weak ??= new Uint8Array(this.sectorSize);
    cells.weak[at] = mask;
  }

  /** Blank and sound. */
  private settle(index: number): void {
    this.states[index] = (this.states[index] as number) & ~frail;
    this.sectors[index] = undefined;
  }

  private is(index: number, state: number): boolean {
    return ((this.states[index] as number) & state) !== 0;
  }

  private mark(index: number, state: number): void {
    this.states[index] = (this.states[index] as number) | state;
  }

  /** Cells that may be written to, up to `end` bytes of the sector at the least: those of this chip alone. */
  private cellsAt(index: number, end: number): Cells {
    const known = this.sectors[index];
    const held = known?.bytes.length ?? 0;
    if (known !== undefined && this.owned[index] === 1) {
      if (held < end) known.bytes = this.widened(known.bytes, end);
      return known;
    }
    const own: Cells = { bytes: this.widened(known?.bytes, Math.max(end, held)), weak: known?.weak?.slice() };
    this.owned[index] = 1;
    this.sectors[index] = own;
    return own;
  }

  /** A copy that holds at least so many: programs write sectors from their beginning, a little at a time. */
  private widened(bytes: Uint8Array | undefined, end: number): Uint8Array {
    let length = leastHeld;
    while (length < end) length *= 2;
    const wider = new Uint8Array(Math.min(length, this.sectorSize)).fill(0xff);
    if (bytes !== undefined) wider.set(bytes);
    return wider;
  }
}
