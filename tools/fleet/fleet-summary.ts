/** A fleet on the terminal: what fits 80 columns, and the object that `fleet run --json` prints. */
import type { FleetCost } from "../../simulator/fleet/fleet-cost.ts";
import type { FleetResult } from "../../simulator/fleet/fleet-result.ts";
import { durationText } from "../../simulator/scenario/scenario-units.ts";
import { wrap } from "../progress.ts";

const width = 80;
const shownFailed = 5;

type Kept =
  | "verdict"
  | "digest"
  | "towns"
  | "units"
  | "presses"
  | "accepted"
  | "pending"
  | "lost"
  | "falseAccepted"
  | "duplicates"
  | "unheard"
  | "events"
  | "virtualMs"
  | "percentiles"
  | "broken"
  | "failedTowns"
  | "promises"
  | "sample";

/** Other programs read this: keys are never renamed. */
export type FleetSummary = Pick<FleetResult, Kept> &
  Pick<FleetCost, "wallMs" | "cpuMs" | "peakBytes"> & { readonly seed: number; readonly out: string };

export function fleetSummaryOf(
  result: FleetResult,
  { wallMs, cpuMs, peakBytes }: FleetCost,
  out: string,
): FleetSummary {
  const { verdict, digest, towns, units, presses, accepted, pending, lost, falseAccepted, duplicates } = result;
  const { unheard, events, virtualMs, percentiles, broken, failedTowns, promises, sample, fleet } = result;
  return {
    verdict,
    digest,
    seed: fleet.seed,
    towns,
    units,
    presses,
    accepted,
    pending,
    lost,
    falseAccepted,
    duplicates,
    unheard,
    percentiles,
    events,
    virtualMs,
    wallMs,
    cpuMs,
    peakBytes,
    broken,
    failedTowns,
    promises,
    sample,
    out,
  };
}

type Paint = (format: "bold" | "green" | "red" | "dim", text: string) => string;

/** Ends with a line break. */
export function fleetText(result: FleetResult, cost: FleetCost, out: string, paint: Paint): string {
  const { fleet, verdict, towns, units, broken, failed, failedTowns, promises, percentiles, digest, sample } = result;
  const time = (ms: number | undefined): string => (ms === undefined ? "–" : durationText(ms)).padStart(12);
  const line = (text: string, held: boolean, found: string): string => {
    const [first = "", ...rest] = wrap(`${text}: ${found}`, width - 4, "").split("\n");
    return [`  ${held ? paint("green", "✓") : paint("red", "✗")} ${first}`, ...rest.map((more) => `    ${more}`)].join(
      "\n",
    );
  };
  const head = `${fleet.name}: ${towns} of ${fleet.towns} towns, ${units} units, ${verdict}`;
  const lines = [
    "",
    paint("bold", wrap(head, width, "")),
    "",
    numbers([result.presses, "presses"], [result.lost, "lost"]),
    numbers([result.accepted, "accepted"], [result.falseAccepted, "falsely shown as accepted"]),
    numbers([result.pending, "still pending"], [result.duplicates, "duplicate cases"]),
    ...(result.unheard === 0 ? [] : [`  ${String(result.unheard).padStart(9)} that no unit could hear`]),
    "",
    `  ${"from press to acceptance".padEnd(26)}${["50 %", "99 %", "99.9 %", "slowest"].map((each) => each.padStart(12)).join("")}`,
    `  ${"".padEnd(26)}${time(percentiles?.p50Ms)}${time(percentiles?.p99Ms)}${time(percentiles?.p999Ms)}${time(percentiles?.maxMs)}`,
    "",
    ...promises.map((each) => line(each.text, each.held, each.found)),
    ...judged(result, line),
    ...(sample === null
      ? []
      : [line("towns played at the bytes too come to the same", sample.differing === 0, sampleText(sample))]),
    ...broken.map(({ town, why }) => line(`town ${town} is played to its end`, false, why.split("\n")[0] ?? "")),
    "",
    ...failed.slice(0, shownFailed).map(({ town, command }) => `  town ${town}: ${command}`),
    ...(failedTowns > shownFailed ? [`  and ${failedTowns - shownFailed} towns more in ${out}/report.html`] : []),
    `  seed ${fleet.seed}, digest ${digest}`,
    `  ${durationText(result.virtualMs)} of all towns in ${durationText(cost.wallMs)}, ${durationText(cost.cpuMs)} of processors,`,
    `  ${result.events} events, at most ${Math.round(cost.peakBytes / 1_048_576)} MB in one process`,
    `  report: ${out}/report.html`,
    "",
  ];
  return lines.join("\n");
}

function judged(result: FleetResult, line: (text: string, held: boolean, found: string) => string): string[] {
  const { checks, expectations } = result;
  const brokenChecks = checks.filter(({ held }) => !held);
  const first = (found: FleetResult["checks"][number]["found"]): string =>
    found.length === 0 ? "" : `; town ${found[0]?.town}: ${found[0]?.text}`;
  return [
    ...expectations.map(({ text, held, towns, found }) =>
      line(text, held, held ? "in every town" : `not in ${towns} towns${first(found)}`),
    ),
    ...brokenChecks.map(({ rule, towns, found }) => line(rule, false, `not in ${towns} towns${first(found)}`)),
    line(
      "checks of every town",
      brokenChecks.length === 0,
      `${checks.length - brokenChecks.length} of ${checks.length} held`,
    ),
  ];
}

function sampleText({ towns, differing, found: [first] }: NonNullable<FleetResult["sample"]>): string {
  return first === undefined
    ? `${towns} of ${towns}`
    : `not ${differing} of ${towns}; town ${first.town}: ${first.text}`;
}

function numbers(left: readonly [number, string], right: readonly [number, string]): string {
  return `  ${String(left[0]).padStart(9)} ${left[1].padEnd(24)}${String(right[0]).padStart(9)} ${right[1]}`;
}
