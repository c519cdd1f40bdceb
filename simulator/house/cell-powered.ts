/** What every small radio device of a home is built of: a cell, a radio that takes its charge from it, flash that outlives it, and a clock. */
import type { OpenRadio } from "../../firmware/ports/radio.ts";
import type { Air, AirDevice } from "../air/air.ts";
import { deviceRadio } from "../chips/device-radio.ts";
import type { EventQueue } from "../core/event-queue.ts";
import type { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { NorFlash } from "../flash.ts";
import type { RadioName } from "../scenario/fleet.ts";
import { Battery, type BatteryMake, type Wear } from "./battery.ts";
import { meteredRadio } from "./metered-radio.ts";

/** What a radio chip of this class draws, in µA: listening, and sending. */
const listenUa = 12_000;
const sendUa = 25_000;

const sectorSize = 4096;
const sectorCount = 2;
const flashWord = 4;

export interface CellPoweredOptions {
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
  readonly flashChance: Stream;
  readonly make: BatteryMake;
  /** Asleep, with the cell's own loss. */
  readonly asleepUa: number;
}

export class CellPowered {
  readonly air: AirDevice;
  readonly flash: NorFlash;
  /** The radio port of the life under way. */
  readonly openRadio: OpenRadio;
  /** Of the life under way. */
  clock: SimClock;
  private readonly options: CellPoweredOptions;
  private readonly onDeath: (why: "used-up" | "taken-out") => void;
  private battery: Battery;
  private closeRadio: () => void;
  private dead: boolean;

  /** With a new cell. `onDeath` is called in the middle of whatever the device was doing: nothing of its life may act after it. */
  constructor(options: CellPoweredOptions, onDeath: (why: "used-up" | "taken-out") => void) {
    const { queue, air, name, home, building = home, lossPpm, flashChance } = options;
    this.options = options;
    this.flash = new NorFlash({
      sectorSize,
      sectorCount,
      programUnit: flashWord,
      below: (limit) => flashChance.below(limit),
    });
    this.air = air.join({ name, building, home, lossPpm });
    const open = meteredRadio(
      deviceRadio(options.radio ?? "direct", air, this.air, () => this.clock),
      {
        nowMs: () => queue.nowMs,
        sendUa,
        listenUa,
        spend: (nc) => this.spend(nc),
      },
    );
    this.openRadio = (radioOptions) => {
      const radio = open(radioOptions);
      this.closeRadio = () => radio.close();
      return radio;
    };
    this.onDeath = onDeath;
    this.battery = this.newBattery();
    this.clock = new SimClock(queue);
    this.closeRadio = () => {};
    this.dead = false;
  }

  /** Charge of the cell, 0 to 1,000. */
  get permille(): number {
    return this.battery.permille();
  }

  /** Whether its cell carries it no more. It is found out when it is to do something. */
  get isDead(): boolean {
    return this.dead;
  }

  /** In mV, while the radio sends. */
  millivolts(): number {
    return this.battery.millivolts(sendUa);
  }

  setCharge(permille: number): void {
    this.battery.setCharge(permille);
  }

  wear(wear: Wear): void {
    this.battery.wear(wear);
  }

  /** False: the cell cannot carry that, and the device has died of it. */
  spend(nc: number): boolean {
    if (this.dead) return false;
    this.battery.spend(nc);
    if (!this.battery.isFlat(sendUa)) return true;
    this.powerOff("used-up");
    return false;
  }

  /** Somebody puts a new cell in: another life can begin, with what flash holds. */
  renew(): void {
    this.powerOff("taken-out");
    this.battery = this.newBattery();
    this.clock = new SimClock(this.options.queue);
    this.dead = false;
  }

  private newBattery(): Battery {
    const battery = new Battery(() => this.options.queue.nowMs, this.options.make);
    battery.draw(this.options.asleepUa);
    return battery;
  }

  private powerOff(why: "used-up" | "taken-out"): void {
    if (this.dead) return;
    this.dead = true;
    this.clock.stop();
    this.closeRadio();
    this.onDeath(why);
  }
}
