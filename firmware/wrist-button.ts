/** The wiring of the button: contact, radio, journal and signals around the machines that decide. It sleeps between events. */
import { Reader } from "../protocol/bytes/reader.ts";
import { Writer } from "../protocol/bytes/writer.ts";
import type { AlarmStep } from "../protocol/radio/acknowledge.ts";
import type { ButtonForm } from "../protocol/radio/button-flags.ts";
import type { ButtonEffect, ButtonEvent, ButtonState } from "./button/button-machine.ts";
import { buttonAtStart, stepButton } from "./button/button-machine.ts";
import type { ButtonBond, RefusedFrames } from "./button/button-radio.ts";
import { ButtonRadio } from "./button/button-radio.ts";
import type { ContactEffect, ContactEvent, ContactState } from "./button/contact-machine.ts";
import { contactAtStart, stepContact } from "./button/contact-machine.ts";
import type { ReportEffect, ReportEvent, ReportSettings, ReportState } from "./button/report-machine.ts";
import { firstReport, isLow, reportAtStart, stepReport } from "./button/report-machine.ts";
import type { Timer } from "./ports/clock.ts";
import type { ButtonHost } from "./ports/host.ts";
import type { Input } from "./ports/pin.ts";
import { Runner } from "./runner.ts";
import { Journal } from "./storage/journal.ts";
import { unheardPressKind } from "./storage/record-kinds.ts";

export interface ButtonSettings extends ReportSettings {
  readonly form: ButtonForm;
  readonly versionMajor: number;
  readonly versionMinor: number;
}

/** A lithium coin cell, measured while the radio sends. */
export const buttonDefaults: ButtonSettings = {
  form: "wrist",
  versionMajor: 0,
  versionMinor: 1,
  checkInMs: 28_800_000,
  lowBatteryMv: 2_600,
  goodBatteryMv: 2_760,
  reserveBatteryMv: 2_400,
};

const temperatureNotMeasured = -128;

export class WristButton {
  private readonly host: ButtonHost;
  private readonly settings: ButtonSettings;
  private readonly journal: Journal;
  private readonly radio: ButtonRadio;
  private readonly input: Input;
  private readonly contact: Runner<ContactState, ContactEvent, ContactEffect>;
  private readonly button: Runner<ButtonState, ButtonEvent, ButtonEffect>;
  private readonly report: Runner<ReportState, ReportEvent, ReportEffect>;
  private buttonTimer: Timer | undefined;
  private reportTimer: Timer | undefined;
  private pressCount: number;

  /** `settings` absent: those of a wrist button. */
  constructor(host: ButtonHost, bond: ButtonBond, settings?: ButtonSettings) {
    const own = settings ?? buttonDefaults;
    this.host = host;
    this.settings = own;
    this.journal = new Journal(host.flash);
    this.buttonTimer = undefined;
    this.reportTimer = undefined;
    this.pressCount = 0;
    this.contact = new Runner(stepContact, contactAtStart, () => this.press(), this.observer("contact"));
    this.button = new Runner(
      stepButton,
      buttonAtStart,
      (effect) => this.performButton(effect),
      this.observer("button"),
    );
    this.report = new Runner<ReportState, ReportEvent, ReportEffect>(
      (state, event) => stepReport(own, state, event),
      reportAtStart,
      (effect) => this.performReport(effect),
      this.observer("button-report"),
    );
    this.radio = new ButtonRadio(host, bond, this.journal, (name, step) => this.beTold(name, step));
    this.input = host.openContact({ onChange: (closed) => this.change(closed) });
    this.takeUpUnheardPress();
    this.waitForReport(firstReport.leastMs, firstReport.mostMs);
  }

  refused(): RefusedFrames {
    return this.radio.refused();
  }

  /** After this nothing is sent and no signal shown any more. */
  close(): void {
    this.input.close();
    this.radio.close();
    if (this.buttonTimer !== undefined) this.buttonTimer.cancel();
    if (this.reportTimer !== undefined) this.reportTimer.cancel();
  }

  private observer(machine: string): ((event: object, effects: readonly object[]) => void) | undefined {
    const observe = this.host.observe;
    return observe === undefined ? undefined : (event, effects) => observe(machine, event, effects);
  }

  private change(closed: boolean): void {
    this.contact.dispatch({ type: closed ? "closed" : "opened", nowMs: this.host.clock.nowMs() });
  }

  private press(): void {
    this.pressCount++;
    const nowMs = this.host.clock.nowMs();
    const counter = this.radio.nextCounter();
    this.button.dispatch({ type: "pressed", reason: "call", nowMs, counter, room: this.radio.room(nowMs) });
  }

  private beTold(name: number, step: AlarmStep): void {
    const nowMs = this.host.clock.nowMs();
    this.button.dispatch({ type: "told", name, step, nowMs });
    this.report.dispatch({ type: "told", name, nowMs, batteryMv: this.host.batteryMv() });
  }

  private performButton(effect: ButtonEffect): void {
    switch (effect.type) {
      case "send-press":
        this.sendPress(effect);
        return;
      case "send-status-request": {
        const batteryMv = this.host.batteryMv();
        const request = { name: effect.name, batteryMv, low: this.low(batteryMv), form: this.settings.form };
        this.radio.send(effect.counter, { type: "status-request", request });
        return;
      }
      case "listen":
        this.radio.listen();
        return;
      case "wait":
        this.waitForButton(effect.leastMs, effect.mostMs);
        return;
      case "sleep":
        if (this.buttonTimer !== undefined) this.buttonTimer.cancel();
        this.buttonTimer = undefined;
        return;
      case "keep-press":
        this.keepPress(effect.name, effect.presses);
        return;
      case "forget-press":
        this.journal.remove(unheardPressKind, 0);
        // Flash is tidied only while no press waits for its acknowledge.
        if (this.journal.needsRoom()) this.journal.compact();
        return;
      case "show":
        this.host.signals.show(effect.signal);
        return;
    }
  }

  private performReport(effect: ReportEffect): void {
    switch (effect.type) {
      case "send-report":
        this.radio.send(effect.counter, {
          type: "report",
          report: {
            kind: effect.kind,
            batteryMv: this.host.batteryMv(),
            low: effect.low,
            form: this.settings.form,
            temperatureC: temperatureNotMeasured,
            versionMajor: this.settings.versionMajor,
            versionMinor: this.settings.versionMinor,
            pressCount: this.pressCount % 0x10000,
          },
        });
        return;
      case "listen":
        this.radio.listen();
        return;
      case "wait":
        this.waitForReport(effect.leastMs, effect.mostMs);
        return;
    }
  }

  private sendPress(effect: Extract<ButtonEffect, { readonly type: "send-press" }>): void {
    if (this.radio.sendAgain(effect.counter)) return;
    const batteryMv = this.host.batteryMv();
    this.radio.send(effect.counter, {
      type: "press",
      press: {
        nameDistance: effect.counter - effect.name,
        ageS: effect.ageS,
        batteryMv,
        presses: effect.presses,
        reason: effect.reason,
        low: this.low(batteryMv),
        form: this.settings.form,
      },
    });
  }

  private low(batteryMv: number): boolean {
    return isLow(this.report.state.low, batteryMv, this.settings);
  }

  private keepPress(name: number, presses: number): void {
    const bytes = new Uint8Array(5);
    const to = new Writer(bytes);
    to.u32(name);
    to.u8(presses);
    this.journal.write(unheardPressKind, 0, bytes);
  }

  private takeUpUnheardPress(): void {
    const kept = this.journal.read(unheardPressKind, 0);
    if (kept === undefined || kept.length !== 5) return;
    const from = new Reader(kept, 0, kept.length);
    const name = from.u32();
    const presses = from.u8();
    const nowMs = this.host.clock.nowMs();
    this.button.dispatch({ type: "found-unheard", name, presses, reason: "call", nowMs });
  }

  private waitForButton(leastMs: number, mostMs: number): void {
    if (this.buttonTimer !== undefined) this.buttonTimer.cancel();
    this.buttonTimer = this.host.clock.after(this.between(leastMs, mostMs), () => {
      this.buttonTimer = undefined;
      const nowMs = this.host.clock.nowMs();
      const counter = this.radio.nextCounter();
      this.button.dispatch({ type: "waited", nowMs, counter, room: this.radio.room(nowMs) });
    });
  }

  private waitForReport(leastMs: number, mostMs: number): void {
    if (this.reportTimer !== undefined) this.reportTimer.cancel();
    this.reportTimer = this.host.clock.after(this.between(leastMs, mostMs), () => {
      this.reportTimer = undefined;
      const nowMs = this.host.clock.nowMs();
      this.report.dispatch({
        type: "waited",
        nowMs,
        counter: this.radio.nextCounter(),
        room: this.radio.room(nowMs),
        batteryMv: this.host.batteryMv(),
        busy: this.button.state.at === "calling",
      });
    });
  }

  /** A random whole number from `least` to `most`, both included. */
  private between(least: number, most: number): number {
    const bytes = new Uint8Array(4);
    this.host.secrets.random(bytes);
    return least + (new Reader(bytes, 0, 4).u32() % (most - least + 1));
  }
}
