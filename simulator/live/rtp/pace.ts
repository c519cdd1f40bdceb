/** A beat on absolute instants: each step is planned from the start, never from the step before, so that it does not drift. */
import type { Clock, Timer } from "../../../firmware/ports/clock.ts";

/** Most steps that are made up for at once when the machine was busy; what is beyond is left out. */
export const catchUpLimit = 5;

export class Pace {
  private readonly clock: Clock;
  private readonly stepMs: number;
  private readonly step: (leftOut: number) => void;
  private timer: Timer | undefined;
  private nextMs: number;

  /** `step` is called for each step, with how many were left out just before it. */
  constructor(clock: Clock, stepMs: number, step: (leftOut: number) => void) {
    this.clock = clock;
    this.stepMs = stepMs;
    this.step = step;
    this.timer = undefined;
    this.nextMs = 0;
  }

  /** The first step comes at once, though not from inside this call. Nothing happens where it runs already. */
  start(): void {
    if (this.timer !== undefined) return;
    this.nextMs = this.clock.nowMs();
    this.plan();
  }

  /** No step comes any more; allowed from inside one. */
  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private plan(): void {
    this.timer = this.clock.after(Math.max(0, this.nextMs - this.clock.nowMs()), () => this.due());
  }

  private due(): void {
    const dueCount = Math.floor((this.clock.nowMs() - this.nextMs) / this.stepMs) + 1;
    let leftOut = Math.max(0, dueCount - catchUpLimit);
    this.nextMs += dueCount * this.stepMs;
    for (let left = dueCount - leftOut; left > 0 && this.timer !== undefined; left--) {
      this.step(leftOut);
      leftOut = 0;
    }
    if (this.timer !== undefined) this.plan();
  }
}
