/** What a unit is set up with; provisioning writes it, and a policy must be chosen: there is no silent default. */

import { dialectNamed } from "../protocol/at/dialects.ts";
import { type AlarmSettings, alarmDefaults, alarmFault } from "./alarm/alarm-settings.ts";
import type { Route } from "./alarm/report.ts";
import { isWithin } from "./department.ts";
import { type FeedbackSettings, feedbackDefaults, feedbackFault } from "./feedback/settings.ts";
import { type HouseholdSettings, householdDefaults, householdFault } from "./household/household-settings.ts";
import { type ModemSettings, operatorsFault } from "./modem/modem-state.ts";
import type { Bond } from "./pairing/bonds.ts";
import { type RadioSettings, radioDefaults, radioFault } from "./pairing/radio-department.ts";
import { type PowerSettings, powerDefaults, powerFault } from "./power/power-settings.ts";
import type { ReceiverAddress } from "./sip/receiver-address.ts";
import { type SmsSettings, smsFault } from "./sms/sms-settings.ts";
import { type SupervisionSettings, supervisionDefaults, supervisionFault } from "./supervision/settings.ts";
import { type UpdateSettings, updateFault } from "./update/update-settings.ts";
import { type VoiceSettings, voiceFault } from "./voice/voice-settings.ts";

/** Which route is tried first, or is the only one. */
export type RoutePolicy = "mobile-first" | "broadband-first" | "mobile-only" | "broadband-only";

export interface UnitSettings {
  /** Larmkod, the account number: 1 to 16 digits (SCAIP `cid`). */
  readonly cid: string;
  /** Domain of the unit's SIP address; the user part is the account number. */
  readonly domain: string;
  readonly policy: RoutePolicy;
  /** First choice first; one to `receiverLimit`. */
  readonly receivers: readonly ReceiverAddress[];
  /** Fixed UDP port of each route; 0 lets the host choose. */
  readonly localPort: number;
  readonly modem: ModemSettings;
  /** How long an alarm waits before its next path starts beside the first. */
  readonly staggerMs: number;
  /** The longest that the active route goes unproven while nothing is wrong, as agreed with whom the unit reports to; absent: `usualProofS`. */
  readonly provenWithinS?: number | undefined;
  readonly bonds: readonly Bond[];
  /** How the unit's departments behave; absent: as `departmentDefaults` says. */
  readonly departments?: DepartmentSettings;
  /** Whom the unit may speak with; absent: its receivers alone, at their SIP addresses. */
  readonly voice?: VoiceSettings;
  /** Alarms by short message as a last resort; absent: off. */
  readonly sms?: SmsSettings;
  /** Where the unit asks for newer firmware; absent: nowhere. */
  readonly update?: UpdateSettings;
  /** AES-128 key of 16 bytes that opens the service line; absent: nothing opens it. */
  readonly serviceKey?: Uint8Array;
}

export interface DepartmentSettings {
  readonly alarm: AlarmSettings;
  readonly radio: RadioSettings;
  readonly power: PowerSettings;
  readonly household: HouseholdSettings;
  readonly supervision: SupervisionSettings;
  readonly feedback: FeedbackSettings;
}

export const receiverLimit = 4;

export const defaultStaggerMs = 5_000;

/** SP4 of EN 50136-1 is three minutes, SP2 is 25 hours; beyond, the daily test message would prove the route first. */
export const usualProofS = 180;
export const longestProofS = 90_000;

/** The routes of a policy, first choice first. */
export function routesOf(policy: RoutePolicy): readonly Route[] {
  switch (policy) {
    case "mobile-first":
      return ["mobile", "broadband"];
    case "broadband-first":
      return ["broadband", "mobile"];
    case "mobile-only":
      return ["mobile"];
    case "broadband-only":
      return ["broadband"];
  }
}

/** What is wrong with the settings, in words, or undefined. */
export function settingsFault(settings: UnitSettings): string | undefined {
  if (!isDigits(settings.cid) || settings.cid.length > 16) return "the larmkod must be 1 to 16 digits";
  if (settings.domain === "") return "the unit needs a domain for its SIP address";
  if (routesOf(settings.policy) === undefined) return "a policy for the routes must be chosen";
  if (settings.receivers.length < 1 || settings.receivers.length > receiverLimit) {
    return "a unit needs 1 to " + receiverLimit + " receivers";
  }
  for (let i = 0; i < settings.receivers.length; i++) {
    const receiver = settings.receivers[i] as ReceiverAddress;
    if (receiver.uri === "" || receiver.host === "" || !isWithin(receiver.port, 0, 65_535)) {
      return "receiver " + (i + 1) + " needs an address, a host and a port";
    }
  }
  if (!isWithin(settings.localPort, 0, 65_535)) return "the local port must be 0 to 65,535";
  if (!isWithin(settings.staggerMs, 1, 20_000)) return "the stagger must be 1 to 20,000 ms";
  const proofS = settings.provenWithinS ?? usualProofS;
  if (!isWithin(proofS, usualProofS, longestProofS)) return "a route is proven within 180 to 90,000 s";
  if (settings.serviceKey !== undefined && settings.serviceKey.length !== 16) return "the service key must be 16 bytes";
  const voice = settings.voice === undefined ? undefined : voiceFault(settings.voice, settings.receivers.length);
  const sms = settings.sms === undefined ? undefined : smsFault(settings.sms);
  const update = settings.update === undefined ? undefined : updateFault(settings.update);
  const dialect = settings.modem.dialect ?? "";
  if (dialect !== "" && dialectNamed(dialect) === undefined) return "the modem speaks no dialect " + dialect;
  const networks = operatorsFault(settings.modem.operators ?? []);
  return voice ?? sms ?? update ?? networks ?? departmentFault(departmentsOf(settings), settings.receivers.length);
}

/** The departments' settings as they are in force. */
export function departmentsOf(settings: UnitSettings): DepartmentSettings {
  return settings.departments ?? departmentDefaults;
}

function departmentFault(departments: DepartmentSettings, receiverCount: number): string | undefined {
  return (
    alarmFault(departments.alarm) ??
    radioFault(departments.radio) ??
    powerFault(departments.power) ??
    householdFault(departments.household) ??
    supervisionFault(departments.supervision, receiverCount) ??
    feedbackFault(departments.feedback)
  );
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text.length > 0;
}

export const departmentDefaults: DepartmentSettings = {
  alarm: alarmDefaults,
  radio: radioDefaults,
  power: powerDefaults,
  household: householdDefaults,
  supervision: supervisionDefaults,
  feedback: feedbackDefaults,
};
