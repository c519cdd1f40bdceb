/** The numbers behind the plots of the report page, thinned to what a screen can show. */
import type { ReceiverIntake, RunFacts, RunPress, RunScenario } from "../record/run-result.ts";
import { localDate, localMinute, swedishOffsetMs } from "../scenario/scenario-clock.ts";
import type { IntakeView, ReportView, Tick, Wait } from "./page/view.ts";
import { delayMs, hasSecondReceiver, lateAfterMs } from "./statistics.ts";

export const mostMarks = 6_000;
export const mostSteps = 1_500;
const mostStretches = 300;
const mostTicks = 12;
const mostIntakes = 4;
const leastWaitMs = 100;

const minuteMs = 60_000;
const tickStepsMin = [1, 2, 5, 10, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 43_200];

/** Round Swedish times of day. */
export function ticksOf(facts: {
  readonly virtualMs: number;
  readonly scenario: Pick<RunScenario, "startWallMs">;
}): readonly Tick[] {
  const endMin = facts.virtualMs / minuteMs;
  const step = tickStepsMin.find((each) => endMin / each <= mostTicks) ?? Math.ceil(endMin / mostTicks);
  const { startWallMs } = facts.scenario;
  const localMin = Math.floor((startWallMs + swedishOffsetMs(startWallMs)) / minuteMs);
  const ticks: Tick[] = [];
  for (let at = (step - (localMin % step)) % step; at <= endMin; at += step) {
    const wallMs = startWallMs + at * minuteMs;
    ticks.push({ atMs: at * minuteMs, label: step < 1_440 ? localMinute(wallMs) : localDate(wallMs).slice(5) });
  }
  return ticks;
}

/** Of very many alarms each so-manieth is shown, and every late one while there is room. */
export function waitsOf(facts: RunFacts): readonly Wait[] {
  const second = hasSecondReceiver(facts);
  const waited = (press: RunPress): number =>
    Math.max(leastWaitMs, delayMs(press) ?? facts.virtualMs - press.pressedMs);
  const every = Math.ceil(facts.presses.length / (mostMarks / 2));
  const late = facts.presses.filter((press) => waited(press) > lateAfterMs);
  const everyLate = Math.ceil(late.length / (mostMarks / 2));
  const shown = [
    ...facts.presses.filter((press, index) => index % every === 0 && waited(press) <= lateAfterMs),
    ...late.filter((_, index) => index % everyLate === 0),
  ];
  const marks = (fits: (press: RunPress) => boolean): Wait["marks"] =>
    shown.filter(fits).map((press) => [press.pressedMs, waited(press)]);
  return [
    { kind: "two", marks: marks((press) => press.acceptedMs !== null && second(press)) },
    { kind: "one", marks: marks((press) => press.acceptedMs !== null && !second(press)) },
    { kind: "never", marks: marks((press) => press.acceptedMs === null) },
  ];
}

/** Of many changes in one stretch the highest count is kept: a peak is never thinned away. */
export function pendingOf(facts: RunFacts): ReportView["pending"] {
  const stretchMs = Math.max(1, Math.ceil(facts.virtualMs / mostSteps));
  const thin = facts.pending.length > mostSteps;
  const steps: [number, number][] = [];
  let stretch = -1;
  for (const { atMs, count } of facts.pending) {
    const mine = Math.floor(atMs / stretchMs);
    const last = steps.at(-1);
    if (thin && mine === stretch && last !== undefined) last[1] = Math.max(last[1], count);
    else steps.push([atMs, count]);
    stretch = mine;
  }
  steps.push([facts.virtualMs, facts.pending.at(-1)?.count ?? 0]);
  return steps;
}

/** Receivers that had a fault come first; the others show what is usual. */
export function intakesOf(facts: RunFacts): readonly IntakeView[] {
  const faulty = new Set(facts.faults.filter((fault) => fault.object === "receiver").map((fault) => fault.name));
  const order = [
    ...facts.receivers.filter((each) => faulty.has(each.name)),
    ...facts.receivers.filter((each) => !faulty.has(each.name)),
  ];
  return order.slice(0, mostIntakes).map(intakeOf);
}

function intakeOf(intake: ReceiverIntake): IntakeView {
  const { name, messages, busiest, limitPerThousandSeconds, peakPerMinute, acceptedPerMinute } = intake;
  const width = Math.max(1, Math.ceil(peakPerMinute.length / mostStretches));
  const marks: [number, number, number][] = [];
  for (let from = 0; from < peakPerMinute.length; from += width) {
    const accepted = acceptedPerMinute.slice(from, from + width);
    const mean = accepted.reduce((sum, each) => sum + each, 0) / (60 * accepted.length);
    const peak = peakPerMinute.slice(from, from + width).reduce((most, each) => Math.max(most, each), 0);
    marks.push([from * minuteMs, peak, Math.round(mean * 100) / 100]);
  }
  return {
    name,
    messages,
    busiestAtMs: busiest?.atMs ?? null,
    busiest: busiest?.messages ?? 0,
    limit: limitPerThousandSeconds === null ? null : limitPerThousandSeconds / 1_000,
    marks,
  };
}
