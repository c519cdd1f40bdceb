/** The Clock port over real time, for units and receivers that run live. */
import type { Clock, Timer } from "../../firmware/ports/clock.ts";

/** Node takes no longer wait than this, in ms; longer ones are waited for in parts. */
const longestWaitMs = 2_147_483_647;

export class LiveClock implements Clock {
  private readonly startMs: number;

  /** Starts now at 0. */
  constructor() {
    this.startMs = performance.now();
  }

  nowMs(): number {
    return Math.floor(performance.now() - this.startMs);
  }

  after(delayMs: number, callback: () => void): Timer {
    const dueMs = performance.now() + delayMs;
    let handle: NodeJS.Timeout;
    const wait = (): void => {
      const leftMs = Math.ceil(dueMs - performance.now());
      handle = setTimeout(arrive, Math.min(Math.max(leftMs, 0), longestWaitMs));
    };
    const arrive = (): void => {
      // Only a part of a long wait may be over, and Node's timers may fire up to a millisecond early.
      if (performance.now() < dueMs) wait();
      else callback();
    };
    wait();
    return { cancel: () => clearTimeout(handle) };
  }
}
