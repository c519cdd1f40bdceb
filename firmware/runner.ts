/** The only place where things happen: one queue, each event run to its end, effects carried out in order. */
import type { Step } from "./machine.ts";

const queueLimit = 64;

export class Runner<S, V, F> {
  state: S;
  private readonly step: Step<S, V, F>;
  private readonly perform: (effect: F) => void;
  private readonly observe: ((event: V, effects: readonly F[]) => void) | undefined;
  private readonly queue: V[];
  private busy: boolean;

  constructor(
    step: Step<S, V, F>,
    start: S,
    perform: (effect: F) => void,
    observe: ((event: V, effects: readonly F[]) => void) | undefined,
  ) {
    this.step = step;
    this.state = start;
    this.perform = perform;
    this.observe = observe;
    this.queue = [];
    this.busy = false;
  }

  /** An effect that raises an event waits its turn: no re-entry. Throws when more than 64 events wait. */
  dispatch(event: V): void {
    if (this.busy) {
      if (this.queue.length >= queueLimit) throw new Error("runner: queue full");
      this.queue.push(event);
      return;
    }
    this.busy = true;
    for (let due: V | undefined = event; due !== undefined; due = this.queue.shift()) {
      const next = this.step(this.state, due);
      this.state = next.state;
      if (this.observe !== undefined) this.observe(due, next.effects);
      for (let i = 0; i < next.effects.length; i++) this.perform(next.effects[i] as F);
    }
    this.busy = false;
  }
}
