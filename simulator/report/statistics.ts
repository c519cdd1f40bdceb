/** Delivery times in figures: what a report says about how long people waited. */
import type { RunFacts, RunFault, RunPress } from "../record/run-result.ts";
import type { DelayGroup, DelayRow, ReportView } from "./page/view.ts";

export interface Delays {
  readonly label: string;
  readonly presses: number;
  readonly accepted: number;
  /** From press to acceptance, of the accepted ones; null where there is none. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** Longer than this is told as late: a person has begun to wonder by then. */
export const lateAfterMs = 60_000;

export function delaysOf(label: string, presses: readonly RunPress[]): Delays {
  const sorted = presses.flatMap((press) => delayMs(press) ?? []).sort((a, b) => a - b);
  return {
    label,
    presses: presses.length,
    accepted: sorted.length,
    p50Ms: percentile(sorted, 50),
    p95Ms: percentile(sorted, 95),
    p99Ms: percentile(sorted, 99),
    maxMs: percentile(sorted, 100),
  };
}

/** Nearest rank: a value that really occurred. `sorted` goes upwards; null where it is empty. */
export function percentile(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? null;
}

/** undefined: not accepted. */
export function delayMs(press: RunPress): number | undefined {
  return press.acceptedMs === null ? undefined : press.acceptedMs - press.pressedMs;
}

/** Late or never accepted, by instant pressed. */
export function latePresses(facts: RunFacts): RunPress[] {
  return facts.presses.filter((press) => (delayMs(press) ?? facts.virtualMs - press.pressedMs) > lateAfterMs);
}

export function hasSecondReceiver(facts: RunFacts): (press: RunPress) => boolean {
  const double = new Set(facts.units.filter((unit) => unit.receivers.length > 1).map((unit) => unit.id));
  return (press) => double.has(press.unit);
}

/** Faults that have a row of their own among the delivery times. */
const mostFaultRows = 12;

/** Delivery times of all alarms, by number of receivers, by route, and by the fault during which was pressed. */
export function delayRows(facts: RunFacts): readonly DelayRow[] {
  const second = hasSecondReceiver(facts);
  const rows: DelayRow[] = [];
  const add = (group: DelayGroup, fits: (press: RunPress) => boolean): void => {
    const { label: _, ...delays } = delaysOf("", facts.presses.filter(fits));
    if (delays.presses > 0 || group.by === "all") rows.push({ group, ...delays });
  };
  add({ by: "all" }, () => true);
  add({ by: "second-receiver" }, second);
  add({ by: "one-receiver" }, (press) => !second(press));
  for (const name of ["mobile", "broadband"] as const) add({ by: "route", name }, ({ route }) => route === name);
  if (facts.faults.length > 0)
    add({ by: "no-fault" }, (press) => !facts.faults.some((fault) => isDuring(fault, press)));
  for (const [index, fault] of facts.faults.slice(0, mostFaultRows).entries())
    add({ by: "fault", fault: index }, (press) => isDuring(fault, press));
  return rows;
}

function isDuring({ fromMs, toMs, units }: RunFault, { pressedMs, unit }: RunPress): boolean {
  return pressedMs >= fromMs && pressedMs < toMs && (units?.includes(unit) ?? true);
}

const spreadMs: readonly number[] = [
  500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000,
];

/** How many of the accepted alarms took how long. */
export function spreadOf(presses: readonly RunPress[]): ReportView["spread"] {
  const delays = presses.map(delayMs).filter((took) => took !== undefined);
  return spreadOfTimes(delays.map((took) => [took, 1]));
}

/** Of times and how often each came. */
export function spreadOfTimes(times: readonly (readonly [ms: number, count: number])[]): ReportView["spread"] {
  const columns = [...spreadMs, null].map((toMs) => ({ toMs, count: 0 }));
  for (const [took, count] of times) {
    const column = columns.find(({ toMs }) => toMs === null || took <= toMs);
    if (column !== undefined) column.count += count;
  }
  while (columns.at(-1)?.count === 0) columns.pop();
  return columns;
}
