/** The homes of a scenario and the people in them, as the world plays them. */
import type { DoorSettings } from "../../firmware/accessories/door-machine.ts";
import type { LifeName } from "../../firmware/household/life-states.ts";
import { usualProofS } from "../../firmware/settings.ts";
import type { MobileCalls } from "../../firmware/voice/voice-settings.ts";
import type { AccessoryType } from "../../protocol/radio/accessory-types.ts";
import type { Generation } from "./fault.ts";
import type { Wearers } from "./wearers.ts";

export const routePolicies = ["mobile-first", "broadband-first", "mobile-only", "broadband-only"] as const;
export type RoutePolicy = (typeof routePolicies)[number];

/** How much longer than usual its units may have nothing to say. */
export function seldomMs({ provenWithinS }: Pick<FleetGroup, "provenWithinS">): number {
  return ((provenWithinS ?? usualProofS) - usualProofS) * 1000;
}

export interface FleetGroup {
  readonly name: string;
  readonly provider: string;
  /** Names of its units: the group's name where there is one unit, else `name-001` and so on. */
  readonly units: readonly string[];
  readonly policy: RoutePolicy;
  /** undefined: no modem in use. */
  readonly mobile: GroupMobile | undefined;
  readonly broadband: string | undefined;
  /** How long its broadband routers live without mains. */
  readonly routerBatteryMs: number;
  /** Where its homes share one stairwell and its air; undefined: each stands alone, in a building of its unit's name. */
  readonly building: string | undefined;
  /** The area that unit and router have their mains from; undefined: it never goes. */
  readonly power: string | undefined;
  /** As long as the active route may go unproven, in seconds; undefined: as the firmware has it. */
  readonly provenWithinS: number | undefined;
  /** First choice first. */
  readonly receivers: readonly string[];
  /** Wrist buttons of each unit. */
  readonly buttons: number;
  /** undefined: its units neither call nor are called. */
  readonly telephone: GroupTelephone | undefined;
  /** Undefined: as the scenario's. */
  readonly wearers: Wearers | undefined;
  readonly home: GroupHome;
}

/** What the devices of a home speak through: the plain port of the air, or a driver of the firmware over the model of its chip. */
export const radios = ["direct", "sx1262", "ble"] as const;
export type RadioName = (typeof radios)[number];

/** What stands in each home beside the unit. */
export interface GroupHome {
  readonly radio: RadioName;
  /** Of radio frames within the home; undefined: as in the whole world. */
  readonly radioLossPpm: number | undefined;
  /** Between the unit and all that it hears. */
  readonly wallsDb: number;
  readonly buttonChargePermille: number;
  /** Of the units' memory, full of what is outdated at the start. */
  readonly memoryUsedPpm: number;
  readonly accessories: readonly GroupAccessory[];
  /** After so long without a sign of life the unit asks, and then calls; 0: it does not watch. */
  readonly inactivityMs: number;
  /** The units' life state at the start. */
  readonly life: LifeName;
}

export interface GroupAccessory {
  readonly kind: AccessoryType;
  /** What timelines call it. */
  readonly name: string;
  /** Undefined: it has no rules of its own, as all but doors. */
  readonly door: DoorSettings | undefined;
  readonly chargePermille: number;
}

/** Where a modem can be: a cell, or with `cell` undefined somewhere in the operator's network. */
export interface MobilePlace {
  readonly operator: string;
  readonly cell: string | undefined;
}

/** The place of its own SIM, and what goes with it. */
export interface GroupMobile extends MobilePlace {
  /** Where it may be served when its own operator is not to be had; empty: nowhere. */
  readonly roamsTo: readonly MobilePlace[];
  /** What its modem can; undefined: all. */
  readonly generations: readonly Generation[] | undefined;
}

export const telephones = ["none", "sip", "mobile", "both"] as const;

export interface GroupTelephone {
  readonly sip: boolean;
  readonly mobile: MobileCalls;
  /** Empty: there is none. */
  readonly fallbackNumber: string;
  readonly relatives: readonly string[];
  /** Those of the numbers at which a machine takes every call. */
  readonly voicemail: readonly string[];
}
