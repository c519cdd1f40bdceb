/**
 * What the steps of a timeline have made of one unit so far, as far as its next step depends on it: which buttons it has and who has
 * them, what its accessories see, where it is in its life. Each act answers what speaks against it, in words, or undefined.
 */
import { type LifeName, lifeRefusal } from "../../firmware/household/life-states.ts";
import { bondLimit } from "../../firmware/pairing/bonds.ts";
import type { Happening } from "../../protocol/radio/accessory-types.ts";
import type { FleetGroup } from "./fleet.ts";
import type { Handling, ServiceAct } from "./timeline.ts";

export interface Objection {
  readonly message: string;
  readonly hint?: string;
}

interface Device {
  /** A button, or the accessory's name. */
  readonly what: string;
  /** Who wears it, from 1. */
  readonly person: number;
  isLost: boolean;
  isOut: boolean;
  isRevoked: boolean;
  isReplaced: boolean;
  readonly sees: { alarm: boolean; tamper: boolean; fault: boolean };
}

const button = "button";

export class UnitStory {
  private readonly name: string;
  private readonly group: FleetGroup;
  /** By place, from 0. */
  private readonly devices: Device[];
  private life: LifeName;
  private isOpen: boolean;
  private isUnplugged: boolean;
  private isOff: boolean;

  constructor(name: string, group: FleetGroup) {
    this.name = name;
    this.group = group;
    this.devices = [];
    for (let person = 1; person <= group.buttons; person++) this.devices.push(deviceOf(button, person));
    for (const accessory of group.home.accessories) this.devices.push(deviceOf(accessory.name, 1));
    this.life = group.home.life;
    this.isOpen = false;
    this.isUnplugged = false;
    this.isOff = false;
  }

  /** Places of devices that came in the run. */
  get replacements(): number {
    return this.devices.length - this.group.buttons - this.group.home.accessories.length;
  }

  /** Names of its accessories. */
  get accessories(): readonly string[] {
    return this.group.home.accessories.map(({ name }) => name);
  }

  /** Place of an accessory, or undefined. */
  placeOf(accessory: string): number | undefined {
    const at = this.devices.findIndex(({ what }) => what === accessory && what !== button);
    return at < 0 ? undefined : at + 1;
  }

  /** Somebody has this button in the hand: presses it, falls with it. */
  touch(place: number): Objection | undefined {
    return this.missing(place) ?? (this.at(place).isLost ? { message: this.lostText(place) } : undefined);
  }

  walk(place: number, isOut: boolean): Objection | undefined {
    const objection = this.touch(place);
    if (objection !== undefined) return objection;
    const device = this.at(place);
    if (device.isOut === isOut)
      return { message: `button ${place} of "${this.name}" is ${isOut ? "out of range" : "at home"} already` };
    device.isOut = isOut;
    return undefined;
  }

  lose(place: number, isFound: boolean): Objection | undefined {
    const missing = this.missing(place);
    if (missing !== undefined) return missing;
    const device = this.at(place);
    if (isFound && !device.isLost) return { message: `button ${place} of "${this.name}" is not lost` };
    if (!isFound && device.isLost) return { message: this.lostText(place) };
    device.isLost = !isFound;
    if (isFound) device.isOut = false;
    return undefined;
  }

  revoke(place: number): Objection | undefined {
    const missing = this.missing(place) ?? this.unserved();
    if (missing !== undefined) return missing;
    const device = this.at(place);
    if (device.isRevoked || device.isReplaced)
      return { message: `button ${place} of "${this.name}" is out of use already` };
    device.isRevoked = true;
    return undefined;
  }

  /** Place and wearer of the new button, or what speaks against it. */
  replace(place: number): { readonly place: number; readonly person: number } | Objection {
    const missing = this.missing(place) ?? this.unserved();
    if (missing !== undefined) return missing;
    const device = this.at(place);
    if (device.isReplaced) return { message: `button ${place} of "${this.name}" was replaced already` };
    if (this.devices.length >= bondLimit)
      return { message: `unit "${this.name}" has no place left: ${bondLimit} buttons and accessories` };
    device.isReplaced = true;
    this.devices.push(deviceOf(button, device.person));
    return { place: this.devices.length, person: device.person };
  }

  /** Everything that an installer does, or what speaks against it. */
  install(): readonly ServiceAct[] | Objection {
    const off = this.unpowered();
    if (off !== undefined) return off;
    const ways: Readonly<Partial<Record<LifeName, readonly LifeName[]>>> = {
      stored: ["prepared", "installed"],
      wiped: ["prepared", "installed"],
      prepared: ["installed"],
      installed: [],
    };
    const way = ways[this.life];
    if (way === undefined)
      return {
        message: `unit "${this.name}" is ${this.life} at that time, and installed already`,
        hint: 'give its group "life: prepared"',
      };
    if (this.replacements > 0 || this.devices.some(({ isLost, isRevoked }) => isLost || isRevoked))
      return { message: `unit "${this.name}" has lost or changed a button: it cannot be installed as it was` };
    this.life = "in-service";
    const places = this.devices.map((_, at) => at + 1);
    return [
      ...way.map((life): ServiceAct => ({ type: "life", life })),
      ...this.devices.map(({ person }, at): ServiceAct => ({ type: "pair", place: at + 1, person })),
      ...places.map((place): ServiceAct => ({ type: "prove", place })),
      { type: "life", life: "in-service" },
    ];
  }

  order(life: LifeName): Objection | undefined {
    const off = this.unpowered();
    if (off !== undefined) return off;
    if (lifeRefusal(this.life, life, true) !== undefined)
      return { message: `unit "${this.name}" is ${this.life} at that time, and cannot go from there to ${life}` };
    this.life = life;
    return undefined;
  }

  handle(how: Handling): Objection | undefined {
    const already = { message: `unit "${this.name}" is ${how} already` };
    switch (how) {
      case "opened":
      case "closed":
        if (this.isOpen === (how === "opened")) return already;
        this.isOpen = how === "opened";
        return undefined;
      case "unplugged":
      case "plugged-in":
        if (this.isUnplugged === (how === "unplugged")) return already;
        this.isUnplugged = how === "unplugged";
        return undefined;
      case "switched-off":
      case "switched-on":
        if (this.isOff === (how === "switched-off")) return already;
        this.isOff = how === "switched-off";
        return undefined;
      case "moved":
        return this.isUnplugged || this.isOff ? { message: `unit "${this.name}" is unplugged already` } : undefined;
      case "dropped":
        return undefined;
    }
  }

  happen(place: number, happening: Happening): Objection | undefined {
    const { sees, what } = this.at(place);
    const says = (now: boolean, key: "alarm" | "tamper" | "fault"): Objection | undefined => {
      if (sees[key] === now)
        return now
          ? { message: `"${what}" of "${this.name}" has said so already`, hint: "first let it be over" }
          : { message: `nothing is to be over: "${what}" of "${this.name}" has said nothing of the kind` };
      sees[key] = now;
      return undefined;
    };
    switch (happening) {
      case "alarm":
      case "alarm-low":
        return says(true, "alarm");
      case "restored":
        return says(false, "alarm");
      case "tamper":
      case "tamper-restored":
        return says(happening === "tamper", "tamper");
      case "fault":
      case "fault-gone":
        return says(happening === "fault", "fault");
      default:
        return undefined;
    }
  }

  private at(place: number): Device {
    return this.devices[place - 1] as Device;
  }

  private lostText(place: number): string {
    return `button ${place} of "${this.name}" is lost at that time`;
  }

  private missing(place: number): Objection | undefined {
    const device = this.devices[place - 1];
    if (device === undefined) {
      const count = this.devices.filter(({ what }) => what === button).length;
      return { message: `unit "${this.name}" has only ${count}`, hint: 'raise "buttons" of its group' };
    }
    if (device.what === button) return undefined;
    return { message: `number ${place} of "${this.name}" is no button but its "${device.what}"` };
  }

  private unserved(): Objection | undefined {
    const deaf = this.life === "stored" || this.life === "wiped";
    return deaf
      ? { message: `unit "${this.name}" is ${this.life} at that time, and hears no button` }
      : this.unpowered();
  }

  private unpowered(): Objection | undefined {
    return this.isOff ? { message: `unit "${this.name}" is switched off at that time` } : undefined;
  }
}

function deviceOf(what: string, person: number): Device {
  return {
    what,
    person,
    isLost: false,
    isOut: false,
    isRevoked: false,
    isReplaced: false,
    sees: { alarm: false, tamper: false, fault: false },
  };
}
