/**
 * Small byte arrays cut from one sheet after the other. Engines take a long time to make a typed array of its own, so that
 * many messages share one; a sheet goes when the last piece of it is dropped, and none is ever written a second time.
 */

const sheetBytes = 4096;
/** Longer ones get memory of their own, so that the end of a sheet is never a great waste. */
const longestPiece = 1024;

/** A piece of so many bytes, all zero, that nobody else has. */
export function newPiece(length: number): Uint8Array {
  if (length > longestPiece) return new Uint8Array(length);
  if (used + length > sheet.length) {
    sheet = new Uint8Array(sheetBytes);
    used = 0;
  }
  used += length;
  return sheet.subarray(used - length, used);
}

let sheet = new Uint8Array(0);
let used = 0;
