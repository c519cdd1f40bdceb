/** The Clock port of one simulated device: time 0 is its own start, and what it has planned ends with it. */
import type { Clock, Timer } from "../../firmware/ports/clock.ts";
import type { EventQueue, Handle } from "./event-queue.ts";

class SimTimer implements Timer {
  private readonly clock: SimClock;
  private readonly callback: () => void;
  private handle: Handle | undefined;

  constructor(clock: SimClock, instantMs: number, callback: () => void) {
    this.clock = clock;
    this.callback = callback;
    this.handle = clock.queue.at(instantMs, () => this.fire());
    clock.timers.add(this);
  }

  cancel(): void {
    if (this.handle === undefined) return;
    this.clock.queue.cancel(this.handle);
    this.handle = undefined;
    this.clock.timers.delete(this);
  }

  private fire(): void {
    this.handle = undefined;
    this.clock.timers.delete(this);
    this.callback();
  }
}

export class SimClock implements Clock {
  readonly queue: EventQueue;
  /** World time of the device's start, in ms. */
  readonly bootMs: number;
  /** What is planned; for SimTimer alone. */
  readonly timers: Set<SimTimer>;
  private stopped: boolean;

  /** The device starts now. */
  constructor(queue: EventQueue) {
    this.queue = queue;
    this.bootMs = queue.nowMs;
    this.timers = new Set();
    this.stopped = false;
  }

  nowMs(): number {
    return this.queue.nowMs - this.bootMs;
  }

  /** Throws when `delayMs` is not whole or is below 0. After stop() nothing is planned any more. */
  after(delayMs: number, callback: () => void): Timer {
    if (this.stopped) return over;
    return new SimTimer(this, this.queue.nowMs + delayMs, callback);
  }

  /** The power is cut: no timer of this device fires any more, and nothing planned holds the dead device in memory. */
  stop(): void {
    this.stopped = true;
    for (const timer of [...this.timers]) timer.cancel();
  }
}

const over: Timer = { cancel: () => {} };
