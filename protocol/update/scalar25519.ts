/** Numbers by which the points of Ed25519 are multiplied: below the order of its base point, L (RFC 8032 5.1), as bytes, the lowest first. */

/** Whether 32 bytes are a number below L, as the second half of a signature must be (RFC 8032 5.1.7, step 1). */
export function isBelowOrder(bytes: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const byte = bytes[i] as number;
    const limit = order[i] as number;
    if (byte !== limit) return byte < limit;
  }
  return false;
}

/** What 64 bytes leave when they are divided by L: 32 bytes. */
export function modOrder(bytes: Uint8Array): Uint8Array {
  const digits = new Float64Array(64);
  for (let i = 0; i < 64; i++) digits[i] = bytes[i] as number;
  // 2^256 is 16 times 2^252, and 2^252 counts as much as the low half of L taken away.
  for (let i = 63; i >= 32; i--) {
    const top = 16 * (digits[i] as number);
    let over = 0;
    let at = i - 32;
    for (let j = 0; j < 20; j++, at++) {
      const sum = (digits[at] as number) + over - top * (order[j] as number);
      over = Math.floor((sum + 128) / 256);
      digits[at] = sum - over * 256;
    }
    digits[at] = (digits[at] as number) + over;
  }
  const over = takeAway(digits, Math.floor((digits[31] as number) / 16), 0);
  takeAway(digits, over, 0);
  const result = new Uint8Array(32);
  for (let i = 0; i < 32; i++) result[i] = digits[i] as number;
  return result;
}

/** `count` times L from 32 digits, which become whole bytes; what is beyond them is the answer. */
function takeAway(digits: Float64Array, count: number, start: number): number {
  let over = start;
  for (let i = 0; i < 32; i++) {
    const sum = (digits[i] as number) + over - count * (order[i] as number);
    over = Math.floor(sum / 256);
    digits[i] = sum - over * 256;
  }
  return over;
}

/** Places of `signedDigits`: a number below 2^253, and what it may carry. */
export const digitCount = 254;

/** A number below L as digits of two's powers, each 0 or odd from -7 to 7, and of four in a row at most one not 0. */
export function signedDigits(bytes: Uint8Array): Int8Array {
  const digits = new Int8Array(digitCount);
  let over = 0;
  for (let i = 0; i < digitCount; ) {
    const part = bitsAt(bytes, i) + over;
    // Even: the lowest bit is what is carried, and so is what goes on to the next place.
    if (part % 2 === 0) {
      i++;
      continue;
    }
    over = part > 8 ? 1 : 0;
    digits[i] = part - 16 * over;
    i += 4;
  }
  return digits;
}

/** Four bits from bit `at` on. */
function bitsAt(bytes: Uint8Array, at: number): number {
  const place = at >> 3;
  const next = place < 31 ? (bytes[place + 1] as number) : 0;
  return (((bytes[place] as number) + next * 256) >> (at & 7)) & 15;
}

/** L = 2^252 + 27742317777372353535851937790883648493. */
const order = new Uint8Array([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]);
