/** Raw NOR flash: a sector is erased to ones, programming clears bits, any byte can be read. The journal builds on this only. */
export interface Flash {
  readonly sectorSize: number;
  readonly sectorCount: number;
  /** Bytes that are programmed at once: addresses and lengths are multiples of it (1, 4 or 8). */
  readonly programUnit: number;
  /** Sets every byte of a sector to 0xFF. False when the chip reports a failure. */
  erase(sector: number): boolean;
  /** Clears bits from `address` on. False when the chip reports a failure. */
  program(address: number, bytes: Uint8Array): boolean;
  /** Fills `into` with what stands from `address` on. */
  read(address: number, into: Uint8Array): void;
}
