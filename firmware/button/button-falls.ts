/** Falls of a button that can feel them: the sensor, the moment to take a fall back, and the series of calls. */
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import type { FallPhase } from "../../protocol/radio/fall.ts";
import { sentFall } from "../../protocol/radio/fall.ts";
import { observerOf } from "../department.ts";
import type { FallSensor, OpenFallSensor } from "../ports/fall.ts";
import type { ButtonHost } from "../ports/host.ts";
import { Runner } from "../runner.ts";
import { unheardFallKind } from "../storage/record-kinds.ts";
import { Wake } from "../wake.ts";
import type { ButtonRadio } from "./button-radio.ts";
import type { CallHome, CallSeries, CallSeriesOptions } from "./call-series.ts";
import type { FallEffect, FallEvent, FallState } from "./fall-machine.ts";
import { fallAtStart, stepFall } from "./fall-machine.ts";

export interface FallParts {
  readonly host: ButtonHost;
  readonly radio: ButtonRadio;
  /** How long a fall may be taken back before it is sent. */
  readonly delayMs: number;
  /** Absent: nothing is ever felt. */
  readonly open: OpenFallSensor | undefined;
  readonly home: CallHome;
  readonly series: (which: Pick<CallSeriesOptions, "name" | "recordKind" | "send">) => CallSeries;
}

/** `without-falls.ts` is the same for a board that has no sensor. */
export class ButtonFalls {
  private readonly parts: FallParts;
  private readonly series: CallSeries;
  private readonly fall: Runner<FallState, FallEvent, FallEffect>;
  private readonly wake: Wake;
  private readonly sensor: FallSensor | undefined;
  private phase: FallPhase;

  constructor(parts: FallParts) {
    const host = parts.host;
    this.parts = parts;
    this.phase = "fell";
    this.series = parts.series({
      name: "button-fall",
      recordKind: unheardFallKind,
      send: (counter, told) =>
        parts.radio.sendNew(
          sentFall,
          counter,
          Object.assign(
            { nameDistance: told.nameDistance, ageS: told.ageS, falls: told.count, phase: this.phase },
            parts.home.reading(),
          ),
        ),
    });
    this.wake = new Wake(host.clock, () => this.fall.dispatch({ type: "due", nowMs: host.clock.nowMs() }));
    this.fall = new Runner<FallState, FallEvent, FallEffect>(
      (state, event) => stepFall(parts.delayMs, state, event),
      fallAtStart,
      (effect) => this.perform(effect),
      observerOf(host, "fall"),
    );
    this.sensor =
      parts.open === undefined
        ? undefined
        : parts.open({
            onFell: () => this.fall.dispatch({ type: "fell", nowMs: host.clock.nowMs() }),
            onCancelled: () => this.fall.dispatch({ type: "cancelled" }),
          });
  }

  get at(): CallSeries["at"] {
    return this.series.at;
  }

  /** A unit said how far the fall of this name is. */
  told(name: number, step: AlarmStep): void {
    this.series.beAnswered(name, step);
  }

  /** After a restart: a fall that nobody had acknowledged goes on. */
  takeUp(): void {
    this.series.goOn();
  }

  /** Nothing more is sent. */
  rest(): void {
    this.series.close();
  }

  /** After this no fall is felt any more. */
  close(): void {
    if (this.sensor !== undefined) this.sensor.close();
    this.fall.dispatch({ type: "cancelled" });
  }

  private perform(effect: FallEffect): void {
    const hasKey = this.parts.radio.hasKey;
    switch (effect.type) {
      case "call":
        this.phase = "fell";
        if (hasKey) this.series.beginCall();
        return;
      case "withdraw":
        this.phase = "withdrawn";
        if (hasKey) this.series.retell();
        return;
      case "show-felt":
        this.parts.host.signals.show("fall-felt");
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
