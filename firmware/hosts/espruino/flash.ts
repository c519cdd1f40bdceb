/** The Flash port over raw pages of the chip, outside the engine's own file store, by the module "Flash". It reports no failure: we read back. */
import type { Flash } from "../../ports/flash.ts";
import type { RawPages } from "../board.ts";
import type { RawFlash } from "./engine.ts";

export class EspruinoFlash implements Flash {
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
  private readonly raw: RawFlash;
  private readonly base: number;

  /** Throws where the engine's own program or files reach into the pages: this image is not for this interpreter. */
  constructor(raw: RawFlash, pages: RawPages) {
    this.raw = raw;
    this.base = pages.address;
    this.sectorSize = pages.sectorSize;
    this.sectorCount = pages.sectorCount;
    this.programUnit = pages.programUnit;
    const end = pages.address + pages.sectorSize * pages.sectorCount;
    let isFree = false;
    for (const area of raw.getFree()) if (area.addr <= pages.address && area.addr + area.length >= end) isFree = true;
    if (!isFree) throw new Error("flash: the pages are not free");
  }

  erase(sector: number): boolean {
    this.raw.erasePage(this.base + sector * this.sectorSize);
    return true;
  }

  program(address: number, bytes: Uint8Array): boolean {
    this.raw.write(bytes, this.base + address);
    return true;
  }

  read(address: number, into: Uint8Array): void {
    into.set(this.raw.read(into.length, this.base + address));
  }
}
