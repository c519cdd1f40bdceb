/** A run of sectors of a chip as a chip of its own, so that the journal and the event log never meet in a sector. */
import type { Flash } from "../ports/flash.ts";

/** Sectors of the event log: of 4 kB each they hold 127 events, so that 2,000 remain while one sector is erased ahead. */
export const logSectors = 20;
const leastJournalSectors = 4;

export class FlashPart implements Flash {
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
  private readonly flash: Flash;
  private readonly first: number;

  /** `first` and `sectorCount` lie within the chip. */
  constructor(flash: Flash, first: number, sectorCount: number) {
    if (first < 0 || first + sectorCount > flash.sectorCount) throw new Error("flash part: beyond the chip");
    this.sectorSize = flash.sectorSize;
    this.sectorCount = sectorCount;
    this.programUnit = flash.programUnit;
    this.flash = flash;
    this.first = first;
  }

  erase(sector: number): boolean {
    if (sector < 0 || sector >= this.sectorCount) throw new Error("flash part: erase outside the part");
    return this.flash.erase(this.first + sector);
  }

  program(address: number, bytes: Uint8Array): boolean {
    this.check(address, bytes.length);
    return this.flash.program(this.first * this.sectorSize + address, bytes);
  }

  read(address: number, into: Uint8Array): void {
    this.check(address, into.length);
    this.flash.read(this.first * this.sectorSize + address, into);
  }

  private check(address: number, length: number): void {
    if (address < 0 || address + length > this.sectorCount * this.sectorSize)
      throw new Error("flash part: outside the part");
  }
}

export interface StorageParts {
  readonly journal: Flash;
  /** Absent on a chip that is too small for both: the journal comes first. */
  readonly log: Flash | undefined;
}

/** The journal has the first sectors and the log the last 20, where the chip has 24 or more. */
export function partsOf(flash: Flash): StorageParts {
  const journalSectors = flash.sectorCount - logSectors;
  if (journalSectors < leastJournalSectors) return { journal: flash, log: undefined };
  return {
    journal: new FlashPart(flash, 0, journalSectors),
    log: new FlashPart(flash, journalSectors, logSectors),
  };
}
