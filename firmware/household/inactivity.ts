/** Watches for silence in the home; what counts as a sign of life is told to it. */
import { observerOf, raise, wallSeconds } from "../department.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import type { InactivitySettings } from "./household-settings.ts";
import {
  type InactivityEffect,
  type InactivityEvent,
  type InactivityState,
  inactivityAtStart,
  stepInactivity,
} from "./inactivity-machine.ts";

/** Local minute of the day (0 to 1,439) at this many seconds since 1970 (UTC). */
export type LocalMinute = (wallS: number) => number;

export class Inactivity {
  private readonly context: UnitContext;
  private readonly localMinute: LocalMinute;
  private readonly runner: Runner<InactivityState, InactivityEvent, InactivityEffect>;
  private readonly wake: Wake;

  /** Begins at rest, until `pause(false)`. */
  constructor(context: UnitContext, settings: InactivitySettings, localMinute: LocalMinute) {
    this.context = context;
    this.localMinute = localMinute;
    this.wake = new Wake(context.clock, () =>
      this.runner.dispatch({ type: "due", nowMs: context.clock.nowMs(), minute: this.minute() }),
    );
    this.runner = new Runner<InactivityState, InactivityEvent, InactivityEffect>(
      (state, event) => stepInactivity(settings, state, event),
      inactivityAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "inactivity"),
    );
  }

  /** A press, a key, a door, a movement. */
  active(): void {
    this.runner.dispatch({ type: "active", nowMs: this.context.clock.nowMs(), minute: this.minute() });
  }

  pause(paused: boolean): void {
    this.runner.dispatch({ type: "paused", nowMs: this.context.clock.nowMs(), minute: this.minute(), paused });
  }

  private minute(): number {
    const wallS = wallSeconds(this.context);
    return wallS < 0 ? -1 : this.localMinute(wallS);
  }

  private perform(effect: InactivityEffect): void {
    switch (effect.type) {
      case "tell":
        raise(this.context, effect);
        return;
      case "ask-aloud":
        this.context.say("inactivity-warning");
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
