/** Who belongs to this unit, and what a proven frame of a bond means: new, a copy, or replayed (radio 2.3, 5.3, 5.4). Pure; owns no port. */
import type { AccessoryType, Happening } from "../../protocol/radio/accessory-types.ts";
import { happenings } from "../../protocol/radio/accessory-types.ts";
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import { isNew, nameOf } from "../../protocol/radio/names.ts";
import type { HeardFrame } from "./heard-frame.ts";

export interface Bond {
  readonly address: number;
  /** Person slot, from 1. */
  readonly person: number;
  readonly form: ButtonForm | AccessoryType;
  /** 16 bytes, made by pairing. */
  readonly key: Uint8Array;
  /** A lost device: its frames raise no alarm any more. */
  readonly revoked: boolean;
  /** Where it hangs or who wears it, up to 20 characters. */
  readonly where?: string | undefined;
  /** The key of a pairing that the device has not called under yet: both count until it does (radio 7.3). */
  readonly freshKey?: Uint8Array | undefined;
}

/** Places in the table of bonds. */
export const bondLimit = 32;

/** One row of calls of the same meaning: presses, falls, or one happening of an accessory. Each is named and acknowledged by itself. */
export interface Series {
  readonly code: number;
  /** The newest call, and the counter of its newest frame. 0 stands for "none in this life". */
  readonly name: number;
  readonly counter: number;
  /** Times that it tells of; 256 more where a fall is withdrawn. */
  readonly times: number;
  /** What the owner had this call told last; absent while its alarm is not in the journal. */
  readonly step: AlarmStep | undefined;
  /** When `counter` was first heard, and how often its copies were answered since. */
  readonly heardAtMs: number;
  readonly repeats: number;
}

/** What is remembered of a bond's frames under one key: the newest counter (0: none yet), and at most 14 series. */
export interface BondMemory {
  readonly counter: number;
  readonly series: readonly Series[];
}

export type Verdict =
  /** A press, fall or event not heard before, one that tells of more, or one that the owner has not had acknowledged yet. */
  | "call"
  /** A newer frame of a call that was heard: acknowledged again, raises nothing. */
  | "call-again"
  /** The very bytes of the newest frame of a series: acknowledged again, raises nothing. */
  | "copy"
  | "status-asked"
  /** A report, a check-in, or what the device says about its bond. */
  | "report"
  /** Heard before, or sent by a unit: counted, never answered. */
  | "replayed";

export interface Judgement {
  readonly verdict: Verdict;
  readonly memory: BondMemory;
  /** The call that the verdict is about; undefined where it is about none. */
  readonly series: Series | undefined;
}

/** A copy is answered for this long and this often. */
export const copyAnswerMs = 600_000;
export const copyAnswerLimit = 30;

export const pressSeries = 0;
export const fallSeries = 1;
/** The series of an accessory's happenings have the codes from here on. */
const happeningSeries = 2;
const withdrawnTimes = 256;

export const noMemory: BondMemory = { counter: 0, series: [] };

/** What is known after a restart: the newest counter, and the newest name of a series with the step that it was told. */
export function remembered(
  memory: BondMemory,
  counter: number,
  code: number,
  name: number,
  step: AlarmStep,
): BondMemory {
  const series: Series = { code, name, counter: 0, times: 0, step, heardAtMs: 0, repeats: 0 };
  return withSeries(Math.max(counter, memory.counter), memory, series);
}

/** Judges a frame whose tag is proven. */
export function judge(memory: BondMemory, frame: HeardFrame, nowMs: number): Judgement {
  const message = frame.message;
  switch (message.type) {
    case "press":
      return judgeCall(memory, frame.counter, pressSeries, message.press.nameDistance, message.press.presses, nowMs);
    case "fall": {
      const times = message.fall.falls + (message.fall.phase === "withdrawn" ? withdrawnTimes : 0);
      return judgeCall(memory, frame.counter, fallSeries, message.fall.nameDistance, times, nowMs);
    }
    case "accessory-event": {
      const code = seriesOf(message.event.happening);
      return judgeCall(memory, frame.counter, code, message.event.nameDistance, message.event.times, nowMs);
    }
    case "status-request":
      return advanced("status-asked", memory, frame.counter);
    case "report":
    case "accessory-check-in":
    case "bond-told":
      return advanced("report", memory, frame.counter);
    case "acknowledge":
    case "status":
      return replayed(memory);
  }
}

/** The owner had this call told `step`; an older or unknown name changes nothing. */
export function withStep(memory: BondMemory, name: number, step: AlarmStep): BondMemory {
  for (let i = 0; i < memory.series.length; i++) {
    const known = memory.series[i] as Series;
    if (known.name === name)
      return withSeries(memory.counter, memory, heard(known, known.heardAtMs, known.repeats, step));
  }
  return memory;
}

/** The newest call of this series, or undefined. */
export function newestOf(memory: BondMemory, code: number): Series | undefined {
  for (let i = 0; i < memory.series.length; i++) {
    const known = memory.series[i] as Series;
    if (known.code === code) return known;
  }
  return undefined;
}

export function seriesOf(happening: Happening): number {
  return happeningSeries + happenings.indexOf(happening);
}

function judgeCall(
  memory: BondMemory,
  counter: number,
  code: number,
  distance: number,
  times: number,
  nowMs: number,
): Judgement {
  const before = newestOf(memory, code);
  if (!isNew(memory.counter, counter)) {
    return before !== undefined && before.counter === counter ? judgeCopy(memory, before, nowMs) : replayed(memory);
  }
  const name = nameOf(counter, distance);
  const known = before !== undefined && name <= before.name;
  const series: Series = {
    code,
    name: known ? before.name : name,
    counter,
    times: known ? Math.max(before.times, times) : times,
    step: known ? before.step : undefined,
    heardAtMs: nowMs,
    repeats: 0,
  };
  const again = known && !(name === before.name && tellsMore(before, times));
  return { verdict: again ? "call-again" : "call", memory: withSeries(counter, memory, series), series };
}

/** Without a step the owner has not said that the alarm is safe, so it hears of the call once more. */
function tellsMore(before: Series, times: number): boolean {
  if (before.step === undefined) return true;
  return times > before.times && (before.times !== 0 || times > withdrawnTimes);
}

function judgeCopy(memory: BondMemory, before: Series, nowMs: number): Judgement {
  if (before.repeats >= copyAnswerLimit || nowMs - before.heardAtMs > copyAnswerMs) return replayed(memory);
  const series = heard(before, before.heardAtMs, before.repeats + 1, before.step);
  return { verdict: "copy", memory: withSeries(memory.counter, memory, series), series };
}

function advanced(verdict: Verdict, memory: BondMemory, counter: number): Judgement {
  if (!isNew(memory.counter, counter)) return replayed(memory);
  return { verdict, memory: { counter, series: memory.series }, series: undefined };
}

function replayed(memory: BondMemory): Judgement {
  return { verdict: "replayed", memory, series: undefined };
}

function heard(series: Series, heardAtMs: number, repeats: number, step: AlarmStep | undefined): Series {
  return {
    code: series.code,
    name: series.name,
    counter: series.counter,
    times: series.times,
    step,
    heardAtMs,
    repeats,
  };
}

function withSeries(counter: number, memory: BondMemory, series: Series): BondMemory {
  const all: Series[] = [series];
  for (let i = 0; i < memory.series.length; i++) {
    const other = memory.series[i] as Series;
    if (other.code !== series.code) all.push(other);
  }
  return { counter, series: all };
}
