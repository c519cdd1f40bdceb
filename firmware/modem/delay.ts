/** One delay at a time: a new one takes the place of the old. */
import type { Clock, Timer } from "../ports/clock.ts";

export class Delay {
  private readonly clock: Clock;
  private timer: Timer | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
    this.timer = undefined;
  }

  get isRunning(): boolean {
    return this.timer !== undefined;
  }

  /** Calls back once after `afterMs`, unless stopped or started again before. */
  start(afterMs: number, callback: () => void): void {
    this.stop();
    this.timer = this.clock.after(afterMs, () => {
      this.timer = undefined;
      callback();
    });
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
  }
}
