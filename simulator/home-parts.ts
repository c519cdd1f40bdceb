/** What a home is made of, in virtual and in real time alike: the chip that a unit remembers with, and a button under a finger. */
import type { Bond } from "../firmware/pairing/bonds.ts";
import type { Observe } from "../firmware/ports/host.ts";
import type { Secrets } from "../firmware/ports/secrets.ts";
import type { ButtonSignal } from "../firmware/signals.ts";
import { partsOf } from "../firmware/storage/flash-part.ts";
import { Journal } from "../firmware/storage/journal.ts";
import { payloadLimit, recordLength } from "../firmware/storage/record.ts";
import { holdMs, type WristButton } from "../firmware/wrist-button.ts";
import type { Air } from "./air/air.ts";
import type { Lane } from "./core/digest.ts";
import type { EventQueue } from "./core/event-queue.ts";
import type { Stream } from "./core/prng.ts";
import { NorFlash } from "./flash.ts";
import type { Surroundings } from "./home.ts";
import { coinCell, type Wear } from "./house/battery.ts";
import { CellPowered } from "./house/cell-powered.ts";
import { FallPart } from "./house/fall-part.ts";
import { holdFor, touch } from "./house/finger.ts";
import { aesBlock } from "./node-aes.ts";
import type { RadioName } from "./scenario/fleet.ts";
import { plainButton, type StartButton } from "./starters.ts";

const sectorSize = 4096;
const unitSectors = 28;
const flashWord = 4;
/** Nothing of the firmware's has it. */
const outdatedKind = 255;

/** What a button draws asleep, with the cell's own loss, in µA. */
const asleepUa = 3;
/** Charge for one signal of its lamp and buzzer, in nC. */
const signalNc = 5_000 * 300;

/** Longer than the firmware asks for: nobody counts to the millisecond. */
const holdOverMs = 700;

/**
 * A unit's chip: as it leaves the factory, or with so much of its journal full of records that count no more, as after months of
 * use. `chance` decides how torn cells fall out.
 */
export function unitFlash(chance: Stream, usedPpm = 0): NorFlash {
  const flash = flashOf(chance, unitSectors);
  if (usedPpm > 0) useUp(flash, usedPpm);
  return flash;
}

function useUp(flash: NorFlash, usedPpm: number): void {
  const part = partsOf(flash).journal;
  const journal = new Journal(part);
  const areaBytes = Math.floor(part.sectorCount / 2) * part.sectorSize;
  const bytes = new Uint8Array(payloadLimit);
  const each = recordLength(bytes.length, part.programUnit) + recordLength(0, part.programUnit);
  for (let left = Math.floor((areaBytes * usedPpm) / 1_000_000) - each; left > 0; left -= each) {
    journal.write(outdatedKind, 0, bytes);
    journal.remove(outdatedKind, 0);
  }
}

export interface HomeButtonOptions {
  readonly queue: EventQueue;
  readonly air: Air;
  /** Unique on the air. */
  readonly name: string;
  readonly home: string;
  /** Undefined: its home stands alone. */
  readonly building?: string | undefined;
  /** Of its own home's frames; undefined: as the air has it. */
  readonly lossPpm?: number | undefined;
  /** What it speaks through; undefined: the plain port of the air. */
  readonly radio?: RadioName | undefined;
  readonly bond: Bond;
  /** On its label; undefined: it cannot be paired. */
  readonly label?: Uint8Array | undefined;
  /** Whether it comes from the shelf, and belongs to no unit yet; it does belong to one unless said. */
  readonly isNew?: boolean | undefined;
  readonly secrets: Secrets;
  readonly flashChance: Stream;
  readonly onSignal: (signal: ButtonSignal) => void;
  readonly onFall?: ((taken: "felt" | "taken-back") => void) | undefined;
  /** A battery was put in, also the first; or the one in it carries nothing more. */
  readonly onBattery?: ((what: "fitted" | "used-up") => void) | undefined;
  readonly observe: Observe;
  /** In whole degrees Celsius; absent: the button has no thermometer. */
  readonly temperatureC?: (() => number) | undefined;
  /** Brings its firmware to life; absent: on the ports as they are. */
  readonly start?: StartButton | undefined;
}

/** A button with its own firmware, clock, flash and battery. */
export class HomeButton {
  private readonly options: HomeButtonOptions;
  private readonly queue: EventQueue;
  private readonly cell: CellPowered;
  private readonly sensor: FallPart;
  private firmware: WristButton;
  private onChange: ((closed: boolean) => void) | undefined;

  constructor(options: HomeButtonOptions) {
    this.options = options;
    this.queue = options.queue;
    this.sensor = new FallPart();
    this.onChange = undefined;
    this.cell = new CellPowered({ ...options, make: coinCell, asleepUa }, (why) => {
      this.sensor.powerOff();
      this.onChange = undefined;
      if (why === "used-up") options.onBattery?.("used-up");
    });
    options.onBattery?.("fitted");
    this.firmware = this.start();
  }

  /** A person presses, as fingers do. */
  press(fingers: Stream): void {
    touch(this.queue, fingers, "short", (closed) => this.onChange?.(closed));
  }

  /** Its contact closes or opens, and whoever does it says when it opens again. */
  contact(closed: boolean): void {
    this.onChange?.(closed);
  }

  /** An installer makes it ask for a unit: the contact is held, right after the battery went in where it belongs to one already (radio 7). */
  askForUnit(): void {
    if (this.isBonded) this.changeBattery();
    holdFor(this.queue, holdMs + holdOverMs, (closed) => this.onChange?.(closed));
  }

  /** Whether it belongs to a unit. */
  get isBonded(): boolean {
    return this.firmware.isBonded;
  }

  /** Its wearer falls, or takes back the fall with a gesture. */
  fall(taken: "felt" | "taken-back"): void {
    this.options.onFall?.(taken);
    if (taken === "felt") this.sensor.fall();
    else this.sensor.cancel();
  }

  /** Further away or better shielded than at its usual place, in dB. */
  setAttenuation(db: number): void {
    this.cell.air.attenuationDb = db;
  }

  /** Charge of the battery, 0 to 1,000. */
  get batteryPermille(): number {
    return this.cell.permille;
  }

  /** Whether its battery carries it no more. It is found out when it is to do something. */
  get isDead(): boolean {
    return this.cell.isDead;
  }

  /** The battery is found with this charge. */
  setCharge(permille: number): void {
    this.cell.setCharge(permille);
  }

  /** The battery is found to have aged so far. */
  wear(wear: Wear): void {
    this.cell.wear(wear);
  }

  /** Somebody puts a new battery in: it begins anew, with what its flash holds. */
  changeBattery(): void {
    this.cell.renew();
    this.options.onBattery?.("fitted");
    this.firmware = this.start();
  }

  private start(): WristButton {
    const { options, cell } = this;
    const { bond, label, isNew, temperatureC } = options;
    const host = {
      clock: cell.clock,
      secrets: options.secrets,
      flash: cell.flash,
      openRadio: cell.openRadio,
      openContact: (input: { readonly onChange: (closed: boolean) => void }) => {
        this.onChange = input.onChange;
        return { close: () => (this.onChange = undefined) };
      },
      signals: { show: (signal: ButtonSignal) => this.show(signal) },
      batteryMv: () => cell.millivolts(),
      observe: options.observe,
    };
    const own = { address: bond.address, key: isNew === true ? undefined : bond.key, label };
    return (options.start ?? plainButton)(host, own, { temperatureC, openFallSensor: this.sensor.open });
  }

  private show(signal: ButtonSignal): void {
    if (this.cell.spend(signalNc)) this.options.onSignal(signal);
  }
}

function flashOf(chance: Stream, sectorCount: number): NorFlash {
  return new NorFlash({ sectorSize, sectorCount, programUnit: flashWord, below: (limit) => chance.below(limit) });
}

/** Every event and effect goes into the digest, and is shown to whoever watches. */
export function observeInto(around: Pick<Surroundings, "queue" | "witness">, lane: Lane, index: number): Observe {
  return (machine, event, effects) => {
    const atMs = around.queue.nowMs;
    lane.effect(atMs, machine, event);
    for (const effect of effects) lane.effect(atMs, machine, effect);
    around.witness.stepped(atMs, index, machine, event, effects);
  };
}

export function secretsOf(stream: Stream): Secrets {
  return { random: (into) => stream.fill(into), aes: aesBlock };
}
