/**
 * Bench `profiles`: what the firmware keeps of the categories of EN 50136-1, as virtual time measures it: how soon the far end knows
 * that a path is lost, beside the limit of each, with heartbeats as the unit sends them and as often as a receiver can ask for.
 */
import { fileURLToPath } from "node:url";
import { playScenario } from "../../simulator/play.ts";
import type { RunFacts, RunFault } from "../../simulator/record/run-result.ts";
import { type Category, categories } from "../../simulator/report/page/en50136.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { percentile } from "../../simulator/report/statistics.ts";
import { readScenario } from "../../simulator/scenario/scenario-file.ts";
import type { Table } from "./table.ts";

export interface ProfilesBench {
  readonly bench: "profiles";
  readonly seeds: readonly number[];
  readonly fleets: readonly FleetFigures[];
}

/** Of one fleet over all seeds; times in ms of virtual time, null where one was never noticed. */
export interface FleetFigures extends PathTimes {
  readonly scenario: FleetName;
  readonly heartbeat: string;
}

export interface PathTimes {
  /** The only path, the one in use, or both. */
  readonly lostMs: number | null;
  /** The path in reserve, while the other works; undefined: there is none. */
  readonly reserveMs: number | null | undefined;
  readonly faults: number;
  readonly presses: number;
  readonly meanMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

const fleetNames = ["single-path", "two-paths"] as const;
type FleetName = (typeof fleetNames)[number];
/** As units send them by themselves, and the shortest that SCAIP lets a receiver ask for (SS 91100 table 2, `hbi`). */
const heartbeats = ["3m", "1m"] as const;
const usualSeeds = [1, 2, 3];

export async function benchProfiles(seeds: readonly number[] = usualSeeds): Promise<ProfilesBench> {
  const fleets: FleetFigures[] = [];
  for (const scenario of fleetNames)
    for (const heartbeat of heartbeats) {
      const path = fileURLToPath(new URL(`../../simulator/scenarios/${scenario}.yaml`, import.meta.url));
      const story = readScenario(path, [`heartbeat=${heartbeat}`]);
      const runs: RunFacts[] = [];
      for (const seed of seeds)
        runs.push(await playScenario(story, { seed, onProgress: () => {}, log: new RunLog(undefined) }));
      fleets.push({ scenario, heartbeat, ...pathTimesOf(runs) });
    }
  return { bench: "profiles", seeds, fleets };
}

/** Over runs whose units share no network, so that each fault is of one unit. */
export function pathTimesOf(runs: readonly RunFacts[]): PathTimes {
  const losses = runs.flatMap(lossesOf);
  const waits = runs.flatMap(clearWaitsOf).sort((a, b) => a - b);
  const reserves = losses.filter(({ what }) => what === "reserve");
  const others = losses.filter(({ what }) => what !== "reserve");
  return {
    lostMs: worst(others),
    reserveMs: reserves.length === 0 ? undefined : worst(reserves),
    faults: losses.length,
    presses: waits.length,
    meanMs: Math.round(waits.reduce((sum, wait) => sum + wait, 0) / Math.max(1, waits.length)),
    p95Ms: percentile(waits, 95) ?? 0,
    maxMs: percentile(waits, 100) ?? 0,
  };
}

interface Loss {
  readonly what: "only" | "in-use" | "reserve" | "both";
  readonly unit: string;
  readonly fault: RunFault;
  readonly noticedMs: number | null;
}

/** A fault of both networks of a unit at one instant is one loss. */
function lossesOf(facts: RunFacts): readonly Loss[] {
  return facts.registry.flatMap(({ unit, broadband, operator }) => {
    const own = facts.faults.filter(({ name }) => name === broadband || name === operator);
    return own.flatMap((fault, index): readonly Loss[] => {
      if (own.findIndex(({ fromMs }) => fromMs === fault.fromMs) < index) return [];
      const isBoth = own.some((other) => other !== fault && other.fromMs === fault.fromMs);
      const ofOne = operator === "" || broadband === "" ? "only" : fault.object === "broadband" ? "in-use" : "reserve";
      return [{ what: isBoth ? "both" : ofOne, unit, fault, noticedMs: noticedMsOf(facts, unit, fault) }];
    });
  });
}

/** From the fault until the monitor speaks of the unit, or a receiver has the unit's own word of the path. */
function noticedMsOf(facts: RunFacts, unit: string, { fromMs, toMs, object }: RunFault): number | null {
  const word = object === "broadband" ? "broadband-lost" : "mobile-lost";
  const notices = facts.notices.filter(({ phase, subject }) => phase === "suspected" && subject === unit);
  const reports = facts.reports.filter(({ name, unit: from }) => name === word && from === unit);
  const known = [...notices.map(({ atMs }) => atMs), ...reports.map(({ acceptedMs }) => acceptedMs)];
  const times = known.flatMap((atMs) => (atMs !== null && atMs >= fromMs && atMs <= toMs ? [atMs - fromMs] : []));
  return times.length === 0 ? null : Math.min(...times);
}

/** From a press to its acceptance, where the unit had a path. */
function clearWaitsOf(facts: RunFacts): readonly number[] {
  const dark = lossesOf(facts).filter(({ what }) => what === "only" || what === "both");
  return facts.presses.flatMap(({ unit, storedMs, acceptedMs }) => {
    if (storedMs === null || acceptedMs === null) return [];
    const isDark = dark.some(
      (loss) => loss.unit === unit && storedMs <= loss.fault.toMs && acceptedMs >= loss.fault.fromMs,
    );
    return isDark ? [] : [acceptedMs - storedMs];
  });
}

function worst(losses: readonly Loss[]): number | null {
  const times = losses.map(({ noticedMs }) => noticedMs);
  return times.includes(null) ? null : Math.max(...times.map(Number));
}

/** Whether a fleet keeps a category; a path that was never noticed keeps none. */
export function keepsCategory({ noticeMs, secondMs }: Category, { lostMs, reserveMs }: PathTimes): boolean {
  const first = lostMs !== null && lostMs <= noticeMs;
  if (secondMs === null) return first;
  return first && reserveMs !== undefined && reserveMs !== null && reserveMs <= secondMs;
}

const sources = { published: "published", memory: "not public" } as const;

export function profileTables({ fleets, seeds }: ProfilesBench): readonly Table[] {
  const rows = categories.map((category) => {
    const scenario = category.secondMs === null ? "single-path" : "two-paths";
    const own = fleets.filter((fleet) => fleet.scenario === scenario);
    const cells = own.map((fleet) => {
      const second = category.secondMs === null ? "" : ` / ${timeText(fleet.reserveMs ?? null)}`;
      return `${timeText(fleet.lostMs)}${second} ${keepsCategory(category, fleet) ? "kept" : "not kept"}`;
    });
    const limit = `${timeText(category.noticeMs)}${category.secondMs === null ? "" : ` / ${timeText(category.secondMs)}`}`;
    return [category.name, limit, ...cells, sources[category.confidence]];
  });
  return [
    {
      title: `profiles: worst time until the far end knows of a lost path / of one in reserve, virtual time, seeds ${seeds.join(" ")}`,
      columns: ["category", "limit", ...heartbeats.map((each) => `heartbeat ${each}`), "limit's source"],
      rows,
    },
    {
      title: "profiles: from press to acceptance where a path was left",
      columns: ["fleet", "heartbeat", "losses", "presses", "mean s", "95 % s", "longest s"],
      rows: fleets.map(({ scenario, heartbeat, faults, presses, meanMs, p95Ms, maxMs }) => [
        scenario,
        heartbeat,
        `${faults}`,
        `${presses}`,
        ...[meanMs, p95Ms, maxMs].map((ms) => (ms / 1000).toFixed(1)),
      ]),
    },
  ];
}

function timeText(ms: number | null): string {
  if (ms === null) return "never";
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 180 && seconds % 60 !== 0) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min${seconds % 60 === 0 ? "" : ` ${seconds % 60} s`}`;
  return seconds < 259_200 ? `${Math.ceil(seconds / 3_600)} h` : `${Math.ceil(seconds / 86_400)} d`;
}
