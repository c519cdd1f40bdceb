/** A story while it is being drawn: what is there already, for those who draw what comes after. */
import type { ScenarioFile } from "../scenario/scenario-schema.ts";
import type { Draw } from "./draw.ts";
import type { FeatureSet } from "./features.ts";
import { type FaultEntry, type Group, type StepEntry, seconds, unitsOf } from "./story.ts";

type World = ScenarioFile["world"];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** When a fault is on, as in the file. */
export interface Window {
  readonly from: string;
  readonly to?: string;
  readonly every?: string;
  readonly on?: string;
}

/** Homes are switched on within the first minute. */
const everybodyOnS = 65;
const shortestFaultS = 15;

export class Draft {
  readonly has: FeatureSet;
  /** From then on nothing is wrong. */
  readonly hurtS: number;
  readonly world: Mutable<World>;
  readonly fleet: Group[];
  readonly faults: FaultEntry[];
  readonly timeline: StepEntry[];
  /** By object ("operators alfa"): when its last fault ends; Infinity where it is gone for good. */
  private readonly busyUntilS: Map<string, number>;
  /** When anything is wrong. */
  private readonly windows: { readonly fromS: number; readonly toS: number }[];
  private readonly taken: Set<number>;

  constructor(has: FeatureSet, hurtS: number) {
    this.has = has;
    this.hurtS = hurtS;
    this.world = { receivers: {} };
    this.fleet = [];
    this.faults = [];
    this.timeline = [];
    this.busyUntilS = new Map();
    this.windows = [];
    this.taken = new Set();
  }

  names(of: "receivers" | "operators" | "cells" | "broadband" | "power"): readonly string[] {
    return Object.keys(this.world[of] ?? {});
  }

  /** Every unit of the fleet with its group, named as the scenario will name it. */
  units(): readonly { readonly name: string; readonly group: Group }[] {
    return this.fleet.flatMap((group) => unitsOf(group).map((name) => ({ name, group })));
  }

  /** Stairwells, and homes that stand alone. */
  buildings(): readonly string[] {
    return [...new Set(this.units().map(({ name, group }) => group.building ?? name))];
  }

  /** A time for a fault of that object while it has no other; undefined where there is no room left. */
  window(draw: Draw, object: string): Window | undefined {
    const freeS = this.busyUntilS.get(object) ?? 0;
    if (freeS + shortestFaultS > this.hurtS) return undefined;
    const fromS = draw.between(freeS, Math.min(this.hurtS - shortestFaultS, freeS + 900));
    const longestS = draw.percent(40) ? 90 : 1_800;
    const toS = Math.min(this.hurtS, fromS + draw.between(shortestFaultS, longestS));
    this.busyUntilS.set(object, toS);
    this.windows.push({ fromS, toS });
    const window = { from: seconds(fromS), to: seconds(toS) };
    if (!this.has.has("flapping") || toS - fromS < 120 || draw.percent(50)) return window;
    const everyS = draw.between(20, 90);
    return { ...window, every: seconds(everyS), on: seconds(draw.between(5, everyS - 5)) };
  }

  /** When that object goes for good: from then on it has no other fault. */
  end(draw: Draw, object: string): Window | undefined {
    const freeS = this.busyUntilS.get(object) ?? 0;
    if (freeS + shortestFaultS > this.hurtS) return undefined;
    this.busyUntilS.set(object, Number.POSITIVE_INFINITY);
    return { from: seconds(draw.between(freeS, this.hurtS - shortestFaultS)) };
  }

  isGone(object: string): boolean {
    return this.busyUntilS.get(object) === Number.POSITIVE_INFINITY;
  }

  /** Whether a fault hits all, or only some of its units. */
  share(draw: Draw): { share?: string } {
    return this.has.has("shares") && draw.percent(50) ? { share: draw.pick(["30 %", "60 %"]) } : {};
  }

  /**
   * An instant at which people do something: more often than not while something is wrong, or just after. One thing at a time,
   * since two presses at once are one.
   */
  instant(draw: Draw, lastS: number): string {
    const anyS = draw.between(everybodyOnS, lastS);
    const window = draw.pickAny(this.windows);
    if (window === undefined || draw.percent(40)) return this.free(anyS);
    const fromS = Math.max(everybodyOnS, window.fromS - 3);
    return this.free(draw.between(fromS, Math.max(fromS, Math.min(lastS, window.toS + 20))));
  }

  /** That second, or the next one in which nobody does anything yet. */
  free(atS: number): string {
    let freeS = atS;
    while (this.taken.has(freeS)) freeS++;
    this.taken.add(freeS);
    return seconds(freeS);
  }
}
