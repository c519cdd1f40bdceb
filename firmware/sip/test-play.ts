/** Plays a transaction machine in virtual time, for tests: its timers fire by themselves, its other effects are written down. */
import type { Next } from "../machine.ts";

interface PlayEffect {
  readonly type: string;
  readonly timer?: string;
  readonly afterMs?: number;
}

interface DueTimer {
  readonly timer: string;
  readonly atMs: number;
}

export class Play<S, V> {
  state: S;
  nowMs: number;
  /** Every effect but those on timers, behind its instant: "500 send". */
  readonly log: string[];
  private due: DueTimer[];
  private readonly step: (state: S, event: V) => Next<S, PlayEffect>;
  private readonly fired: (timer: string) => V;

  /** `fired` makes the event of a timer. */
  constructor(
    first: Next<S, PlayEffect>,
    step: (state: S, event: V) => Next<S, PlayEffect>,
    fired: (timer: string) => V,
  ) {
    this.state = first.state;
    this.nowMs = 0;
    this.log = [];
    this.due = [];
    this.step = step;
    this.fired = fired;
    this.perform(first.effects);
  }

  /** Fires what is due up to this instant and at it, in the order of instants. */
  runTo(untilMs: number): void {
    for (let next = this.earliest(untilMs); next !== undefined; next = this.earliest(untilMs)) {
      this.drop(next.timer);
      this.nowMs = next.atMs;
      this.take(this.fired(next.timer));
    }
    this.nowMs = untilMs;
  }

  take(event: V): void {
    const next = this.step(this.state, event);
    this.state = next.state;
    this.perform(next.effects);
  }

  /** The timers that run. */
  get running(): readonly string[] {
    const names: string[] = [];
    for (const one of this.due) names.push(one.timer);
    return names;
  }

  private earliest(untilMs: number): DueTimer | undefined {
    let first: DueTimer | undefined;
    for (const one of this.due) if (one.atMs <= untilMs && (first === undefined || one.atMs < first.atMs)) first = one;
    return first;
  }

  private drop(timer: string): void {
    const left: DueTimer[] = [];
    for (const one of this.due) if (one.timer !== timer) left.push(one);
    this.due = left;
  }

  private perform(effects: readonly PlayEffect[]): void {
    for (const effect of effects) {
      if (effect.timer === undefined) {
        this.log.push(this.nowMs + " " + effect.type);
        continue;
      }
      this.drop(effect.timer);
      if (effect.afterMs !== undefined) this.due.push({ timer: effect.timer, atMs: this.nowMs + effect.afterMs });
    }
  }
}
