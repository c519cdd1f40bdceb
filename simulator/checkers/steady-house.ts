/**
 * What a unit tells of its own house is steady too: a room that was cold and wavers at the border is cold until it is a degree
 * warmer, and an empty battery says its last words once in a power cut.
 */
import { Climate } from "../house/climate.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** Device types and status codes (SS 91100 annexes A and C). */
const localUnit = 2;
const environmentMonitor = 20;
const low = 101;
const stopped = 97;
/** Cold is below 15 degrees, and until it is 16. */
const coldDeciC = 150;
const overDeciC = 160;
/** A unit fresh from a cold van says nothing of the room; then it is cold when it has been so for a minute. */
const inhibitMs = 3_600_000;
const holdMs = 180_000;
const lookMs = 1_000;

interface Row {
  readonly climate: Climate;
  /** Whether the scenario says anything of the room. */
  readonly isMeasured: boolean;
  startedMs: number;
  wasTold: boolean;
  hasMains: boolean;
  /** Power cuts, and starts within one: each may bring last words. */
  cuts: number;
  lastWords: number;
}

export class SteadyHouse {
  private readonly rows: readonly Row[];

  constructor({ timeline }: Pick<Scenario, "timeline">, residents: readonly Pick<Resident, "name">[]) {
    this.rows = residents.map(({ name }) => {
      const climate = new Climate();
      const steps = timeline.flatMap((step) => ("room" in step && step.room.unit === name ? [step] : []));
      for (const step of steps) climate.goTo(step.atMs, step.room.deciC);
      const isMeasured = steps.length > 0;
      return { climate, isMeasured, startedMs: 0, wasTold: false, hasMains: true, cuts: 0, lastWords: 0 };
    });
  }

  started(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    row.startedMs = atMs;
    if (!row.hasMains) row.cuts++;
  }

  mains(unit: number, present: boolean): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    row.hasMains = present;
    if (!present) row.cuts++;
  }

  /** What is wrong with a report that leaves for the first time; undefined: nothing, as far as anybody can tell. */
  wrongWith(unit: number, dty: number | undefined, stc: number | undefined): string | undefined {
    const row = this.rows[unit];
    if (row === undefined) return undefined;
    if (dty === environmentMonitor && stc === low) row.wasTold = true;
    if (dty !== localUnit || stc !== stopped) return undefined;
    row.lastWords++;
    return row.lastWords > row.cuts ? "says its last words again in one power cut" : undefined;
  }

  /** From when on the room must have been told as cold, and never was; undefined: nobody is to blame. */
  untoldColdMs(unit: number, endMs: number): number | undefined {
    const row = this.rows[unit];
    if (row === undefined || !row.isMeasured || row.wasTold) return undefined;
    let sinceMs = -1;
    for (let atMs = row.startedMs + inhibitMs; atMs <= endMs; atMs += lookMs) {
      const deciC = row.climate.deciC(atMs);
      if (deciC >= overDeciC) sinceMs = -1;
      else if (deciC < coldDeciC && sinceMs < 0) sinceMs = atMs;
      if (sinceMs >= 0 && atMs >= sinceMs + holdMs) return sinceMs;
    }
    return undefined;
  }
}
