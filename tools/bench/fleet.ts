/** Bench `fleet`: device-years a minute on one core, in small towns one after the other and in one town that has them all. */
import { Run } from "../../simulator/play.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { median, type Timing } from "./measure.ts";
import { type Profile, profiles, worldOf } from "./profiles.ts";
import { figure, type Table } from "./table.ts";

export interface FleetBench {
  readonly bench: "fleet";
  readonly rows: readonly FleetRow[];
}

/** Of one profile in one layout, over all rounds. */
export interface FleetRow {
  readonly profile: string;
  readonly hours: number;
  readonly towns: number;
  readonly unitsPerTown: number;
  readonly events: number;
  /** Per second of the processor. */
  readonly eventsPerSecond: Spread;
  /** Years of units that are played in a minute of the processor. */
  readonly deviceYearsPerMinute: number;
}

interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface FleetSize {
  readonly towns: number;
  readonly unitsPerTown: number;
}

const size: FleetSize = { towns: 16, unitsPerTown: 25 };
const hoursPerYear = 8766;

interface Layout {
  readonly profile: Profile;
  readonly towns: number;
  readonly unitsPerTown: number;
}

/** Whole plays, one of each layout a round, after one town of each profile to warm up. */
export function benchFleet({ rounds }: Timing, { towns, unitsPerTown } = size): FleetBench {
  const layouts = profiles.flatMap((profile): Layout[] => [
    { profile, towns, unitsPerTown },
    { profile, towns: 1, unitsPerTown: towns * unitsPerTown },
  ]);
  for (const profile of profiles) playTowns({ profile, towns: 1, unitsPerTown });
  const seconds: number[][] = layouts.map(() => []);
  const events: number[] = [];
  for (let round = 0; round < rounds; round++)
    for (const [i, layout] of layouts.entries()) {
      const began = process.cpuUsage();
      events[i] = playTowns(layout);
      const { user, system } = process.cpuUsage(began);
      seconds[i]?.push((user + system) / 1e6);
    }
  return {
    bench: "fleet",
    rows: layouts.map((each, i) => rowOf(each, events[i] ?? 0, seconds[i] ?? [])),
  };
}

export function fleetTables({ rows }: FleetBench): Table[] {
  const units = (rows[0]?.towns ?? 0) * (rows[0]?.unitsPerTown ?? 0);
  return [
    {
      title: `${units} units from their start, modem at the byte level, with checkers, books and monitor, one core`,
      columns: ["", "events", "median/s", "min/s", "max/s", "device-years a minute"],
      rows: rows.map(({ profile, hours, towns, unitsPerTown, events, eventsPerSecond, deviceYearsPerMinute }) => [
        `${profile}, ${towns} x ${unitsPerTown}, ${hours} h`,
        figure(events),
        figure(eventsPerSecond.median),
        figure(eventsPerSecond.least),
        figure(eventsPerSecond.most),
        figure(deviceYearsPerMinute),
      ]),
    },
  ];
}

function rowOf({ profile, towns, unitsPerTown }: Layout, events: number, seconds: number[]): FleetRow {
  const speeds = seconds.map((each) => events / each);
  const years = (towns * unitsPerTown * profile.hours) / hoursPerYear;
  return {
    profile: profile.name,
    hours: profile.hours,
    towns,
    unitsPerTown,
    events,
    eventsPerSecond: { median: median(speeds), least: Math.min(...speeds), most: Math.max(...speeds) },
    deviceYearsPerMinute: (60 * years) / median(seconds),
  };
}

/** Answers how many events they took; each town has a seed of its own. */
function playTowns({ profile, towns, unitsPerTown }: Layout): number {
  const scenario = worldOf(profile, unitsPerTown, profile.hours);
  let events = 0;
  for (let town = 0; town < towns; town++) {
    const run = new Run(scenario, { seed: 1 + town, onProgress: () => {}, log: new RunLog(undefined) });
    run.playUntil(scenario.durationMs);
    events += run.world.queue.ran;
  }
  return events;
}
