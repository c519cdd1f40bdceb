/**
 * Real time for what runs on an event queue: firmware and simulated air keep one timeline, and what comes from outside
 * (a datagram, a key) enters it at the present instant, after all that was due before.
 */
import type { Timer } from "../../firmware/ports/clock.ts";
import { EventQueue } from "../core/event-queue.ts";
import { LiveClock } from "./live-clock.ts";

export class LiveTime {
  readonly queue: EventQueue;
  private readonly clock: LiveClock;
  private timer: Timer | undefined;
  private dueMs: number;
  private stopped: boolean;

  /** Starts now at 0. */
  constructor() {
    this.queue = new EventQueue();
    this.clock = new LiveClock();
    this.timer = undefined;
    this.dueMs = -1;
    this.stopped = false;
  }

  /** Real ms since the start; the queue's own time is that of what it runs, which may be late. */
  nowMs(): number {
    return this.clock.nowMs();
  }

  /** Runs what is due, then `run`, in the queue's time. Never from inside a run of the queue. Nothing happens after stop(). */
  enter(run: () => void): void {
    if (this.stopped) return;
    this.queue.runUntil(this.clock.nowMs());
    run();
    this.arm();
  }

  /** Plans `run` for an instant; at once where that has passed. Never from inside a run of the queue. */
  at(instantMs: number, run: () => void): void {
    this.enter(() => this.queue.at(Math.max(instantMs, this.queue.nowMs), run));
  }

  /** Nothing planned runs any more, and nothing keeps the process alive. */
  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private arm(): void {
    const nextMs = this.stopped ? undefined : this.queue.next();
    if (this.timer !== undefined && nextMs === this.dueMs) return;
    this.timer?.cancel();
    this.timer = undefined;
    if (nextMs === undefined) return;
    this.dueMs = nextMs;
    this.timer = this.clock.after(Math.max(0, nextMs - this.clock.nowMs()), () => {
      this.timer = undefined;
      this.enter(() => {});
    });
  }
}
