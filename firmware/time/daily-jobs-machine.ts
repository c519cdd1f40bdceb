/**
 * Jobs that are due once on each local date. Which dates a job has had is kept, so that neither a restart nor a clock that
 * jumps gives it twice on one date; a date on which its time has come is never left out. A local time that the spring skips
 * moves on by the hour, of a double one the first counts. While the time is unknown a job comes each 24 h of the unit's running.
 */
import { go, type Next } from "../machine.ts";
import { localTimeOf, utcOfLocal } from "./stockholm.ts";

/** What is known of one job; its number is its place in the list. */
export interface JobState {
  /** Local time of day, in ms; -1 where the job is off. */
  readonly atMs: number;
  /** Local dates (days since 1970) it has had, the newest last, at most `ranLimit`. */
  readonly ran: readonly number[];
  /** When it is due while the time is unknown. */
  readonly unknownMs: number;
  /** When it last came without a date, or -1: that run gets its date as soon as the time is known. */
  readonly undatedMs: number;
}

export interface DailyState {
  readonly at: "waiting";
  readonly jobs: readonly JobState[];
  readonly wakeMs: number;
}

/** `wallMs` is UTC since 1970, or -1 while unknown. */
export interface DailyEvent {
  readonly type: "due" | "clock-changed";
  readonly nowMs: number;
  readonly wallMs: number;
}

export type DailyEffect =
  /** Keep the dates; done before the job runs, so that a job that brings the unit down does so once a date. */
  | { readonly type: "keep"; readonly job: number; readonly ran: readonly number[] }
  /** `day` is the local date, or -1 while the time is unknown; `lateMs` is how long ago the job was due. */
  | { readonly type: "run"; readonly job: number; readonly day: number; readonly lateMs: number }
  | { readonly type: "wake"; readonly atMs: number };

/** Dates remembered of a job: so many leaps to other dates and back are seen through. */
export const ranLimit = 8;

const dayMs = 86_400_000;

/** `ran`: the dates of a former life, job by job. */
export function startDaily(atMs: readonly number[], ran: readonly (readonly number[])[], nowMs: number): DailyState {
  const jobs: JobState[] = [];
  for (let i = 0; i < atMs.length; i++) {
    jobs.push({ atMs: atMs[i] as number, ran: ran[i] ?? [], unknownMs: nowMs + dayMs, undatedMs: -1 });
  }
  return { at: "waiting", jobs, wakeMs: -1 };
}

export function stepDaily(state: DailyState, event: DailyEvent): Next<DailyState, DailyEffect> {
  const effects: DailyEffect[] = [];
  const jobs: JobState[] = [];
  let wakeMs = -1;
  for (let i = 0; i < state.jobs.length; i++) {
    const before = state.jobs[i] as JobState;
    if (before.atMs < 0) {
      jobs.push(before);
      continue;
    }
    const job = event.wallMs < 0 ? runUndated(before, i, event.nowMs, effects) : runDated(before, i, event, effects);
    const nextMs = event.wallMs < 0 ? job.unknownMs : event.nowMs + nextWallMs(job, event.wallMs) - event.wallMs;
    jobs.push(job);
    if (wakeMs < 0 || nextMs < wakeMs) wakeMs = nextMs;
  }
  if (wakeMs >= 0 && (wakeMs !== state.wakeMs || event.type === "due")) effects.push({ type: "wake", atMs: wakeMs });
  return go({ at: "waiting", jobs, wakeMs }, effects);
}

function runUndated(job: JobState, number: number, nowMs: number, effects: DailyEffect[]): JobState {
  if (nowMs < job.unknownMs) return job;
  effects.push({ type: "run", job: number, day: -1, lateMs: 0 });
  return { atMs: job.atMs, ran: job.ran, unknownMs: nowMs + dayMs, undatedMs: nowMs };
}

function runDated(job: JobState, number: number, event: DailyEvent, effects: DailyEffect[]): JobState {
  let ran = job.ran;
  if (job.undatedMs >= 0) ran = withDay(ran, dayAt(event.wallMs - (event.nowMs - job.undatedMs)));
  const today = dayAt(event.wallMs);
  const dueMs = wallMsOf(today, job.atMs);
  const runs = event.wallMs >= dueMs && ran.indexOf(today) < 0;
  if (runs) ran = withDay(ran, today);
  if (ran !== job.ran) effects.push({ type: "keep", job: number, ran });
  if (runs) effects.push({ type: "run", job: number, day: today, lateMs: event.wallMs - dueMs });
  return { atMs: job.atMs, ran, unknownMs: job.unknownMs, undatedMs: -1 };
}

/** When the first date that it has not had brings the job, after `wallMs`. */
function nextWallMs(job: JobState, wallMs: number): number {
  let day = dayAt(wallMs);
  while (job.ran.indexOf(day) >= 0) day++;
  return wallMsOf(day, job.atMs);
}

function withDay(ran: readonly number[], day: number): readonly number[] {
  if (ran.indexOf(day) >= 0) return ran;
  const days: number[] = [];
  for (let i = Math.max(0, ran.length + 1 - ranLimit); i < ran.length; i++) days.push(ran[i] as number);
  days.push(day);
  return days;
}

function dayAt(wallMs: number): number {
  return localTimeOf(Math.floor(wallMs / 1000)).day;
}

function wallMsOf(day: number, atMs: number): number {
  const second = Math.floor(atMs / 1000);
  return utcOfLocal(day, second) * 1000 + (atMs - second * 1000);
}
