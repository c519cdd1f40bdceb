/** The Clock port over Espruino's timers and its clock of seconds, which nobody sets: wall time is a value of the firmware's own. */
import type { Clock, Timer } from "../../ports/clock.ts";
import type { TimerId, Timers } from "./engine.ts";

export class EspruinoClock implements Clock {
  readonly timers: Timers;
  private startMs: number;
  private lastMs: number;

  constructor(timers: Timers) {
    this.timers = timers;
    this.startMs = engineMs(timers);
    this.lastMs = 0;
  }

  nowMs(): number {
    const nowMs = engineMs(this.timers) - this.startMs;
    // A console that sets the engine's clock must not take ours back.
    if (nowMs < this.lastMs) this.startMs -= this.lastMs - nowMs;
    else this.lastMs = nowMs;
    return this.lastMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return new EspruinoTimer(this.timers, delayMs, callback);
  }
}

class EspruinoTimer implements Timer {
  private readonly timers: Timers;
  private id: TimerId;

  constructor(timers: Timers, delayMs: number, callback: () => void) {
    this.timers = timers;
    this.id = timers.setTimeout(() => {
      this.id = 0;
      callback();
    }, delayMs);
  }

  cancel(): void {
    // The engine throws for a timer that has fired, and gives its number to another.
    if (this.id > 0) this.timers.clearTimeout(this.id);
    this.id = 0;
  }
}

function engineMs(timers: Timers): number {
  return Math.floor(timers.getTime() * 1000);
}
