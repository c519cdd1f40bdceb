/** Bench `sim`: the main scenario cut to 40 units and 2 hours, played as `livlina sim run` plays it, without its report. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { playScenario } from "../../simulator/play.ts";
import type { RunResult } from "../../simulator/record/run-result.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";
import { median, type Timing } from "./measure.ts";
import { type Share, sharesOf } from "./profile.ts";
import { figure, type Table } from "./table.ts";

export interface SimBench {
  readonly bench: "sim";
  readonly units: number;
  readonly virtualMs: number;
  /** Of one play; the same in each, as the seed is. */
  readonly events: number;
  readonly digest: string;
  readonly eventsPerSecond: Spread;
  readonly virtualHoursPerSecond: Spread;
  /** Of the processor's time in one more play, the largest first. */
  readonly shares: readonly Share[];
}

interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export const benchUnits = 40;
export const benchHours = 2;
const seed = 1;
const hourMs = 3_600_000;

/** Whole plays, one a round, after one to warm up; `roundMs` means nothing here. */
export async function benchSim(timing: Timing): Promise<SimBench> {
  const scenario = cutScenario();
  const first = await play(scenario);
  const seconds: number[] = [];
  for (let round = 0; round < timing.rounds; round++) {
    const beganMs = timing.nowMs();
    const { digest } = await play(scenario);
    seconds.push((timing.nowMs() - beganMs) / 1000);
    if (digest !== first.digest) throw new Error("bench: the same seed has played another story");
  }
  const { events, digest, virtualMs } = first;
  return {
    bench: "sim",
    units: first.units.length,
    virtualMs,
    events,
    digest,
    eventsPerSecond: spread(seconds, events),
    virtualHoursPerSecond: spread(seconds, virtualMs / hourMs),
    shares: await sharesOf(() => play(scenario)),
  };
}

export function simTables(result: SimBench): Table[] {
  const row = (name: string, { median, least, most }: Spread): string[] => [
    name,
    figure(median),
    figure(least),
    figure(most),
  ];
  const hours = result.virtualMs / hourMs;
  return [
    {
      title: `${result.units} units over ${hours} h: ${figure(result.events)} events, seed ${seed}, digest ${result.digest}`,
      columns: ["", "median/s", "min/s", "max/s"],
      rows: [row("events", result.eventsPerSecond), row("virtual hours", result.virtualHoursPerSecond)],
    },
    {
      title: "where the time goes",
      columns: ["", "share"],
      rows: result.shares.map(({ part, share }) => [part, `${(share * 100).toFixed(1).padStart(4)} %`]),
    },
  ];
}

/** The story's shape: `count` and times are all that is changed. */
interface Story {
  readonly starts: string;
  readonly duration: string;
  readonly fleet: readonly { readonly count: number }[];
  readonly wearers: { readonly "presses-per-unit-and-day": number };
  readonly faults: readonly object[];
}

/** From an hour before the fault on, so that both the quiet and the fault are in it. */
export function cutScenario(): Scenario {
  const path = fileURLToPath(new URL("../../simulator/scenarios/staffanstorp-server-fault.yaml", import.meta.url));
  const story = parse(readFileSync(path, "utf8")) as Story;
  const whole = story.fleet.reduce((sum, { count }) => sum + count, 0);
  let left = benchUnits;
  const fleet = story.fleet.map((group, i) => {
    const last = i === story.fleet.length - 1;
    const count = last ? left : Math.max(1, Math.round((group.count * benchUnits) / whole));
    left -= count;
    return { ...group, count };
  });
  const cut = {
    ...story,
    starts: story.starts.replace(/ .*$/, " 07:00"),
    duration: `${benchHours}h`,
    fleet,
    wearers: { ...story.wearers, hours: "07:00-09:00" },
    faults: story.faults.map((fault) => ({ ...fault, from: "08:00", to: "08:50" })),
    timeline: [],
    expect: [],
  };
  return parseScenario(stringify(cut), path);
}

async function play(scenario: Scenario): Promise<RunResult> {
  return playScenario(scenario, { seed, onProgress: () => {}, log: new RunLog(undefined) });
}

/** Of `amount` in so many seconds. */
function spread(seconds: readonly number[], amount: number): Spread {
  const speeds = seconds.map((each) => amount / each);
  return { median: median(speeds), least: Math.min(...speeds), most: Math.max(...speeds) };
}
