/** One key with a short and a long meaning, its machine and its deadline. */
import { observerOf } from "../department.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { type HoldEffect, type HoldEvent, type HoldState, holdAtStart, stepHold } from "./hold-machine.ts";

export class HoldKey {
  private readonly context: UnitContext;
  private readonly onPress: (long: boolean) => void;
  private readonly runner: Runner<HoldState, HoldEvent, HoldEffect>;
  private readonly wake: Wake;

  constructor(context: UnitContext, name: string, onPress: (long: boolean) => void) {
    this.context = context;
    this.onPress = onPress;
    this.wake = new Wake(context.clock, () => this.runner.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.runner = new Runner<HoldState, HoldEvent, HoldEffect>(
      stepHold,
      holdAtStart,
      (effect) => this.perform(effect),
      observerOf(context, name),
    );
  }

  change(closed: boolean): void {
    this.runner.dispatch({ type: closed ? "closed" : "opened", nowMs: this.context.clock.nowMs() });
  }

  private perform(effect: HoldEffect): void {
    if (effect.type === "wake") this.wake.set(effect.atMs);
    else this.onPress(effect.type === "long");
  }
}
