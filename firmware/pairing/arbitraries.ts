/** A house for tests: one unit and its buttons on an air that loses packets, with a clock that the test moves by hand. */
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import { nobleAes } from "../../protocol/radio/arbitraries.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { Flash } from "../ports/flash.ts";
import type { ButtonHost } from "../ports/host.ts";
import type { Radio, RadioOptions, RadioPacket } from "../ports/radio.ts";
import type { Secrets } from "../ports/secrets.ts";
import { Journal } from "../storage/journal.ts";
import { WristButton } from "../wrist-button.ts";
import type { Bond } from "./bonds.ts";
import { UnitRadio } from "./unit-radio.ts";
import type { UnitRadioEvent } from "./unit-radio-event.ts";

export class StepClock implements Clock {
  now = 5_000;
  private planned: { atMs: number; order: number; run: () => void }[] = [];
  private order = 0;

  nowMs(): number {
    return this.now;
  }

  after(delayMs: number, run: () => void): Timer {
    const entry = { atMs: this.now + delayMs, order: this.order++, run };
    this.planned.push(entry);
    return {
      cancel: () => {
        this.planned = this.planned.filter((other) => other !== entry);
      },
    };
  }

  get waiting(): number {
    return this.planned.length;
  }

  runUntil(atMs: number): void {
    for (;;) {
      this.planned.sort((left, right) => left.atMs - right.atMs || left.order - right.order);
      const due = this.planned[0];
      if (due === undefined || due.atMs > atMs) break;
      this.planned.shift();
      this.now = due.atMs;
      due.run();
    }
    this.now = atMs;
  }
}

/** Everyone hears everyone who listens through a whole packet, unless chance takes it. */
export class LossyAir {
  readonly sent: { readonly from: AirRadio; readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  radios: AirRadio[] = [];
  lossPerMille = 0;
  readonly clock: StepClock;
  private state: number;

  constructor(clock: StepClock, seed: number) {
    this.clock = clock;
    this.state = seed + 1;
  }

  below(limit: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(this.state / 0x10000) % limit;
  }

  open(options: RadioOptions): AirRadio {
    const radio = new AirRadio(this, options);
    this.radios.push(radio);
    return radio;
  }
}

export class AirRadio implements Radio {
  fromMs = 0;
  untilMs = 0;
  private readonly heard: RadioPacket[] = [];
  private readonly air: LossyAir;
  private readonly options: RadioOptions;

  constructor(air: LossyAir, options: RadioOptions) {
    this.air = air;
    this.options = options;
  }

  send(bytes: Uint8Array): void {
    const startMs = this.air.clock.now;
    const copy = Uint8Array.from(bytes);
    this.air.sent.push({ from: this, atMs: startMs, bytes: copy });
    this.air.clock.after(Math.ceil(airTimeUs(bytes.length) / 1000), () => {
      for (const other of this.air.radios) {
        if (other === this || other.fromMs > startMs || other.untilMs < this.air.clock.now) continue;
        if (this.air.below(1000) >= this.air.lossPerMille) other.hear(copy);
      }
    });
  }

  hear(bytes: Uint8Array): void {
    this.heard.push({ bytes, rssiDbm: -80 });
    this.options.onReadable(this.heard.length);
  }

  listen(forMs: number): void {
    if (this.untilMs <= this.air.clock.now) this.fromMs = this.air.clock.now;
    this.untilMs = forMs < 0 ? Number.MAX_SAFE_INTEGER : this.air.clock.now + forMs;
  }

  read(): RadioPacket | undefined {
    return this.heard.shift();
  }

  close(): void {
    this.air.radios = this.air.radios.filter((other) => other !== this);
  }
}

export class ArrayFlash implements Flash {
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit = 4;
  erases = 0;
  private readonly cells: Uint8Array;

  constructor(sectorSize: number, sectorCount: number) {
    this.sectorSize = sectorSize;
    this.sectorCount = sectorCount;
    this.cells = new Uint8Array(sectorSize * sectorCount).fill(0xff);
  }

  erase(sector: number): boolean {
    this.erases++;
    this.cells.fill(0xff, sector * this.sectorSize, (sector + 1) * this.sectorSize);
    return true;
  }

  program(address: number, bytes: Uint8Array): boolean {
    for (let i = 0; i < bytes.length; i++) {
      this.cells[address + i] = (this.cells[address + i] as number) & (bytes[i] as number);
    }
    return true;
  }

  read(address: number, into: Uint8Array): void {
    into.set(this.cells.subarray(address, address + into.length));
  }
}

/** One unit with one button per key; its owner keeps alarms in memory and acknowledges at once. */
export class House {
  readonly clock = new StepClock();
  readonly air: LossyAir;
  readonly heard: Extract<UnitRadioEvent, { readonly type: "press-heard" }>[] = [];
  readonly others: UnitRadioEvent[] = [];
  readonly signals: string[][] = [];
  readonly bonds: Bond[] = [];
  readonly contacts: ((closed: boolean) => void)[] = [];
  readonly buttons: WristButton[] = [];
  readonly flashes: ArrayFlash[] = [];
  readonly unitFlash = new ArrayFlash(2048, 4);
  readonly secrets: Secrets;
  accepted = false;
  unit: UnitRadio;

  constructor(seed: number, buttonCount: number) {
    this.air = new LossyAir(this.clock, seed);
    this.secrets = {
      random: (into) => {
        for (let i = 0; i < into.length; i++) into[i] = this.air.below(256);
      },
      aes: nobleAes,
    };
    for (let i = 0; i < buttonCount; i++) {
      const key = new Uint8Array(16).fill(i + 1);
      this.bonds.push({ address: 0x1000 + i, person: i + 1, form: "wrist", key, revoked: false });
    }
    this.unit = this.startUnit();
    for (let i = 0; i < buttonCount; i++) {
      this.flashes.push(new ArrayFlash(2048, 4));
      this.signals.push([]);
      this.buttons.push(this.startButton(i));
    }
  }

  startUnit(): UnitRadio {
    return new UnitRadio({
      openRadio: (options) => this.air.open(options),
      clock: this.clock,
      secrets: this.secrets,
      records: new Journal(this.unitFlash),
      bonds: this.bonds,
      onEvent: (event) => this.own(event),
    });
  }

  startButton(index: number): WristButton {
    const host: ButtonHost = {
      clock: this.clock,
      secrets: this.secrets,
      flash: this.flashes[index] as ArrayFlash,
      openRadio: (options) => this.air.open(options),
      openContact: (options) => {
        this.contacts[index] = options.onChange;
        return { close: () => {} };
      },
      signals: { show: (signal) => void (this.signals[index] as string[]).push(signal) },
      batteryMv: () => 3_000,
      observe: undefined,
    };
    return new WristButton(host, this.bonds[index] as Bond);
  }

  press(index: number): void {
    (this.contacts[index] as (closed: boolean) => void)(true);
    this.clock.after(150, () => (this.contacts[index] as (closed: boolean) => void)(false));
  }

  run(forMs: number): void {
    this.clock.runUntil(this.clock.now + forMs);
  }

  private own(event: UnitRadioEvent): void {
    if (event.type === "press-heard") {
      this.heard.push(event);
      this.unit.acknowledge(event.bond, event.name, "received");
    } else if (event.type === "status-asked") {
      this.others.push(event);
      this.unit.status(event.bond, event.name, this.accepted ? "accepted" : "received");
    } else this.others.push(event);
  }
}
