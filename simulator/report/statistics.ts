/** Delivery times in figures: what a report says about how long people waited. */
import type { RunFacts, RunPress } from "../record/run-result.ts";

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
