/** What came to a receiver, a modem or a sensor of the bench, in order, and somebody who waits for the next. */
import type { BenchClock } from "./bench.ts";

/** What was expected beside the line did not come. The device, and not the rig, is to be blamed where the rig's own check passed. */
export class ExpectError extends Error {
  readonly verdict = "failed";

  constructor(message: string) {
    super(message);
    this.name = "ExpectError";
  }
}

interface Waiting<T> {
  readonly matches: (one: T) => boolean;
  readonly resolve: (one: T) => void;
  readonly reject: (error: Error) => void;
  readonly timer: { cancel(): void };
}

/** More are kept by nobody: the oldest go. */
export const keptLimit = 20_000;
const shownLimit = 6;

/** Runs when the time is over, and the machine had time to hand over what came before. */
export function deadline(clock: BenchClock, withinMs: number, run: () => void): { cancel(): void } {
  let grace: NodeJS.Timeout | undefined;
  const over = clock.after(withinMs, () => {
    if (clock.graceMs === 0) run();
    else grace = setTimeout(run, clock.graceMs);
  });
  return {
    cancel: () => {
      over.cancel();
      clearTimeout(grace);
    },
  };
}

export class Happenings<T extends { readonly hostMs: number }> {
  readonly all: T[];
  private readonly whose: string;
  private readonly clock: BenchClock;
  private readonly textOf: (one: T) => string;
  private waiting: Waiting<T>[];

  /** `whose`: for errors, such as "receiver first". */
  constructor(whose: string, clock: BenchClock, textOf: (one: T) => string) {
    this.all = [];
    this.whose = whose;
    this.clock = clock;
    this.textOf = textOf;
    this.waiting = [];
  }

  add(one: T): void {
    this.all.push(one);
    if (this.all.length > keptLimit) this.all.shift();
    for (const waiting of [...this.waiting]) if (waiting.matches(one)) this.end(waiting).resolve(one);
  }

  /** The first that matches from `sinceMs` on, come or to come. Rejects with ExpectError. */
  expect(what: string, matches: (one: T) => boolean, withinMs: number, sinceMs = 0): Promise<T> {
    const isMeant = (one: T): boolean => one.hostMs >= sinceMs && matches(one);
    const found = this.all.find(isMeant);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = deadline(this.clock, withinMs, () => this.end(waiting).reject(this.missing(what, withinMs)));
      const waiting: Waiting<T> = { matches: isMeant, resolve, reject, timer };
      this.waiting.push(waiting);
    });
  }

  /** Nothing comes any more. */
  close(): void {
    for (const waiting of [...this.waiting])
      this.end(waiting).reject(new ExpectError(`${this.whose}: closed while something was expected`));
  }

  private end(waiting: Waiting<T>): Waiting<T> {
    waiting.timer.cancel();
    this.waiting = this.waiting.filter((each) => each !== waiting);
    return waiting;
  }

  private missing(what: string, withinMs: number): ExpectError {
    const last = this.all.slice(-shownLimit).map((one) => `    +${Math.floor(one.hostMs)} ms ${this.textOf(one)}`);
    const shown = last.length === 0 ? ["    nothing"] : last;
    return new ExpectError(
      [`${this.whose}: expected ${what} within ${withinMs} ms`, "  last heard:", ...shown].join("\n"),
    );
  }
}
