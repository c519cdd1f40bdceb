/** What goes wrong inside units, and how much of it: faults that no network and no receiver has. */
import type { Span } from "./scenario.ts";

/**
 * `dead`: no power any more, for good. `power-cuts`: mains and battery fail together for moments. `clock-drift`: the clock
 * runs fast or slow. `worn-flash`: sectors fail one by one. `frozen-modem`: it hears and says nothing. `bad-release`: a
 * firmware that sends nothing over any route is started at the beginning, and the former one again at the end.
 */
export const unitFaults = ["dead", "power-cuts", "clock-drift", "worn-flash", "frozen-modem", "bad-release"] as const;
export type UnitFault = (typeof unitFaults)[number];

export interface UnitScenarioFault {
  readonly object: "unit" | "group";
  /** Of the unit or of the group. */
  readonly name: string;
  readonly fault: UnitFault;
  /** Those that are hit, in the order of the fleet. */
  readonly units: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** `units` says it all. */
  readonly share?: undefined;
  /** For power-cuts: how many, how long each lasts, and how many of a million leave a write of the flash half done. */
  readonly perDay: number;
  readonly offFor: Span;
  readonly tornPpm: number;
  /** For clock-drift: above 0 it runs fast. */
  readonly ppm: number;
  /** For worn-flash: share of the sectors that has failed at the end, and whether the chip says nothing of it. */
  readonly wornPpm: number;
  readonly isSilent: boolean;
}

/** Whether it stands between the unit and everything outside, or between it and what it reaches over mobile. */
export function cutsOff({ fault }: UnitScenarioFault): "all" | "mobile" | undefined {
  if (fault === "dead" || fault === "power-cuts" || fault === "bad-release") return "all";
  return fault === "frozen-modem" ? "mobile" : undefined;
}
