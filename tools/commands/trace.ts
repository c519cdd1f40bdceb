/** `livlina trace`: the alarms of a run, and the way of one of them as a ladder in the terminal or in a document. */
import type { Command } from "commander";
import type { RunPress, RunResult } from "../../simulator/record/run-result.ts";
import { ladderOf } from "../../simulator/report/ladder.ts";
import { catalogue } from "../../simulator/report/page/texts.ts";
import { delayMs, latePresses } from "../../simulator/report/statistics.ts";
import { localTime } from "../../simulator/scenario/scenario-clock.ts";
import { durationText, nearest } from "../../simulator/scenario/scenario-units.ts";
import { ladderMermaid, ladderText } from "../../simulator/trace/ladder-text.ts";
import { newestRun, readRun } from "../run-read.ts";
import { UserError } from "../user-error.ts";

interface Flags {
  readonly run?: string;
  readonly json?: boolean;
}

const ladderWidth = 100;
const mostNamed = 8;

export function register(program: Command): void {
  const trace = program
    .command("trace")
    .description("the alarms of a run, and the way of each from button to operator: list, show")
    .addHelpText("after", "\nExample:\n  livlina trace show K7Q2M0000041 --run out/night\n");
  trace
    .command("list")
    .description("the alarms of a run: when, whose, under which name, and how long each waited")
    .option("--run <dir>", "the folder of a report (default: the newest below out)")
    .option("--late", "only those that took longer than a minute, or were never accepted")
    .option("--json", "one JSON array on stdout")
    .addHelpText("after", "\nExample:\n  livlina trace list --late\n")
    .action(list);
  trace
    .command("show <alarm>")
    .description("the ladder of one alarm in 100 columns: who handed it to whom, when, and how long each hop took")
    .option("--run <dir>", "the folder of a report (default: the newest below out)")
    .option("--mermaid", "as a Mermaid sequence diagram, for a document")
    .option("--json", "the hops as one JSON object on stdout")
    .addHelpText("after", help)
    .action(show);
}

const help = `
ALARM is the alarm's name, a unit that pressed once, or UNIT@HH:MM:SS. A longer way
than that of one run's folder stands in its traffic.pcapng and trace.json.

Examples:
  livlina trace show K7Q2M0000041
  livlina trace show aldre-enkel-017@08:04 --run out/night
  livlina trace show aldre-enkel-017 --mermaid > alarm.mmd
`;

function list(flags: Flags & { readonly late?: boolean }): void {
  const run = readRun(flags.run ?? newestRun());
  const presses = flags.late === true ? latePresses(run) : run.presses;
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(presses.map((press) => rowOf(run, press)))}\n`);
    return;
  }
  for (const press of presses) {
    const { pressed, unit, alarm, waited, by } = rowOf(run, press);
    process.stdout.write(
      `${pressed}  ${(alarm ?? "–").padEnd(12)}  ${unit.padEnd(24)} ${waited.padStart(12)}  ${by}\n`,
    );
  }
  const what = flags.late === true ? "late alarms" : "presses";
  process.stderr.write(`${presses.length} ${what}; one of them: livlina trace show NAME\n`);
}

function rowOf(run: RunResult, press: RunPress) {
  const waitedMs = delayMs(press);
  return {
    pressed: localTime(run.scenario.startWallMs + press.pressedMs),
    unit: press.unit,
    button: press.button,
    alarm: press.stem,
    waitedMs: waitedMs ?? null,
    waited: waitedMs === undefined ? "not accepted" : durationText(waitedMs),
    by: press.acceptedBy === null ? "" : `${press.acceptedBy}, ${press.route ?? "by hand"}`,
  };
}

function show(alarm: string, flags: Flags & { readonly mermaid?: boolean }): void {
  const run = readRun(flags.run ?? newestRun());
  const press = pressNamed(run, alarm);
  const ladder = ladderOf(run, press);
  const { startWallMs } = run.scenario;
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ startWallMs, ...ladder })}\n`);
    return;
  }
  const style = { texts: catalogue("en"), startWallMs };
  if (flags.mermaid === true) process.stdout.write(ladderMermaid(ladder, style));
  else process.stdout.write(`${headOf(run, press)}\n\n${ladderText(ladder, style, ladderWidth)}`);
}

function headOf(run: RunResult, press: RunPress): string {
  const { pressed, unit, button, alarm, waitedMs, waited, by } = rowOf(run, press);
  const end = waitedMs === null ? "not accepted when the run ended" : `accepted after ${waited} (${by})`;
  return `alarm ${alarm ?? "that no unit heard"}: ${unit}, button ${button}, pressed ${pressed}, ${end}`;
}

/** Throws UserError (2) that names those that could be meant. */
function pressNamed(run: RunResult, asked: string): RunPress {
  const [unit = "", time] = asked.split("@");
  const timeOf = (press: RunPress): string => localTime(run.scenario.startWallMs + press.pressedMs);
  const named = run.presses.filter(
    (press) => press.stem === asked.toUpperCase() || (press.unit === unit && timeOf(press).startsWith(time ?? "")),
  );
  const [first] = named;
  if (first !== undefined && (named.length === 1 || first.stem === asked.toUpperCase())) return first;
  if (first === undefined) throw unknownAlarm(run, asked, unit);
  const choices = named.slice(0, mostNamed).map((press) => `${press.unit}@${timeOf(press)}`);
  const more = named.length > mostNamed ? ` and ${named.length - mostNamed} more` : "";
  throw new UserError(`${asked} pressed ${named.length} times`, `one of ${choices.join(", ")}${more}`, 2);
}

function unknownAlarm(run: RunResult, asked: string, unit: string): UserError {
  const own = run.presses.filter((press) => press.unit === unit).length;
  if (own > 0) return new UserError(`${unit} pressed ${own} times, and not then`, `livlina trace show ${unit}`, 2);
  const isUnit = run.units.some(({ id }) => id === unit);
  if (isUnit) return new UserError(`nobody pressed at ${unit} in this run`, "livlina trace list", 2);
  const near = nearest(asked, new Set(run.presses.flatMap(({ unit: each, stem }) => [each, stem ?? each])));
  const hint = near === undefined ? "livlina trace list" : `did you mean "${near}"? All alarms: livlina trace list`;
  return new UserError(`this run has no alarm ${asked}`, hint, 2);
}
