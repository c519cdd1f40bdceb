/**
 * What EN 50136-1 judges a way of transmission by, measured in a run: how soon a lost path is noticed at the far end, how long
 * an alarm is under way, and for how much of the time a path was proven.
 */
import type { MonitorNotice, RunFacts, RunFault } from "../record/run-result.ts";
import type { PathFigures } from "./page/view.ts";
import { percentile } from "./statistics.ts";

/** Faults after which messages still pass, though slowly, in part, twice, or with a wrong hour. */
const passing: readonly string[] = [
  "normal",
  "slow",
  "late",
  "duplicate",
  "lossy",
  "congested",
  "loaded",
  "wrong-time",
  "no-names",
  "clock-drift",
  "worn-flash",
  "jammed",
];

/** Whether it takes a path between homes and those who answer away. */
export function takesPath({ object, fault }: RunFault): boolean {
  return object !== "strangers" && object !== "building" && !passing.includes(fault);
}

/** From its begin until the monitor first spoke of what it hit; undefined: it did not while the fault lasted. */
export function noticedAfterMs(fault: RunFault, notices: readonly MonitorNotice[]): number | undefined {
  const names = new Set([fault.name, ...(fault.units ?? [])]);
  const first = notices.find(
    ({ atMs, phase, subject }) =>
      phase !== "closed" && atMs >= fault.fromMs && atMs <= fault.toMs && names.has(subject),
  );
  return first === undefined ? undefined : first.atMs - fault.fromMs;
}

export function pathFiguresOf(facts: RunFacts): PathFigures {
  const faults = facts.faults.filter(takesPath);
  const noticed = faults.flatMap((fault) => noticedAfterMs(fault, facts.notices) ?? []);
  const times = facts.presses
    .flatMap(({ storedMs, acceptedMs }) => (storedMs === null || acceptedMs === null ? [] : [acceptedMs - storedMs]))
    .sort((a, b) => a - b);
  const sum = times.reduce((total, each) => total + each, 0);
  let pathlessMs = 0;
  for (const { fromMs, toMs } of facts.pathless) pathlessMs += (toMs ?? facts.virtualMs) - fromMs;
  const allMs = facts.units.length * facts.virtualMs;
  return {
    pathFaults: faults.length,
    noticed: noticed.length,
    worstNoticeMs: noticed.length === 0 ? null : Math.max(...noticed),
    meanMs: times.length === 0 ? null : Math.round(sum / times.length),
    p95Ms: percentile(times, 95),
    maxMs: percentile(times, 100),
    availablePpm: allMs === 0 ? 1_000_000 : Math.floor(((allMs - pathlessMs) * 1_000_000) / allMs),
  };
}
