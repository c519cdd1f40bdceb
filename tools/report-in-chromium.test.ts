import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { judgeRun } from "../simulator/report/expectations.ts";
import { sampleRun } from "../simulator/report/sample-run.ts";
import { writeReport } from "../simulator/report/write-report.ts";
import { readScenario } from "../simulator/scenario/scenario-file.ts";
import { needs } from "./config/requires.ts";
import { shippedScenarios } from "./shipped-scenarios.ts";

const run = promisify(execFile);

/** No sandbox and no calls home: it runs as root on a forge, and must not need the network. */
const quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const alone = ["--disable-component-update", "--disable-sync", "--disable-quic", "--enable-logging=stderr"];

test("a browser opens the report from disk, draws its plots, and finds nothing to complain of", async (context) => {
  needs(context, "chromium");
  const folder = mkdtempSync(join(tmpdir(), "livlina-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const story = shippedScenarios().find(({ name }) => name === "staffanstorp-server-fault");
  const scenario = readScenario(story?.path ?? "");
  writeReport(folder, judgeRun(scenario, sampleRun()));
  const page = `file://${join(folder, "report.html")}`;
  const profile = `--user-data-dir=${join(folder, "profile")}`;
  const { stdout, stderr } = await run("chromium", [...quiet, ...alone, profile, "--dump-dom", page], {
    maxBuffer: 20_000_000,
  });
  expect(stdout.match(/class="u-wrap"/g)?.length ?? 0).toBeGreaterThanOrEqual(4);
  expect(stdout).toContain("Late alarms");
  expect(stderr).not.toContain("CONSOLE");
});
