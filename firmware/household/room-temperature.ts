/** The room's thermometer: lets it watch the borders that matter now, and looks when one was passed or a time has come. */

import { observerOf, raise } from "../department.ts";
import type { OpenThermometer, Thermometer } from "../ports/thermometer.ts";
import { Runner } from "../runner.ts";
import { temperatureKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import type { TemperatureSettings } from "./household-settings.ts";
import {
  stepTemperature,
  type TemperatureEffect,
  type TemperatureEvent,
  type TemperatureState,
  temperatureAtStart,
  type Zone,
} from "./temperature-machine.ts";

const zones: readonly Zone[] = ["normal", "cold", "warm"];

export class RoomTemperature {
  private readonly context: UnitContext;
  private readonly thermometer: Thermometer;
  private readonly runner: Runner<TemperatureState, TemperatureEvent, TemperatureEffect>;
  private readonly wake: Wake;

  constructor(context: UnitContext, settings: TemperatureSettings, open: OpenThermometer) {
    this.context = context;
    this.wake = new Wake(context.clock, () => this.look());
    this.runner = new Runner<TemperatureState, TemperatureEvent, TemperatureEffect>(
      (state, event) => stepTemperature(settings, state, event),
      temperatureAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "temperature"),
    );
    this.thermometer = open({ onPassed: () => this.look() });
    const kept = context.records.read(temperatureKind, 0);
    const told = kept === undefined ? undefined : zones[kept[0] as number];
    this.runner.dispatch({ type: "restored", nowMs: context.clock.nowMs(), told: told ?? "normal" });
  }

  close(): void {
    this.thermometer.close();
  }

  private look(): void {
    this.runner.dispatch({ type: "looked", nowMs: this.context.clock.nowMs(), deciC: this.thermometer.deciC() });
  }

  private perform(effect: TemperatureEffect): void {
    switch (effect.type) {
      case "tell":
        raise(this.context, effect);
        return;
      case "keep":
        this.keep(effect.told);
        return;
      case "watch":
        this.thermometer.watch(effect.belowDeciC, effect.aboveDeciC);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private keep(told: Zone): void {
    if (told === "normal") {
      this.context.records.remove(temperatureKind, 0);
      return;
    }
    const bytes = new Uint8Array(1);
    bytes[0] = zones.indexOf(told);
    this.context.records.write(temperatureKind, 0, bytes);
  }
}
