/** For tests only: a clock moved by hand on a machine that is busy. */
import { HandClock } from "../../../firmware/sip/test-bench.ts";

/** A clock whose timers come late, each by what `lateMs` says next. */
export class LateClock extends HandClock {
  private readonly lateMs: readonly number[];
  private at: number;

  constructor(lateMs: readonly number[]) {
    super();
    this.lateMs = lateMs;
    this.at = 0;
  }

  override after(delayMs: number, callback: () => void): ReturnType<HandClock["after"]> {
    return super.after(delayMs + (this.lateMs[this.at++ % this.lateMs.length] as number), callback);
  }
}
