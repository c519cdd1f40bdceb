/** How long a frame occupies the channel: GFSK at 9.6 kbit/s in 869.20-869.25 MHz (radio 1). */

/** Preamble 8, sync word 4, length 1, CRC 2: what the transceiver puts around the bytes of a frame. */
export const envelopeBytes = 15;

/** Air time of a frame of `byteCount` bytes in µs, rounded up: one byte lasts 8 / 9600 s = 2500 / 3 µs. */
export function airTimeUs(byteCount: number): number {
  return Math.floor(((byteCount + envelopeBytes) * 2500 + 2) / 3);
}
