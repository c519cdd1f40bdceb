/** Presses that nobody has accepted after a minute, as they become late while a run is played: lines for whoever watches. */
import type { AlarmEffect } from "../firmware/alarm/alarm-state.ts";
import type { Witness } from "../simulator/record/witness.ts";
import { lateAfterMs } from "../simulator/report/statistics.ts";
import { type Resident, residentsOf } from "../simulator/residents.ts";
import type { Scenario } from "../simulator/scenario/scenario.ts";

interface Waiting {
  readonly unit: number;
  readonly button: number;
  readonly pressedMs: number;
  /** Whether it has been told as late. */
  isTold: boolean;
}

export class LateAlarms implements Witness {
  private readonly residents: readonly Resident[];
  /** By instant pressed. */
  private waiting: Waiting[];

  constructor(scenario: Scenario, seed: number) {
    this.residents = residentsOf(scenario, seed);
    this.waiting = [];
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.waiting.push({ unit, button, pressedMs: atMs, isTold: false });
  }

  stepped(_atMs: number, unit: number, machine: string, _event: object, effects: readonly object[]): void {
    if (machine !== "alarm") return;
    for (const effect of effects as readonly AlarmEffect[])
      if (effect.type === "tell-button" && effect.step === "accepted")
        this.waiting = this.waiting.filter((one) => one.unit !== unit || one.button !== effect.bond + 1);
  }

  /** What became late since it was asked last; the next call tells of the same press no more. */
  linesAt(nowMs: number): readonly string[] {
    const lines: string[] = [];
    for (const one of this.waiting) {
      if (one.isTold || nowMs - one.pressedMs <= lateAfterMs) continue;
      one.isTold = true;
      const who = this.residents[one.unit]?.name ?? "";
      lines.push(
        `${who}, button ${one.button}: nobody has accepted its press for ${Math.floor((nowMs - one.pressedMs) / 1_000)} s`,
      );
    }
    return lines;
  }
}
