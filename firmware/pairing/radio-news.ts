/** What a proven frame is to the unit's owner: the event that tells of it, with the name of who calls. */
import { hexWord } from "../../protocol/bytes/hex.ts";
import type { Bond, Series } from "./bonds.ts";
import type { HeardFrame } from "./heard-frame.ts";
import type { Caller, UnitRadioEvent } from "./unit-radio-event.ts";

/** Device identity (SCAIP `did`): the radio address in 8 hexadecimal digits. */
export function deviceName(bond: Bond): string {
  return hexWord(bond.address).toUpperCase();
}

export function callerOf(place: number, bond: Bond): Caller {
  return { bond: place, did: deviceName(bond), person: bond.person, where: bond.where ?? "" };
}

/** Undefined for what only the radio itself takes care of. `name` is the call's, as its series has it. */
export function newsOf(
  place: number,
  bond: Bond,
  frame: HeardFrame,
  series: Series | undefined,
  rssiDbm: number,
): UnitRadioEvent | undefined {
  const message = frame.message;
  const caller = callerOf(place, bond);
  const name = series === undefined ? frame.counter : series.name;
  const heard = { name, counter: frame.counter, rssiDbm };
  switch (message.type) {
    case "press": {
      const press = message.press;
      const told = { presses: press.presses, ageS: press.ageS, reason: press.reason, form: press.form };
      const battery = { batteryMv: press.batteryMv, low: press.low };
      return Object.assign({ type: "press-heard" as const }, caller, heard, told, battery);
    }
    case "fall": {
      const fall = message.fall;
      const told = { falls: fall.falls, ageS: fall.ageS, phase: fall.phase, form: fall.form };
      const battery = { batteryMv: fall.batteryMv, low: fall.low };
      return Object.assign({ type: "fall-heard" as const }, caller, heard, told, battery);
    }
    case "accessory-event": {
      const event = message.event;
      const told = { times: event.times, ageS: event.ageS, accessory: event.type, happening: event.happening };
      const state = { condition: event.condition, batteryMv: event.batteryMv, low: event.low };
      return Object.assign({ type: "accessory-heard" as const }, caller, heard, told, state);
    }
    case "accessory-check-in": {
      const checkIn = message.checkIn;
      const state = { condition: checkIn.condition, batteryMv: checkIn.batteryMv, low: checkIn.low, rssiDbm };
      const told = { accessory: checkIn.type, temperatureC: checkIn.temperatureC, nextWithinH: checkIn.nextWithinH };
      const started = { activations: checkIn.activations, started: checkIn.kind === "started" };
      return Object.assign({ type: "accessory-checked-in" as const }, caller, told, state, started);
    }
    case "status-request": {
      const asked = message.request;
      const battery = { batteryMv: asked.batteryMv, low: asked.low, form: asked.form, rssiDbm };
      return Object.assign({ type: "status-asked" as const, bond: place, name: asked.name }, battery);
    }
    case "report":
      return Object.assign({ type: "report-heard" as const, bond: place, rssiDbm }, message.report);
    case "bond-told":
    case "acknowledge":
    case "status":
      return undefined;
  }
}
