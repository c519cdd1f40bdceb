/**
 * The department of accessories: passes on to the alarm core what is to be told with the codes of its type (radio 3.8), and raises itself
 * what a check-in shows late and what a door's own rules make of it.
 */

import type { AccessoryType, Happening } from "../../protocol/radio/accessory-types.ts";
import { meaningOf } from "../../protocol/radio/accessory-types.ts";
import { observerOf } from "../department.ts";
import type { BondTable } from "../pairing/bond-table.ts";
import { bondLimit } from "../pairing/bonds.ts";
import type { DeviceLives } from "../pairing/device-life.ts";
import { deviceName } from "../pairing/radio-news.ts";
import type { UnitRadioEvent } from "../pairing/unit-radio-event.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import type { AccessoriesState, AccessoryEffect, AccessoryMachineEvent } from "./accessory-machine.ts";
import { accessoriesAtStart, stepAccessories } from "./accessory-machine.ts";
import type { DoorRule } from "./doors.ts";
import { Doors } from "./doors.ts";

export interface AccessoriesOptions {
  readonly context: UnitContext;
  readonly table: BondTable;
  readonly lives: DeviceLives;
  readonly doors: readonly DoorRule[];
  /** Minute of the local day, or -1 while the time is not known. */
  readonly localMinute: () => number;
  /** This event is a report: whoever makes it one acknowledges it when that is safe. */
  readonly pass: (event: AccessoryHeard) => void;
  /** This event needs no report. */
  readonly acknowledge: (place: number, name: number) => void;
  /** A sign that somebody is up and about. */
  readonly onActivity: (place: number, accessory: AccessoryType) => void;
}

type AccessoryHeard = Extract<UnitRadioEvent, { readonly type: "accessory-heard" }>;

export class Accessories {
  private readonly options: AccessoriesOptions;
  private readonly doors: Doors;
  private readonly machine: Runner<AccessoriesState, AccessoryMachineEvent, AccessoryEffect>;
  /** What the machine is judging. */
  private heard: AccessoryHeard | undefined;

  constructor(options: AccessoriesOptions) {
    const context = options.context;
    this.options = options;
    this.heard = undefined;
    this.doors = new Doors(context, options.doors, options.localMinute, (place, what) => this.tellOfDoor(place, what));
    this.machine = new Runner(
      stepAccessories,
      accessoriesAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "accessory"),
    );
    for (let place = 0; place < bondLimit; place++)
      if (options.table.bond(place) !== undefined)
        this.machine.dispatch({ type: "restored", place, condition: options.lives.lifeOf(place) });
  }

  hear(event: UnitRadioEvent): void {
    if (event.type === "accessory-heard") {
      this.heard = event;
      const said = { place: event.bond, accessory: event.accessory, happening: event.happening };
      const state = { condition: event.condition, name: event.name };
      this.machine.dispatch(Object.assign({ type: "happened" as const }, said, state));
    }
    if (event.type === "accessory-checked-in") {
      const said = { place: event.bond, accessory: event.accessory, condition: event.condition };
      this.machine.dispatch(Object.assign({ type: "checked-in" as const }, said));
    }
  }

  /** Another device has the place, or none. */
  removed(place: number): void {
    this.machine.dispatch({ type: "removed", place });
  }

  private perform(effect: AccessoryEffect): void {
    switch (effect.type) {
      case "tell":
        this.tell(effect);
        return;
      case "keep":
        this.options.lives.change(effect.place, {
          alarm: effect.condition.alarm,
          fault: effect.condition.fault,
          tamper: effect.condition.tamper,
        });
        return;
      case "acknowledge":
        this.options.acknowledge(effect.place, effect.name);
        return;
      case "activity":
        this.options.onActivity(effect.place, effect.accessory);
        return;
    }
  }

  private tell(effect: Extract<AccessoryEffect, { readonly type: "tell" }>): void {
    if (this.isLeftToDoors(effect)) return;
    if (effect.name === 0 || this.heard === undefined)
      this.raise(effect.place, effect.accessory, effect.happening, effect.restores);
    else this.options.pass(this.heard);
  }

  /** A door with rules of its own is told of by them; that it moved is acknowledged at once, for there may be nothing to tell. */
  private isLeftToDoors(effect: Extract<AccessoryEffect, { readonly type: "tell" }>): boolean {
    const bond = this.options.table.bond(effect.place);
    if (effect.accessory !== "door" || bond === undefined || !this.doors.governs(bond.address)) return false;
    if (effect.happening !== "alarm" && effect.happening !== "restored") return false;
    if (effect.name !== 0) this.options.acknowledge(effect.place, effect.name);
    if (effect.happening === "alarm") this.doors.opened(effect.place, bond.address);
    else this.doors.shut(effect.place, bond.address);
    return true;
  }

  private tellOfDoor(place: number, what: "open" | "too-long" | "shut"): void {
    const happening: Happening = what === "open" ? "alarm" : what === "too-long" ? "alarm-too-long" : "restored";
    this.raise(place, "door", happening, what === "shut");
  }

  private raise(place: number, accessory: AccessoryType, happening: Happening, restores: boolean): void {
    const bond = this.options.table.bond(place);
    if (bond === undefined) return;
    const meaning = meaningOf(accessory, happening);
    this.options.context.raise({
      kind: meaning.urgency,
      dty: meaning.dty,
      stc: meaning.stc,
      did: deviceName(bond),
      stt: bond.where ?? "",
      bond: place,
      spreadMs: 0,
      restores: restores ? codeBefore(accessory, happening) : -1,
    });
  }
}

/** The status code of what is over now. */
function codeBefore(accessory: AccessoryType, happening: Happening): number {
  if (happening === "tamper-restored") return meaningOf(accessory, "tamper").stc;
  return meaningOf(accessory, happening === "fault-gone" ? "fault" : "alarm").stc;
}
