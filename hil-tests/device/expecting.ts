/** Lines that nobody has expected yet, and the one expectation that waits for the next: in order, so that a test reads like the talk. */
import type { BenchClock } from "../bench/bench.ts";
import { deadline } from "../bench/happenings.ts";
import type { HeardLine } from "./unit-lines.ts";

/** More is an error, since an answer could hide among them. */
export const unreadLimit = 2_000;

interface Waiting {
  readonly matches: (line: HeardLine) => boolean;
  readonly resolve: (line: HeardLine | undefined) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: { cancel(): void };
}

export class Expecting {
  private readonly clock: BenchClock;
  private readonly onFlood: () => void;
  private unread: HeardLine[];
  private waiting: Waiting | undefined;

  /** `onFlood`: more lines came than are kept. */
  constructor(clock: BenchClock, onFlood: () => void) {
    this.clock = clock;
    this.onFlood = onFlood;
    this.unread = [];
    this.waiting = undefined;
  }

  get unreadLines(): string[] {
    return this.unread.map(({ shown }) => shown);
  }

  hear(line: HeardLine): void {
    this.unread.push(line);
    if (this.unread.length > unreadLimit) {
      this.unread.shift();
      this.onFlood();
    }
    this.settle();
  }

  /** The first that matches, heard or to be heard within so long; undefined where none comes. `isExact`: no grace for a busy machine. Rejects with `trouble`, or what fails meanwhile. */
  find(
    matches: (line: HeardLine) => boolean,
    withinMs: number,
    trouble: Error | undefined,
    isExact = false,
  ): Promise<HeardLine | undefined> {
    if (this.waiting !== undefined) throw new Error("device: one expect at a time");
    if (trouble !== undefined) return Promise.reject(trouble);
    return new Promise((resolve, reject) => {
      const over = (): void => this.end()?.resolve(undefined);
      const timer = isExact ? this.clock.after(withinMs, over) : deadline(this.clock, withinMs, over);
      this.waiting = { matches, resolve, reject, deadline: timer };
      this.settle();
    });
  }

  /** Whoever waits is told so. */
  fail(error: Error): void {
    this.end()?.reject(error);
  }

  readAll(): void {
    this.unread = [];
  }

  private settle(): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    const at = this.unread.findIndex((line) => waiting.matches(line));
    if (at < 0) return;
    const found = this.unread[at];
    this.unread = this.unread.slice(at + 1);
    this.end()?.resolve(found);
  }

  private end(): Waiting | undefined {
    const { waiting } = this;
    waiting?.deadline.cancel();
    this.waiting = undefined;
    return waiting;
  }
}
