/** The department that tells when a device is missing or weak, and when it is well again (radio 6; SS 91100 annex C 0123, 0124, 0015, 0016). */

import type { AccessoryType } from "../../protocol/radio/accessory-types.ts";
import { kindOf } from "../../protocol/radio/accessory-types.ts";
import { fixedTrigger, observerOf, orderOf, personalTrigger, technical, wallSeconds } from "../department.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { isAccessory, isWorn } from "./bond-record.ts";
import type { BondTable } from "./bond-table.ts";
import type { Bond } from "./bonds.ts";
import { bondLimit } from "./bonds.ts";
import type { DeviceLives } from "./device-life.ts";
import { deviceName } from "./radio-news.ts";
import type { SupervisionEffect, SupervisionEvent, SupervisionState } from "./supervision-machine.ts";
import { stepSupervision, supervisionAtStart } from "./supervision-machine.ts";

export interface SupervisionSettings {
  /** A button may be silent for so long: 1 to 73 h. */
  readonly silentMs: number;
}

export const supervisionDefaults: SupervisionSettings = { silentMs: 90_000_000 };

/** What is wrong with the settings, in words, or undefined. */
export function supervisionFault(settings: SupervisionSettings): string | undefined {
  const hours = settings.silentMs / hourMs;
  return hours >= 1 && hours <= 73 ? undefined : "a button may be silent for 1 to 73 hours";
}

const hourMs = 3_600_000;
/** An accessory is missing after so many check-ins that did not come. */
const missedCheckIns = 3;
/** SCAIP status codes (SS 91100 annex C). */
const radioTestMissing = 123;
const radioTestBack = 124;
const batteryLow = 16;
const batteryGood = 15;

export class Supervision {
  private readonly context: UnitContext;
  private readonly settings: SupervisionSettings;
  private readonly table: BondTable;
  private readonly lives: DeviceLives;
  private readonly machine: Runner<SupervisionState, SupervisionEvent, SupervisionEffect>;
  private readonly wake: Wake;

  constructor(context: UnitContext, settings: SupervisionSettings, table: BondTable, lives: DeviceLives) {
    this.context = context;
    this.settings = settings;
    this.table = table;
    this.lives = lives;
    this.wake = new Wake(context.clock, () => this.machine.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.machine = new Runner(
      stepSupervision,
      supervisionAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "supervision"),
    );
    for (let place = 0; place < bondLimit; place++) this.review(place);
  }

  /** The place has another bond, or its bond another right. */
  review(place: number): void {
    const bond = this.table.bond(place);
    if (bond === undefined || bond.revoked) {
      this.machine.dispatch({ type: "unwatch", place });
      return;
    }
    const accessory = isAccessory(bond.form);
    const spanMs = accessory ? missedCheckIns * kindOf(bond.form as AccessoryType).checkInH * hourMs : undefined;
    this.watch(place, bond, spanMs ?? this.settings.silentMs);
  }

  heard(place: number): void {
    this.machine.dispatch({ type: "heard", place, nowMs: this.context.clock.nowMs() });
  }

  /** An accessory said within how many hours it comes again. */
  promised(place: number, nextWithinH: number): void {
    const bond = this.table.bond(place);
    if (bond !== undefined && !bond.revoked) this.watch(place, bond, missedCheckIns * nextWithinH * hourMs);
  }

  battery(place: number, low: boolean, batteryMv: number): void {
    this.machine.dispatch({ type: "battery", place, low, batteryMv, nowMs: this.context.clock.nowMs() });
  }

  /** A button says itself that it has a new battery. */
  renewed(place: number): void {
    this.lives.change(place, { batteryAtS: this.wallS() });
  }

  /** While nobody is at home what is worn may be silent; smoke and gas may not. */
  setAway(away: boolean): void {
    this.machine.dispatch({ type: "away", away, nowMs: this.context.clock.nowMs() });
  }

  /** Whether this device was told of as missing and has not been heard since. */
  isMissing(place: number): boolean {
    for (const each of this.machine.state.watched) if (each.place === place) return each.missing;
    return false;
  }

  private watch(place: number, bond: Bond, spanMs: number): void {
    const life = this.lives.lifeOf(place);
    const known = { missing: life.missing, low: life.low, portable: isWorn(bond.form) };
    const event = { type: "watch" as const, place, spanMs, nowMs: this.context.clock.nowMs() };
    this.machine.dispatch(Object.assign(event, known));
  }

  private perform(effect: SupervisionEffect): void {
    switch (effect.type) {
      case "tell-missing":
        this.lives.change(effect.place, { missing: true });
        this.tell(effect.place, radioTestMissing, -1, "silent " + Math.floor(effect.silentMs / hourMs) + " h");
        return;
      case "tell-back":
        this.lives.change(effect.place, { missing: false });
        this.tell(effect.place, radioTestBack, radioTestMissing, "");
        return;
      case "tell-battery": {
        const volts = Math.floor(effect.batteryMv / 1000) + "." + hundredths(effect.batteryMv) + " V";
        this.lives.change(effect.place, effect.low ? { low: true } : { low: false, batteryAtS: this.wallS() });
        this.tell(effect.place, effect.low ? batteryLow : batteryGood, effect.low ? -1 : batteryLow, volts);
        return;
      }
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private tell(place: number, stc: number, restores: number, stt: string): void {
    const bond = this.table.bond(place);
    if (bond === undefined) return;
    const telling = technical(deviceTypeOf(bond), stc, stt, restores, 0);
    this.context.raise(orderOf(telling, deviceName(bond), place));
  }

  /** A battery is dated by the unit's own calendar; 0 while that is not known. */
  private wallS(): number {
    return Math.max(0, wallSeconds(this.context));
  }
}

/** SCAIP device type of a bond (SS 91100 annex A). */
export function deviceTypeOf(bond: Bond): number {
  if (isAccessory(bond.form)) return kindOf(bond.form as AccessoryType).dty;
  return isWorn(bond.form) ? personalTrigger : fixedTrigger;
}

function hundredths(batteryMv: number): string {
  const rest = Math.floor((batteryMv % 1000) / 10);
  return rest < 10 ? "0" + rest : "" + rest;
}
