/** A flat for tests: a unit with its whole radio department, buttons that join it, and accessories that the test speaks for. */
import { accessoryCheckInFrame } from "../../../protocol/radio/accessory-check-in.ts";
import { type AccessoryCondition, accessoryEventFrame } from "../../../protocol/radio/accessory-event.ts";
import type { AccessoryType, Happening } from "../../../protocol/radio/accessory-types.ts";
import { nobleAes } from "../../../protocol/radio/arbitraries.ts";
import { sealAs } from "../../../protocol/radio/envelope.ts";
import { openFrame } from "../../../protocol/radio/frame.ts";
import type { ButtonSenses } from "../../button/button-settings.ts";
import type { Flash } from "../../ports/flash.ts";
import type { Secrets } from "../../ports/secrets.ts";
import { Journal } from "../../storage/journal.ts";
import type { RaiseOrder, UnitContext } from "../../unit-context.ts";
import { WallClock } from "../../wall-clock.ts";
import { WristButton } from "../../wrist-button.ts";
import { type AirRadio, ArrayFlash, LossyAir, StepClock } from "../arbitraries.ts";
import type { Bond } from "../bonds.ts";
import type { PairingNews } from "../pairing.ts";
import { RadioDepartment, type RadioSettings, radioDefaults } from "../radio-department.ts";
import type { UnitRadioEvent } from "../unit-radio-event.ts";

/** One unit with its whole radio department, and buttons that join it: its owner keeps alarms in memory and acknowledges at once. */
export class Flat {
  readonly clock = new StepClock();
  readonly air: LossyAir;
  readonly secrets: Secrets;
  readonly raised: RaiseOrder[] = [];
  readonly said: string[] = [];
  readonly news: PairingNews[] = [];
  readonly heard: UnitRadioEvent[] = [];
  readonly activity: string[] = [];
  readonly delivered: Bond[];
  readonly settings: RadioSettings;
  readonly wallClock = new WallClock();
  readonly unitFlash: Flash;
  minute = -1;
  step: "received" | "accepted" = "received";
  busy: ((forMs: number) => void) | undefined;
  department: RadioDepartment;

  constructor(seed: number, delivered: Bond[], settings: RadioSettings = radioDefaults, flash?: Flash) {
    this.unitFlash = flash ?? new ArrayFlash(4096, 4);
    this.air = new LossyAir(this.clock, seed);
    this.delivered = delivered;
    this.settings = settings;
    this.secrets = {
      random: (into) => {
        for (let i = 0; i < into.length; i++) into[i] = this.air.below(256);
      },
      aes: nobleAes,
    };
    this.department = this.start();
  }

  start(): RadioDepartment {
    const context: UnitContext = {
      clock: this.clock,
      wallClock: this.wallClock,
      secrets: this.secrets,
      records: new Journal(this.unitFlash),
      observe: undefined,
      raise: (order) => this.raised.push(order),
      say: (phrase) => void this.said.push(phrase),
    };
    return new RadioDepartment({
      context,
      settings: this.settings,
      openRadio: (options) => {
        this.busy = options.onBusy;
        return this.air.open(options);
      },
      delivered: this.delivered,
      localMinute: () => this.minute,
      onEvent: (event) => this.own(event),
      onPairing: (news) => void this.news.push(news),
      onActivity: (place, accessory) => void this.activity.push(`${place} ${accessory}`),
    });
  }

  restart(): void {
    this.department.close();
    this.department = this.start();
  }

  run(forMs: number): void {
    this.clock.runUntil(this.clock.now + forMs);
  }

  codes(): number[] {
    return this.raised.map((order) => order.stc);
  }

  /** Presses, falls and accessory events. */
  calls(): UnitRadioEvent[] {
    return this.heard.filter((event) => event.type.endsWith("-heard") && "name" in event);
  }

  private own(event: UnitRadioEvent): void {
    this.heard.push(event);
    if (event.type === "press-heard" || event.type === "fall-heard" || event.type === "accessory-heard")
      this.department.acknowledge(event.bond, event.name, this.step);
    else if (event.type === "status-asked") this.department.status(event.bond, event.name, this.step);
  }
}

/** A button in somebody's hand, on the air of a flat; its flash outlives it. */
export class Wearer {
  readonly signals: string[] = [];
  readonly flash: Flash;
  readonly flat: Flat;
  readonly address: number;
  readonly label: Uint8Array;
  batteryMv = 3_000;
  key: Uint8Array | undefined;
  fell: () => void = () => {};
  tookBack: () => void = () => {};
  button: WristButton;
  private contact: (closed: boolean) => void = () => {};

  constructor(flat: Flat, address: number, key?: Uint8Array, flash?: Flash) {
    this.flash = flash ?? new ArrayFlash(2048, 4);
    this.flat = flat;
    this.address = address;
    this.key = key;
    this.label = new Uint8Array(16).fill(address % 251);
    this.button = this.start();
  }

  start(): WristButton {
    const senses: ButtonSenses = {
      temperatureC: () => 21,
      openFallSensor: (options) => {
        this.fell = options.onFell;
        this.tookBack = options.onCancelled;
        return { close: () => {} };
      },
    };
    return new WristButton(
      {
        clock: this.flat.clock,
        secrets: this.flat.secrets,
        flash: this.flash,
        openRadio: (options) => this.flat.air.open(options),
        openContact: (options) => {
          this.contact = options.onChange;
          return { close: () => {} };
        },
        signals: { show: (signal) => void this.signals.push(signal) },
        batteryMv: () => this.batteryMv,
        observe: undefined,
      },
      { address: this.address, key: this.key, label: this.label },
      undefined,
      senses,
    );
  }

  /** The battery is taken out and put in. */
  restart(): void {
    this.button.close();
    this.button = this.start();
  }

  press(forMs = 150): void {
    this.contact(true);
    this.flat.clock.after(forMs, () => this.contact(false));
  }
}

/** An accessory that the test speaks for: it seals what it is told to, under the next counter. */
export class Detector {
  counter = 0;
  readonly flat: Flat;
  readonly bond: Bond;
  readonly told: { readonly name: number; readonly step: string }[] = [];
  private readonly radio: AirRadio;

  constructor(flat: Flat, bond: Bond) {
    this.flat = flat;
    this.bond = bond;
    this.radio = flat.air.open({ onReadable: () => this.drain() });
    this.radio.listen(-1);
  }

  says(happening: Happening, condition: Partial<AccessoryCondition> = {}, low = false): void {
    const state = { alarm: false, fault: false, tamper: false, ...condition };
    const battery = { batteryMv: low ? 2_400 : 3_000, low };
    const type = this.bond.form as AccessoryType;
    const event = { nameDistance: 0, ageS: 0, times: 1, type, happening, condition: state, ...battery };
    this.send(sealAs(accessoryEventFrame, nobleAes(this.bond.key), this.bond.address, ++this.counter, event));
  }

  checksIn(condition: Partial<AccessoryCondition> = {}, nextWithinH = 8): void {
    const state = { alarm: false, fault: false, tamper: false, ...condition };
    const told = { kind: "check-in" as const, type: this.bond.form as AccessoryType, condition: state, nextWithinH };
    const rest = { batteryMv: 3_000, low: false, temperatureC: 20, activations: 1, version: 1 };
    const value = { ...told, ...rest };
    this.send(sealAs(accessoryCheckInFrame, nobleAes(this.bond.key), this.bond.address, ++this.counter, value));
  }

  private send(bytes: Uint8Array): void {
    this.radio.send(bytes);
    this.flat.run(1_000);
  }

  private drain(): void {
    for (let packet = this.radio.read(); packet !== undefined; packet = this.radio.read()) {
      const frame = openFrame(nobleAes(this.bond.key), packet.bytes);
      if (frame.ok && frame.value.message.type === "acknowledge") this.told.push(frame.value.message.acknowledge);
    }
  }
}
