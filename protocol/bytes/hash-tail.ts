/** What MD5 and SHA-256 share: the last bytes of a message with a one bit, zeros, and the length in bits behind them. */

/** Two blocks: as much as what is left of a message and its length can take. */
export const tail = new Uint8Array(128);

/**
 * Fills `tail` with what is left of `bytes` from the last whole block on (RFC 1321 3.1, 3.2; FIPS 180-4 5.1.1) and answers
 * how many bytes of it count: 64 or 128.
 */
export function padTail(bytes: Uint8Array, from: number, bigEndian: boolean): number {
  const rest = bytes.length - from;
  const length = rest < 56 ? 64 : 128;
  tail.fill(0);
  tail.set(bytes.subarray(from, bytes.length));
  tail[rest] = 0x80;
  const low = bytes.length << 3;
  for (let i = 0; i < 4; i++) tail[bigEndian ? length - 1 - i : length - 8 + i] = low >>> (8 * i);
  return length;
}
