/** Everything that a run leaves in its folder, but the log, which `RunLog` writes while the run goes on. */
import { join } from "node:path";
import { registryCsv } from "../monitor/registry.ts";
import { outageReportOf } from "../outage/outage-report.ts";
import type { RunResult } from "../record/run-result.ts";
import { traceJson } from "../trace/spans.ts";
import { callsCsv } from "./calls.ts";
import { eventJsonSchema } from "./events-schema.ts";
import { openFolder, writeWhole } from "./files.ts";
import { junitXml } from "./junit.ts";
import { statisticsCsv } from "./monthly.ts";
import { reportPage } from "./page.ts";
import { replayOf } from "./replay.ts";
import { resultJsonSchema } from "./result-schema.ts";

export interface ReportOptions {
  /** Version control's name for the code that ran, if known. */
  readonly commit?: string | undefined;
}

/** Throws UnwritableError. Each file is whole or not there; files of an earlier run in the folder are replaced. */
export function writeReport(folder: string, result: RunResult, options: ReportOptions = {}): void {
  openFolder(folder);
  writeWhole(join(folder, "report.json"), `${JSON.stringify(result)}\n`);
  writeWhole(join(folder, "report.html"), reportPage(result));
  writeWhole(join(folder, "report.schema.json"), `${JSON.stringify(resultJsonSchema())}\n`);
  writeWhole(join(folder, "events.schema.json"), `${JSON.stringify(eventJsonSchema())}\n`);
  writeWhole(join(folder, "calls.csv"), callsCsv(result));
  writeWhole(join(folder, "statistics.csv"), statisticsCsv(result));
  writeWhole(join(folder, "registry.csv"), registryCsv(result.registry));
  writeWhole(join(folder, "outages.json"), `${JSON.stringify(outageReportOf(result))}\n`);
  writeWhole(join(folder, "junit.xml"), junitXml(result));
  writeWhole(join(folder, "trace.json"), traceJson(result));
  writeWhole(join(folder, "replay"), `${JSON.stringify(replayOf(result, options.commit), undefined, 2)}\n`);
}
