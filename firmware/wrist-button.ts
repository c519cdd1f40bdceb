/** The wiring of the button: contact, radio, store, senses and signals around the machines that decide. It sleeps between events. */

import { Reader } from "../protocol/bytes/reader.ts";
import type { AlarmStep } from "../protocol/radio/acknowledge.ts";
import type { BondPhase, BondTold } from "../protocol/radio/bond-frame.ts";
import { buttonForms } from "../protocol/radio/button-flags.ts";
import { sentPress } from "../protocol/radio/button-press.ts";
import { sentReport } from "../protocol/radio/button-report.ts";
import { ButtonFalls } from "./button/button-falls.ts";
import type { ButtonState } from "./button/button-machine.ts";
import type { ButtonEar, RefusedFrames } from "./button/button-radio.ts";
import { ButtonRadio } from "./button/button-radio.ts";
import type { ButtonBond, ButtonSenses, ButtonSettings } from "./button/button-settings.ts";
import { buttonDefaults } from "./button/button-settings.ts";
import type { ButtonReading, CallHome, CallSeriesOptions } from "./button/call-series.ts";
import { CallSeries } from "./button/call-series.ts";
import type { ContactEffect, ContactEvent, ContactState } from "./button/contact-machine.ts";
import { contactAtStart, stepContact } from "./button/contact-machine.ts";
import type { JoiningHome, JoiningOptions } from "./button/joining.ts";
import { Joining } from "./button/joining.ts";
import type { ReportEffect, ReportEvent, ReportState } from "./button/report-machine.ts";
import { firstReport, isLow, reportAfter, stepReport } from "./button/report-machine.ts";
import { observerOf } from "./department.ts";
import type { Timer } from "./ports/clock.ts";
import type { ButtonHost } from "./ports/host.ts";
import type { Input } from "./ports/pin.ts";
import { Runner } from "./runner.ts";
import type { ButtonSignal } from "./signals.ts";
import { ButtonStore } from "./storage/button-store.ts";
import { buttonLifeKind, ownKeyKind, unheardPressKind } from "./storage/record-kinds.ts";

const temperatureNotMeasured = -128;
/** Holding the contact for so long asks for a unit; so does a hold that began as the battery went in, where the button has a unit already. */
export const holdMs = 10_000;
const batteryInMs = 3_000;
/** A fall's copy follows a press's no sooner, so that each has its listening time. */
const apartMs = 450;

export class WristButton implements ButtonEar, CallHome, JoiningHome {
  private readonly host: ButtonHost;
  private readonly bond: ButtonBond;
  private readonly settings: ButtonSettings;
  private readonly senses: ButtonSenses;
  private readonly store: ButtonStore;
  private readonly radio: ButtonRadio;
  private readonly input: Input;
  private readonly contact: Runner<ContactState, ContactEvent, ContactEffect>;
  private readonly presses: CallSeries;
  private readonly falls: ButtonFalls;
  /** While it asks for a unit. */
  private joining: Joining | undefined;
  private readonly report: Runner<ReportState, ReportEvent, ReportEffect>;
  private readonly startedAtMs: number;
  private reportTimer: Timer | undefined;
  private holdTimer: Timer | undefined;
  private pressCount: number;

  /** `settings` absent: those of a wrist button; `senses` absent: none. */
  constructor(host: ButtonHost, bond: ButtonBond, settings?: ButtonSettings, senses?: ButtonSenses) {
    const own = settings ?? buttonDefaults;
    this.host = host;
    this.bond = bond;
    this.settings = own;
    this.senses = senses ?? {};
    this.startedAtMs = host.clock.nowMs();
    this.store = new ButtonStore(host.flash);
    this.reportTimer = undefined;
    this.holdTimer = undefined;
    this.pressCount = 0;
    this.contact = new Runner(stepContact, contactAtStart, () => this.press(), observerOf(host, "contact"));
    this.radio = new ButtonRadio(host, bond.address, this.store, this);
    this.radio.setKey(this.ownKey());
    this.presses = this.openPresses();
    this.falls = this.openFalls();
    this.joining = undefined;
    this.report = new Runner<ReportState, ReportEvent, ReportEffect>(
      (state, event) => stepReport(own, state, event),
      reportAfter(this.wasLow()),
      (effect) => this.performReport(effect),
      observerOf(host, "button-report"),
    );
    this.input = host.openContact({ onChange: (closed) => this.change(closed) });
    this.presses.goOn();
    this.falls.takeUp();
    if (this.radio.hasKey) this.waitForReport(firstReport.leastMs, firstReport.mostMs);
  }

  refused(): RefusedFrames {
    return this.radio.refused();
  }

  /** Whether it belongs to a unit. */
  get isBonded(): boolean {
    return this.radio.hasKey;
  }

  /** Whether a press or a fall still waits for somebody to accept it. */
  get isCalling(): boolean {
    return this.presses.at !== "quiet" || this.falls.at !== "quiet";
  }

  /** After this nothing is sent and no signal shown any more. */
  close(): void {
    this.input.close();
    this.falls.close();
    this.radio.close();
    if (this.joining !== undefined) this.joining.close();
    if (this.holdTimer !== undefined) this.holdTimer.cancel();
    this.rest();
  }

  private openPresses(): CallSeries {
    return this.series(
      {
        name: "button",
        recordKind: unheardPressKind,
        send: (counter, told) =>
          this.radio.sendNew(
            sentPress,
            counter,
            Object.assign(
              { nameDistance: told.nameDistance, ageS: told.ageS, presses: told.count, reason: "call" as const },
              this.reading(),
            ),
          ),
      },
      () => 0,
      (signal) => this.show(this.falls.at, signal),
    );
  }

  private openFalls(): ButtonFalls {
    return new ButtonFalls({
      host: this.host,
      radio: this.radio,
      delayMs: this.settings.fallDelayMs ?? 0,
      open: this.senses.openFallSensor,
      home: this,
      series: (which) =>
        this.series(
          which,
          () => this.giveWayMs(),
          (signal) => this.show(this.presses.at, signal),
        ),
    });
  }

  private series(
    which: Pick<CallSeriesOptions, "name" | "recordKind" | "send">,
    givesWayMs: () => number,
    show: (signal: ButtonSignal) => void,
  ): CallSeries {
    return new CallSeries({
      host: this.host,
      radio: this.radio,
      store: this.store,
      name: which.name,
      recordKind: which.recordKind,
      send: which.send,
      home: this,
      givesWayMs,
      show,
    });
  }

  /** Only a button that asks for a unit holds what asking takes. */
  private join(label: Uint8Array): void {
    if (this.joining !== undefined) return;
    this.joining = joiningOf({
      host: this.host,
      address: this.bond.address,
      label,
      radio: this.radio,
      home: this,
    });
    this.joining.begin();
  }

  private change(closed: boolean): void {
    const nowMs = this.host.clock.nowMs();
    if (this.holdTimer !== undefined) this.holdTimer.cancel();
    this.holdTimer = undefined;
    const asks = closed && (!this.radio.hasKey || nowMs - this.startedAtMs < batteryInMs);
    const label = this.bond.label;
    if (asks && label !== undefined)
      this.holdTimer = this.host.clock.after(holdMs, () => {
        this.holdTimer = undefined;
        this.join(label);
      });
    this.contact.dispatch({ type: closed ? "closed" : "opened", nowMs });
  }

  private press(): void {
    this.pressCount++;
    if (this.joining !== undefined) this.joining.pressed();
    if (this.radio.hasKey) this.presses.beginCall();
    else this.host.signals.show("of-no-use");
  }

  beTold(name: number, step: AlarmStep): void {
    this.presses.beAnswered(name, step);
    this.falls.told(name, step);
    this.report.dispatch({ type: "told", name, nowMs: this.host.clock.nowMs(), batteryMv: this.host.batteryMv() });
  }

  beSpokenTo(bytes: Uint8Array): void {
    if (this.joining !== undefined) this.joining.openFrameHeard(bytes);
  }

  beWelcomed(): void {
    if (this.joining !== undefined) this.joining.welcomed();
  }

  joiningOver(): void {
    this.joining = undefined;
  }

  /** "Accepted" never hides a call that is not: of two steps the lower one is shown. */
  private show(other: ButtonState["at"], signal: ButtonSignal): void {
    if (signal === "accepted" && other !== "quiet") return;
    if (signal === "received" && (other === "calling" || other === "unheard")) return;
    this.host.signals.show(signal);
  }

  private giveWayMs(): number {
    return Math.max(0, this.presses.sentAtMs + apartMs - this.host.clock.nowMs());
  }

  private performReport(effect: ReportEffect): void {
    switch (effect.type) {
      case "send-report": {
        const measure = this.senses.temperatureC;
        this.radio.sendNew(sentReport, effect.counter, {
          kind: effect.kind,
          batteryMv: this.host.batteryMv(),
          low: effect.low,
          form: this.settings.form,
          temperatureC: measure === undefined ? temperatureNotMeasured : within(measure(), -127, 127),
          versionMajor: this.settings.versionMajor,
          versionMinor: this.settings.versionMinor,
          pressCount: this.pressCount % 0x10000,
        });
        return;
      }
      case "keep-low":
        if (effect.low) this.store.write(buttonLifeKind, 0, new Uint8Array([1]));
        else this.store.remove(buttonLifeKind, 0);
        return;
      case "listen":
        this.radio.listenForAnswer();
        return;
      case "wait":
        this.waitForReport(effect.leastMs, effect.mostMs);
        return;
    }
  }

  reading(): ButtonReading {
    const batteryMv = this.host.batteryMv();
    return { batteryMv, low: isLow(this.report.state.low, batteryMv, this.settings), form: this.settings.form };
  }

  bondTold(phase: BondPhase): BondTold {
    const batteryMv = this.host.batteryMv();
    const form = buttonForms.indexOf(this.settings.form);
    return { phase, batteryMv, low: batteryMv < this.settings.lowBatteryMv, form, holds: this.radio.keyCheck() };
  }

  /** The record stands before what the button was delivered with; an empty one: it was revoked. */
  private ownKey(): Uint8Array | undefined {
    const kept = this.store.read(ownKeyKind, 0);
    if (kept === undefined) return this.bond.key;
    return kept.length === 16 ? kept : undefined;
  }

  keepKey(key: Uint8Array): boolean {
    if (!this.store.write(ownKeyKind, 0, key)) return false;
    this.waitForReport(firstReport.leastMs, firstReport.mostMs);
    return true;
  }

  /** Its last word goes out under the key that is wiped then. Flash that takes no record leaves it bonded: the next order comes. */
  beRevoked(): void {
    if (!this.store.write(ownKeyKind, 0, new Uint8Array(0))) return;
    this.radio.tellBond(this.bondTold("leaving"));
    this.radio.setKey(undefined);
    this.rest();
    this.host.signals.show("of-no-use");
  }

  private wasLow(): boolean {
    return this.store.read(buttonLifeKind, 0) !== undefined;
  }

  /** Nothing is waited for but the contact. */
  private rest(): void {
    this.presses.close();
    this.falls.rest();
    if (this.reportTimer !== undefined) this.reportTimer.cancel();
    this.reportTimer = undefined;
  }

  private waitForReport(leastMs: number, mostMs: number): void {
    if (this.reportTimer !== undefined) this.reportTimer.cancel();
    this.reportTimer = this.wait(leastMs, mostMs, () => {
      this.reportTimer = undefined;
      const nowMs = this.host.clock.nowMs();
      this.report.dispatch({
        type: "waited",
        nowMs,
        counter: this.radio.nextCounter(),
        room: this.radio.roomNow(nowMs),
        batteryMv: this.host.batteryMv(),
        busy: this.presses.at === "calling" || this.falls.at === "calling",
      });
    });
  }

  wait(leastMs: number, mostMs: number, callback: () => void): Timer {
    return this.host.clock.after(this.between(leastMs, mostMs), callback);
  }

  /** A random whole number from `least` to `most`, both included. */
  private between(least: number, most: number): number {
    const bytes = new Uint8Array(4);
    this.host.secrets.random(bytes);
    return least + (new Reader(bytes, 0, 4).u32() % (most - least + 1));
  }
}

/** By itself, so that a script may leave all that joining takes out of memory until then (`tools/build/sinking.ts`). */
function joiningOf(options: JoiningOptions): Joining {
  return new Joining(options);
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.floor(value)));
}
