/** A watch over one thing that can be lost: wakes its machine, raises the reports, keeps in the journal what was told. */

import { observerOf, raise, type Telling } from "../department.ts";
import { Runner } from "../runner.ts";
import { lossKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import {
  type LossEffect,
  type LossEvent,
  type LossState,
  type LossTimes,
  nothingLost,
  stepLoss,
} from "./loss-machine.ts";

export interface LossPlan {
  /** Its name in the device's log. */
  readonly name: string;
  /** Its key among the records of its kind; -1: a restart need not know. */
  readonly key: number;
  readonly times: LossTimes;
  /** What receivers are told; undefined: nothing. */
  readonly lost: Telling | undefined;
  readonly back: Telling | undefined;
  /** Hears of it when the loss is told, or would be. */
  readonly onTold: (lost: boolean) => void;
}

export class LossWatch {
  private readonly context: UnitContext;
  private readonly plan: LossPlan;
  private readonly runner: Runner<LossState, LossEvent, LossEffect>;
  private readonly wake: Wake;

  /** `lost`: how the level stands at the start. */
  constructor(context: UnitContext, plan: LossPlan, lost: boolean) {
    this.context = context;
    this.plan = plan;
    this.wake = new Wake(context.clock, () => this.runner.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.runner = new Runner<LossState, LossEvent, LossEffect>(
      (state, event) => stepLoss(plan.times, state, event),
      nothingLost,
      (effect) => this.perform(effect),
      observerOf(context, plan.name),
    );
    const told = plan.key >= 0 && context.records.read(lossKind, plan.key) !== undefined;
    if (lost || told) this.runner.dispatch({ type: "restored", nowMs: context.clock.nowMs(), lost, told });
  }

  /** Whether it is lost now, or was a moment ago. */
  get isLost(): boolean {
    return this.runner.state.at !== "present";
  }

  get isTold(): boolean {
    return this.runner.state.told;
  }

  level(lost: boolean): void {
    this.runner.dispatch({ type: "level", nowMs: this.context.clock.nowMs(), lost });
  }

  private perform(effect: LossEffect): void {
    switch (effect.type) {
      case "tell-lost":
        if (this.plan.lost !== undefined) raise(this.context, this.plan.lost);
        this.plan.onTold(true);
        return;
      case "tell-back":
        if (this.plan.back !== undefined) raise(this.context, this.plan.back);
        this.plan.onTold(false);
        return;
      case "keep":
        if (this.plan.key < 0) return;
        if (effect.told) this.context.records.write(lossKind, this.plan.key, new Uint8Array(1));
        else this.context.records.remove(lossKind, this.plan.key);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
