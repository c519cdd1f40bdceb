/** A lamp that shows signals by blinking, as `lampPattern` has them: one lamp by its blinks alone, several by their colours too. */
import { type LampPattern, lampPattern } from "../feedback/lamp.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { UnitSignals } from "../ports/signals.ts";
import type { LampSignal } from "../signals.ts";

/** Puts the lamps into that colour, or out. A board with one lamp lights it for each. */
export type LightLamp = (colour: LampPattern["colour"] | "none") => void;

export class LampBlinker implements UnitSignals {
  private readonly clock: Clock;
  private readonly light: LightLamp;
  private pattern: LampPattern;
  private timer: Timer | undefined;
  /** Half steps of the pattern so far: even ones light up. */
  private step: number;

  constructor(clock: Clock, light: LightLamp) {
    this.clock = clock;
    this.light = light;
    this.pattern = lampPattern("ready");
    this.timer = undefined;
    this.step = 0;
  }

  show(signal: LampSignal): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
    this.pattern = lampPattern(signal);
    this.step = 0;
    if (this.pattern.blinks === 0) this.light(this.pattern.colour);
    else this.turn();
  }

  private turn(): void {
    const isLit = this.step % 2 === 0;
    this.light(isLit ? this.pattern.colour : "none");
    this.step++;
    const isLast = this.step === 2 * this.pattern.blinks;
    if (isLast) this.step = 0;
    this.timer = this.clock.after(isLast ? this.pattern.pauseMs : this.pattern.flashMs, () => this.turn());
  }
}
