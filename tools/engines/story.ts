/** What a story of the lists is: a small world, and the devices in it whose lives are written down. */
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { UnitSettings } from "../../firmware/settings.ts";
import { type SmallWorld, smallText } from "../../simulator/play-bench.ts";
import type { World } from "../../simulator/world.ts";

/** A life to be written down: the unit's, or that of the button at a place from 1. */
export interface Take {
  readonly list: string;
  readonly device: "unit" | number;
  /** From 1. */
  readonly life: number;
}

/** Of several homes the first is written down. */
export interface Story extends OddStory {
  /** A scenario file. */
  readonly scenario: string;
  readonly takes: readonly Take[];
}

/** What no scenario file can say. */
export interface OddStory {
  readonly settings?: (settings: UnitSettings) => UnitSettings;
  /** Other ports than the simulated home's, for each life of the unit. */
  readonly ports?: (host: UnitHost) => UnitHost;
  readonly prepare?: (world: World) => void;
}

/** Policies and routes of the home "u". */
export const routes = {
  both: "policy: broadband-first, mobile: alfa, broadband: fibre",
  wired: "policy: broadband-only, broadband: fibre",
  mobile: "policy: mobile-only, mobile: alfa",
} as const;

export function unit(list: string, life = 1): Take {
  return { list, device: "unit", life };
}

export function button(list: string, place = 1, life = 1): Take {
  return { list, device: place, life };
}

export function story(world: SmallWorld, takes: readonly Take[], odd: OddStory = {}): Story {
  return { scenario: smallText(world), takes, ...odd };
}
