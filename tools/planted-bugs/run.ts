/**
 * Plants each bug of the list in a test run of its own and writes down which test caught it and how soon, in the table of
 * firmware/README.md. Ends with 1 where a bug was not caught within a minute.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlantedBug } from "./bug.ts";
import { plantedBugs } from "./list.ts";
import { type Caught, withTable } from "./table.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = join(root, "firmware", "README.md");
const longestMs = 60_000;

/** What the runner's JSON report says, as far as it is read. */
interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function tryBug(bug: PlantedBug, folder: string): Caught | undefined {
  const outputFile = join(folder, "report.json");
  const runner = join(root, "node_modules", "vitest", "vitest.mjs");
  const config = ["--config", join(root, "tools", "config", "vitest.config.ts")];
  const report = ["--reporter=json", `--outputFile=${outputFile}`, "--bail=1", "--project=fixed"];
  const began = performance.now();
  rmSync(outputFile, { force: true });
  spawnSync(process.execPath, [runner, "run", ...config, ...report, ...bug.tests], {
    cwd: root,
    env: { ...process.env, LIVLINA_BUG: bug.name, NO_COLOR: "1" },
    stdio: "ignore",
    timeout: longestMs,
  });
  const seconds = (performance.now() - began) / 1000;
  const test = failedTest(outputFile);
  return test === undefined ? undefined : { bug: bug.name, test, seconds };
}

function failedTest(path: string): string | undefined {
  let report: TestReport;
  try {
    report = JSON.parse(readFileSync(path, "utf8")) as TestReport;
  } catch {
    return undefined;
  }
  for (const { assertionResults } of report.testResults)
    for (const { status, fullName } of assertionResults) if (status === "failed") return fullName;
  return undefined;
}

const folder = mkdtempSync(join(tmpdir(), "livlina-bugs-"));
const caught: Caught[] = [];
let missed = 0;
for (const bug of plantedBugs) {
  const result = tryBug(bug, folder);
  if (result === undefined) missed++;
  else caught.push(result);
  console.info(result === undefined ? `NOT CAUGHT: ${bug.name}` : `${result.seconds.toFixed(1)} s  ${bug.name}`);
}
rmSync(folder, { recursive: true });
console.info(`${caught.length} of ${plantedBugs.length} planted bugs were caught`);
if (missed === 0) writeFileSync(readme, withTable(readFileSync(readme, "utf8"), caught));
process.exitCode = missed === 0 ? 0 : 1;
