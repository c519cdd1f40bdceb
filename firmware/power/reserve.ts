/** Keeps watch over a power cut: wakes its machine, and keeps in the journal when the unit was last known to be alive. */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { observerOf, raise, wallSeconds } from "../department.ts";
import { Runner } from "../runner.ts";
import { aliveKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import type { ReserveSettings } from "./power-settings.ts";
import {
  type ReserveEffect,
  type ReserveEvent,
  type ReserveState,
  reserveAtStart,
  stepReserve,
} from "./reserve-machine.ts";

const recordSize = 5;

export class Reserve {
  private readonly context: UnitContext;
  private readonly measure: () => void;
  private readonly runner: Runner<ReserveState, ReserveEvent, ReserveEffect>;
  private readonly wake: Wake;

  /** `measure` reads the voltage, the answer comes through `read`; `dark`: power was gone altogether before this start. */
  constructor(context: UnitContext, settings: ReserveSettings, measure: () => void, dark: boolean) {
    this.context = context;
    this.measure = measure;
    this.wake = new Wake(context.clock, () => {
      this.runner.dispatch({ type: "due", nowMs: this.nowMs(), wallS: wallSeconds(context) });
    });
    this.runner = new Runner<ReserveState, ReserveEvent, ReserveEffect>(
      (state, event) => stepReserve(settings, state, event),
      reserveAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "reserve"),
    );
    this.start(dark);
  }

  mains(present: boolean): void {
    this.runner.dispatch({ type: "mains", nowMs: this.nowMs(), wallS: wallSeconds(this.context), present });
  }

  read(permille: number): void {
    this.runner.dispatch({ type: "read", nowMs: this.nowMs(), wallS: wallSeconds(this.context), permille });
  }

  /** The wall clock was set. */
  clockSet(): void {
    this.runner.dispatch({ type: "clock-set", nowMs: this.nowMs(), wallS: wallSeconds(this.context) });
  }

  private nowMs(): number {
    return this.context.clock.nowMs();
  }

  private start(dark: boolean): void {
    const record = this.context.records.read(aliveKind, 0);
    const kept = record !== undefined && record.length === recordSize;
    const from = readerOf(kept ? record : new Uint8Array(recordSize));
    const owed = from.u8() !== 0;
    const aliveS = from.u32() - 1;
    const nowMs = this.nowMs();
    const wallS = wallSeconds(this.context);
    this.runner.dispatch({ type: "started", nowMs, wallS, dark, kept, owed, aliveS });
  }

  private perform(effect: ReserveEffect): void {
    switch (effect.type) {
      case "tell":
        raise(this.context, effect);
        return;
      case "measure":
        this.measure();
        return;
      case "keep": {
        const to = new Writer(new Uint8Array(recordSize));
        to.u8(effect.owed ? 1 : 0);
        to.u32(effect.aliveS + 1);
        this.context.records.write(aliveKind, 0, to.written());
        return;
      }
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
