/** The daily jobs of a unit: each at its own place in its window, drawn once and kept, so that a fleet never acts in step. */

import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { observerOf } from "../department.ts";
import { Runner } from "../runner.ts";
import { dailyJobKind, dailyPlaceKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import {
  type DailyEffect,
  type DailyEvent,
  type DailyState,
  ranLimit,
  startDaily,
  stepDaily,
} from "./daily-jobs-machine.ts";

/** Local seconds of the day from which, and before which, a job comes; 0 to 86,400, on one date. */
export interface JobWindow {
  readonly fromS: number;
  readonly toS: number;
}

/** `job` is its place in the list of windows; `day` is the local date (days since 1970) or -1 while the time is unknown. */
export type RunJob = (job: number, day: number, lateMs: number) => void;

export class DailyJobs {
  private readonly context: UnitContext;
  private readonly run: RunJob;
  private readonly wake: Wake;
  private readonly daily: Runner<DailyState, DailyEvent, DailyEffect>;

  /** Begins at once; a job without a window is off. What was missed while the unit was off comes as soon as the time is known. */
  constructor(context: UnitContext, windows: readonly (JobWindow | undefined)[], run: RunJob) {
    this.context = context;
    this.run = run;
    const places: number[] = [];
    const ran: (readonly number[])[] = [];
    for (let job = 0; job < windows.length; job++) {
      const window = windows[job];
      places.push(window === undefined ? -1 : this.placeOf(job, window));
      ran.push(this.keptDays(job));
    }
    this.wake = new Wake(context.clock, () => this.dispatch("due"));
    this.daily = new Runner(
      stepDaily,
      startDaily(places, ran, context.clock.nowMs()),
      (effect) => this.perform(effect),
      observerOf(context, "daily"),
    );
    context.wallClock.watch(() => this.dispatch("clock-changed"));
    this.dispatch("clock-changed");
  }

  private dispatch(type: DailyEvent["type"]): void {
    const nowMs = this.context.clock.nowMs();
    this.daily.dispatch({ type, nowMs, wallMs: this.context.wallClock.milliseconds(nowMs) });
  }

  private perform(effect: DailyEffect): void {
    switch (effect.type) {
      case "keep":
        this.keep(effect.job, effect.ran);
        return;
      case "run":
        this.run(effect.job, effect.day, effect.lateMs);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  /** Where the journal takes nothing the place is drawn anew at each start. */
  private placeOf(job: number, window: JobWindow): number {
    let bytes = this.context.records.read(dailyPlaceKind, job);
    if (bytes === undefined || bytes.length !== 4) {
      bytes = new Uint8Array(4);
      this.context.secrets.random(bytes);
      this.context.records.write(dailyPlaceKind, job, bytes);
    }
    return window.fromS * 1000 + (readerOf(bytes).u32() % ((window.toS - window.fromS) * 1000));
  }

  private keep(job: number, ran: readonly number[]): void {
    const to = new Writer(new Uint8Array(2 * ran.length));
    for (let i = 0; i < ran.length; i++) to.u16(ran[i] as number);
    this.context.records.write(dailyJobKind, job, to.written());
  }

  private keptDays(job: number): readonly number[] {
    const bytes = this.context.records.read(dailyJobKind, job);
    const days: number[] = [];
    if (bytes === undefined || bytes.length > 2 * ranLimit) return days;
    const from = readerOf(bytes);
    while (from.left >= 2) days.push(from.u16());
    return days;
  }
}

/** What is wrong with a window, in words, or undefined. */
export function windowFault(window: JobWindow): string | undefined {
  const whole = window.fromS === Math.floor(window.fromS) && window.toS === Math.floor(window.toS);
  if (whole && window.fromS >= 0 && window.fromS < window.toS && window.toS <= 86_400) return undefined;
  return "a window must begin before it ends, on one date";
}
