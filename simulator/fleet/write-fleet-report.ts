/** What a fleet leaves in its folder when all its towns are told of. Only `played.json` depends on who played them, and where. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openFolder, writeWhole } from "../report/files.ts";
import type { FleetCost } from "./fleet-cost.ts";
import { fleetJunit } from "./fleet-junit.ts";
import { fleetPage } from "./fleet-page.ts";
import { type FleetResult, fleetResult } from "./fleet-result.ts";

export const fleetReportFiles: readonly string[] = [
  "report.json",
  "report.schema.json",
  "report.html",
  "junit.xml",
  "played.json",
];

/** Throws UnwritableError. Each file is whole or not there. */
export function writeFleetReport(folder: string, result: FleetResult, cost: FleetCost): void {
  openFolder(folder);
  writeWhole(join(folder, "report.schema.json"), `${JSON.stringify(z.toJSONSchema(fleetResult))}\n`);
  writeWhole(join(folder, "junit.xml"), fleetJunit(result));
  writeWhole(join(folder, "report.html"), fleetPage(result, cost));
  writeWhole(join(folder, "played.json"), `${JSON.stringify(cost)}\n`);
  // Comes last: a folder with it holds a report, whole.
  writeWhole(join(folder, "report.json"), `${JSON.stringify(result)}\n`);
}

/** A fleet that is begun anew has none yet. */
export function clearFleetReport(folder: string): void {
  for (const name of fleetReportFiles) rmSync(join(folder, name), { force: true });
}
