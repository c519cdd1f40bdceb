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
    return new LiveTimer(delayMs, callback);
  }
}

/** A receiver under load starts thousands a second. */
class LiveTimer implements Timer {
  private readonly dueMs: number;
  private readonly callback: () => void;
  private handle: NodeJS.Timeout;

  constructor(delayMs: number, callback: () => void) {
    this.dueMs = performance.now() + delayMs;
    this.callback = callback;
    this.handle = this.wait(delayMs);
  }

  cancel(): void {
    clearTimeout(this.handle);
  }

  private wait(forMs: number): NodeJS.Timeout {
    return setTimeout(() => this.arrive(), Math.min(Math.max(Math.ceil(forMs), 0), longestWaitMs));
  }

  /** Only a part of a long wait may be over, and Node's timers may fire up to a millisecond early. */
  private arrive(): void {
    const leftMs = this.dueMs - performance.now();
    if (leftMs > 0) this.handle = this.wait(leftMs);
    else this.callback();
  }
}
