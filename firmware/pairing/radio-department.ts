/**
 * Everything that lives around the unit's radio: the table of bonds, pairing, supervision, interference, the range walk and accessories.
 * The unit hears of calls through `onEvent` and answers them here, as it would answer the radio itself (radio 2, 4 to 7).
 */
import type { AccessoryType } from "../../protocol/radio/accessory-types.ts";
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import type { RejectReason } from "../../protocol/radio/pairing.ts";
import type { SlotWarning } from "../../protocol/radio/person-slot.ts";
import { nobody } from "../../protocol/radio/person-slot.ts";
import { Accessories } from "../accessories/accessories.ts";
import type { DoorRule } from "../accessories/doors.ts";
import { doorsFault } from "../accessories/doors.ts";
import { seriesOfFacts } from "../alarm/heard.ts";
import type { Report } from "../alarm/report.ts";
import { orderOf, technical } from "../department.ts";
import type { OpenRadio } from "../ports/radio.ts";
import type { UnitContext } from "../unit-context.ts";
import { BondTable, personLimit } from "./bond-table.ts";
import type { Bond } from "./bonds.ts";
import { bondLimit } from "./bonds.ts";
import { DeviceLives } from "./device-life.ts";
import type { Expected } from "./expected-device.ts";
import { Interference } from "./interference.ts";
import type { PairingNews } from "./pairing.ts";
import { Pairing } from "./pairing.ts";
import { deviceName } from "./radio-news.ts";
import type { WalkedPlace } from "./range-walk.ts";
import { RangeWalk } from "./range-walk.ts";
import type { RangeWalkSettings } from "./range-walk-machine.ts";
import { rangeWalkDefaults, rangeWalkFault } from "./range-walk-machine.ts";
import type { SupervisionSettings } from "./supervision.ts";
import { deviceTypeOf, Supervision, supervisionDefaults, supervisionFault } from "./supervision.ts";
import type { UnitRadioCounters } from "./unit-radio.ts";
import { UnitRadio } from "./unit-radio.ts";
import type { UnitRadioEvent } from "./unit-radio-event.ts";

export interface RadioSettings extends SupervisionSettings, RangeWalkSettings {
  readonly doors: readonly DoorRule[];
}

export const radioDefaults: RadioSettings = {
  silentMs: supervisionDefaults.silentMs,
  sensitivityDbm: rangeWalkDefaults.sensitivityDbm,
  limitDb: rangeWalkDefaults.limitDb,
  doors: [],
};

/** What is wrong with the settings, in words, or undefined. */
export function radioFault(settings: RadioSettings): string | undefined {
  return supervisionFault(settings) ?? rangeWalkFault(settings) ?? doorsFault(settings.doors);
}

export interface RadioDepartmentOptions {
  readonly context: UnitContext;
  readonly settings: RadioSettings;
  readonly openRadio: OpenRadio;
  /** What the unit was delivered with: the first fill of the table. */
  readonly delivered: readonly Bond[];
  /** Minute of the local day, or -1 while the time is not known. */
  readonly localMinute: () => number;
  /** Presses, falls, accessory events that are reports, status requests, and reports of buttons; test presses never come here. */
  readonly onEvent: (event: UnitRadioEvent) => void;
  readonly onPairing: (news: PairingNews) => void;
  readonly onActivity: (place: number, accessory: AccessoryType) => void;
}

/** One device as a status line lists it. */
export interface DeviceStatus {
  readonly place: number;
  readonly did: string;
  readonly person: number;
  readonly form: Bond["form"];
  readonly where: string;
  /** "not verified" until one of its calls was accepted by a receiver. */
  readonly verified: boolean;
  readonly revoked: boolean;
  readonly missing: boolean;
  readonly low: boolean;
  /** When a new battery was last seen, in seconds since 1970 (UTC); 0 where that is not known. */
  readonly batteryAtS: number;
}

/** SCAIP: trouble, the code of what should not be, but is no alarm. */
const trouble = 105;

export class RadioDepartment {
  readonly table: BondTable;
  readonly pairing: Pairing;
  readonly supervision: Supervision;
  readonly interference: Interference;
  readonly rangeWalk: RangeWalk;
  private readonly options: RadioDepartmentOptions;
  private readonly lives: DeviceLives;
  private readonly accessories: Accessories;
  private readonly radio: UnitRadio;

  constructor(options: RadioDepartmentOptions) {
    const context = options.context;
    this.options = options;
    this.table = new BondTable(context.records, options.delivered);
    this.lives = new DeviceLives(context.records);
    this.supervision = new Supervision(context, options.settings, this.table, this.lives);
    this.interference = new Interference(context);
    this.rangeWalk = new RangeWalk(context, options.settings);
    this.pairing = new Pairing(context, this.table, (news) => this.hearPairing(news));
    this.accessories = new Accessories({
      context,
      table: this.table,
      lives: this.lives,
      doors: options.settings.doors,
      localMinute: options.localMinute,
      pass: (event) => options.onEvent(event),
      acknowledge: (place, name) => this.radio.acknowledge(place, name, "received"),
      onActivity: options.onActivity,
    });
    const bonds: (Bond | undefined)[] = [];
    for (let place = 0; place < bondLimit; place++) bonds.push(this.table.bond(place));
    this.radio = new UnitRadio({
      openRadio: options.openRadio,
      clock: context.clock,
      secrets: context.secrets,
      records: context.records,
      bonds,
      onEvent: (event) => this.hear(event),
      keeper: {
        openFrameHeard: (bytes) => this.pairing.openFrameHeard(bytes),
        belongsToPairing: (bytes) => this.pairing.belongsToPairing(bytes),
        keySettled: (place, fresh) => this.settle(place, fresh),
        alive: (place) => this.alive(place),
        busy: (forMs) => this.interference.busy(forMs),
      },
    });
    this.pairing.attach(this.radio);
  }

  /** As the radio's own; an acceptance also verifies the device, and makes a replacement the holder of its slot. */
  acknowledge(place: number, name: number, step: AlarmStep): void {
    this.radio.acknowledge(place, name, step);
    if (step === "accepted") this.verify(place);
  }

  status(place: number, name: number, step: AlarmStep): void {
    this.radio.status(place, name, step);
  }

  /** After a restart: a report whose calls a former life has heard. */
  remember(report: Report): void {
    const facts = report.facts;
    const bond = this.table.bond(facts.bond);
    // Its place may have gone to another device since.
    if (bond === undefined || deviceName(bond) !== facts.did) return;
    const series = seriesOfFacts(facts, bond.form);
    for (const press of report.presses) {
      const step = press.accepted ? "accepted" : "received";
      this.radio.restore(facts.bond, report.counter, press.name, step, series);
    }
  }

  /** Takes a device out of use, in one write. The warning for its person, or undefined; `unknown` where nothing was revoked. */
  revoke(place: number): SlotWarning | "unknown" | undefined {
    const bond = this.table.bond(place);
    if (bond === undefined || !this.table.revoke(place)) return "unknown";
    this.review(place);
    return this.table.warning(bond.person);
  }

  /** Keeps a label, and opens the window for it. The reason why it cannot be, or undefined. */
  pair(device: Expected): RejectReason | undefined {
    const refusal = this.pairing.expect(device);
    if (refusal === undefined) this.pairing.open();
    return refusal;
  }

  /** What is worn may be silent while nobody is at home. */
  setAway(away: boolean): void {
    this.supervision.setAway(away);
  }

  /** The identity of a device, as messages have it; empty for an empty place. */
  deviceName(place: number): string {
    const bond = this.table.bond(place);
    return bond === undefined ? "" : deviceName(bond);
  }

  devices(): readonly DeviceStatus[] {
    const all: DeviceStatus[] = [];
    for (let place = 0; place < bondLimit; place++) {
      const bond = this.table.bond(place);
      if (bond === undefined) continue;
      const life = this.lives.lifeOf(place);
      all.push({
        place,
        did: deviceName(bond),
        person: bond.person,
        form: bond.form,
        where: bond.where ?? "",
        verified: this.table.isVerified(place),
        revoked: bond.revoked,
        missing: this.supervision.isMissing(place),
        low: life.low,
        batteryAtS: life.batteryAtS,
      });
    }
    return all;
  }

  /** Places in use whose calls nobody has ever accepted: every status lists them. */
  unverified(): readonly number[] {
    const places: number[] = [];
    for (let place = 0; place < bondLimit; place++)
      if (this.table.isInUse(place) && !this.table.isVerified(place)) places.push(place);
    return places;
  }

  /** Persons that something is to be warned of. */
  warnedPersons(): readonly number[] {
    const persons: number[] = [];
    for (let person = 1; person <= personLimit; person++)
      if (this.table.warning(person) !== undefined) persons.push(person);
    return persons;
  }

  walkedPlaces(): readonly WalkedPlace[] {
    return this.rangeWalk.places();
  }

  counters(): UnitRadioCounters {
    return this.radio.counters();
  }

  lastHeardMs(place: number): number | undefined {
    return this.radio.lastHeardMs(place);
  }

  close(): void {
    this.radio.close();
  }

  private hear(event: UnitRadioEvent): void {
    switch (event.type) {
      case "press-heard":
        this.supervision.battery(event.bond, event.low, event.batteryMv);
        // A test press is settled, but nobody accepted it: the button falls silent without a "help is coming".
        if (this.rangeWalk.takes(event.bond, event.rssiDbm)) this.radio.acknowledge(event.bond, event.name, "closed");
        else this.options.onEvent(event);
        return;
      case "accessory-heard":
      case "accessory-checked-in":
        this.supervision.battery(event.bond, event.low, event.batteryMv);
        if (event.type === "accessory-checked-in") this.supervision.promised(event.bond, event.nextWithinH);
        this.accessories.hear(event);
        return;
      case "revoked-heard":
        this.tellRevoked(event.bond);
        this.options.onEvent(event);
        return;
      case "fall-heard":
      case "status-asked":
      case "report-heard":
        this.supervision.battery(event.bond, event.low, event.batteryMv);
        if (event.type === "report-heard" && event.kind === "battery-ok") this.supervision.renewed(event.bond);
        this.options.onEvent(event);
        return;
    }
  }

  private alive(place: number): void {
    this.supervision.heard(place);
    const bond = this.table.bond(place);
    if (bond !== undefined && bond.freshKey === undefined) this.pairing.settled(bond.address, true);
  }

  private settle(place: number, fresh: boolean): void {
    const bond = this.table.bond(place);
    if (bond === undefined || !this.table.settle(place, fresh)) return;
    this.radio.setBond(place, this.table.bond(place));
    this.pairing.settled(bond.address, fresh);
  }

  private verify(place: number): void {
    const revoked = this.table.accepted(place);
    if (revoked !== nobody) this.review(revoked);
  }

  /** The rights of this place have changed. */
  private review(place: number): void {
    this.radio.setBond(place, this.table.bond(place));
    this.lives.renew(place);
    this.supervision.review(place);
    this.accessories.removed(place);
  }

  private hearPairing(news: PairingNews): void {
    if (news.type === "joined") {
      this.review(news.place);
      this.options.context.say("not-verified");
    }
    this.options.onPairing(news);
  }

  private tellRevoked(place: number): void {
    const bond = this.table.bond(place);
    if (bond === undefined) return;
    const telling = technical(deviceTypeOf(bond), trouble, "revoked device used", -1, 0);
    this.options.context.raise(orderOf(telling, deviceName(bond), place));
  }
}
