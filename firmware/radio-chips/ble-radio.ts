/** The Radio port over Bluetooth Low Energy, for boards whose chip has no other radio: sealed frames in advertising data (radio 1). */
import type { Ble, OpenBle } from "../ports/ble.ts";
import type { Clock } from "../ports/clock.ts";
import type { OpenRadio, Radio, RadioOptions, RadioPacket } from "../ports/radio.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import type { BleEffect, BleEvent, BleSettings, BleState } from "./ble-machine.ts";
import { bleAtStart, bleDefaults, stepBle } from "./ble-machine.ts";
import { PartsHeard, partsOf } from "./ble-parts.ts";

export interface BleRadioOptions {
  readonly openBle: OpenBle;
  readonly clock: Clock;
  /** As `bleDefaults` unless said. */
  readonly settings?: BleSettings | undefined;
  readonly observe?: ((event: BleEvent, effects: readonly BleEffect[]) => void) | undefined;
}

const mostHeard = 4;

/** The port that a device's host offers. A button has no room to judge its settings: others than the defaults go through `bleFault` before they are built in. */
export function openBleRadio(options: BleRadioOptions): OpenRadio {
  const settings = options.settings ?? bleDefaults;
  return (radioOptions) => new BleRadio(options, settings, radioOptions);
}

class BleRadio implements Radio {
  private readonly clock: Clock;
  private readonly settings: BleSettings;
  private readonly radioOptions: RadioOptions;
  private readonly ble: Ble;
  private readonly wake: Wake;
  private readonly machine: Runner<BleState, BleEvent, BleEffect>;
  private readonly parts: PartsHeard;
  private heard: RadioPacket[];
  /** Tells the parts of one packet from those of the next. */
  private run: number;
  private closed: boolean;

  constructor(options: BleRadioOptions, settings: BleSettings, radioOptions: RadioOptions) {
    this.clock = options.clock;
    this.settings = settings;
    this.radioOptions = radioOptions;
    this.parts = new PartsHeard(settings.sameForMs);
    this.heard = [];
    this.run = 0;
    this.closed = false;
    this.wake = new Wake(options.clock, () => this.tell({ type: "due", nowMs: this.clock.nowMs() }));
    this.machine = new Runner(
      (state, event) => stepBle(settings, state, event),
      bleAtStart,
      (effect) => this.perform(effect),
      options.observe,
    );
    this.ble = options.openBle({
      company: settings.company,
      onHeard: (data, rssiDbm) => this.hear(data, rssiDbm),
    });
  }

  /** Copies the bytes. Throws where no two advertising packets hold them. */
  send(bytes: Uint8Array): void {
    const parts = partsOf(new Uint8Array(bytes), this.ble.capacity, this.run);
    if (parts.length > 1) this.run++;
    this.tell({ type: "handed", nowMs: this.clock.nowMs(), parts });
  }

  listen(forMs: number): void {
    this.tell({ type: "asked", nowMs: this.clock.nowMs(), forMs });
  }

  read(): RadioPacket | undefined {
    return this.heard.shift();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.heard = [];
    this.ble.close();
  }

  private tell(event: BleEvent): void {
    if (!this.closed) this.machine.dispatch(event);
  }

  private hear(data: Uint8Array, rssiDbm: number): void {
    if (this.closed) return;
    const bytes = this.parts.hear(new Uint8Array(data), this.clock.nowMs());
    if (bytes === undefined || this.heard.length >= mostHeard) return;
    this.heard.push({ bytes, rssiDbm });
    this.radioOptions.onReadable(this.heard.length);
  }

  /** A stack that is busy throws; nothing of that may reach whoever sends or listens. */
  private perform(effect: BleEffect): void {
    try {
      switch (effect.type) {
        case "advertise":
          this.ble.advertise(effect.data, this.settings.intervalMs);
          return;
        case "still":
          this.ble.stopAdvertising();
          return;
        case "scan":
          this.ble.scan(effect.on);
          return;
        case "drop":
          return;
        case "wake":
          this.wake.set(effect.atMs);
          return;
      }
    } catch (_) {
      const what = effect.type === "scan" ? "scan" : "burst";
      this.tell({ type: "refused", nowMs: this.clock.nowMs(), what });
    }
  }
}
