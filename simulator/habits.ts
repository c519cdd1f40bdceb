/**
 * What people do of their own accord, planned before the run: presses by day and night, tests, falls, days away. Each unit has
 * a chance of its own for each habit, so that neither one more unit nor one more habit changes anybody else's day.
 */
import { Stream } from "./core/prng.ts";
import type { Resident } from "./residents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { nextSwedishClock } from "./scenario/scenario-clock.ts";
import type { TimelineStep } from "./scenario/timeline.ts";
import type { Wearers } from "./scenario/wearers.ts";

export interface PlannedPress {
  readonly atMs: number;
  readonly unit: string;
  /** From 1. */
  readonly button: number;
}

/** Somebody is out of the house with the buttons. */
export interface Absence {
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether the unit is told so by its key. */
  readonly isTold: boolean;
}

type Run = Pick<Scenario, "startWallMs" | "durationMs" | "wearers">;

const minuteMs = 60_000;
const dayMs = 86_400_000;
const million = 1_000_000;
const daysOfYear = 365;
/** Who was away before the run leaves when all homes are switched on: nobody can go from what is not there. */
const everybodyOnMs = 60_000;

export function wearersOf({ group }: Resident, { wearers }: Run): Wearers | undefined {
  return group.wearers ?? wearers;
}

/** Presses of people who are at home, tests included. */
export function pressesOf(run: Run, seed: number, residents: readonly Resident[]): readonly PlannedPress[] {
  const presses: PlannedPress[] = [];
  for (const resident of residents) {
    const wearers = wearersOf(resident, run);
    if (wearers === undefined) continue;
    const absences = absencesOf(run, seed, resident);
    const all = [...callsFor(run, seed, resident, wearers), ...testsOf(run, seed, resident, wearers)];
    for (const press of all) if (isWithin(press.atMs, run) && !isAway(absences, press.atMs)) presses.push(press);
  }
  return presses;
}

/** Falls, and what people do who leave home or come back. */
export function stepsOf(run: Run, seed: number, residents: readonly Resident[]): readonly TimelineStep[] {
  const steps: TimelineStep[] = [];
  for (const resident of residents) {
    const wearers = wearersOf(resident, run);
    if (wearers === undefined) continue;
    const absences = absencesOf(run, seed, resident);
    for (const atMs of fallsOf(run, seed, resident, wearers))
      if (!isAway(absences, atMs))
        steps.push({ atMs, fall: { unit: resident.name, button: 1 }, takenBackAfterMs: undefined });
    for (const absence of absences) steps.push(...walks(resident, absence));
  }
  return steps.filter(({ atMs }) => isWithin(atMs, run));
}

/** When this home stands empty, in order. */
export function absencesOf(run: Run, seed: number, resident: Resident): readonly Absence[] {
  const wearers = wearersOf(resident, run);
  if (wearers?.away === undefined) return [];
  const { perThousandUnitYears, for: span, saysSoPpm } = wearers.away;
  const chance = new Stream(seed, "away", resident.index);
  const absences: Absence[] = [];
  for (const windowMs of windowsOf(run, wearers)) {
    const leaves = chance.chance(perDay(perThousandUnitYears));
    const fromMs = windowMs + chance.below(windowLengthMs(wearers));
    const toMs = fromMs + chance.between(span.leastMs, span.mostMs);
    const isTold = chance.chance(saysSoPpm);
    if (leaves && fromMs >= (absences.at(-1)?.toMs ?? 0)) absences.push({ fromMs, toMs, isTold });
  }
  return absences;
}

export function isAway(absences: readonly Absence[], atMs: number): boolean {
  return absences.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
}

/** Those who press for help. At night a press comes at another time than was drawn for it, and nothing else changes. */
function callsFor(run: Run, seed: number, resident: Resident, wearers: Wearers): PlannedPress[] {
  const { pressesPerThousandUnitDays, atNightPpm } = wearers;
  const chance = new Stream(seed, "presses", resident.index);
  const night = new Stream(seed, "presses at night", resident.index);
  const dayLengthMs = windowLengthMs(wearers);
  const presses: PlannedPress[] = [];
  for (const windowMs of windowsOf(run, wearers)) {
    const whole = Math.floor(pressesPerThousandUnitDays / 1_000);
    const count = whole + (chance.chance((pressesPerThousandUnitDays % 1_000) * 1_000) ? 1 : 0);
    for (let i = 0; i < count; i++) {
      let atMs = windowMs + chance.below(dayLengthMs);
      const button = 1 + chance.below(resident.group.buttons);
      if (night.chance(atNightPpm)) atMs = windowMs + dayLengthMs + night.below(dayMs - dayLengthMs);
      presses.push({ atMs, unit: resident.name, button });
    }
  }
  return presses;
}

/** One test in so many days, on days of the unit's own. */
function testsOf(run: Run, seed: number, resident: Resident, wearers: Wearers): PlannedPress[] {
  if (wearers.testPress === undefined) return [];
  const { everyDays, forgottenPpm } = wearers.testPress;
  const chance = new Stream(seed, "test presses", resident.index);
  const first = chance.below(everyDays);
  const presses: PlannedPress[] = [];
  windowsOf(run, wearers).forEach((windowMs, day) => {
    if (day % everyDays !== first) return;
    const isForgotten = chance.chance(forgottenPpm);
    const atMs = windowMs + chance.below(windowLengthMs(wearers));
    const button = 1 + chance.below(resident.group.buttons);
    if (!isForgotten) presses.push({ atMs, unit: resident.name, button });
  });
  return presses;
}

function fallsOf(run: Run, seed: number, resident: Resident, wearers: Wearers): number[] {
  const chance = new Stream(seed, "falls", resident.index);
  const instants: number[] = [];
  for (const windowMs of windowsOf(run, wearers)) {
    const falls = chance.chance(perDay(wearers.fallsPerThousandUnitYears));
    const atMs = windowMs + chance.below(dayMs);
    if (falls) instants.push(atMs);
  }
  return instants;
}

function walks({ name: unit, group }: Resident, { fromMs, toMs, isTold }: Absence): TimelineStep[] {
  const steps: TimelineStep[] = [];
  if (toMs < everybodyOnMs) return steps;
  for (const [atMs, isOut] of [
    [Math.max(fromMs, everybodyOnMs), true],
    [toMs, false],
  ] as const) {
    if (isTold) steps.push({ atMs, key: { unit, name: "away", hold: "short" } });
    for (let button = 1; button <= group.buttons; button++) steps.push({ atMs, range: { unit, button }, isOut });
  }
  return steps;
}

/** The beginning of the people's hours on each day of the run, and on the day before: its window may reach into the run. */
function windowsOf({ startWallMs, durationMs }: Run, { fromMinute }: Wearers): readonly number[] {
  const windows: number[] = [];
  let windowMs = nextSwedishClock(startWallMs - dayMs, fromMinute * minuteMs) - startWallMs;
  while (windowMs < durationMs) {
    windows.push(windowMs);
    windowMs = nextSwedishClock(startWallMs + windowMs + 1, fromMinute * minuteMs) - startWallMs;
  }
  return windows;
}

function windowLengthMs({ fromMinute, toMinute }: Wearers): number {
  return (toMinute - fromMinute) * minuteMs;
}

/** What comes so often in a thousand years of a unit comes on one day with this chance. */
function perDay(perThousandUnitYears: number): number {
  return Math.floor((perThousandUnitYears * (million / 1_000)) / daysOfYear);
}

function isWithin(atMs: number, { durationMs }: Run): boolean {
  return atMs >= 0 && atMs < durationMs;
}
