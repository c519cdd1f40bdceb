/** Two slots and the choice between them on raw flash, for hosts whose engine brings no such thing. */
import type { Flash } from "../ports/flash.ts";
import type { Slots } from "../ports/slots.ts";
import type { BootChoice, Choice } from "./boot-choice.ts";
import { otherSlot } from "./boot-choice.ts";

export class FlashSlots implements Slots {
  readonly pageSize: number;
  readonly pageCount: number;
  private readonly choice: BootChoice;
  private readonly spare: Flash;
  private readonly running: 0 | 1;
  private at: Slots["stage"];

  /** `slots`: both, equally large; `started`: what `choice.start` has answered in this life. */
  constructor(slots: readonly [Flash, Flash], choice: BootChoice, started: Choice) {
    this.choice = choice;
    this.running = started.slot;
    this.spare = started.slot === 0 ? slots[1] : slots[0];
    this.pageSize = this.spare.sectorSize;
    this.pageCount = this.spare.sectorCount;
    this.at = started.stage === "settled" ? "settled" : "trial";
  }

  get stage(): Slots["stage"] {
    return this.at;
  }

  write(page: number, bytes: Uint8Array): boolean {
    if (page < 0 || page >= this.pageCount || bytes.length > this.pageSize) throw new Error("slots: no such page");
    if (!this.spare.erase(page)) return false;
    const unit = this.spare.programUnit;
    const whole = new Uint8Array(Math.floor((bytes.length + unit - 1) / unit) * unit);
    whole.fill(0xff);
    whole.set(bytes);
    if (!this.spare.program(page * this.pageSize, whole)) return false;
    const read = new Uint8Array(whole.length);
    this.spare.read(page * this.pageSize, read);
    for (let i = 0; i < whole.length; i++) if (read[i] !== whole[i]) return false;
    return true;
  }

  read(address: number, into: Uint8Array): void {
    if (address < 0 || address + into.length > this.pageSize * this.pageCount)
      throw new Error("slots: beyond the slot");
    this.spare.read(address, into);
  }

  tryNext(): boolean {
    return this.choice.put({ slot: otherSlot(this.running), stage: "untried" });
  }

  confirm(): boolean {
    if (!this.choice.put({ slot: this.running, stage: "settled" })) return false;
    this.at = "settled";
    return true;
  }

  goBack(): boolean {
    return this.choice.put({ slot: otherSlot(this.running), stage: "settled" });
  }
}
