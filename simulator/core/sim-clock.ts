/**
 * The Clock port of one simulated device: time 0 is its own start, and what it has planned ends with it. Its crystal may
 * run fast or slow; then the device's milliseconds are not those of the world.
 */
import type { Clock, Timer } from "../../firmware/ports/clock.ts";
import type { EventQueue, Handle } from "./event-queue.ts";

const million = 1_000_000;
/** An oscillator without a crystal. */
const mostDriftPpm = 10_000;

class SimTimer implements Timer {
  private readonly clock: SimClock;
  private readonly callback: () => void;
  /** On the device's clock. */
  private readonly dueMs: number;
  private handle: Handle | undefined;

  constructor(clock: SimClock, dueMs: number, callback: () => void) {
    this.clock = clock;
    this.callback = callback;
    this.dueMs = dueMs;
    this.handle = undefined;
    this.plan();
    clock.timers.add(this);
  }

  cancel(): void {
    if (this.handle === undefined) return;
    this.clock.queue.cancel(this.handle);
    this.handle = undefined;
    this.clock.timers.delete(this);
  }

  /** Its instant in the world, as the clock runs now. */
  plan(): void {
    if (this.handle !== undefined) this.clock.queue.cancel(this.handle);
    this.handle = this.clock.queue.at(this.clock.worldMs(this.dueMs), () => this.fire());
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
  private driftPpm: number;
  /** Since when the clock has run so, in world time and in its own. */
  private sinceMs: number;
  private shownMs: number;

  /** The device starts now. */
  constructor(queue: EventQueue) {
    this.queue = queue;
    this.bootMs = queue.nowMs;
    this.timers = new Set();
    this.stopped = false;
    this.driftPpm = 0;
    this.sinceMs = queue.nowMs;
    this.shownMs = 0;
  }

  nowMs(): number {
    const passedMs = this.queue.nowMs - this.sinceMs;
    return this.shownMs + passedMs + Math.floor((passedMs * this.driftPpm) / million);
  }

  /** Throws when `delayMs` is not whole or is below 0. After stop() nothing is planned any more. */
  after(delayMs: number, callback: () => void): Timer {
    if (this.stopped) return over;
    if (!Number.isSafeInteger(delayMs) || delayMs < 0) throw new Error(`clock: cannot wait for ${delayMs} ms`);
    return new SimTimer(this, this.nowMs() + delayMs, callback);
  }

  /** From now on it runs so much fast, or slow where below 0; what is planned moves with it. Throws beyond 10,000 ppm. */
  drift(ppm: number): void {
    if (!Number.isSafeInteger(ppm) || Math.abs(ppm) > mostDriftPpm)
      throw new Error(`clock: no crystal drifts ${ppm} ppm`);
    if (ppm === this.driftPpm) return;
    this.shownMs = this.nowMs();
    this.sinceMs = this.queue.nowMs;
    this.driftPpm = ppm;
    for (const timer of [...this.timers]) timer.plan();
  }

  /** The first instant of the world, now at the earliest, at which this clock shows that time; for SimTimer alone. */
  worldMs(ownMs: number): number {
    const leftMs = ownMs - this.shownMs;
    const atMs = this.sinceMs + leftMs - Math.floor((leftMs * this.driftPpm) / (million + this.driftPpm));
    return Math.max(atMs, this.queue.nowMs);
  }

  /** The power is cut: no timer of this device fires any more, and nothing planned holds the dead device in memory. */
  stop(): void {
    this.stopped = true;
    for (const timer of [...this.timers]) timer.cancel();
  }
}

const over: Timer = { cancel: () => {} };
