/** `livlina sim`: scenarios listed, checked and played in virtual time, with a report folder for each run. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { RunResult } from "../../simulator/record/run-result.ts";
import { Capture } from "../../simulator/report/capture.ts";
import { openFolder, UnwritableError } from "../../simulator/report/files.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { writeReport } from "../../simulator/report/write-report.ts";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import { readScenario, ScenarioError } from "../../simulator/scenario/scenario-file.ts";
import { scenarioJsonSchema } from "../../simulator/scenario/scenario-schema.ts";
import { durationText, nearest } from "../../simulator/scenario/scenario-units.ts";
import { Progress, painter, wrap } from "../progress.ts";
import { summaryOf, summaryText } from "../run-summary.ts";
import { shippedScenarios } from "../shipped-scenarios.ts";
import { UserError } from "../user-error.ts";

/** What plays a scenario: `playScenario` of simulator/play.ts. */
export type Play = (
  scenario: Scenario,
  options: {
    readonly seed: number;
    readonly onProgress: (virtualMs: number, line?: string) => void;
    readonly log: RunLog;
    readonly capture: Capture;
  },
) => Promise<RunResult>;

export interface RunOptions {
  readonly seed: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function register(program: Command): void {
  const sim = program.command("sim").description("play scenarios in virtual time: list, run, check, schema");
  sim.addHelpText("after", "\nExample:\n  livlina sim run staffanstorp-server-fault --seed 7 --out out/night\n");
  sim
    .command("list")
    .description("the scenarios that come with livlina")
    .option("--json", "as one JSON array on stdout")
    .addHelpText("after", "\nExample:\n  livlina sim list\n")
    .action((options: { readonly json?: boolean }) => list(options.json === true));
  sim
    .command("run <file>")
    .description("play a scenario file, or a shipped scenario by name, and write a report")
    .option("--seed <n>", "seed of all chance, 0 to 4294967295", "1")
    .option("--out <dir>", "folder of the report (default: out/<scenario name>)")
    .option("--json", "one JSON object on stdout and nothing else")
    .option("--quiet", "no progress, only the answer")
    .addHelpText("after", "\nExample:\n  livlina sim run simulator/scenarios/staffanstorp-server-fault.yaml --seed 7\n")
    .action((file: string, options: RunOptions) =>
      run(file, options, async () => (await import("../../simulator/play.ts")).playScenario),
    );
  sim
    .command("check <file>")
    .description("read a scenario file and say what is wrong with it, without playing")
    .option("--json", "verdict and problems as one JSON object on stdout")
    .addHelpText("after", "\nExample:\n  livlina sim check my-story.yaml\n")
    .action((file: string, options: { readonly json?: boolean }) => check(file, options.json === true));
  sim
    .command("schema")
    .description("JSON Schema of scenario files, for editors")
    .addHelpText("after", "\nExample:\n  livlina sim schema > scenario.schema.json\n")
    .action(() => {
      process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
    });
}

/** Plays one scenario and leaves its folder. Sets exit code 1 when anything that must hold did not. The world is loaded last. */
export async function run(file: string, options: RunOptions, loadPlay: () => Promise<Play>): Promise<void> {
  const seed = seedOf(options.seed);
  const scenario = open(file);
  const out = options.out ?? join("out", folderName(scenario.name));
  const silent = options.quiet === true;
  if (!silent) process.stderr.write(`seed ${seed}\n${sizeText(scenario)}\n`);
  const progress = new Progress(
    process.stderr,
    scenario.durationMs,
    (doneMs) => `${durationText(doneMs - (doneMs % 60_000))} of ${durationText(scenario.durationMs)}`,
  );
  const onProgress = silent ? () => {} : (virtualMs: number, line?: string) => progress.update(virtualMs, line);
  const result = await intoFolder(
    out,
    async (log, capture) => (await loadPlay())(scenario, { seed, onProgress, log, capture }),
    () => progress.end(),
  );
  if (options.json === true) process.stdout.write(`${JSON.stringify(summaryOf(result, out))}\n`);
  else if (silent)
    process.stdout.write(`${result.verdict}, seed ${seed}, digest ${result.digest}, ${out}/report.html\n`);
  else process.stdout.write(summaryText(result, out, painter(process.stdout)));
  if (result.verdict === "failed") process.exitCode = 1;
}

async function intoFolder(
  out: string,
  play: (log: RunLog, capture: Capture) => Promise<RunResult>,
  ended: () => void,
): Promise<RunResult> {
  let log: RunLog | undefined;
  let capture: Capture | undefined;
  try {
    openFolder(out);
    log = new RunLog(join(out, "events.jsonl"));
    capture = new Capture(join(out, "traffic.pcapng"));
    const result = await play(log, capture);
    ended();
    log.close();
    capture.close();
    if (capture.dropped > 0)
      process.stderr.write(`traffic.pcapng is full: ${capture.dropped} messages are not in it\n`);
    writeReport(out, result, { commit: commitName() });
    return result;
  } catch (thrown) {
    ended();
    log?.abandon();
    capture?.abandon();
    if (!(thrown instanceof UnwritableError)) throw thrown;
    throw new UserError(thrown.message, "another folder with --out, or make room", 3);
  }
}

function check(file: string, json: boolean): void {
  try {
    const scenario = open(file);
    if (json) process.stdout.write(`${JSON.stringify({ valid: true, name: scenario.name, problems: [] })}\n`);
    else process.stdout.write(`valid: ${sizeText(scenario)}\n`);
  } catch (thrown) {
    const cause = thrown instanceof UserError ? thrown.cause : undefined;
    if (json && cause instanceof ScenarioError)
      process.stdout.write(`${JSON.stringify({ valid: false, problems: cause.problems })}\n`);
    throw thrown;
  }
}

function list(json: boolean): void {
  const found = shippedScenarios().map(({ name, path }) => {
    const scenario = readOrExplain(path);
    const units = unitCount(scenario);
    return { name, path, title: scenario.name, question: scenario.question, durationMs: scenario.durationMs, units };
  });
  if (json) {
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  const paint = painter(process.stdout);
  for (const each of found) {
    const question = wrap(each.question, 78, "  ");
    process.stdout.write(
      `${paint("bold", each.name)}  ${each.units} units, ${durationText(each.durationMs)}\n  ${question}\n`,
    );
  }
  process.stderr.write("play one with: livlina sim run <name>\n");
}

/** A path, or the name of a shipped scenario. */
function open(file: string): Scenario {
  if (existsSync(file)) return readOrExplain(file);
  const shipped = shippedScenarios();
  const named = shipped.find((each) => each.name === file);
  if (named !== undefined) return readOrExplain(named.path);
  const near = nearest(
    file,
    shipped.map((each) => each.name),
  );
  const hint = near === undefined ? "livlina sim list" : `did you mean "${near}"? All names: livlina sim list`;
  throw new UserError(`there is no scenario file ${file}`, hint, 2);
}

function readOrExplain(path: string): Scenario {
  try {
    return readScenario(path);
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    const error = new UserError(
      thrown.message,
      "`livlina sim schema` lists every key; `livlina sim check FILE` reads without playing",
      2,
    );
    error.cause = thrown;
    throw error;
  }
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d{1,10}$/.test(text) && seed <= 0xffff_ffff) return seed;
  throw new UserError(`"${text}" is no seed`, "a whole number from 0 to 4294967295, such as --seed 1", 2);
}

/** "Staffanstorp server fault" → "staffanstorp-server-fault"; never a path out of the folder. */
export function folderName(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return slug === "" ? "scenario" : slug;
}

function unitCount(scenario: Scenario): number {
  return scenario.fleet.reduce((sum, group) => sum + group.units.length, 0);
}

function sizeText(scenario: Scenario): string {
  const units = unitCount(scenario);
  const { faults, expectations, durationMs, name } = scenario;
  const counts = [
    counted(units, "unit"),
    durationText(durationMs),
    counted(faults.length, "fault"),
    counted(expectations.length, "expectation"),
  ];
  return `${name}: ${counts.join(", ")}`;
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** Undefined outside a clone, or without git. */
function commitName(): string | undefined {
  const here = new URL("../..", import.meta.url).pathname;
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", here, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const commit = git("rev-parse", "HEAD");
    return git("status", "--porcelain", "--untracked-files=no") === "" ? commit : `${commit} with changes`;
  } catch {
    return undefined;
  }
}
