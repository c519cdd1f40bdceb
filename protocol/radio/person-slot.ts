/**
 * Who calls for a person, and how a new button takes over from the old one (radio 7.5). One value, kept as one record: at no moment a
 * person is without a valid button, unless somebody revoked the last one, which warns.
 */

/** No device in this role. */
export const nobody = -1;

/** Places in the table of bonds; what stands in either role calls for the person. */
export interface PersonSlot {
  readonly holder: number;
  /** A press of the holder has gone all the way to a receiver and was accepted. */
  readonly verified: boolean;
  /** Paired to replace the holder, and not verified yet. */
  readonly successor: number;
}

export type SlotEvent =
  /** This device was welcomed for the slot. */
  | { readonly type: "paired"; readonly place: number }
  /** A press of this device was accepted by a receiver. */
  | { readonly type: "accepted"; readonly place: number }
  /** Somebody with the right to do so took this device out of use. */
  | { readonly type: "revoked"; readonly place: number };

/** What to tell: nobody can call for this person; or the device that should has never been proven. */
export type SlotWarning = "no-button" | "not-verified";

export interface SlotStep {
  readonly slot: PersonSlot;
  /** The place that is revoked from now on, or `nobody`; stored with the slot in one record, then told to the device when it is heard. */
  readonly revoke: number;
  readonly warning: SlotWarning | undefined;
}

export const emptySlot: PersonSlot = { holder: nobody, verified: false, successor: nobody };

/** Whether a press from this place calls for the person. */
export function callsFor(slot: PersonSlot, place: number): boolean {
  return place !== nobody && (slot.holder === place || slot.successor === place);
}

/** A third device for a slot is refused ("slot-taken") before it is offered: `paired` with one is a mistake of ours and throws. */
export function stepSlot(slot: PersonSlot, event: SlotEvent): SlotStep {
  switch (event.type) {
    case "paired":
      return paired(slot, event.place);
    case "accepted":
      return accepted(slot, event.place);
    case "revoked":
      return revoked(slot, event.place);
  }
}

function paired(slot: PersonSlot, place: number): SlotStep {
  if (callsFor(slot, place)) return step(slot, nobody);
  if (slot.holder === nobody) return step({ holder: place, verified: false, successor: nobody }, nobody);
  if (slot.successor !== nobody) throw new Error("radio: a third device for one person");
  return step({ holder: slot.holder, verified: slot.verified, successor: place }, nobody);
}

function accepted(slot: PersonSlot, place: number): SlotStep {
  if (place === nobody) return step(slot, nobody);
  if (place === slot.successor) return step({ holder: place, verified: true, successor: nobody }, slot.holder);
  if (place !== slot.holder || slot.verified) return step(slot, nobody);
  return step({ holder: place, verified: true, successor: slot.successor }, nobody);
}

function revoked(slot: PersonSlot, place: number): SlotStep {
  if (!callsFor(slot, place)) return step(slot, nobody);
  if (place === slot.successor) return step({ holder: slot.holder, verified: slot.verified, successor: nobody }, place);
  return step({ holder: slot.successor, verified: false, successor: nobody }, place);
}

function step(slot: PersonSlot, revoke: number): SlotStep {
  const proven = slot.verified && slot.successor === nobody;
  const warning = slot.holder === nobody ? "no-button" : proven ? undefined : "not-verified";
  return { slot, revoke, warning };
}
