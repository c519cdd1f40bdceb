/**
 * The small radio devices of one home by their place in the unit's table, from 1: its buttons, what hangs on doors and ceilings, and what
 * service people bring. Who has a button, and how far it is away, stands here too.
 */
import type { Bond } from "../firmware/pairing/bonds.ts";
import { hexWord } from "../protocol/bytes/hex.ts";
import { type AccessoryType, accessoryTypes, type Happening } from "../protocol/radio/accessory-types.ts";
import { Stream } from "./core/prng.ts";
import type { HomeOptions, Surroundings } from "./home.ts";
import { HomeButton, observeInto, secretsOf } from "./home-parts.ts";
import { HomeAccessory } from "./house/accessory.ts";
import type { ServicedDevices } from "./house/service-visits.ts";

/** Places in a unit's table of bonds: streams of chance are numbered by it. */
const placesPerHome = 32;
const labelLength = 16;
/** Out of the world. */
const farDb = 200;

export class HomeDevices implements ServicedDevices {
  private readonly around: Surroundings;
  private readonly options: HomeOptions;
  private readonly fingers: Stream;
  private readonly temperatureC: () => number;
  /** Hears what each button shows whoever holds it. */
  onSignal: (place: number, signal: string) => void;
  /** By place, from 0; those that nobody has unpacked are undefined. */
  private readonly devices: (HomeButton | HomeAccessory | undefined)[];
  private readonly lost: Set<number>;
  private readonly out: Set<number>;

  /** Everything that the unit was delivered with is switched on now. */
  constructor(around: Surroundings, options: HomeOptions, fingers: Stream, temperatureC: () => number) {
    this.around = around;
    this.options = options;
    this.fingers = fingers;
    this.temperatureC = temperatureC;
    this.onSignal = () => {};
    this.lost = new Set();
    this.out = new Set();
    this.devices = options.settings.bonds.map((bond, at) => this.make(bond, at + 1, false));
  }

  /** One of the buttons. Throws where there is none at that place. */
  button(place: number): HomeButton {
    const found = this.devices[place - 1];
    if (!(found instanceof HomeButton)) throw new Error(`home ${this.options.name} has no button ${place}`);
    return found;
  }

  /** One of the accessories. Throws where there is none at that place. */
  accessory(place: number): HomeAccessory {
    const found = this.devices[place - 1];
    if (!(found instanceof HomeAccessory)) throw new Error(`home ${this.options.name} has no accessory ${place}`);
    return found;
  }

  /** A person presses; of a button that is lost or still in its box nothing comes. Throws where the unit never has such a button. */
  press(place: number): void {
    const { queue, witness } = this.around;
    if (this.lost.has(place) || this.isBoxed(place)) return;
    const button = this.button(place);
    witness.pressed(queue.nowMs, this.options.index, place);
    button.press(this.fingers);
  }

  /** Its wearer falls, where somebody wears it. */
  fall(place: number, taken: "felt" | "taken-back"): void {
    if (!this.lost.has(place) && !this.isBoxed(place)) this.button(place).fall(taken);
  }

  walk(place: number, isOut: boolean): void {
    if (isOut) this.out.add(place);
    else this.out.delete(place);
    this.place(place);
  }

  lose(place: number, isFound: boolean): void {
    if (isFound) {
      this.lost.delete(place);
      this.out.delete(place);
    } else this.lost.add(place);
    this.place(place);
  }

  changeBattery(place: number): void {
    if (!this.lost.has(place)) this.devices[place - 1]?.changeBattery();
  }

  /** Where an accessory is still in its box there is nothing yet that could notice. Throws where the unit never has such a one. */
  happen(place: number, happening: Happening): void {
    const { queue, witness } = this.around;
    if (this.isBoxed(place)) return;
    witness.accessoryActed(queue.nowMs, this.options.index, hexWord(this.bond(place).address).toUpperCase(), happening);
    this.accessory(place).happen(happening);
  }

  pairing(place: number): ReturnType<ServicedDevices["pairing"]> {
    const { address, person, form } = this.bond(place);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, address);
    return { address: bytes, label: this.label(place), person, form, where: "" };
  }

  /** A button that a unit knows calls it by this, too: the hold is a press all the same (radio 7). */
  askForUnit(place: number): void {
    const { queue, witness } = this.around;
    if (this.isBoxed(place)) this.devices[place - 1] = this.make(this.bond(place), place, true);
    const device = this.devices[place - 1];
    if (device instanceof HomeButton && device.isBonded) witness.pressed(queue.nowMs, this.options.index, place);
    device?.askForUnit();
  }

  tryOut(place: number): void {
    if (this.isButton(place)) this.press(place);
    else this.happen(place, "test");
  }

  isButton(place: number): boolean {
    return !isAccessory(this.bond(place).form);
  }

  private isBoxed(place: number): boolean {
    return this.devices[place - 1] === undefined && this.bond(place) !== undefined;
  }

  private bond(place: number): Bond {
    const bond = (this.options.bonds ?? this.options.settings.bonds)[place - 1];
    if (bond === undefined) throw new Error(`home ${this.options.name} has no place ${place}`);
    return bond;
  }

  private place(place: number): void {
    const isFar = this.lost.has(place) || this.out.has(place);
    this.devices[place - 1]?.setAttenuation(isFar ? farDb : 0);
  }

  /** The same for every life of the home: it is printed on the device. */
  private label(place: number): Uint8Array {
    const label = new Uint8Array(labelLength);
    new Stream(this.around.seed, "label", this.streamOf(place)).fill(label);
    return label;
  }

  private streamOf(place: number): number {
    return this.options.index * placesPerHome + place - 1;
  }

  private make(bond: Bond, place: number, isNew: boolean): HomeButton | HomeAccessory {
    const { around, options } = this;
    const { queue, air, seed, digest, witness } = around;
    const { form } = bond;
    const what = isAccessory(form) ? "accessory" : "button";
    const name = `${what} ${options.name} ${place}`;
    const index = this.streamOf(place);
    const shared = {
      queue,
      air,
      name,
      home: options.name,
      building: options.building,
      lossPpm: options.radioLossPpm,
      radio: options.radio,
      bond,
      label: options.settings.serviceKey === undefined ? undefined : this.label(place),
      isNew,
      secrets: secretsOf(new Stream(seed, `${what} secrets`, index)),
      flashChance: new Stream(seed, `${what} flash`, index),
      observe: observeInto(around, digest.lane(name), options.index),
      temperatureC: this.temperatureC,
      onBattery: (what: "fitted" | "used-up") =>
        what === "fitted"
          ? witness.batteryFitted(queue.nowMs, options.index, place)
          : witness.wentFlat(queue.nowMs, options.index, place),
    };
    const device = isAccessory(form)
      ? new HomeAccessory({ ...shared, kind: form, chance: new Stream(seed, "accessory", index), onSignal: () => {} })
      : new HomeButton({
          ...shared,
          onSignal: (signal) => {
            witness.buttonShowed(queue.nowMs, options.index, place, signal);
            this.onSignal(place, signal);
          },
          start: around.starters?.button(options.index, place),
          onFall: (taken) => witness.fell(queue.nowMs, options.index, place, taken),
        });
    const permille = isNew ? undefined : options.charges?.[place - 1];
    if (permille !== undefined && permille < 1_000) device.setCharge(permille);
    return device;
  }
}

function isAccessory(form: Bond["form"]): form is AccessoryType {
  return (accessoryTypes as readonly string[]).includes(form);
}
