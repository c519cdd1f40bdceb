/**
 * Which of two slots is started, as entries in two sectors of raw flash: the last whole one counts. What a cut has left half
 * done is never in force for longer than a start, since every start writes its own entry before it begins, one place further
 * on than it would have to: what only looks blank is left alone.
 *
 * An entry is 16 bytes: sequence of the sector (4), slot (1), stage (1), format (1), nothing (5), CRC-32 of all that (4).
 */
import { crc32 } from "../../protocol/bytes/crc.ts";
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { Flash } from "../ports/flash.ts";

export interface Choice {
  readonly slot: 0 | 1;
  /** `untried`: to be started once; `tried`: it was, and is not kept yet. */
  readonly stage: "settled" | "untried" | "tried";
}

export const entryLength = 16;
const crcAt = 12;
const format = 1;
const stages: readonly Choice["stage"][] = ["settled", "untried", "tried"];

export class BootChoice {
  private readonly flash: Flash;
  private readonly places: number;
  private readonly entry: Uint8Array;
  private choice: Choice;
  private sector: number;
  private sequence: number;
  /** Where the next entry goes, in entries; as many as there are places: in the other sector. */
  private next: number;

  /** `flash` has two sectors. A blank one means the first slot. */
  constructor(flash: Flash) {
    this.flash = flash;
    this.places = Math.floor(flash.sectorSize / entryLength);
    this.entry = new Uint8Array(entryLength);
    this.choice = { slot: 0, stage: "settled" };
    this.sector = 1;
    this.sequence = 0;
    this.next = this.places;
    for (let sector = 0; sector < 2; sector++) this.scan(sector);
  }

  /** At each start, before anything else: which slot runs now. */
  start(): Choice {
    this.next++;
    const before = this.choice;
    if (before.stage === "untried" && this.put({ slot: before.slot, stage: "tried" }))
      return { slot: before.slot, stage: "tried" };
    // Tried once and not kept, or the chip does not take the note that it is tried: then the former one, for good.
    const slot = before.stage === "settled" ? before.slot : otherSlot(before.slot);
    this.put({ slot, stage: "settled" });
    return { slot, stage: "settled" };
  }

  /** False: the chip does not hold it, and the choice stands as it was. */
  put(choice: Choice): boolean {
    for (let tries = 0; tries < 2; tries++) {
      if (this.next >= this.places && !this.changeSector()) return false;
      const at = this.next++;
      this.encode(choice);
      if (this.flash.program(this.addressOf(this.sector, at), this.entry) && this.holds(at)) {
        this.choice = choice;
        return true;
      }
    }
    return false;
  }

  private changeSector(): boolean {
    const other = 1 - this.sector;
    if (!this.flash.erase(other)) return false;
    this.sector = other;
    this.sequence++;
    this.next = 0;
    return true;
  }

  /** Takes the sector's last whole entry, where it is newer than what is known. */
  private scan(sector: number): void {
    let used = 0;
    for (let at = 0; at < this.places; at++) {
      this.flash.read(this.addressOf(sector, at), this.entry);
      if (!isBlank(this.entry)) used = at + 1;
      const from = readerOf(this.entry);
      const sequence = from.u32();
      const slot = from.u8();
      const stage = stages[from.u8()];
      const isWhole = from.u8() === format && crc32(this.entry, 0, crcAt, 0) === crcIn(this.entry);
      if (!isWhole || stage === undefined || slot > 1 || sequence < this.sequence) continue;
      this.choice = { slot: slot === 0 ? 0 : 1, stage };
      this.sector = sector;
      this.sequence = sequence;
    }
    if (this.sector === sector && this.sequence > 0) this.next = used;
  }

  private holds(at: number): boolean {
    const read = new Uint8Array(entryLength);
    this.flash.read(this.addressOf(this.sector, at), read);
    for (let i = 0; i < entryLength; i++) if (read[i] !== this.entry[i]) return false;
    return true;
  }

  private encode(choice: Choice): void {
    const to = new Writer(this.entry);
    to.u32(this.sequence);
    to.u8(choice.slot);
    to.u8(stages.indexOf(choice.stage));
    to.u8(format);
    while (to.at < crcAt) to.u8(0);
    to.u32(crc32(this.entry, 0, crcAt, 0));
  }

  private addressOf(sector: number, at: number): number {
    return sector * this.flash.sectorSize + at * entryLength;
  }
}

export function otherSlot(slot: 0 | 1): 0 | 1 {
  return slot === 0 ? 1 : 0;
}

function crcIn(entry: Uint8Array): number {
  const from = readerOf(entry);
  from.at = crcAt;
  return from.u32();
}

function isBlank(entry: Uint8Array): boolean {
  for (let i = 0; i < entry.length; i++) if (entry[i] !== 0xff) return false;
  return true;
}
