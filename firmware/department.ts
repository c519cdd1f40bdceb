/** What the departments of a unit have in common: how one words a report, logs its machine's steps, and checks its settings. */
import type { ReportKind } from "./alarm/report.ts";
import type { Observe } from "./ports/host.ts";
import type { RaiseOrder, UnitContext } from "./unit-context.ts";

/** SCAIP device types (SS 91100 annex A). */
export const localUnit = 2;
export const personalTrigger = 3;
export const fixedTrigger = 4;
export const fallDetector = 5;
export const activityDetector = 10;
export const environmentMonitor = 20;
export const linkMonitor = 32;
export const powerSupply = 41;
export const radioUnit = 50;

/** Reports with a shared cause wait a random time up to this, so that a town does not speak at once. */
export const sharedSpreadMs = 600_000;

/** An effect: receivers are told of this. The codes are those of SS 91100 annexes A and C. */
export interface Telling {
  readonly type: "tell";
  readonly kind: ReportKind;
  readonly dty: number;
  readonly stc: number;
  /** At most 32 characters. */
  readonly stt: string;
  /** The status code whose end this is, or -1. */
  readonly restores: number;
  readonly spreadMs: number;
}

/** A technical report; `restores` is -1 where it ends nothing, `spreadMs` is 0 where its cause is this home's own. */
export function technical(dty: number, stc: number, stt: string, restores: number, spreadMs: number): Telling {
  return { type: "tell", kind: "technical", dty, stc, stt, restores, spreadMs };
}

/** Of the unit itself. The report's number. */
export function raise(context: UnitContext, telling: Telling): number {
  return context.raise(orderOf(telling, "", -1));
}

/** `did` is the identity of what it is about, up to 8 characters; `bond` its place in the table of bonds, or -1. */
export function orderOf(telling: Telling, did: string, bond: number): RaiseOrder {
  return {
    kind: telling.kind,
    dty: telling.dty,
    stc: telling.stc,
    did,
    stt: telling.stt,
    bond,
    spreadMs: telling.spreadMs,
    restores: telling.restores,
  };
}

/** For a runner: its steps go to the device's log under `name`. */
export function observerOf(
  device: { readonly observe: Observe | undefined },
  name: string,
): ((event: object, effects: readonly object[]) => void) | undefined {
  const observe = device.observe;
  return observe === undefined ? undefined : (event, effects) => observe(name, event, effects);
}

/** Seconds since 1970 (UTC), or -1 while unknown. */
export function wallSeconds(context: Pick<UnitContext, "clock" | "wallClock">): number {
  return context.wallClock.seconds(context.clock.nowMs());
}

/** Whether it is a whole number from `least` to `most`. */
export function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && value === Math.floor(value);
}
