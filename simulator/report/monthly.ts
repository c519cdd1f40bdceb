/** `statistics.csv`: what a month brought each provider: alarms, tests, missing tests, batteries, faults, times without a path. */
import type { RunFacts, RunPress } from "../record/run-result.ts";
import { localDate } from "../scenario/scenario-clock.ts";
import { csvRow } from "./csv.ts";
import { delayMs, lateAfterMs, percentile } from "./statistics.ts";
import { testDueMs } from "./unit-state.ts";

const header = [
  "month",
  "provider",
  "units",
  "alarms",
  "alarms_accepted",
  "alarms_late",
  "alarms_unheard",
  "median_s",
  "p95_s",
  "slowest_s",
  "fire_and_gas",
  "life_safety",
  "technical",
  "tests",
  "tests_accepted",
  "units_without_test",
  "unit_battery_low",
  "button_battery_low",
  "mains_lost",
  "device_faults",
  "units_without_path",
  "minutes_without_path",
];

const minuteMs = 60_000;

/** Rows by month and provider; months are those of Swedish clocks. RFC 4180. */
export function statisticsCsv(facts: RunFacts): string {
  const rows = [csvRow(header)];
  const monthOf = (atMs: number): string => localDate(facts.scenario.startWallMs + atMs).slice(0, 7);
  const providers = [...new Set(facts.units.map(({ provider }) => provider))].sort();
  for (const { month, fromMs, toMs } of monthsOf(facts, monthOf))
    for (const provider of providers) rows.push(csvRow([month, provider, ...cellsOf(facts, provider, fromMs, toMs)]));
  return rows.join("");
}

interface Month {
  readonly month: string;
  readonly fromMs: number;
  readonly toMs: number;
}

function monthsOf({ virtualMs }: RunFacts, monthOf: (atMs: number) => string): readonly Month[] {
  const hourMs = 60 * minuteMs;
  const months: { month: string; fromMs: number; toMs: number }[] = [];
  for (let atMs = 0; atMs < Math.max(1, virtualMs); atMs += hourMs) {
    const month = monthOf(atMs);
    const last = months.at(-1);
    if (last?.month === month) last.toMs = atMs + hourMs;
    else months.push({ month, fromMs: atMs, toMs: atMs + hourMs });
  }
  return months;
}

function cellsOf(facts: RunFacts, provider: string, fromMs: number, toMs: number): readonly string[] {
  const own = new Set(facts.units.filter((unit) => unit.provider === provider).map(({ id }) => id));
  const within = (atMs: number, unit: string): boolean => atMs >= fromMs && atMs < toMs && own.has(unit);
  const presses = facts.presses.filter(({ pressedMs, unit }) => within(pressedMs, unit));
  const reports = facts.reports.filter(({ raisedMs, unit }) => within(raisedMs, unit));
  const kind = (name: string): number => reports.filter((each) => each.kind === name).length;
  const named = (name: string): number => reports.filter((each) => each.name === name).length;
  const tests = reports.filter((each) => each.kind === "test");
  const tested = new Set(tests.filter(({ acceptedMs }) => acceptedMs !== null).map(({ unit }) => unit));
  const due = Math.min(toMs, facts.virtualMs) - fromMs >= testDueMs;
  const gaps = facts.pathless.filter(
    ({ unit, fromMs: begin, toMs: end }) => own.has(unit) && begin < toMs && (end ?? facts.virtualMs) > fromMs,
  );
  let withoutMs = 0;
  for (const gap of gaps) withoutMs += Math.min(gap.toMs ?? facts.virtualMs, toMs) - Math.max(gap.fromMs, fromMs);
  const numbers = [
    kind("fire-and-gas"),
    kind("life-safety"),
    kind("technical"),
    tests.length,
    tests.filter(({ acceptedMs }) => acceptedMs !== null).length,
    due ? own.size - tested.size : 0,
    named("battery-low"),
    named("button-battery-low"),
    named("mains-lost"),
    reports.filter(({ name }) => /^(?!test-)(?:.*-)?(?:fault|failed|missing|tampered)$/.test(name)).length,
    new Set(gaps.map(({ unit }) => unit)).size,
    Math.round(withoutMs / minuteMs),
  ];
  return [String(own.size), ...alarmCells(presses, facts.virtualMs), ...numbers.map(String)];
}

function alarmCells(presses: readonly RunPress[], virtualMs: number): readonly string[] {
  const times = presses.flatMap((press) => delayMs(press) ?? []).sort((a, b) => a - b);
  const seconds = (percent: number): string => {
    const ms = percentile(times, percent);
    return ms === null ? "" : (ms / 1_000).toFixed(1);
  };
  const late = presses.filter((press) => (delayMs(press) ?? virtualMs - press.pressedMs) > lateAfterMs).length;
  const unheard = presses.filter((press) => press.unheard !== null).length;
  return [...[presses.length, times.length, late, unheard].map(String), ...[seconds(50), seconds(95), seconds(100)]];
}
