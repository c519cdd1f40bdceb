/**
 * Bench `sim`: the main scenario cut to 40 units and 2 hours, and a town on whose day nothing happens, each played as `livlina sim run`
 * plays it, without its report, with modems at the bytes and at the sockets in turn.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { type ModemLevel, modemLevels } from "../../simulator/coarse/modem-level.ts";
import { playScenario } from "../../simulator/play.ts";
import type { RunResult } from "../../simulator/record/run-result.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import { parseScenario, readScenario } from "../../simulator/scenario/scenario-file.ts";
import { median, type Timing } from "./measure.ts";
import { type Share, sharesOf } from "./profile.ts";
import { figure, type Table } from "./table.ts";

export interface SimBench {
  readonly bench: "sim";
  readonly plays: readonly PlayFigures[];
  /** Of the processor's time in one more play of the first, the largest first. */
  readonly shares: readonly Share[];
  /** The same of the quiet town with modems at the sockets. */
  readonly coarseShares: readonly Share[];
}

/** One story at one level; times are the processor's, of all threads, so that a busy machine tells nearly the same. */
export interface PlayFigures {
  readonly story: string;
  readonly modem: ModemLevel;
  readonly units: number;
  readonly virtualMs: number;
  /** Of one play; the same in each, as the seed is. */
  readonly events: number;
  readonly beats: number;
  readonly digest: string;
  readonly eventsPerSecond: Spread;
  readonly deviceYearsPerMinute: Spread;
  /** Everything that was played, by the heartbeats sent. */
  readonly beatUs: Spread;
}

interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

interface Contender {
  readonly story: string;
  readonly scenario: Scenario;
  readonly modem: ModemLevel;
}

export const benchUnits = 40;
export const benchHours = 2;
const quietHours = 4;
const seed = 1;
const hourMs = 3_600_000;
const yearMs = 365.25 * 24 * hourMs;

/** Whole plays, one of each a round, after one to warm up; `roundMs` means nothing here. */
export async function benchSim(timing: Timing): Promise<SimBench> {
  const stories = [
    { story: "server fault", scenario: cutScenario() },
    { story: "quiet town", scenario: quietTown() },
  ];
  const contenders = stories.flatMap((each) => modemLevels.map((modem): Contender => ({ ...each, modem })));
  const first: RunResult[] = [];
  for (const contender of contenders) first.push(await play(contender));
  const seconds: number[][] = contenders.map(() => []);
  for (let round = 0; round < timing.rounds; round++)
    for (const [i, contender] of contenders.entries()) {
      const began = process.cpuUsage();
      const { digest } = await play(contender);
      const { user, system } = process.cpuUsage(began);
      seconds[i]?.push((user + system) / 1_000_000);
      if (digest !== first[i]?.digest) throw new Error("bench: the same seed has played another story");
    }
  return {
    bench: "sim",
    plays: contenders.map((contender, i) => figuresOf(contender, first[i] as RunResult, seconds[i] ?? [])),
    shares: await sharesOf(() => play(contenders[0] as Contender)),
    coarseShares: await sharesOf(() => play(contenders.at(-1) as Contender)),
  };
}

export function simTables({ plays, shares, coarseShares }: SimBench): Table[] {
  const sized = plays.filter(({ modem }) => modem === "bytes");
  return [
    {
      title: sized
        .map(
          ({ story, units, virtualMs, beats }) =>
            `${story}: ${units} units, ${virtualMs / hourMs} h, ${beats} heartbeats`,
        )
        .join("; "),
      columns: ["", "device-years/min/core", "min", "max", "us/heartbeat", "events/s", "events"],
      rows: plays.map(({ story, modem, deviceYearsPerMinute, beatUs, eventsPerSecond, events }) => [
        `${story}, modems at the ${modem}`,
        figure(deviceYearsPerMinute.median),
        figure(deviceYearsPerMinute.least),
        figure(deviceYearsPerMinute.most),
        figure(beatUs.median),
        figure(eventsPerSecond.median),
        figure(events),
      ]),
    },
    sharesTable("where the time goes: server fault, modems at the bytes", shares),
    sharesTable("where the time goes: quiet town, modems at the sockets", coarseShares),
  ];
}

function sharesTable(title: string, shares: readonly Share[]): Table {
  return {
    title,
    columns: ["", "share"],
    rows: shares.map(({ part, share }) => [part, `${(share * 100).toFixed(1).padStart(4)} %`]),
  };
}

function figuresOf({ story, modem }: Contender, run: RunResult, seconds: readonly number[]): PlayFigures {
  const { events, beats, digest, virtualMs, units } = run;
  const years = (units.length * virtualMs) / yearMs;
  return {
    story,
    modem,
    units: units.length,
    virtualMs,
    events,
    beats: beats.sent,
    digest,
    eventsPerSecond: spread(seconds.map((each) => events / each)),
    deviceYearsPerMinute: spread(seconds.map((each) => (years * 60) / each)),
    beatUs: spread(seconds.map((each) => (each * 1_000_000) / beats.sent)),
  };
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

/** Heartbeats every three minutes over the mobile network and every half hour over broadband, tests, check-ins, presses; no fault. */
export function quietTown(): Scenario {
  const path = fileURLToPath(new URL("../../simulator/scenarios/town-day.yaml", import.meta.url));
  const whole = readScenario(path, [`homes=${benchUnits}`]);
  return { ...whole, durationMs: quietHours * hourMs, faults: [], expectations: [], timeline: [] };
}

async function play({ scenario, modem }: Contender): Promise<RunResult> {
  return playScenario(scenario, { seed, modem, onProgress: () => {}, log: new RunLog(undefined) });
}

function spread(speeds: readonly number[]): Spread {
  return { median: median(speeds), least: Math.min(...speeds), most: Math.max(...speeds) };
}
