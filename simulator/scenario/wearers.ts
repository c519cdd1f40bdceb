/** The people who wear the buttons of a scenario, and their habits: how often they do what, never when. */
import type { Span } from "./scenario.ts";

export interface Wearers {
  /** Presses per thousand units in one day, inside the hours below, spread evenly. */
  readonly pressesPerThousandUnitDays: number;
  /** Local minutes of the day, [from, to). */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Share of those presses that falls outside the hours. */
  readonly atNightPpm: number;
  /** undefined: nobody tests. */
  readonly testPress: { readonly everyDays: number; readonly forgottenPpm: number } | undefined;
  /** Share of the unit's spoken requests for a test press that are followed. */
  readonly heedsPpm: number;
  readonly fallsPerThousandUnitYears: number;
  /** undefined: nobody goes away. */
  readonly away: { readonly perThousandUnitYears: number; readonly for: Span; readonly saysSoPpm: number } | undefined;
  /** undefined: batteries are never changed by themselves. */
  readonly changesBattery: { readonly after: Span; readonly forgottenPpm: number } | undefined;
}
