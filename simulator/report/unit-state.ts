/** How units stood when the run ended, as their own reports, tests and proofs of life tell it: batteries, mains, tests. */
import type { RunFacts, RunReport } from "../record/run-result.ts";
import type { NamedUnits, UnitState } from "./page/view.ts";

/** Names that a list shows; all are in report.json. */
const mostNames = 200;
const mostReportNames = 40;
/** A run as long as this has a daily test of each unit in it. */
export const testDueMs = 86_400_000;

/** Each pair: the report that begins a state, and those that end it. */
const begins: Readonly<
  Record<"batteryLow" | "buttonBatteryLow" | "withoutMains", readonly [string, readonly string[]]>
> = {
  batteryLow: ["battery-low", ["battery-good", "battery-changed"]],
  buttonBatteryLow: ["button-battery-low", ["button-battery-good"]],
  withoutMains: ["mains-lost", ["mains-back"]],
};

export function unitStateOf(facts: RunFacts): UnitState {
  const tests = facts.reports.filter(({ kind }) => kind === "test");
  const tested = new Set(tests.filter(({ acceptedMs }) => acceptedMs !== null).map(({ unit }) => unit));
  const testsAccepted = tests.filter(({ acceptedMs }) => acceptedMs !== null).length;
  const testsDue = facts.virtualMs >= testDueMs;
  const off = new Set(facts.off.filter(({ toMs }) => toMs === null).map(({ unit }) => unit));
  const pathless = new Set(facts.pathless.filter(({ toMs }) => toMs === null).map(({ unit }) => unit));
  const ids = facts.units.map(({ id }) => id);
  const sent = new Set(tests.map(({ unit }) => unit));
  return {
    batteryLow: standing(facts.reports, begins.batteryLow),
    buttonBatteryLow: standing(facts.reports, begins.buttonBatteryLow),
    withoutMains: standing(facts.reports, begins.withoutMains),
    off: named([...off]),
    testsAccepted,
    testsOpen: tests.length - testsAccepted,
    missingTests: named(ids.filter((id) => !tested.has(id) && (testsDue || sent.has(id)))),
    unverified: named(ids.filter((id) => pathless.has(id))),
    beats: facts.beats,
    reports: reportCounts(facts.reports),
    testsDue,
  };
}

function standing(reports: readonly RunReport[], [begin, ends]: readonly [string, readonly string[]]): NamedUnits {
  const since = new Set<string>();
  for (const { name, unit } of reports) {
    if (name === begin) since.add(unit);
    else if (ends.includes(name)) since.delete(unit);
  }
  return named([...since]);
}

function named(names: readonly string[]): NamedUnits {
  return { count: names.length, names: names.slice(0, mostNames) };
}

function reportCounts(reports: readonly RunReport[]): UnitState["reports"] {
  const counts = new Map<string, { name: string; raised: number; accepted: number }>();
  for (const { name, acceptedMs } of reports) {
    const count = counts.get(name) ?? { name, raised: 0, accepted: 0 };
    counts.set(name, count);
    count.raised++;
    if (acceptedMs !== null) count.accepted++;
  }
  return [...counts.values()].sort((a, b) => b.raised - a.raised).slice(0, mostReportNames);
}
