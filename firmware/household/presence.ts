/** Whether a carer is there, in the journal: a restart does not end a visit. */
import { observerOf, raise } from "../department.ts";
import { Runner } from "../runner.ts";
import { presenceKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import {
  nobodyThere,
  type PresenceEffect,
  type PresenceEvent,
  type PresenceState,
  stepPresence,
} from "./presence-machine.ts";

export class Presence {
  private readonly context: UnitContext;
  private readonly runner: Runner<PresenceState, PresenceEvent, PresenceEffect>;
  private readonly wake: Wake;

  constructor(context: UnitContext) {
    this.context = context;
    this.wake = new Wake(context.clock, () => this.runner.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.runner = new Runner<PresenceState, PresenceEvent, PresenceEffect>(
      stepPresence,
      nobodyThere,
      (effect) => this.perform(effect),
      observerOf(context, "presence"),
    );
    if (context.records.read(presenceKind, 0) !== undefined)
      this.runner.dispatch({ type: "restored", nowMs: context.clock.nowMs() });
  }

  get isSomebodyThere(): boolean {
    return this.runner.state.at === "present";
  }

  /** `alarm`: somebody has asked for help in the last hours, so that this is no planned visit. */
  pressed(long: boolean, alarm: boolean): void {
    this.runner.dispatch({ type: "pressed", nowMs: this.context.clock.nowMs(), long, alarm });
  }

  private perform(effect: PresenceEffect): void {
    switch (effect.type) {
      case "tell":
        raise(this.context, effect);
        return;
      case "keep":
        if (effect.present) this.context.records.write(presenceKind, 0, new Uint8Array(1));
        else this.context.records.remove(presenceKind, 0);
        return;
      case "say":
        this.context.say(effect.phrase);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
