/** Away mode in the journal: a restart does not bring an absent wearer home. */
import { observerOf, raise } from "../department.ts";
import { Runner } from "../runner.ts";
import { awayKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { type AwayEffect, type AwayEvent, type AwayState, atHome, stepAway } from "./away-machine.ts";

export class Away {
  private readonly context: UnitContext;
  private readonly onChange: () => void;
  private readonly runner: Runner<AwayState, AwayEvent, AwayEffect>;
  private readonly wake: Wake;

  /** `onChange` hears of each coming and going, also of one that was kept from a former life. */
  constructor(context: UnitContext, onChange: () => void) {
    this.context = context;
    this.onChange = onChange;
    this.wake = new Wake(context.clock, () => this.runner.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.runner = new Runner<AwayState, AwayEvent, AwayEffect>(
      stepAway,
      atHome,
      (effect) => this.perform(effect),
      observerOf(context, "away"),
    );
    if (context.records.read(awayKind, 0) !== undefined)
      this.runner.dispatch({ type: "restored", nowMs: context.clock.nowMs() });
  }

  get isAway(): boolean {
    return this.runner.state.at === "away";
  }

  turn(): void {
    this.runner.dispatch({ type: "turned", nowMs: this.context.clock.nowMs() });
  }

  alarmed(): void {
    this.runner.dispatch({ type: "alarmed", nowMs: this.context.clock.nowMs() });
  }

  private perform(effect: AwayEffect): void {
    switch (effect.type) {
      case "tell":
        raise(this.context, effect);
        return;
      case "keep":
        if (effect.away) this.context.records.write(awayKind, 0, new Uint8Array(1));
        else this.context.records.remove(awayKind, 0);
        return;
      case "say":
        this.context.say(effect.phrase);
        return;
      case "changed":
        this.onChange();
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
