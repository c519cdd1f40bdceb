/**
 * What runs in an accessory, by the rules that the radio protocol has for whoever builds one (radio 5.4, 6.2, 7): events until they are
 * acknowledged, check-ins, pairing. A stand-in: the project builds units and buttons; no door contact has been made with it yet.
 */

import { ButtonRadio } from "../../firmware/button/button-radio.ts";
import { type ButtonBond, buttonDefaults } from "../../firmware/button/button-settings.ts";
import { Joining } from "../../firmware/button/joining.ts";
import { firstReport, isLow } from "../../firmware/button/report-machine.ts";
import type { Timer } from "../../firmware/ports/clock.ts";
import type { ButtonHost } from "../../firmware/ports/host.ts";
import { Journal } from "../../firmware/storage/journal.ts";
import { ownKeyKind } from "../../firmware/storage/record-kinds.ts";
import { accessoryCheckInFrame, type CheckInKind } from "../../protocol/radio/accessory-check-in.ts";
import type { AccessoryCondition } from "../../protocol/radio/accessory-event.ts";
import { type AccessoryType, accessoryTypes, type Happening, kindOf } from "../../protocol/radio/accessory-types.ts";
import { accessoryFormBase, type BondPhase, type BondTold } from "../../protocol/radio/bond-frame.ts";
import type { Stream } from "../core/prng.ts";
import { AccessoryEvents } from "./accessory-events.ts";

export interface AccessoryProgramOptions {
  readonly host: ButtonHost;
  readonly bond: ButtonBond;
  readonly kind: AccessoryType;
  /** When it tells what, within the bounds of the protocol. */
  readonly chance: Stream;
  /** How it stands at this moment. */
  readonly condition: () => AccessoryCondition;
  /** In whole degrees Celsius. */
  readonly temperatureC: () => number;
}

const hourMs = 3_600_000;
const tryLimit = 3;
/** Between the tries of what is no alarm. */
const nextTry = { leastMs: 4_000, mostMs: 8_000 };
/** A check-in waits for an alarm under way. */
const afterAlarm = { leastMs: 600_000, mostMs: 900_000 };
const version = 1;

export class AccessoryProgram {
  private readonly options: AccessoryProgramOptions;
  private readonly journal: Journal;
  private readonly radio: ButtonRadio;
  private readonly events: AccessoryEvents;
  private readonly joining: Joining | undefined;
  private checkIn: { kind: CheckInKind; tries: number; counter: number };
  private checkInTimer: Timer | undefined;
  private low: boolean;
  private activations: number;

  constructor(options: AccessoryProgramOptions) {
    const { host, bond } = options;
    this.options = options;
    this.journal = new Journal(host.flash);
    this.checkIn = { kind: "started", tries: 0, counter: 0 };
    this.checkInTimer = undefined;
    this.low = false;
    this.activations = 0;
    this.radio = new ButtonRadio(host, bond.address, this.journal, {
      beTold: (name) => this.told(name),
      beSpokenTo: (bytes) => this.joining?.openFrameHeard(bytes),
      beWelcomed: () => this.joining?.welcomed(),
      beRevoked: () => this.beRevoked(),
    });
    this.radio.setKey(this.ownKey());
    this.events = new AccessoryEvents({
      radio: this.radio,
      kind: options.kind,
      nowMs: () => host.clock.nowMs(),
      wait: (leastMs, mostMs, callback) => this.wait(leastMs, mostMs, callback),
      reading: () => ({ ...this.reading(), condition: options.condition() }),
    });
    this.joining = this.openJoining();
    if (this.radio.hasKey) this.waitForCheckIn(firstReport.leastMs, firstReport.mostMs);
  }

  /** Whether it belongs to a unit. */
  get isBonded(): boolean {
    return this.radio.hasKey;
  }

  happen(happening: Happening): void {
    this.joining?.pressed();
    if (happening === "alarm" || happening === "activity") this.activations++;
    if (this.radio.hasKey) this.events.happen(happening);
  }

  askForUnit(): void {
    this.joining?.begin();
  }

  /** An acknowledge names an event or a check-in; both draw from one sequence of counters. */
  private told(name: number): void {
    const answered = this.events.told(name);
    if (answered === "alarm" && this.options.kind === "temperature") this.tell("reading");
    if (name === this.checkIn.counter) this.rest(true);
  }

  private checkInDue(): void {
    const nowMs = this.options.host.clock.nowMs();
    const isFree = this.radio.roomNow(nowMs) === "free" && this.radio.nextCounter() !== 0;
    if (this.events.isAlarming || !isFree) this.waitForCheckIn(afterAlarm.leastMs, afterAlarm.mostMs);
    else if (this.checkIn.tries >= tryLimit) this.rest(false);
    else {
      this.checkIn.tries++;
      this.checkIn.counter = this.tell(this.checkIn.kind);
      this.waitForCheckIn(nextTry.leastMs, nextTry.mostMs);
    }
  }

  /** The counter of the frame; 0 where none may be sent. */
  private tell(kind: CheckInKind): number {
    const counter = this.radio.nextCounter();
    if (counter === 0) return 0;
    this.radio.sendNew(accessoryCheckInFrame, counter, {
      kind,
      type: this.options.kind,
      condition: this.options.condition(),
      ...this.reading(),
      temperatureC: Math.max(-127, Math.min(127, this.options.temperatureC())),
      nextWithinH: kindOf(this.options.kind).checkInH,
      activations: this.activations % 0x1_0000,
      version,
    });
    this.radio.listenForAnswer();
    return counter;
  }

  /** Until the next check-in: what was never answered is told as what it was. */
  private rest(answered: boolean): void {
    const periodMs = kindOf(this.options.kind).checkInH * hourMs;
    this.checkIn = { kind: answered ? "check-in" : this.checkIn.kind, tries: 0, counter: 0 };
    this.waitForCheckIn(periodMs - periodMs / 10, periodMs + periodMs / 10);
  }

  private waitForCheckIn(leastMs: number, mostMs: number): void {
    this.checkInTimer?.cancel();
    this.checkInTimer = this.wait(leastMs, mostMs, () => this.checkInDue());
  }

  private reading(): { readonly batteryMv: number; readonly low: boolean } {
    const batteryMv = this.options.host.batteryMv();
    this.low = isLow(this.low, batteryMv, buttonDefaults);
    return { batteryMv, low: this.low };
  }

  private openJoining(): Joining | undefined {
    const { host, bond } = this.options;
    const { address, label } = bond;
    if (label === undefined) return undefined;
    return new Joining({
      host,
      address,
      label,
      radio: this.radio,
      home: {
        bondTold: (phase) => this.toldBond(phase),
        keepKey: (key) => this.keepKey(key),
        wait: (leastMs, mostMs, callback) => this.wait(leastMs, mostMs, callback),
        joiningOver: () => {},
      },
    });
  }

  private toldBond(phase: BondPhase): BondTold {
    const form = accessoryFormBase + accessoryTypes.indexOf(this.options.kind);
    return { phase, ...this.reading(), form, holds: this.radio.keyCheck() };
  }

  private ownKey(): Uint8Array | undefined {
    const kept = this.journal.read(ownKeyKind, 0);
    if (kept === undefined) return this.options.bond.key;
    return kept.length > 0 ? kept : undefined;
  }

  private keepKey(key: Uint8Array): boolean {
    if (!this.journal.write(ownKeyKind, 0, key)) return false;
    this.checkIn = { kind: "started", tries: 0, counter: 0 };
    this.waitForCheckIn(firstReport.leastMs, firstReport.mostMs);
    return true;
  }

  private beRevoked(): void {
    if (!this.journal.write(ownKeyKind, 0, new Uint8Array(0))) return;
    this.radio.tellBond(this.toldBond("leaving"));
    this.radio.setKey(undefined);
    this.events.close();
    this.checkInTimer?.cancel();
    this.options.host.signals.show("of-no-use");
  }

  private wait(leastMs: number, mostMs: number, callback: () => void): Timer {
    return this.options.host.clock.after(this.options.chance.between(leastMs, mostMs), callback);
  }
}
