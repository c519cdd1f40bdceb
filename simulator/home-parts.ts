/** What a home is made of, in virtual and in real time alike: the chip that a unit remembers with, and a button under a finger. */
import type { Bond } from "../firmware/pairing/bonds.ts";
import type { Observe } from "../firmware/ports/host.ts";
import type { OpenRadio } from "../firmware/ports/radio.ts";
import type { Secrets } from "../firmware/ports/secrets.ts";
import type { ButtonSignal } from "../firmware/signals.ts";
import { WristButton } from "../firmware/wrist-button.ts";
import type { Air } from "./air/air.ts";
import type { EventQueue } from "./core/event-queue.ts";
import type { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import { NorFlash } from "./flash.ts";
import { Battery, coinCell, type Wear } from "./house/battery.ts";
import { FallPart } from "./house/fall-part.ts";
import { touch } from "./house/finger.ts";
import { meteredRadio } from "./house/metered-radio.ts";

const sectorSize = 4096;
const unitSectors = 28;
const buttonSectors = 2;
const flashWord = 4;

/** What a button draws, in µA: asleep with the cell's own loss, listening, and sending. */
const asleepUa = 3;
const listenUa = 12_000;
const sendUa = 25_000;
/** Charge for one signal of its lamp and buzzer, in nC. */
const signalNc = 5_000 * 300;

/** A unit's chip as it leaves the factory; `chance` decides how torn cells fall out. */
export function unitFlash(chance: Stream): NorFlash {
  return flashOf(chance, unitSectors);
}

export interface HomeButtonOptions {
  readonly queue: EventQueue;
  readonly air: Air;
  /** Unique on the air. */
  readonly name: string;
  readonly home: string;
  readonly bond: Bond;
  readonly secrets: Secrets;
  readonly flashChance: Stream;
  readonly onSignal: (signal: ButtonSignal) => void;
  readonly observe: Observe;
  /** In whole degrees Celsius; absent: the button has no thermometer. */
  readonly temperatureC?: (() => number) | undefined;
}

/** A button with its own firmware, clock, flash and battery, alone in its home's building. */
export class HomeButton {
  private readonly options: HomeButtonOptions;
  private readonly queue: EventQueue;
  private readonly flash: NorFlash;
  private readonly openRadio: OpenRadio;
  private readonly sensor: FallPart;
  private battery: Battery;
  private clock: SimClock;
  private onChange: ((closed: boolean) => void) | undefined;
  private closeRadio: () => void;
  private dead: boolean;

  constructor(options: HomeButtonOptions) {
    const { queue, air, name, home } = options;
    this.options = options;
    this.queue = queue;
    this.flash = flashOf(options.flashChance, buttonSectors);
    this.openRadio = meteredRadio(air.join({ name, building: home, home }).open, {
      nowMs: () => queue.nowMs,
      sendUa,
      listenUa,
      spend: (nc) => this.spend(nc),
    });
    this.sensor = new FallPart();
    this.battery = this.newBattery();
    this.clock = new SimClock(queue);
    this.onChange = undefined;
    this.closeRadio = () => {};
    this.dead = false;
    this.start();
  }

  /** A person presses, as fingers do. */
  press(fingers: Stream): void {
    touch(this.queue, fingers, "short", (closed) => this.onChange?.(closed));
  }

  /** Its wearer falls, or takes back the fall with a gesture. */
  fall(taken: "felt" | "taken-back"): void {
    if (taken === "felt") this.sensor.fall();
    else this.sensor.cancel();
  }

  /** Charge of the battery, 0 to 1,000. */
  get batteryPermille(): number {
    return this.battery.permille();
  }

  /** Whether its battery carries it no more. It is found out when it is to do something. */
  get isDead(): boolean {
    return this.dead;
  }

  /** The battery is found with this charge. */
  setCharge(permille: number): void {
    this.battery.setCharge(permille);
  }

  /** The battery is found to have aged so far. */
  wear(wear: Wear): void {
    this.battery.wear(wear);
  }

  /** Somebody puts a new battery in: it begins anew, with what its flash holds. */
  changeBattery(): void {
    this.powerOff();
    this.battery = this.newBattery();
    this.clock = new SimClock(this.queue);
    this.start();
  }

  private start(): void {
    const { options, clock } = this;
    const { bond, temperatureC } = options;
    this.dead = false;
    const host = {
      clock,
      secrets: options.secrets,
      flash: this.flash,
      openRadio: this.radioOf(),
      openContact: (input: { readonly onChange: (closed: boolean) => void }) => {
        this.onChange = input.onChange;
        return { close: () => (this.onChange = undefined) };
      },
      signals: { show: (signal: ButtonSignal) => this.show(signal) },
      batteryMv: () => this.battery.millivolts(sendUa),
      observe: options.observe,
    };
    new WristButton(host, { address: bond.address, key: bond.key }, undefined, {
      temperatureC,
      openFallSensor: this.sensor.open,
    });
  }

  private radioOf(): OpenRadio {
    return (radioOptions) => {
      const radio = this.openRadio(radioOptions);
      this.closeRadio = () => radio.close();
      return radio;
    };
  }

  private show(signal: ButtonSignal): void {
    if (this.spend(signalNc)) this.options.onSignal(signal);
  }

  private newBattery(): Battery {
    const battery = new Battery(() => this.queue.nowMs, coinCell);
    battery.draw(asleepUa);
    return battery;
  }

  /** False: the battery cannot carry that, and the button has died of it. */
  private spend(nc: number): boolean {
    if (this.dead) return false;
    this.battery.spend(nc);
    if (!this.battery.isFlat(sendUa)) return true;
    this.powerOff();
    return false;
  }

  private powerOff(): void {
    if (this.dead) return;
    this.dead = true;
    this.clock.stop();
    this.closeRadio();
    this.sensor.powerOff();
    this.onChange = undefined;
  }
}

function flashOf(chance: Stream, sectorCount: number): NorFlash {
  return new NorFlash({ sectorSize, sectorCount, programUnit: flashWord, below: (limit) => chance.below(limit) });
}
