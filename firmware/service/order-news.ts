/** What the unit's departments tell of themselves, as the values of protocol/console: pure, and always sayable. */
import { unknownDays } from "../../protocol/console/order-fields.ts";
import { deviceReadLimit, type LifeWord, type OrderEvent } from "../../protocol/console/orders.ts";
import { bondLimit } from "../pairing/bonds.ts";
import type { PairingNews } from "../pairing/pairing.ts";
import type { DeviceStatus } from "../pairing/radio-department.ts";
import type { WalkedPlace } from "../pairing/range-walk.ts";
import type { BatteryForecast } from "../power/forecast.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import { type CheckName, type FaultName, type Finding, faultOf } from "../supervision/faults.ts";
import type { TestedPath } from "../uplink/uplink-state.ts";

/** Where a state is read from. */
export interface StateSources {
  readonly receivers: readonly ReceiverAddress[];
  readonly radio: { unverified(): readonly number[]; warnedPersons(): readonly number[] } | undefined;
  readonly household: { readonly life: { readonly name: LifeWord } };
  readonly supervision: { readonly faults: readonly FaultName[]; readonly testMode: { readonly on: boolean } };
  readonly power: { forecast(): readonly BatteryForecast[] } | undefined;
}

/** Place of the unit's own battery in a forecast. */
const ownBattery = -1;
const whereLimit = 20;
const identityLimit = 8;

export function stateEvent(from: StateSources, to: number): OrderEvent {
  const radio = from.radio;
  return {
    type: "state",
    to,
    life: from.household.life.name,
    test: from.supervision.testMode.on ? "on" : "off",
    unverified: bitsOf(radio === undefined ? [] : radio.unverified(), 0),
    warned: bitsOf(radio === undefined ? [] : radio.warnedPersons(), 1),
    open: openReceivers(from.receivers),
    days: daysOf(from.power === undefined ? [] : from.power.forecast(), ownBattery),
    faults: from.supervision.faults.length,
  };
}

/** The devices from that place on, as many as one order brings, and where to go on. */
export function devicesFrom(
  devices: readonly DeviceStatus[],
  forecasts: readonly BatteryForecast[],
  from: number,
  to: number,
): readonly OrderEvent[] {
  const events: OrderEvent[] = [];
  let next = bondLimit;
  for (const device of devices) {
    if (device.place < from) continue;
    if (events.length === deviceReadLimit) {
      next = device.place;
      break;
    }
    events.push({
      type: "device",
      to,
      place: device.place,
      did: sayable(device.did, identityLimit),
      person: device.person,
      where: sayable(device.where, whereLimit),
      state: device.revoked ? "revoked" : device.verified ? "verified" : "not-verified",
      lacks: device.missing ? (device.low ? "both" : "contact") : device.low ? "battery" : "nothing",
      days: daysOf(forecasts, device.place),
    });
  }
  events.push({ type: "devices-end", to, next });
  return events;
}

/** A beat that was answered was accepted; receivers are counted from 1 for people. */
export function pathEvent(path: TestedPath): OrderEvent {
  const result = path.result === "passed" ? "accepted" : path.result === "failed" ? "no-answer" : "not-measured";
  return { type: "path", route: path.route, receiver: path.receiver + 1, result };
}

/** `code` is the number of the fault's name: 31 for E31. */
export function checkEvent(part: CheckName, finding: Finding): OrderEvent {
  if (finding === "passed" || finding === "absent") return { type: "check", part, result: finding, code: 0 };
  return { type: "check", part, result: "failed", code: +faultOf(finding).code.substring(1) };
}

export function walkEvent(walked: WalkedPlace): OrderEvent {
  const margin = walked.marginDb;
  return {
    type: "walk",
    place: walked.bond,
    where: sayable(walked.where, whereLimit),
    presses: Math.min(walked.presses, 99),
    margin: margin === undefined ? 0 : Math.max(0, Math.min(margin, 120)),
    result: margin === undefined ? "unheard" : walked.passed ? "passed" : "failed",
  };
}

export function pairingEvent(news: PairingNews): OrderEvent {
  switch (news.type) {
    case "window-opened":
      return { type: "pairing", what: "opened", place: 0, person: 0, why: "none" };
    case "found":
      return { type: "pairing", what: "found", place: 0, person: 0, why: "none" };
    case "refused":
      return { type: "pairing", what: "refused", place: 0, person: news.person, why: news.reason };
    case "joined":
      return { type: "pairing", what: "joined", place: news.place, person: news.person, why: "none" };
    case "window-ended":
      return { type: "pairing", what: "ended", place: 0, person: 0, why: news.how };
  }
}

/** Without TLS nothing proves who answers "accepted". */
function openReceivers(receivers: readonly ReceiverAddress[]): string {
  let text = "";
  for (let i = 0; i < receivers.length; i++)
    if ((receivers[i] as ReceiverAddress).transport !== "tls") text += (text === "" ? "" : ".") + (i + 1);
  return text;
}

/** A bit for each number from `first` on, the lowest in the last byte. */
function bitsOf(numbers: readonly number[], first: number): Uint8Array {
  const bytes = new Uint8Array(4);
  for (const number of numbers) {
    const at = number - first;
    const byte = 3 - (at >>> 3);
    bytes[byte] = (bytes[byte] as number) | (1 << (at & 7));
  }
  return bytes;
}

function daysOf(forecasts: readonly BatteryForecast[], bond: number): number {
  for (const each of forecasts)
    if (each.bond === bond) return each.days < 0 ? unknownDays : Math.min(each.days, unknownDays - 1);
  return unknownDays;
}

/** As the line can carry it: another sign than a letter, a digit, a full stop or a hyphen becomes a hyphen. */
export function sayable(text: string, limit: number): string {
  let said = "";
  for (let i = 0; i < Math.min(text.length, limit); i++) {
    const code = text.charCodeAt(i);
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a && code < 0x80;
    said += isLetter || (code >= 0x30 && code <= 0x39) || code === 0x2e ? text.charAt(i) : "-";
  }
  return said === "-" ? "" : said;
}
