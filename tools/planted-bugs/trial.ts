/** One test run with a bug planted in it, or with none, and what its report says. */
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the runner's JSON report says, as far as it is read. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

export type Outcome =
  /** A test has judged, and said no. */
  | { readonly kind: "red"; readonly test: string }
  | { readonly kind: "green" }
  /** A file did not load, or a test fell over instead of judging. */
  | { readonly kind: "broken"; readonly why: string }
  | { readonly kind: "too-slow" };

/** What the run of a bug, or of none, has shown. The first red test counts; one that fell over proves nothing. */
export function outcomeOf(report: TestReport): Outcome {
  let broken: Outcome | undefined;
  for (const file of report.testResults) {
    if (file.status === "failed" && file.assertionResults.length === 0)
      broken = {
        kind: "broken",
        why: `${file.name}: ${firstLine(file.message)}`,
      };
    for (const { status, title, failureMessages } of file.assertionResults) {
      if (status !== "failed") continue;
      const why = firstLine(failureMessages?.[0]);
      if (!isCrash(why)) return { kind: "red", test: title };
      broken = { kind: "broken", why: `${title}: ${why}` };
    }
  }
  return broken ?? { kind: "green" };
}

/** Runs the test files that `filters` name, with the bug of this name in them; `folder` takes the report. */
export async function runTests(
  name: string | undefined,
  filters: readonly string[],
  folder: string,
  longestMs: number,
  workers: number,
): Promise<Outcome> {
  const outputFile = join(folder, `report-${reports++}.json`);
  const config = ["--config", join(root, "tools", "config", "vitest.config.ts")];
  const report = [
    "--reporter=json",
    `--outputFile=${outputFile}`,
    "--bail=1",
    "--project=fixed",
    `--maxWorkers=${workers}`,
  ];
  const runner = join(root, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [runner, "run", ...config, ...report, ...filters], {
    cwd: root,
    env: { ...process.env, LIVLINA_BUG: name ?? "", NO_COLOR: "1" },
    stdio: "ignore",
    detached: true,
  });
  let late = false;
  // A bug may make a test run for ever: its workers go with it.
  const timer = setTimeout(() => {
    late = true;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, longestMs);
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => resolve());
  });
  clearTimeout(timer);
  if (late) return { kind: "too-slow" };
  try {
    return outcomeOf(JSON.parse(readFileSync(outputFile, "utf8")) as TestReport);
  } catch {
    return { kind: "broken", why: "the run left no report" };
  } finally {
    rmSync(outputFile, { force: true });
  }
}

let reports = 0;

function firstLine(text: string | undefined): string {
  return text?.trim().split("\n")[0] ?? "";
}

/** An assertion and a broken law throw other errors than a program that cannot go on. */
function isCrash(why: string): boolean {
  return /^(TypeError|ReferenceError|SyntaxError)\b/.test(why);
}
