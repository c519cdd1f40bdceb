/** What the page of a fleet shows: plain, bounded data, in which neither Node nor a browser has a part. */
import type { ReportView } from "../../report/page/view.ts";
import type { FleetCost } from "../fleet-cost.ts";
import type { FleetResult } from "../fleet-result.ts";

export type FleetView = Omit<FleetResult, "waits" | "withoutPath" | "waiting"> & {
  readonly spread: ReportView["spread"];
  readonly ticks: ReportView["ticks"];
  /** Units without a proven path, and alarms that wait, each in the mean of a step: from which instant on. */
  readonly withoutPath: readonly (readonly [atMs: number, units: number])[];
  readonly waiting: readonly (readonly [atMs: number, alarms: number])[];
  /** Plays it again. */
  readonly command: string;
  readonly cost: FleetCost;
};
