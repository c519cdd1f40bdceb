/** What the unit's radio has proven, as events of the alarm machine. */

import { happenings, meaningOf } from "../../protocol/radio/accessory-types.ts";
import { type ButtonForm, buttonForms } from "../../protocol/radio/button-flags.ts";
import { fallDetector } from "../department.ts";
import { type Bond, fallSeries, pressSeries, seriesOf } from "../pairing/bonds.ts";
import type { UnitRadioEvent } from "../pairing/unit-radio-event.ts";
import type { RaiseOrder } from "../unit-context.ts";
import type { AlarmEvent } from "./alarm-state.ts";
import type { Facts, Origin } from "./facts.ts";

export type PressHeard = Extract<UnitRadioEvent, { type: "press-heard" }>;
export type FallHeard = Extract<UnitRadioEvent, { type: "fall-heard" }>;
export type PressedEvent = Extract<AlarmEvent, { type: "pressed" }>;
export type AccessoryHeard = Extract<UnitRadioEvent, { type: "accessory-heard" }>;

/** `number` is the next free report number. */
export function eventOfPress(heard: PressHeard, nowMs: number, number: number): PressedEvent {
  return pressed(heard, heard.presses, heard.reason, nowMs, number);
}

export function eventOfFall(heard: FallHeard, nowMs: number, number: number): PressedEvent {
  return pressed(heard, heard.falls, heard.phase === "withdrawn" ? "fall-withdrawn" : "fall", nowMs, number);
}

function pressed(
  heard: PressHeard | FallHeard,
  presses: number,
  reason: PressedEvent["reason"],
  nowMs: number,
  number: number,
): PressedEvent {
  return {
    type: "pressed",
    nowMs,
    number,
    bond: heard.bond,
    did: heard.did,
    name: heard.name,
    counter: heard.counter,
    ageS: heard.ageS,
    presses,
    reason,
    origin: originOf(heard, heard.form),
  };
}

/** `spreadMs` is for what units may have in common; an accessory's own news waits for nobody. */
export function eventOfAccessory(heard: AccessoryHeard, nowMs: number, number: number): AlarmEvent {
  const meaning = meaningOf(heard.accessory, heard.happening);
  const order: RaiseOrder = {
    kind: meaning.urgency,
    dty: meaning.dty,
    stc: meaning.stc,
    did: heard.did,
    stt: "",
    bond: heard.bond,
    spreadMs: 0,
    restores: endedBy(heard),
  };
  const call = { bond: heard.bond, name: heard.name, counter: heard.counter, times: heard.times };
  return { type: "raised", nowMs, number, order, ageS: heard.ageS, origin: originOf(heard, "none"), call };
}

/** Of what a department tells about a device that it did not hear just now. */
export function originOfBond(bond: Bond): Origin {
  const form = isButton(bond.form) ? bond.form : "none";
  return { person: bond.person, form, where: bond.where ?? "", dco: 0, batteryMv: 0, low: false };
}

/** The series of calls that a kept report of this bond belongs to, so that the radio knows its names after a restart. */
export function seriesOfFacts(facts: Facts, form: Bond["form"]): number {
  if (isButton(form)) return facts.dty === fallDetector ? fallSeries : pressSeries;
  for (const happening of happenings) {
    const meaning = meaningOf(form, happening);
    if (meaning.dty === facts.dty && meaning.stc === facts.stc) return seriesOf(happening);
  }
  return seriesOf("alarm");
}

function isButton(form: Bond["form"]): form is ButtonForm {
  return buttonForms.indexOf(form as ButtonForm) >= 0;
}

/** The status code whose end this is, or -1. */
function endedBy(heard: AccessoryHeard): number {
  switch (heard.happening) {
    case "restored":
      return meaningOf(heard.accessory, "alarm").stc;
    case "tamper-restored":
      return meaningOf(heard.accessory, "tamper").stc;
    case "battery-ok":
      return meaningOf(heard.accessory, "battery-low").stc;
    case "fault-gone":
      return meaningOf(heard.accessory, "fault").stc;
    default:
      return -1;
  }
}

function originOf(heard: PressHeard | FallHeard | AccessoryHeard, form: Origin["form"]): Origin {
  return {
    person: heard.person,
    form,
    where: heard.where,
    dco: 0,
    batteryMv: heard.batteryMv,
    low: heard.low,
  };
}
