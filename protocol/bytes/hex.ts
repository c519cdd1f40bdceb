/** Words as hexadecimal text. */

const zero = 48;
/** From the digit behind 9 to the letter a. */
const toLetters = 39;

/** The 32 bits of `word` as eight small hexadecimal digits, the highest first. Made at once: joined pieces cost more than digits. */
export function hexWord(word: number): string {
  return String.fromCharCode(
    digitOf(word >>> 28),
    digitOf((word >>> 24) & 15),
    digitOf((word >>> 20) & 15),
    digitOf((word >>> 16) & 15),
    digitOf((word >>> 12) & 15),
    digitOf((word >>> 8) & 15),
    digitOf((word >>> 4) & 15),
    digitOf(word & 15),
  );
}

function digitOf(value: number): number {
  return value < 10 ? zero + value : zero + toLetters + value;
}
