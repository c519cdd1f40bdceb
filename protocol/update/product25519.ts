/**
 * Products of elements of the field of Ed25519 (field25519.ts), written out: they are nearly all that a check of a signature
 * does, and on an engine that interprets its source each loop around a product costs more than the product.
 */
import { carry, type Element, elementLength, wrap, zero } from "./field25519.ts";

/** A fresh product. */
export function multiply(a: Element, b: Element): Element {
  const a0 = a[0] as number;
  const a1 = a[1] as number;
  const a2 = a[2] as number;
  const a3 = a[3] as number;
  const a4 = a[4] as number;
  const a5 = a[5] as number;
  const a6 = a[6] as number;
  const a7 = a[7] as number;
  const a8 = a[8] as number;
  const a9 = a[9] as number;
  const a10 = a[10] as number;
  const a11 = a[11] as number;
  const b0 = b[0] as number;
  const b1 = b[1] as number;
  const b2 = b[2] as number;
  const b3 = b[3] as number;
  const b4 = b[4] as number;
  const b5 = b[5] as number;
  const b6 = b[6] as number;
  const b7 = b[7] as number;
  const b8 = b[8] as number;
  const b9 = b[9] as number;
  const b10 = b[10] as number;
  const b11 = b[11] as number;
  wide[0] = a0 * b0;
  wide[1] = a0 * b1 + a1 * b0;
  wide[2] = a0 * b2 + a1 * b1 + a2 * b0;
  wide[3] = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
  wide[4] = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;
  wide[5] = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0;
  wide[6] = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0;
  wide[7] = a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0;
  wide[8] = a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0;
  wide[9] = a0 * b9 + a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 + a9 * b0;
  const half10 = a0 * b10 + a1 * b9 + a2 * b8 + a3 * b7 + a4 * b6;
  wide[10] = half10 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2 + a9 * b1 + a10 * b0;
  const half11 = a0 * b11 + a1 * b10 + a2 * b9 + a3 * b8 + a4 * b7 + a5 * b6;
  wide[11] = half11 + a6 * b5 + a7 * b4 + a8 * b3 + a9 * b2 + a10 * b1 + a11 * b0;
  const half12 = a1 * b11 + a2 * b10 + a3 * b9 + a4 * b8 + a5 * b7;
  wide[12] = half12 + a6 * b6 + a7 * b5 + a8 * b4 + a9 * b3 + a10 * b2 + a11 * b1;
  wide[13] = a2 * b11 + a3 * b10 + a4 * b9 + a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 + a9 * b4 + a10 * b3 + a11 * b2;
  wide[14] = a3 * b11 + a4 * b10 + a5 * b9 + a6 * b8 + a7 * b7 + a8 * b6 + a9 * b5 + a10 * b4 + a11 * b3;
  wide[15] = a4 * b11 + a5 * b10 + a6 * b9 + a7 * b8 + a8 * b7 + a9 * b6 + a10 * b5 + a11 * b4;
  wide[16] = a5 * b11 + a6 * b10 + a7 * b9 + a8 * b8 + a9 * b7 + a10 * b6 + a11 * b5;
  wide[17] = a6 * b11 + a7 * b10 + a8 * b9 + a9 * b8 + a10 * b7 + a11 * b6;
  wide[18] = a7 * b11 + a8 * b10 + a9 * b9 + a10 * b8 + a11 * b7;
  wide[19] = a8 * b11 + a9 * b10 + a10 * b9 + a11 * b8;
  wide[20] = a9 * b11 + a10 * b10 + a11 * b9;
  wide[21] = a10 * b11 + a11 * b10;
  wide[22] = a11 * b11;
  return folded();
}

/** A fresh square: every product of two different numbers is reckoned once. */
export function square(a: Element): Element {
  const a0 = a[0] as number;
  const a1 = a[1] as number;
  const a2 = a[2] as number;
  const a3 = a[3] as number;
  const a4 = a[4] as number;
  const a5 = a[5] as number;
  const a6 = a[6] as number;
  const a7 = a[7] as number;
  const a8 = a[8] as number;
  const a9 = a[9] as number;
  const a10 = a[10] as number;
  const a11 = a[11] as number;
  const d0 = a0 * 2;
  const d1 = a1 * 2;
  const d2 = a2 * 2;
  const d3 = a3 * 2;
  const d4 = a4 * 2;
  const d5 = a5 * 2;
  const d6 = a6 * 2;
  const d7 = a7 * 2;
  const d8 = a8 * 2;
  const d9 = a9 * 2;
  const d10 = a10 * 2;
  wide[0] = a0 * a0;
  wide[1] = d0 * a1;
  wide[2] = d0 * a2 + a1 * a1;
  wide[3] = d0 * a3 + d1 * a2;
  wide[4] = d0 * a4 + d1 * a3 + a2 * a2;
  wide[5] = d0 * a5 + d1 * a4 + d2 * a3;
  wide[6] = d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3;
  wide[7] = d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4;
  wide[8] = d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4;
  wide[9] = d0 * a9 + d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5;
  wide[10] = d0 * a10 + d1 * a9 + d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5;
  wide[11] = d0 * a11 + d1 * a10 + d2 * a9 + d3 * a8 + d4 * a7 + d5 * a6;
  wide[12] = d1 * a11 + d2 * a10 + d3 * a9 + d4 * a8 + d5 * a7 + a6 * a6;
  wide[13] = d2 * a11 + d3 * a10 + d4 * a9 + d5 * a8 + d6 * a7;
  wide[14] = d3 * a11 + d4 * a10 + d5 * a9 + d6 * a8 + a7 * a7;
  wide[15] = d4 * a11 + d5 * a10 + d6 * a9 + d7 * a8;
  wide[16] = d5 * a11 + d6 * a10 + d7 * a9 + a8 * a8;
  wide[17] = d6 * a11 + d7 * a10 + d8 * a9;
  wide[18] = d7 * a11 + d8 * a10 + a9 * a9;
  wide[19] = d8 * a11 + d9 * a10;
  wide[20] = d9 * a11 + a10 * a10;
  wide[21] = d10 * a11;
  wide[22] = a11 * a11;
  return folded();
}

/** What stands in `wide`, with all that is at 2^255 or beyond brought back below it. */
function folded(): Element {
  const to = zero();
  for (let i = 0; i < elementLength - 1; i++) to[i] = (wide[i] as number) + wrap * (wide[i + elementLength] as number);
  to[elementLength - 1] = wide[elementLength - 1] as number;
  carry(to);
  return to;
}

/** Serves every call: it holds nothing from one call to the next. */
const wide = new Float64Array(2 * elementLength - 1);
