/** The department that tells of a jammed channel (SS 91100: radio unit 0050, 0095, restoral 0094) and warns who is at home. */
import { observerOf, radioUnit, raise, technical } from "../department.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import type { InterferenceEffect, InterferenceEvent, InterferenceState } from "./interference-machine.ts";
import { interferenceAtStart, stepInterference } from "./interference-machine.ts";

const jammed = 95;
const restoral = 94;

export class Interference {
  private readonly context: UnitContext;
  private readonly machine: Runner<InterferenceState, InterferenceEvent, InterferenceEffect>;
  private readonly wake: Wake;

  constructor(context: UnitContext) {
    this.context = context;
    this.wake = new Wake(context.clock, () => this.machine.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.machine = new Runner(
      stepInterference,
      interferenceAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "interference"),
    );
  }

  /** The channel was taken by others for so long up to now. */
  busy(forMs: number): void {
    this.machine.dispatch({ type: "busy", nowMs: this.context.clock.nowMs(), forMs });
  }

  get isJammed(): boolean {
    return this.machine.state.load.interfered;
  }

  private perform(effect: InterferenceEffect): void {
    if (effect.type === "wake") {
      this.wake.set(effect.atMs);
      return;
    }
    const begun = effect.what === "interference";
    if (begun) this.context.say("radio-jammed");
    raise(this.context, technical(radioUnit, begun ? jammed : restoral, "", begun ? -1 : jammed, 0));
  }
}
