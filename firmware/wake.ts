/** One deadline of one machine: setting it anew replaces its former self. */
import type { Clock, Timer } from "./ports/clock.ts";

export class Wake {
  private readonly clock: Clock;
  private readonly callback: () => void;
  private timer: Timer | undefined;

  constructor(clock: Clock, callback: () => void) {
    this.clock = clock;
    this.callback = callback;
    this.timer = undefined;
  }

  /** Calls back at the monotonic instant `atMs`, or at once where that has passed. */
  set(atMs: number): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = this.clock.after(Math.max(0, atMs - this.clock.nowMs()), this.callback);
  }
}
