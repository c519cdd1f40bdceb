/**
 * The Clock port of one simulated device: time 0 is its own start, and what it has planned ends with it. Its crystal may
 * run fast or slow; then the device's milliseconds are not those of the world.
 */
import type { Clock, Timer } from "../../firmware/ports/clock.ts";
import type { EventQueue } from "./event-queue.ts";

const million = 1_000_000;
/** An oscillator without a crystal. */
const mostDriftPpm = 10_000;

const overdue = 0;

/** Plans itself on the queue and stands in its clock's row, in the order of planning: one object for each timer. */
class SimTimer implements Timer {
  private readonly clock: SimClock;
  private readonly callback: () => void;
  /** On the device's clock. */
  private readonly dueMs: number;
  /** Its place on the queue, or `overdue`. */
  private place: number;
  /** For its clock alone. */
  former: SimTimer | undefined;
  latter: SimTimer | undefined;

  constructor(clock: SimClock, dueMs: number, callback: () => void) {
    this.clock = clock;
    this.callback = callback;
    this.dueMs = dueMs;
    this.place = clock.queue.plan(clock.worldMs(dueMs), this);
    this.former = clock.newest;
    this.latter = undefined;
    if (clock.newest === undefined) clock.oldest = this;
    else clock.newest.latter = this;
    clock.newest = this;
  }

  cancel(): void {
    if (this.place === overdue) return;
    this.clock.queue.drop(this.place, this);
    this.leave();
  }

  /** At its instant in the world, as the clock runs now. */
  planAnew(): void {
    this.clock.queue.drop(this.place, this);
    this.place = this.clock.queue.plan(this.clock.worldMs(this.dueMs), this);
  }

  /** For the queue alone. */
  fire(): void {
    this.leave();
    this.callback();
  }

  private leave(): void {
    this.place = overdue;
    if (this.former === undefined) this.clock.oldest = this.latter;
    else this.former.latter = this.latter;
    if (this.latter === undefined) this.clock.newest = this.former;
    else this.latter.former = this.former;
    this.former = undefined;
    this.latter = undefined;
  }
}

export class SimClock implements Clock {
  readonly queue: EventQueue;
  /** World time of the device's start, in ms. */
  readonly bootMs: number;
  /** The ends of the row of what is planned; for SimTimer alone. */
  oldest: SimTimer | undefined;
  newest: SimTimer | undefined;
  private stopped: boolean;
  private driftPpm: number;
  /** Since when the clock has run so, in world time and in its own. */
  private sinceMs: number;
  private shownMs: number;

  /** The device starts now. */
  constructor(queue: EventQueue) {
    this.queue = queue;
    this.bootMs = queue.nowMs;
    this.oldest = undefined;
    this.newest = undefined;
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
    for (let timer = this.oldest; timer !== undefined; timer = timer.latter) timer.planAnew();
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
    while (this.oldest !== undefined) this.oldest.cancel();
  }
}

const over: Timer = { cancel: () => {} };
