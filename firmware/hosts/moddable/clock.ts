/** The Clock port over XS's timers. The engine's counter of milliseconds is 32 bits long, so that what passed is summed up. */
import type { Clock, Timer } from "../../ports/clock.ts";

/** The engine's modules "timer" and "time", as far as a clock needs them. */
export interface TimerModule<T> {
  set(callback: () => void, delayMs: number): T;
  clear(timer: T): void;
}
export interface TimeModule {
  readonly ticks: number;
  delta(start: number, end: number): number;
}

/** Well below half of the counter's period of 49 days. */
const longestWaitMs = 86_400_000;

export class XsClock<T> implements Clock {
  readonly timers: TimerModule<T>;
  private readonly time: TimeModule;
  private lastTicks: number;
  private sinceStartMs: number;

  /** Time 0 is now. Somebody must ask at least once a month; the unit's daily jobs do. */
  constructor(timers: TimerModule<T>, time: TimeModule) {
    this.timers = timers;
    this.time = time;
    this.lastTicks = time.ticks;
    this.sinceStartMs = 0;
  }

  nowMs(): number {
    const ticks = this.time.ticks;
    const passedMs = this.time.delta(this.lastTicks, ticks);
    // A counter that is read out of step must not take the clock back.
    if (passedMs > 0) {
      this.sinceStartMs += passedMs;
      this.lastTicks = ticks;
    }
    return this.sinceStartMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return new XsTimer(this, this.nowMs() + delayMs, callback);
  }
}

class XsTimer<T> implements Timer {
  private readonly clock: XsClock<T>;
  private readonly dueMs: number;
  private readonly callback: () => void;
  private handle: T | undefined;

  constructor(clock: XsClock<T>, dueMs: number, callback: () => void) {
    this.clock = clock;
    this.dueMs = dueMs;
    this.callback = callback;
    this.handle = undefined;
    this.wait();
  }

  cancel(): void {
    if (this.handle !== undefined) this.clock.timers.clear(this.handle);
    this.handle = undefined;
  }

  private wait(): void {
    const leftMs = this.dueMs - this.clock.nowMs();
    const waitMs = Math.max(0, Math.min(leftMs, longestWaitMs));
    this.handle = this.clock.timers.set(() => this.elapsed(), waitMs);
  }

  /** The engine's ticks are coarser than a millisecond: never too early. */
  private elapsed(): void {
    this.handle = undefined;
    if (this.clock.nowMs() < this.dueMs) this.wait();
    else this.callback();
  }
}
