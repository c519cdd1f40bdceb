/** Writes what a test run came to as JSON, for `print-summary.js`, which ends the forge's run with it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Reporter, TestModule } from "vitest/node";

export interface TestSummary {
  readonly passed: number;
  /** Tests that failed, and files that could not be run at all. */
  readonly failed: number;
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
}

export const summaryPath = fileURLToPath(new URL("../../.cache/test-summary.json", import.meta.url));

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    mkdirSync(dirname(summaryPath), { recursive: true });
    writeFileSync(summaryPath, `${JSON.stringify(summarise(modules, errors.length), undefined, 2)}\n`);
  }
}

function summarise(modules: readonly TestModule[], errorCount: number): TestSummary {
  let passed = 0;
  let failed = errorCount;
  const skipped: TestSummary["skipped"][number][] = [];
  for (const module of modules) {
    if (module.errors().length > 0) failed++;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") passed++;
      else if (result.state === "skipped")
        skipped.push({ title: `${module.relativeModuleId} > ${test.fullName}`, reason: result.note ?? "" });
      else failed++;
    }
  }
  return { passed, failed, skipped };
}
