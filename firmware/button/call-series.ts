/** One series of calls of a button, presses or falls: its machine, its wait, its record, and the bytes of its newest frame (radio 5.1, 5.3). */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import { sentStatusRequest } from "../../protocol/radio/status.ts";
import { observerOf } from "../department.ts";
import type { Timer } from "../ports/clock.ts";
import type { ButtonHost } from "../ports/host.ts";
import { Runner } from "../runner.ts";
import type { ButtonSignal } from "../signals.ts";
import type { ButtonStore } from "../storage/button-store.ts";
import type { ButtonEffect, ButtonEvent, ButtonState } from "./button-machine.ts";
import { buttonAtStart, stepButton } from "./button-machine.ts";
import type { ButtonRadio } from "./button-radio.ts";

/** How the button is at this moment, as every frame tells it. */
export interface ButtonReading {
  readonly batteryMv: number;
  readonly low: boolean;
  readonly form: ButtonForm;
}

/** What a frame of a call tells, beside how the button is. */
export interface CallTold {
  readonly nameDistance: number;
  readonly ageS: number;
  readonly count: number;
}

/** The button around its series. */
export interface CallHome {
  reading(): ButtonReading;
  wait(leastMs: number, mostMs: number, callback: () => void): Timer;
}

export interface CallSeriesOptions {
  readonly host: ButtonHost;
  readonly radio: ButtonRadio;
  readonly store: ButtonStore;
  /** Of its machine, in the device's log. */
  readonly name: string;
  /** Sends a new frame of the call and answers its bytes. */
  readonly send: (counter: number, told: CallTold) => Uint8Array;
  /** Where a call that no unit has acknowledged is kept. */
  readonly recordKind: number;
  readonly home: CallHome;
  /** How long this series must let another one go first: 0 for none. */
  readonly givesWayMs: () => number;
  readonly show: (signal: ButtonSignal) => void;
}

export class CallSeries {
  /** When its newest frame began. */
  sentAtMs: number;
  private readonly options: CallSeriesOptions;
  private readonly machine: Runner<ButtonState, ButtonEvent, ButtonEffect>;
  private timer: Timer | undefined;
  private name: number;
  private count: number;
  private bytes: Uint8Array;
  private bytesCounter: number;

  constructor(options: CallSeriesOptions) {
    this.options = options;
    this.sentAtMs = -1_000;
    this.timer = undefined;
    this.name = 0;
    this.count = 0;
    this.bytes = new Uint8Array(0);
    this.bytesCounter = 0;
    this.machine = new Runner(
      stepButton,
      buttonAtStart,
      (effect) => this.perform(effect),
      observerOf(options.host, options.name),
    );
  }

  get at(): ButtonState["at"] {
    return this.machine.state.at;
  }

  /** It happened: a press, or a fall that nobody took back. */
  beginCall(): void {
    this.machine.dispatch(Object.assign({ type: "pressed" as const, reason: "call" as const }, this.moment()));
  }

  /** There is something else to tell of the newest call: it goes out once more, under its name. Nothing happens where none was ever sent. */
  retell(): void {
    if (this.name === 0) return;
    const told = { name: this.name, presses: Math.max(1, this.count), reason: "call" as const };
    this.machine.dispatch(Object.assign({ type: "retold" as const }, told, this.moment()));
  }

  /** A unit said how far the call of this name is. */
  beAnswered(name: number, step: AlarmStep): void {
    this.machine.dispatch({ type: "told", name, step, nowMs: this.options.host.clock.nowMs() });
  }

  /** After a restart: a call that nobody had acknowledged goes on. */
  goOn(): void {
    const kept = this.options.store.read(this.options.recordKind, 0);
    if (kept === undefined || kept.length !== recordLength) return;
    const from = new Reader(kept, 0, kept.length);
    const name = from.u32();
    const presses = from.u8();
    this.name = name;
    this.count = presses;
    const nowMs = this.options.host.clock.nowMs();
    this.machine.dispatch({ type: "found-unheard", name, presses, reason: "call", nowMs });
  }

  /** Nothing more is sent. */
  close(): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
  }

  private moment(): { nowMs: number; counter: number; room: ReturnType<ButtonRadio["roomNow"]> } {
    const nowMs = this.options.host.clock.nowMs();
    return { nowMs, counter: this.options.radio.nextCounter(), room: this.options.radio.roomNow(nowMs) };
  }

  private perform(effect: ButtonEffect): void {
    const radio = this.options.radio;
    switch (effect.type) {
      case "send-press":
        this.send(effect);
        return;
      case "send-status-request":
        radio.sendNew(
          sentStatusRequest,
          effect.counter,
          Object.assign({ name: effect.name }, this.options.home.reading()),
        );
        return;
      case "listen":
        radio.listenForAnswer();
        return;
      case "wait":
        this.waitFor(effect.leastMs, effect.mostMs);
        return;
      case "sleep":
        this.close();
        return;
      case "keep-press":
        this.keep(effect.name, effect.presses);
        return;
      case "forget-press":
        this.options.store.remove(this.options.recordKind, 0);
        // Flash is tidied only while no call waits for its acknowledge.
        if (this.options.store.needsRoom()) this.options.store.compact();
        return;
      case "show":
        this.options.show(effect.signal);
        return;
    }
  }

  private send(effect: Extract<ButtonEffect, { readonly type: "send-press" }>): void {
    const radio = this.options.radio;
    this.sentAtMs = this.options.host.clock.nowMs();
    if (effect.counter === this.bytesCounter) {
      radio.sendAgain(this.bytes);
      return;
    }
    this.bytes = this.options.send(effect.counter, {
      nameDistance: effect.counter - effect.name,
      ageS: effect.ageS,
      count: effect.presses,
    });
    this.bytesCounter = effect.counter;
    this.name = effect.name;
    this.count = effect.presses;
  }

  private keep(name: number, presses: number): void {
    const bytes = new Uint8Array(recordLength);
    const to = new Writer(bytes);
    to.u32(name);
    to.u8(presses);
    this.options.store.write(this.options.recordKind, 0, bytes);
  }

  private waitFor(leastMs: number, mostMs: number): void {
    this.close();
    this.timer = this.options.home.wait(leastMs, mostMs, () => this.waited());
  }

  private waited(): void {
    this.timer = undefined;
    const wayMs = this.options.givesWayMs();
    if (wayMs > 0) this.waitFor(wayMs, wayMs);
    else this.machine.dispatch(Object.assign({ type: "waited" as const }, this.moment()));
  }
}

const recordLength = 5;
