/** An accessory of a home: what it watches for, the cell it lives on, and the program that tells the unit. */
import type { Bond } from "../../firmware/pairing/bonds.ts";
import type { Observe } from "../../firmware/ports/host.ts";
import type { Secrets } from "../../firmware/ports/secrets.ts";
import { lithiumCoin } from "../../firmware/power/charge.ts";
import type { ButtonSignal } from "../../firmware/signals.ts";
import type { AccessoryCondition } from "../../protocol/radio/accessory-event.ts";
import type { AccessoryType, Happening } from "../../protocol/radio/accessory-types.ts";
import type { Stream } from "../core/prng.ts";
import { AccessoryProgram } from "./accessory-program.ts";
import type { BatteryMake } from "./battery.ts";
import { CellPowered, type CellPoweredOptions } from "./cell-powered.ts";

/** A lithium cell of 3 V, as detectors have it. */
const detectorCell: BatteryMake = { capacityMah: 1_400, curve: lithiumCoin, resistanceMohm: 0 };
/** Asleep, its sensor included, in µA: a hundredfold of what the radio's clock alone would take lasts for years. */
const asleepUa = 10;

export interface HomeAccessoryOptions extends Omit<CellPoweredOptions, "make" | "asleepUa"> {
  readonly kind: AccessoryType;
  readonly bond: Bond;
  /** On its label; undefined: it cannot be paired. */
  readonly label?: Uint8Array | undefined;
  /** Whether it comes from the shelf, and belongs to no unit yet. */
  readonly isNew?: boolean | undefined;
  readonly secrets: Secrets;
  readonly chance: Stream;
  readonly onSignal: (signal: ButtonSignal) => void;
  /** A battery was put in, also the first; or the one in it carries nothing more. */
  readonly onBattery?: ((what: "fitted" | "used-up") => void) | undefined;
  readonly observe: Observe;
  /** In whole degrees Celsius. */
  readonly temperatureC: () => number;
}

export class HomeAccessory {
  readonly kind: AccessoryType;
  private readonly options: HomeAccessoryOptions;
  private readonly cell: CellPowered;
  private condition: AccessoryCondition;
  /** Undefined while it is without power. */
  private program: AccessoryProgram | undefined;

  constructor(options: HomeAccessoryOptions) {
    this.kind = options.kind;
    this.options = options;
    this.condition = { alarm: false, fault: false, tamper: false };
    this.cell = new CellPowered({ ...options, make: detectorCell, asleepUa }, (why) => {
      this.program = undefined;
      if (why === "used-up") options.onBattery?.("used-up");
    });
    options.onBattery?.("fitted");
    this.program = this.start();
  }

  /** It is so in the home, whether or not there is power to tell of it. */
  happen(happening: Happening): void {
    this.condition = after(this.condition, happening);
    this.program?.happen(happening);
  }

  /** An installer makes it ask for a unit: right after the battery went in where it belongs to one already (radio 7). */
  askForUnit(): void {
    if (this.program?.isBonded === true) this.changeBattery();
    this.program?.askForUnit();
  }

  /** Further away or better shielded than at its usual place, in dB. */
  setAttenuation(db: number): void {
    this.cell.air.attenuationDb = db;
  }

  /** Charge of its cell, 0 to 1,000. */
  get batteryPermille(): number {
    return this.cell.permille;
  }

  get isDead(): boolean {
    return this.cell.isDead;
  }

  setCharge(permille: number): void {
    this.cell.setCharge(permille);
  }

  /** Somebody puts a new battery in: it begins anew, with what its flash holds. */
  changeBattery(): void {
    this.cell.renew();
    this.options.onBattery?.("fitted");
    this.program = this.start();
  }

  private start(): AccessoryProgram {
    const { cell, options } = this;
    const { bond, label, isNew } = options;
    return new AccessoryProgram({
      host: {
        clock: cell.clock,
        secrets: options.secrets,
        flash: cell.flash,
        openRadio: cell.openRadio,
        openContact: () => ({ close: () => {} }),
        signals: { show: options.onSignal },
        batteryMv: () => cell.millivolts(),
        observe: options.observe,
      },
      bond: { address: bond.address, key: isNew === true ? undefined : bond.key, label },
      kind: options.kind,
      chance: options.chance,
      condition: () => this.condition,
      temperatureC: options.temperatureC,
    });
  }
}

function after(before: AccessoryCondition, happening: Happening): AccessoryCondition {
  switch (happening) {
    case "alarm":
    case "alarm-low":
    case "alarm-too-long":
      return { ...before, alarm: true };
    case "restored":
      return { ...before, alarm: false };
    case "tamper":
    case "tamper-restored":
      return { ...before, tamper: happening === "tamper" };
    case "fault":
    case "fault-gone":
      return { ...before, fault: happening === "fault" };
    default:
      return before;
  }
}
