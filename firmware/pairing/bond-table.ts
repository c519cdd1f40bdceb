/**
 * The table of bonds in the journal: 32 places, and for each person who calls (radio 7.4, 7.5). What a device may do follows from two
 * kinds of records alone, so that each step that matters to a person, a replacement or a revocation, is one write.
 */
import type { AccessoryType } from "../../protocol/radio/accessory-types.ts";
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import type { RejectReason } from "../../protocol/radio/pairing.ts";
import type { PersonSlot, SlotWarning } from "../../protocol/radio/person-slot.ts";
import { callsFor, emptySlot, nobody, stepSlot } from "../../protocol/radio/person-slot.ts";
import type { Records } from "../radio-counters.ts";
import { bondKind, bondTableKind, personSlotKind } from "../storage/record-kinds.ts";
import type { KeptBond } from "./bond-record.ts";
import { decodeBond, decodeSlot, encodeBond, encodeSlot, isWorn } from "./bond-record.ts";
import type { Bond } from "./bonds.ts";
import { bondLimit } from "./bonds.ts";

/** Person slots have the numbers 1 to this. */
export const personLimit = 32;

/** A device that asks to belong to this unit, as its label and the window say. */
export interface Joiner {
  readonly address: number;
  readonly person: number;
  readonly form: ButtonForm | AccessoryType;
  readonly where: string;
}

export class BondTable {
  private readonly records: Records;
  private readonly places: (KeptBond | undefined)[];
  private readonly slots: PersonSlot[];

  /** `delivered` fills the table once; from then on the journal alone rules. */
  constructor(records: Records, delivered: readonly Bond[]) {
    this.records = records;
    this.places = [];
    this.slots = [];
    for (let i = 0; i < bondLimit; i++) this.places.push(undefined);
    for (let i = 0; i <= personLimit; i++) this.slots.push(emptySlot);
    if (records.read(bondTableKind, 0) === undefined) this.fill(delivered);
    else this.recall();
  }

  /** What stands at this place, as the radio takes it. */
  bond(place: number): Bond | undefined {
    const kept = this.places[place];
    if (kept === undefined) return undefined;
    return {
      address: kept.address,
      person: kept.person,
      form: kept.form,
      key: kept.key,
      freshKey: kept.freshKey,
      where: kept.where,
      revoked: this.isRevoked(place),
    };
  }

  slot(person: number): PersonSlot {
    return this.slots[person] ?? emptySlot;
  }

  placeOf(address: number): number {
    for (let i = 0; i < bondLimit; i++) {
      const kept = this.places[i];
      if (kept !== undefined && kept.address === address) return i;
    }
    return nobody;
  }

  isRevoked(place: number): boolean {
    const kept = this.places[place];
    if (kept === undefined) return false;
    return kept.slotted ? !callsFor(this.slot(kept.person), place) : kept.revoked;
  }

  /** A call of this device has gone all the way to a receiver and was accepted, under the bond that it has now. */
  isVerified(place: number): boolean {
    const kept = this.places[place];
    if (kept === undefined) return false;
    const slot = this.slot(kept.person);
    return kept.slotted ? slot.holder === place && slot.verified : kept.verified;
  }

  /** Whether somebody's device counts on this place: neither empty nor revoked. */
  isInUse(place: number): boolean {
    return this.places[place] !== undefined && !this.isRevoked(place);
  }

  /** Why this device cannot have a place, or undefined. */
  refusal(joiner: Joiner): RejectReason | undefined {
    const place = this.placeOf(joiner.address);
    const inUse = place !== nobody && this.isInUse(place);
    const kept = this.places[place];
    if (inUse && kept !== undefined && (kept.person !== joiner.person || kept.slotted !== isWorn(joiner.form)))
      return "slot-taken";
    const slot = this.slot(joiner.person);
    if (isWorn(joiner.form) && !inUse && slot.holder !== nobody && slot.successor !== nobody) return "slot-taken";
    return place === nobody && this.freePlace() === nobody ? "no-place" : undefined;
  }

  /**
   * Keeps the key of a pairing, beside `held` (the one that the device says it calls with) and no other. The place, or `nobody` where
   * the journal did not take it: then the device must not be welcomed. Throws where `refusal` has a reason.
   */
  adopt(joiner: Joiner, key: Uint8Array, held: Uint8Array | undefined): number {
    if (this.refusal(joiner) !== undefined) throw new Error("bonds: a device without a place");
    const known = this.placeOf(joiner.address);
    const place = known === nobody ? this.freePlace() : known;
    const slotted = isWorn(joiner.form);
    // What a cut leaves between the two writes calls for nobody yet.
    const kept: KeptBond = {
      address: joiner.address,
      person: joiner.person,
      form: joiner.form,
      key: held ?? key,
      freshKey: held === undefined ? undefined : key,
      where: joiner.where,
      revoked: false,
      verified: false,
      slotted,
    };
    if (!this.put(place, kept)) return nobody;
    if (!slotted) return place;
    const slot = stepSlot(this.slot(joiner.person), { type: "paired", place }).slot;
    const verified = slot.verified && slot.holder !== place;
    return this.putSlot(joiner.person, { holder: slot.holder, verified, successor: slot.successor }) ? place : nobody;
  }

  /** The device has called under this key: the other one goes. False where the journal did not take it; the next call tries again. */
  settle(place: number, fresh: boolean): boolean {
    const kept = this.places[place];
    if (kept === undefined || kept.freshKey === undefined) return true;
    return this.put(place, changed(kept, fresh ? kept.freshKey : kept.key, kept.revoked, kept.verified));
  }

  /** A call of this place was accepted by a receiver. Answers the place that this step revoked, or `nobody`. */
  accepted(place: number): number {
    const kept = this.places[place];
    if (kept === undefined || this.isVerified(place) || this.isRevoked(place)) return nobody;
    if (!kept.slotted) {
      this.put(place, changed(kept, kept.key, false, true));
      return nobody;
    }
    const step = stepSlot(this.slot(kept.person), { type: "accepted", place });
    return this.putSlot(kept.person, step.slot) ? step.revoke : nobody;
  }

  /** Takes a device out of use. False where it was not in use, or the journal did not take it. */
  revoke(place: number): boolean {
    const kept = this.places[place];
    if (kept === undefined || !this.isInUse(place)) return false;
    if (!kept.slotted) return this.put(place, changed(kept, kept.key, true, false));
    return this.putSlot(kept.person, stepSlot(this.slot(kept.person), { type: "revoked", place }).slot);
  }

  /** What is to be warned of for this person; undefined also where the slot was never used. */
  warning(person: number): SlotWarning | undefined {
    let worn = false;
    for (let i = 0; i < bondLimit; i++) {
      const kept = this.places[i];
      if (kept !== undefined && kept.slotted && kept.person === person) worn = true;
    }
    if (!worn) return undefined;
    const slot = this.slot(person);
    if (slot.holder === nobody) return "no-button";
    return slot.verified && slot.successor === nobody ? undefined : "not-verified";
  }

  /** An empty place; where there is none, the first one that a revoked device has. */
  private freePlace(): number {
    for (let i = 0; i < bondLimit; i++) if (this.places[i] === undefined) return i;
    for (let i = 0; i < bondLimit; i++) if (!this.isInUse(i)) return i;
    return nobody;
  }

  private put(place: number, kept: KeptBond): boolean {
    if (!this.records.write(bondKind, place, encodeBond(kept))) return false;
    this.places[place] = kept;
    return true;
  }

  private putSlot(person: number, slot: PersonSlot): boolean {
    const before = this.slot(person);
    const same = before.holder === slot.holder && before.successor === slot.successor;
    if (same && before.verified === slot.verified) return true;
    if (!this.records.write(personSlotKind, person, encodeSlot(slot))) return false;
    this.slots[person] = slot;
    return true;
  }

  private recall(): void {
    for (let i = 0; i < bondLimit; i++) {
      const bytes = this.records.read(bondKind, i);
      if (bytes !== undefined) this.places[i] = decodeBond(bytes);
    }
    for (let i = 1; i <= personLimit; i++) this.slots[i] = decodeSlot(this.records.read(personSlotKind, i));
  }

  /** A third worn device of one person has no room in the slot: it stands for itself, as what hangs on a wall does. */
  private fill(delivered: readonly Bond[]): void {
    for (let place = 0; place < Math.min(delivered.length, bondLimit); place++) {
      const bond = delivered[place] as Bond;
      const slot = this.slot(bond.person);
      const slotted = isWorn(bond.form) && slot.holder === nobody && !bond.revoked;
      const kept: KeptBond = {
        address: bond.address,
        person: bond.person,
        form: bond.form,
        key: bond.key,
        freshKey: undefined,
        where: bond.where ?? "",
        revoked: bond.revoked,
        verified: false,
        slotted,
      };
      // A unit whose flash is dead serves all the same.
      if (!this.put(place, kept)) this.places[place] = kept;
      const taken: PersonSlot = { holder: place, verified: false, successor: nobody };
      if (slotted && !this.putSlot(bond.person, taken)) this.slots[bond.person] = taken;
    }
    this.records.write(bondTableKind, 0, new Uint8Array(1));
  }
}

/** One key is left, and these flags. */
function changed(kept: KeptBond, key: Uint8Array, revoked: boolean, verified: boolean): KeptBond {
  return {
    address: kept.address,
    person: kept.person,
    form: kept.form,
    key,
    freshKey: undefined,
    where: kept.where,
    revoked,
    verified,
    slotted: kept.slotted,
  };
}
