/** Where one receiver is, kept with the name service and the deadline; `target-machine.ts` decides (RFC 3263 4). */
import type { Clock } from "../ports/clock.ts";
import type { LookUp } from "../ports/names.ts";
import type { Endpoint } from "../ports/socket.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import {
  startTarget,
  stepTarget,
  type TargetEffect,
  type TargetEvent,
  type TargetSetUp,
  type TargetState,
} from "./target-machine.ts";

export interface TargetOptions {
  readonly clock: Clock;
  readonly lookUp: LookUp;
  readonly receiver: TargetSetUp;
  readonly dice: number;
  /** What waits goes there. */
  readonly onUse: (target: Endpoint) => void;
  /** What waits has nowhere to go; never called from inside `wanted`. */
  readonly onGiveUp: () => void;
  readonly observe?: ((event: object, effects: readonly object[]) => void) | undefined;
}

export class Target {
  private readonly options: TargetOptions;
  private readonly runner: Runner<TargetState, TargetEvent, TargetEffect>;
  private readonly wake: Wake;

  constructor(options: TargetOptions) {
    this.options = options;
    this.wake = new Wake(options.clock, () => this.runner.dispatch({ type: "due", nowMs: this.nowMs() }));
    const start = startTarget(options.receiver, options.dice);
    this.runner = new Runner(stepTarget, start, (effect) => this.perform(effect), options.observe);
  }

  /** A message wants to leave; `urgent`: towards a target that is known, however old. */
  wanted(urgent: boolean): void {
    this.runner.dispatch({ type: "wanted", nowMs: this.nowMs(), urgent });
  }

  /** The receiver has answered. */
  heard(): void {
    this.runner.dispatch({ type: "heard", nowMs: this.nowMs() });
  }

  failed(target: Endpoint): void {
    this.runner.dispatch({ type: "failed", nowMs: this.nowMs(), target });
  }

  private nowMs(): number {
    return this.options.clock.nowMs();
  }

  private perform(effect: TargetEffect): void {
    switch (effect.type) {
      case "look-up": {
        const serial = effect.serial;
        this.options.lookUp(effect.question, (answer) =>
          this.runner.dispatch({ type: "told", nowMs: this.nowMs(), serial, answer }),
        );
        return;
      }
      case "use":
        this.options.onUse(effect.target);
        return;
      case "give-up":
        this.options.onGiveUp();
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
