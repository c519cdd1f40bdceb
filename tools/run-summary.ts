/** A run on the terminal: the table that fits 80 columns, and the object that `sim run --json` prints. */

import { isCoarse, type ModemLevel } from "../simulator/coarse/modem-level.ts";
import { type ExpectationVerdict, type RunResult, tallyOf } from "../simulator/record/run-result.ts";
import { delaysOf, hasSecondReceiver, latePresses } from "../simulator/report/statistics.ts";
import { answerText } from "../simulator/report/texts.ts";
import { durationText } from "../simulator/scenario/scenario-units.ts";
import { wrap } from "./progress.ts";

const width = 80;

/** Other programs read this: keys are never renamed. */
export interface RunSummary {
  readonly verdict: RunResult["verdict"];
  readonly digest: string;
  readonly seed: number;
  /** "sockets": a coarse run. */
  readonly modem: ModemLevel;
  readonly presses: number;
  readonly accepted: number;
  readonly pending: number;
  readonly lost: number;
  readonly falseAccepted: number;
  readonly duplicates: number;
  /** Presses that no unit could hear. */
  readonly unheard: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  readonly out: string;
  readonly expectations: readonly ExpectationVerdict[];
}

export function summaryOf(result: RunResult, out: string): RunSummary {
  const { verdict, digest, seed, modem, events, virtualMs, wallMs, expectations } = result;
  return { verdict, digest, seed, modem, ...tallyOf(result), events, virtualMs, wallMs, out, expectations };
}

type Paint = (format: "bold" | "green" | "red" | "dim", text: string) => string;

/** Ends with a line break; no line is wider than 80 columns, long names of units apart. */
export function summaryText(result: RunResult, out: string, paint: Paint): string {
  const tally = tallyOf(result);
  const second = hasSecondReceiver(result);
  const rows = [
    delaysOf("with a second receiver", result.presses.filter(second)),
    delaysOf(
      "without a second receiver",
      result.presses.filter((press) => !second(press)),
    ),
  ].filter((row) => row.presses > 0);
  const time = (ms: number | null): string => (ms === null ? "–" : durationText(ms)).padStart(12);
  const lines = [
    "",
    paint("bold", wrap(answerText(result), width, "")),
    ...(isCoarse(result) ? ["  coarse run: modems at the socket level"] : []),
    "",
    numbers([tally.presses, "presses"], [tally.lost, "lost"]),
    numbers([tally.accepted, "accepted"], [tally.falseAccepted, "falsely shown as accepted"]),
    numbers([tally.pending, "still pending"], [tally.duplicates, "duplicate cases"]),
    ...(tally.unheard === 0 ? [] : [`  ${String(tally.unheard).padStart(7)} that no unit could hear`]),
    "",
    `  ${"from press to acceptance".padEnd(26)}${["50 %", "95 %", "99 %", "slowest"].map((head) => head.padStart(12)).join("")}`,
    ...rows.map(
      (row) => `  ${row.label.padEnd(26)}${time(row.p50Ms)}${time(row.p95Ms)}${time(row.p99Ms)}${time(row.maxMs)}`,
    ),
    "",
    ...verdictLines(result, paint),
    "",
    `  seed ${result.seed}, digest ${result.digest}`,
    `  ${durationText(result.virtualMs)} of virtual time in ${durationText(result.wallMs)}, ${result.events} events`,
    ...(latePresses(result).length === 0 ? [] : [`  late alarms: livlina trace list --late --run ${out}`]),
    `  report: ${out}/report.html`,
    "",
  ];
  return lines.join("\n");
}

function numbers(left: readonly [number, string], right: readonly [number, string]): string {
  return `  ${String(left[0]).padStart(7)} ${left[1].padEnd(24)}${String(right[0]).padStart(7)} ${right[1]}`;
}

function verdictLines(result: RunResult, paint: Paint): string[] {
  const line = (text: string, held: boolean, found: string): string => {
    const [first = "", ...rest] = wrap(`${text}: ${found}`, width - 4, "").split("\n");
    const mark = held ? paint("green", "✓") : paint("red", "✗");
    return [`  ${mark} ${first}`, ...rest.map((more) => `    ${more}`)].join("\n");
  };
  const broken = result.checks.filter((check) => !check.held);
  const kept = result.checks.length - broken.length;
  return [
    ...result.expectations.map((each) => line(each.text, each.held, each.found)),
    ...broken.map((check) => line(check.rule, false, check.found[0] ?? `${check.violations} exceptions`)),
    line("checks of every run", broken.length === 0, `${kept} of ${result.checks.length} held`),
  ];
}
