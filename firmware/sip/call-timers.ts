/** The timers of one SIP transaction by their RFC names (RFC 3261 17 and table 4): each is replaced by its successor. */
import type { Clock, Timer } from "../ports/clock.ts";

export class CallTimers<N extends string> {
  private readonly clock: Clock;
  private readonly fired: (name: N) => void;
  private names: N[];
  private timers: Timer[];

  constructor(clock: Clock, fired: (name: N) => void) {
    this.clock = clock;
    this.fired = fired;
    this.names = [];
    this.timers = [];
  }

  set(name: N, afterMs: number): void {
    this.stop(name);
    this.names.push(name);
    this.timers.push(this.clock.after(afterMs, () => this.fire(name)));
  }

  stop(name: N): void {
    const index = this.names.indexOf(name);
    if (index < 0) return;
    (this.timers[index] as Timer).cancel();
    this.names.splice(index, 1);
    this.timers.splice(index, 1);
  }

  stopAll(): void {
    for (const timer of this.timers) timer.cancel();
    this.names = [];
    this.timers = [];
  }

  private fire(name: N): void {
    this.stop(name);
    this.fired(name);
  }
}
