/** One output of a simulated chip: its level, who watches it, and edges that get lost. */
import type { LevelInput, LevelOptions } from "../../firmware/ports/spi.ts";

export class ChipLine {
  private high: boolean;
  private onChange: ((high: boolean) => void) | undefined;
  private losses: number;

  constructor() {
    this.high = false;
    this.onChange = undefined;
    this.losses = 0;
  }

  isHigh(): boolean {
    return this.high;
  }

  /** So many rises are not told. */
  lose(count: number): void {
    this.losses = count;
  }

  set(high: boolean): void {
    if (high === this.high) return;
    this.high = high;
    if (high && this.losses > 0) this.losses--;
    else this.onChange?.(high);
  }

  open({ onChange }: LevelOptions): LevelInput {
    this.onChange = onChange;
    return { isHigh: () => this.high, close: () => (this.onChange = undefined) };
  }
}
