/**
 * Time for a stand that may live faster than the world: it goes on in small steps, so that what comes from outside is heard in between,
 * and stands still while the machine is busy with something else. An alarm must not time out because a laptop was slow.
 */
import { EventQueue, type Handle } from "../core/event-queue.ts";

/** How often it goes on, and how much of the outside's time one step may take up, in ms. */
const stepMs = 5;
const longestStepMs = 25;

export class LiveStandTime {
  readonly queue: EventQueue;
  private readonly speed: number;
  private readonly timer: NodeJS.Timeout;
  private lastMs: number;
  /** With its fraction. */
  private exactMs: number;
  private stopped: boolean;

  /** Starts now at 0. */
  constructor(speed: number) {
    this.queue = new EventQueue();
    this.speed = speed;
    this.lastMs = performance.now();
    this.exactMs = 0;
    this.stopped = false;
    this.timer = setInterval(() => this.goOn(), stepMs);
  }

  nowMs(): number {
    return this.queue.nowMs;
  }

  /** Runs what is due, then `run`, in the queue's time. Never from inside a run of the queue. Nothing happens after stop(). */
  enter(run: () => void): void {
    if (this.stopped) return;
    this.goOn();
    run();
  }

  /** Plans `run` so many whole ms from now; also from inside a run. Answers what takes it back. */
  after(delayMs: number, run: () => void): () => void {
    let handle: Handle | undefined = this.queue.after(delayMs, () => {
      handle = undefined;
      run();
    });
    return () => {
      if (handle !== undefined) this.queue.cancel(handle);
      handle = undefined;
    };
  }

  /** Nothing planned runs any more, and nothing keeps the process alive. */
  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  private goOn(): void {
    const outsideMs = performance.now();
    this.exactMs += Math.min(outsideMs - this.lastMs, longestStepMs) * this.speed;
    this.lastMs = outsideMs;
    this.queue.runUntil(Math.floor(this.exactMs));
  }
}
