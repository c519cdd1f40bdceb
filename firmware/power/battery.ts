/** The battery's keeper: wakes its machine, measures for it, and keeps what was told of the battery in the journal. */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { observerOf, raise, wallSeconds } from "../department.ts";
import { Runner } from "../runner.ts";
import { batteryKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import {
  type BatteryEffect,
  type BatteryEvent,
  type BatteryMemory,
  type BatteryState,
  batteryAtStart,
  stepBattery,
} from "./battery-machine.ts";
import type { BatterySettings } from "./power-settings.ts";

export interface BatteryOrders {
  /** Reads the voltage; the answer comes through `read`. */
  readonly measure: () => void;
  readonly load: (on: boolean) => void;
}

const recordSize = 6;

export class Battery {
  private readonly context: UnitContext;
  private readonly orders: BatteryOrders;
  private readonly runner: Runner<BatteryState, BatteryEvent, BatteryEffect>;
  private readonly wake: Wake;

  constructor(context: UnitContext, settings: BatterySettings, orders: BatteryOrders) {
    this.context = context;
    this.orders = orders;
    this.wake = new Wake(context.clock, () => this.runner.dispatch({ type: "due", nowMs: this.nowMs() }));
    this.runner = new Runner<BatteryState, BatteryEvent, BatteryEffect>(
      (state, event) => stepBattery(settings, state, event),
      batteryAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "battery"),
    );
    this.runner.dispatch({ type: "restored", nowMs: this.nowMs(), memory: this.memory() });
  }

  /** What a forecast and a status list say of it. */
  get condition(): BatteryMemory {
    return this.runner.state.memory;
  }

  mains(present: boolean): void {
    this.runner.dispatch({ type: "mains", nowMs: this.nowMs(), present });
  }

  connected(connected: boolean): void {
    this.runner.dispatch({ type: "connected", nowMs: this.nowMs(), connected });
  }

  busy(busy: boolean): void {
    this.runner.dispatch({ type: "busy", nowMs: this.nowMs(), busy });
  }

  read(mv: number, permille: number): void {
    this.runner.dispatch({ type: "read", nowMs: this.nowMs(), wallS: wallSeconds(this.context), mv, permille });
  }

  check(): void {
    this.runner.dispatch({ type: "asked", nowMs: this.nowMs() });
  }

  replaced(): void {
    this.runner.dispatch({ type: "replaced", nowMs: this.nowMs(), wallS: wallSeconds(this.context) });
  }

  private nowMs(): number {
    return this.context.clock.nowMs();
  }

  private perform(effect: BatteryEffect): void {
    switch (effect.type) {
      case "tell":
        raise(this.context, effect);
        return;
      case "measure":
        this.orders.measure();
        return;
      case "load":
        this.orders.load(effect.on);
        return;
      case "say-low":
        this.context.say("battery-low");
        return;
      case "keep":
        this.keep(effect.memory);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private keep(memory: BatteryMemory): void {
    const to = new Writer(new Uint8Array(recordSize));
    to.u8((memory.low ? 1 : 0) | (memory.failed ? 2 : 0) | (memory.old ? 4 : 0));
    to.u8(memory.checks);
    to.u32(memory.fittedS + 1);
    this.context.records.write(batteryKind, 0, to.written());
  }

  private memory(): BatteryMemory {
    const kept = this.context.records.read(batteryKind, 0);
    if (kept === undefined || kept.length !== recordSize) return batteryAtStart.memory;
    const from = readerOf(kept);
    const bits = from.u8();
    const checks = from.u8();
    const low = (bits & 1) !== 0;
    return { low, failed: (bits & 2) !== 0, old: (bits & 4) !== 0, checks, fittedS: from.u32() - 1 };
  }
}
