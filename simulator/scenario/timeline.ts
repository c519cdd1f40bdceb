/** What people do at given times, as the world plays it: names resolved, and nothing in it that cannot be. */
import type { LifeName } from "../../firmware/household/life-states.ts";
import type { KeyName } from "../../firmware/ports/keys.ts";
import type { Happening } from "../../protocol/radio/accessory-types.ts";
import type { Hold } from "../house/finger.ts";

export const keyNames = ["help", "cancel", "query", "presence", "away"] as const satisfies readonly KeyName[];
export const holds = ["short", "long"] as const satisfies readonly Hold[];

/** A device of one unit by its place in the unit's table, from 1: its buttons, then its accessories, then what replaced one of them. */
export interface ButtonOf {
  readonly unit: string;
  readonly button: number;
}

export interface AccessoryOf {
  readonly unit: string;
  readonly place: number;
}

/** What happens at an accessory; its battery has steps of its own. */
export const accessoryActs = [
  "alarm",
  "restored",
  "test",
  "tamper",
  "tamper-restored",
  "fault",
  "fault-gone",
  "alarm-low",
  "alarm-too-long",
  "activity",
] as const satisfies readonly Happening[];

/** What people do to a unit's case and plug. `moved`: unplugged, carried for some minutes, plugged in again. */
export const handlings = [
  "opened",
  "closed",
  "dropped",
  "moved",
  "unplugged",
  "plugged-in",
  "switched-off",
  "switched-on",
] as const;
export type Handling = (typeof handlings)[number];

/** States that service people may order; the firmware says from which to which. */
export const orderedLives = [
  "stored",
  "prepared",
  "installed",
  "in-service",
  "suspended",
  "returned",
  "wiped",
] as const satisfies readonly LifeName[];

/** What service people do at a unit, one act after the other. */
export type ServiceAct =
  | { readonly type: "life"; readonly life: LifeName }
  /** A device from its box, or one that had a unit before, for this person (from 1). */
  | { readonly type: "pair"; readonly place: number; readonly person: number }
  /** Test presses (of an accessory: tests) until a receiver has accepted one. */
  | { readonly type: "prove"; readonly place: number }
  | { readonly type: "revoke"; readonly place: number }
  /** Of planned work on a network or a receiver, in seconds since 1970 (UTC). */
  | { readonly type: "announce"; readonly fromS: number; readonly toS: number };

export type TimelineStep =
  | { readonly atMs: number; readonly press: ButtonOf }
  | { readonly atMs: number; readonly key: { readonly unit: string; readonly name: KeyName; readonly hold: Hold } }
  | { readonly atMs: number; readonly buttonBattery: ButtonOf }
  /** `takenBackAfterMs` undefined: the wearer does not say that it needs no help. */
  | { readonly atMs: number; readonly fall: ButtonOf; readonly takenBackAfterMs: number | undefined }
  /** The wearer walks out of the radio's range with it, or comes home. */
  | { readonly atMs: number; readonly range: ButtonOf; readonly isOut: boolean }
  /** From now on it is nowhere, and nobody can press it; or it lies in the home again. */
  | { readonly atMs: number; readonly lost: ButtonOf; readonly isFound: boolean }
  | { readonly atMs: number; readonly accessory: AccessoryOf; readonly happens: Happening }
  | { readonly atMs: number; readonly accessoryBattery: AccessoryOf }
  /** A minute later it is so warm there, in tenths of a degree Celsius. */
  | { readonly atMs: number; readonly room: { readonly unit: string; readonly deciC: number } }
  | { readonly atMs: number; readonly charge: { readonly unit: string; readonly permille: number } }
  | { readonly atMs: number; readonly handle: { readonly unit: string; readonly how: Handling } }
  | { readonly atMs: number; readonly visit: { readonly unit: string; readonly acts: readonly ServiceAct[] } };

/** Whose step it is. */
export function unitOf(step: TimelineStep): string {
  if ("press" in step) return step.press.unit;
  if ("key" in step) return step.key.unit;
  if ("buttonBattery" in step) return step.buttonBattery.unit;
  if ("fall" in step) return step.fall.unit;
  if ("range" in step) return step.range.unit;
  if ("lost" in step) return step.lost.unit;
  if ("accessory" in step) return step.accessory.unit;
  if ("accessoryBattery" in step) return step.accessoryBattery.unit;
  if ("room" in step) return step.room.unit;
  if ("charge" in step) return step.charge.unit;
  return "handle" in step ? step.handle.unit : step.visit.unit;
}
