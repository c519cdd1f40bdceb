/** The unit's life state in the journal: takes orders, keeps them before they count, and tells of them. */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { observerOf, raise } from "../department.ts";
import { Runner } from "../runner.ts";
import { lifeKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { dutiesNow, type LifeEffect, type LifeEvent, type LifeState, stepLife } from "./life-machine.ts";
import { type LifeDuties, type LifeName, type LifeRefusal, lifeNames, lifeRefusal } from "./life-states.ts";
import { wipeClient } from "./wipe.ts";

const recordSize = 8;

export class Life {
  private readonly context: UnitContext;
  private readonly onDuties: () => void;
  private readonly runner: Runner<LifeState, LifeEvent, LifeEffect>;
  private readonly wake: Wake;

  /** `first`: the state of a unit whose journal holds none. `onDuties` hears when `duties` may have changed. */
  constructor(context: UnitContext, first: LifeName, onDuties: () => void) {
    this.context = context;
    this.onDuties = onDuties;
    this.wake = new Wake(context.clock, () => this.runner.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.runner = new Runner<LifeState, LifeEvent, LifeEffect>(
      stepLife,
      { life: first, told: true, farewell: -1, noticeAtMs: -1 },
      (effect) => this.perform(effect),
      observerOf(context, "life"),
    );
    this.restore();
  }

  get name(): LifeName {
    return this.runner.state.life;
  }

  get duties(): LifeDuties {
    return dutiesNow(this.runner.state);
  }

  /** Follows an order, or says why not. After a wipe the unit must be started anew. */
  order(to: LifeName, authorised: boolean): LifeRefusal | undefined {
    // Whoever asks for it again has not heard that it was done: the power may have gone between the two.
    if (authorised && to === this.name) return undefined;
    const refusal = lifeRefusal(this.name, to, authorised);
    if (refusal !== undefined) return refusal;
    if (!this.write(to, false, -1)) return "not-kept";
    if (to === "wiped") wipeClient(this.context.records);
    this.runner.dispatch({ type: "moved", nowMs: this.context.clock.nowMs(), to });
    return undefined;
  }

  /** A receiver has accepted this report. */
  accepted(number: number): void {
    this.runner.dispatch({ type: "accepted", nowMs: this.context.clock.nowMs(), number });
  }

  private restore(): void {
    const kept = this.context.records.read(lifeKind, 0);
    if (kept === undefined || kept.length !== recordSize) return;
    const from = readerOf(kept);
    const life = lifeNames[from.u8()];
    const told = from.u8() !== 0;
    const high = from.u16();
    const farewell = high * 0x1_0000_0000 + from.u32() - 1;
    if (life === undefined) return;
    if (life === "wiped") wipeClient(this.context.records);
    this.runner.dispatch({ type: "restored", nowMs: this.context.clock.nowMs(), life, told, farewell });
  }

  private perform(effect: LifeEffect): void {
    switch (effect.type) {
      case "tell":
        raise(this.context, effect);
        return;
      case "tell-change": {
        const number = raise(this.context, effect.telling);
        this.runner.dispatch({ type: "told", nowMs: this.context.clock.nowMs(), number });
        return;
      }
      case "keep":
        this.write(this.name, effect.told, effect.farewell);
        return;
      case "duties":
        this.onDuties();
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  /** Report numbers go beyond 32 bits. */
  private write(life: LifeName, told: boolean, farewell: number): boolean {
    const to = new Writer(new Uint8Array(recordSize));
    to.u8(lifeNames.indexOf(life));
    to.u8(told ? 1 : 0);
    to.u16(Math.floor((farewell + 1) / 0x1_0000_0000));
    to.u32((farewell + 1) % 0x1_0000_0000);
    return this.context.records.write(lifeKind, 0, to.written());
  }
}
