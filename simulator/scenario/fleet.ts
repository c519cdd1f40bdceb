/** The homes of a scenario and the people in them, as the world plays them. */
import type { KeyName } from "../../firmware/ports/keys.ts";
import type { MobileCalls } from "../../firmware/voice/voice-settings.ts";
import type { Hold } from "../house/finger.ts";

export const routePolicies = ["mobile-first", "broadband-first", "mobile-only", "broadband-only"] as const;
export type RoutePolicy = (typeof routePolicies)[number];

export interface FleetGroup {
  readonly name: string;
  readonly provider: string;
  /** Names of its units: the group's name where there is one unit, else `name-001` and so on. */
  readonly units: readonly string[];
  readonly policy: RoutePolicy;
  /** undefined: no modem in use. `cell` undefined: somewhere in the operator's network. */
  readonly mobile: { readonly operator: string; readonly cell: string | undefined } | undefined;
  readonly broadband: string | undefined;
  /** The area that unit and router have their mains from; undefined: it never goes. */
  readonly power: string | undefined;
  /** First choice first. */
  readonly receivers: readonly string[];
  /** Wrist buttons of each unit. */
  readonly buttons: number;
  /** undefined: its units neither call nor are called. */
  readonly telephone: GroupTelephone | undefined;
}

export const telephones = ["none", "sip", "mobile", "both"] as const;

export interface GroupTelephone {
  readonly sip: boolean;
  readonly mobile: MobileCalls;
  /** Empty: there is none. */
  readonly fallbackNumber: string;
  readonly relatives: readonly string[];
}

export interface Wearers {
  /** Presses per thousand units in one day, all inside the hours below, spread evenly. */
  readonly pressesPerThousandUnitDays: number;
  /** Local minutes of the day, [from, to). */
  readonly fromMinute: number;
  readonly toMinute: number;
}

export const keyNames = ["help", "cancel", "query", "presence", "away"] as const satisfies readonly KeyName[];
export const holds = ["short", "long"] as const satisfies readonly Hold[];

/** One button of one unit, from 1. */
export interface ButtonOf {
  readonly unit: string;
  readonly button: number;
}

/** Somebody presses a button, presses a key on the unit itself, or puts a new battery into a button. */
export type TimelineStep =
  | { readonly atMs: number; readonly press: ButtonOf }
  | { readonly atMs: number; readonly key: { readonly unit: string; readonly name: KeyName; readonly hold: Hold } }
  | { readonly atMs: number; readonly buttonBattery: ButtonOf };
