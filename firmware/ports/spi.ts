/** The wires of a chip on an SPI bus: exchanged bytes, and lines whose level can be read and whose edges are told. */
import type { Input } from "./pin.ts";

export interface Spi {
  /**
   * Selects the chip, exchanges the bytes for as many into `into` (another array, at least as long), and deselects it. At most
   * 64 bytes, in mode 0, highest bit first.
   */
  transfer(bytes: Uint8Array, into: Uint8Array): void;
  close(): void;
}

export interface LevelOptions {
  /** The level changed. */
  readonly onChange: (high: boolean) => void;
}

/** A digital input whose level can be read at any time, too. */
export interface LevelInput extends Input {
  isHigh(): boolean;
}

export type OpenLevel = (options: LevelOptions) => LevelInput;

/** A radio chip that says when it is busy, and raises a line when something happened. */
export interface ChipWires {
  openSpi(): Spi;
  readonly openBusy: OpenLevel;
  readonly openInterrupt: OpenLevel;
  /** True: the chip is held in reset. */
  holdReset(held: boolean): void;
}
