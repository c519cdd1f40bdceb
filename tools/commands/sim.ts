/** `livlina sim`: scenarios listed, checked and played in virtual time, with a report folder for each run. */
import { join } from "node:path";
import type { Command } from "commander";
import { isCoarse, type ModemLevel, modemLevels } from "../../simulator/coarse/modem-level.ts";
import type { RunResult } from "../../simulator/record/run-result.ts";
import type { Witness } from "../../simulator/record/witness.ts";
import type { RunLog } from "../../simulator/report/run-log.ts";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import { localTime } from "../../simulator/scenario/scenario-clock.ts";
import { ScenarioError } from "../../simulator/scenario/scenario-error.ts";
import { partJsonSchema, scenarioJsonSchema } from "../../simulator/scenario/scenario-schema.ts";
import { durationText } from "../../simulator/scenario/scenario-units.ts";
import type { Capture } from "../../simulator/trace/capture.ts";
import { Interrupt } from "../interrupt.ts";
import { LateAlarms } from "../late-alarms.ts";
import { Progress, painter, wrap } from "../progress.ts";
import { ReportFolder } from "../report-folder.ts";
import { summaryOf, summaryText } from "../run-summary.ts";
import { folderName, openScenario, openScenarios, seedOf, sizeText, unitCount } from "../scenario-open.ts";
import { shippedScenarios } from "../shipped-scenarios.ts";
import { unknownChoice } from "../unknown-choice.ts";
import { UserError } from "../user-error.ts";
import { registerReplay } from "./sim-replay.ts";
import { registerSwarm } from "./sim-swarm.ts";

/** What plays a scenario: `playScenario` of simulator/play.ts. */
export type Play = (
  scenario: Scenario,
  options: {
    readonly seed: number;
    readonly modem: ModemLevel;
    readonly onProgress: (virtualMs: number, line?: string) => void;
    readonly log: RunLog;
    readonly capture: Capture;
    readonly watch: Witness;
    readonly stop: (reachedMs: number) => boolean;
  },
) => Promise<RunResult>;

export interface RunOptions {
  readonly seed: string;
  /** One of `modemLevels`. */
  readonly modem?: string;
  readonly out?: string;
  readonly set?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

interface CheckOptions {
  readonly set?: readonly string[];
  readonly json?: boolean;
}

const setOption = [
  "--set <name=value>",
  "another value for one of the file's parameters, as often as needed",
  (text: string, before: readonly string[] = []): readonly string[] => [...before, text],
] as const;

export function register(program: Command): void {
  const sim = program
    .command("sim")
    .description("play scenarios in virtual time: list, run, check, replay, swarm, schema");
  sim.addHelpText("after", "\nExample:\n  livlina sim run staffanstorp-server-fault --seed 7 --out out/night\n");
  sim
    .command("list")
    .description("the scenarios that come with livlina: how long, what they ask, where they come from")
    .option("--json", "as one JSON array on stdout")
    .addHelpText("after", "\nExample:\n  livlina sim list\n")
    .action((options: { readonly json?: boolean }) => list(options.json === true));
  sim
    .command("run <files...>")
    .description("play scenario files, or shipped scenarios by name, and write a report of each")
    .option("--seed <n>", "seed of all chance, 0 to 4294967295", "1")
    .option(...setOption)
    .option("--modem <level>", "bytes, or sockets: a coarse run, faster and with equal outcomes", "bytes")
    .option("--out <dir>", "folder of the report (default: out/<scenario name>); of several files: of all reports")
    .option("--json", "one JSON object a file on stdout and nothing else")
    .option("--quiet", "no progress, only the answer")
    .option("--verbose", "one line for each fault, notice of the monitor and late alarm, while it plays")
    .addHelpText("after", runHelp)
    .action((files: readonly string[], options: RunOptions) =>
      run(files, options, async () => (await import("../../simulator/play.ts")).playScenario),
    );
  sim
    .command("check <files...>")
    .description("read scenario files and say what is wrong with them, without playing")
    .option(...setOption)
    .option("--json", "verdict and problems as one JSON object a file on stdout")
    .addHelpText("after", "\nExample:\n  livlina sim check my-story.yaml\n")
    .action(check);
  registerReplay(sim);
  registerSwarm(sim);
  sim
    .command("schema")
    .description("JSON Schema of scenario files, for editors")
    .option("--part", "of files that scenarios include; it lies beside scenario.schema.json and refers to it")
    .addHelpText("after", "\nExample:\n  livlina sim schema > scenario.schema.json\n")
    .action((options: { readonly part?: boolean }) => {
      const schema = options.part === true ? partJsonSchema() : scenarioJsonSchema();
      process.stdout.write(`${JSON.stringify(schema, undefined, 2)}\n`);
    });
}

const runHelp = `
Ctrl-C stops at the next minute of the run and leaves a report of what was played
(verdict "interrupted", exit code 130); a second one ends at once, and the older
report stays. Of several files the exit code is the worst one's.

Example:
  livlina sim run simulator/scenarios/staffanstorp-server-fault.yaml --seed 7
`;

/**
 * Plays the scenarios one after the other; each leaves its folder. Sets exit code 1 when anything that must hold did not, 130
 * when somebody stopped it. The world is loaded last.
 */
export async function run(files: readonly string[], options: RunOptions, loadPlay: () => Promise<Play>): Promise<void> {
  const seed = seedOf(options.seed);
  const modem = modemLevelOf(options.modem ?? "bytes");
  const scenarios = openScenarios(files, options.set);
  const outs = foldersOf(scenarios, options.out);
  let worst = 0;
  for (const [index, scenario] of scenarios.entries()) {
    const code = await runOne(scenario, outs[index] ?? "", { ...options, seed, modem }, loadPlay);
    worst = Math.max(worst, code);
    if (worst > 0) process.exitCode = worst;
    if (code <= 1) continue;
    const left = scenarios.slice(index + 1).map(({ name }) => name);
    if (left.length > 0) process.stderr.write(`not played: ${left.join(", ")}\n`);
    return;
  }
}

/** Answers the exit code. */
async function runOne(
  scenario: Scenario,
  out: string,
  options: Omit<RunOptions, "seed" | "modem"> & { readonly seed: number; readonly modem: ModemLevel },
  loadPlay: () => Promise<Play>,
): Promise<number> {
  const { seed, modem } = options;
  const silent = options.quiet === true;
  if (!silent) process.stderr.write(`seed ${seed}\n${sizeText(scenario)}\n`);
  const progress = new Progress(
    process.stderr,
    scenario.durationMs,
    (doneMs) => `${durationText(doneMs - (doneMs % 60_000))} of ${durationText(scenario.durationMs)}`,
  );
  const late = new LateAlarms(scenario, seed);
  const onProgress = (virtualMs: number, line?: string): void => {
    if (silent) return;
    const news = options.verbose !== true ? [] : line === undefined ? late.linesAt(virtualMs) : [line];
    for (const each of news) progress.update(virtualMs, `${localTime(scenario.startWallMs + virtualMs)} ${each}`);
    if (line === undefined) progress.update(virtualMs);
  };
  const folder = new ReportFolder(out);
  const interrupt = new Interrupt(
    () => {
      progress.end();
      process.stderr.write("stops at the next minute of the run and writes its report; Ctrl-C again ends at once\n");
    },
    () => folder.abandon(),
  );
  const stop = (): boolean => interrupt.signal !== undefined;
  try {
    const result = await folder.fill(async (log, capture) =>
      (await loadPlay())(scenario, { seed, modem, onProgress, log, capture, watch: late, stop }).finally(() =>
        progress.end(),
      ),
    );
    tell(result, out, options);
    if (result.verdict === "interrupted") return interrupt.exitCode ?? 1;
    return result.verdict === "failed" ? 1 : 0;
  } finally {
    interrupt.release();
  }
}

function tell(result: RunResult, out: string, { json, quiet }: Pick<RunOptions, "json" | "quiet">): void {
  const { verdict, seed, digest } = result;
  const coarse = isCoarse(result) ? "coarse run, " : "";
  if (json === true) process.stdout.write(`${JSON.stringify(summaryOf(result, out))}\n`);
  else if (quiet === true)
    process.stdout.write(`${verdict}, ${coarse}seed ${seed}, digest ${digest}, ${out}/report.html\n`);
  else process.stdout.write(summaryText(result, out, painter(process.stdout)));
}

/** Throws UserError. */
export function modemLevelOf(text: string): ModemLevel {
  const level = modemLevels.find((known) => known === text);
  if (level === undefined) throw unknownChoice("--modem", text, modemLevels);
  return level;
}

/** One folder each; two scenarios of one name do not share theirs. */
function foldersOf(scenarios: readonly Scenario[], out: string | undefined): readonly string[] {
  if (scenarios.length === 1 && out !== undefined) return [out];
  const taken: string[] = [];
  return scenarios.map(({ name }) => {
    const plain = folderName(name);
    const before = taken.filter((each) => each === plain).length;
    taken.push(plain);
    return join(out ?? "out", before === 0 ? plain : `${plain}-${before + 1}`);
  });
}

function check(files: readonly string[], options: CheckOptions): void {
  const errors: UserError[] = [];
  const put = (answer: object): void => {
    if (options.json === true) process.stdout.write(`${JSON.stringify(answer)}\n`);
  };
  for (const path of files)
    try {
      const scenario = openScenario(path, options.set);
      put({ valid: true, name: scenario.name, path, problems: [] });
      if (options.json !== true) process.stdout.write(`valid: ${sizeText(scenario)}\n`);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      errors.push(thrown);
      if (thrown.cause instanceof ScenarioError) put({ valid: false, path, problems: thrown.cause.problems });
    }
  const [first] = errors;
  if (first !== undefined) throw new UserError(errors.map(({ message }) => message).join("\n"), first.hint, 2);
}

function list(json: boolean): void {
  const found = shippedScenarios().map(({ name, path }) => {
    const scenario = openScenario(path);
    const { question, source, durationMs } = scenario;
    return { name, path, title: scenario.name, question, source, durationMs, units: unitCount(scenario) };
  });
  if (json) {
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  const paint = painter(process.stdout);
  for (const each of found) {
    const units = each.units === 1 ? "1 unit" : `${each.units} units`;
    const question = wrap(each.question, 78, "  ");
    const source = paint("dim", wrap(`Source: ${each.source}`, 78, "  "));
    process.stdout.write(
      `${paint("bold", each.name)}  ${units}, ${durationText(each.durationMs)}\n  ${question}\n  ${source}\n`,
    );
  }
  process.stderr.write("play one with: livlina sim run <name>\n");
}
