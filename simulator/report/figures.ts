/** The numbers behind the plots of the report page, thinned to what a screen can show. Instants become minutes of the run. */
import type { ReceiverIntake, RunFacts } from "../record/run-result.ts";
import { localDate, localMinute, swedishOffsetMs } from "../scenario/scenario-clock.ts";
import { delayMs, hasSecondReceiver, lateAfterMs } from "./statistics.ts";
import { faultText } from "./texts.ts";

export interface Figures {
  readonly endMin: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly faults: readonly { readonly from: number; readonly to: number; readonly label: string }[];
  /** One entry per press; each wait in ms stands in one of the three lists. */
  readonly waits: {
    readonly at: readonly number[];
    readonly two: readonly (number | null)[];
    readonly one: readonly (number | null)[];
    readonly never: readonly (number | null)[];
  };
  readonly pending: { readonly at: readonly number[]; readonly count: readonly number[] };
  readonly intakes: readonly Intake[];
}

export interface Intake {
  readonly name: string;
  readonly at: readonly number[];
  readonly carried: readonly number[];
  readonly accepted: readonly number[];
}

export const mostMarks = 20_000;
export const mostSteps = 3_000;
const mostBuckets = 300;
const mostTicks = 12;
const mostIntakes = 4;

const minuteMs = 60_000;
const tickStepsMin = [1, 2, 5, 10, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 43_200];

export function figuresOf(facts: RunFacts): Figures {
  return {
    endMin: facts.virtualMs / minuteMs,
    ticks: ticksOf(facts),
    faults: facts.faults.map((fault) => ({
      from: fault.fromMs / minuteMs,
      to: fault.toMs / minuteMs,
      label: faultText(fault),
    })),
    waits: waitsOf(facts),
    pending: pendingOf(facts),
    intakes: intakesOf(facts),
  };
}

/** Round Swedish times of day. */
function ticksOf(facts: RunFacts): Figures["ticks"] {
  const endMin = facts.virtualMs / minuteMs;
  const step = tickStepsMin.find((each) => endMin / each <= mostTicks) ?? Math.ceil(endMin / mostTicks);
  const { startWallMs } = facts.scenario;
  const localMin = Math.floor((startWallMs + swedishOffsetMs(startWallMs)) / minuteMs);
  const ticks: { at: number; label: string }[] = [];
  for (let at = (step - (localMin % step)) % step; at <= endMin; at += step) {
    const wallMs = startWallMs + at * minuteMs;
    ticks.push({ at, label: step < 1_440 ? localMinute(wallMs) : localDate(wallMs).slice(5) });
  }
  return ticks;
}

function waitsOf(facts: RunFacts): Figures["waits"] {
  const second = hasSecondReceiver(facts);
  const every = Math.ceil(facts.presses.length / mostMarks);
  const shown = facts.presses.filter(
    (press, index) => index % every === 0 || (every < 50 && (delayMs(press) ?? 0) > lateAfterMs),
  );
  const wait = (press: (typeof shown)[number], wanted: boolean): number | null =>
    wanted ? Math.max(100, delayMs(press) ?? facts.virtualMs - press.pressedMs) : null;
  return {
    at: shown.map((press) => press.pressedMs / minuteMs),
    two: shown.map((press) => wait(press, press.acceptedMs !== null && second(press))),
    one: shown.map((press) => wait(press, press.acceptedMs !== null && !second(press))),
    never: shown.map((press) => wait(press, press.acceptedMs === null)),
  };
}

/** Of many changes in one stretch the highest count is kept: a peak is never thinned away. */
function pendingOf(facts: RunFacts): Figures["pending"] {
  const stretchMs = Math.max(1, Math.ceil(facts.virtualMs / mostSteps));
  const thin = facts.pending.length > mostSteps;
  const at: number[] = [];
  const count: number[] = [];
  let stretch = -1;
  for (const entry of facts.pending) {
    const mine = Math.floor(entry.atMs / stretchMs);
    const last = count.length - 1;
    if (thin && mine === stretch) count[last] = Math.max(count[last] ?? 0, entry.count);
    else {
      at.push(entry.atMs / minuteMs);
      count.push(entry.count);
      stretch = mine;
    }
  }
  at.push(facts.virtualMs / minuteMs);
  count.push(facts.pending.at(-1)?.count ?? 0);
  return { at, count };
}

/** Receivers that had a fault come first; the others show what is usual. */
function intakesOf(facts: RunFacts): readonly Intake[] {
  const faulty = new Set(facts.faults.filter((fault) => fault.object === "receiver").map((fault) => fault.name));
  const order = [
    ...facts.receivers.filter((each) => faulty.has(each.name)),
    ...facts.receivers.filter((each) => !faulty.has(each.name)),
  ];
  return order.slice(0, mostIntakes).map(intakeOf);
}

function intakeOf(intake: ReceiverIntake): Intake {
  const minutes = intake.carriedPerMinute.length;
  const bucket = Math.max(1, Math.ceil(minutes / mostBuckets));
  const at: number[] = [];
  const carried: number[] = [];
  const accepted: number[] = [];
  for (let from = 0; from < minutes; from += bucket) {
    const width = Math.min(bucket, minutes - from);
    at.push(from + width / 2);
    carried.push(mean(intake.carriedPerMinute, from, width));
    accepted.push(mean(intake.acceptedPerMinute, from, width));
  }
  return { name: intake.name, at, carried, accepted };
}

function mean(values: readonly number[], from: number, width: number): number {
  let sum = 0;
  for (let index = from; index < from + width; index++) sum += values[index] ?? 0;
  return Math.round((sum / width) * 10) / 10;
}
