/**
 * The field of 2^255 - 19 elements that Ed25519 reckons in (RFC 8032 5.1), in floating point alone, since no engine of ours but
 * one has whole numbers beyond 53 bits. An element is twelve numbers; number i is a whole multiple of 2^w(i), w = 22 or 21 bits
 * further on than the one before it, and the element is their sum. Products of such numbers add up exactly (radix 2^21.25 of
 * D. J. Bernstein, "Floating-point arithmetic and message authentication").
 *
 * What `multiply` and `square` (product25519.ts) and `fromBytes` make is *fresh*: no number of it is beyond half of the next one's unit. `plus` and
 * `minus` do not carry, so their bounds add up. Sums stay below 2^53 units as long as the bounds of two factors multiply to 15
 * or less: a test tries the very bounds.
 */

export type Element = Float64Array;

/** Numbers in an element. */
export const elementLength = 12;

export function zero(): Element {
  return new Float64Array(elementLength);
}

/** A fresh element from 32 bytes, the lowest first; the highest bit is left out. */
export function fromBytes(bytes: Uint8Array): Element {
  const to = zero();
  let gathered = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < elementLength; i++) {
    const width = widths[i] as number;
    while (bits < width && at < 32) {
      const byte = at === 31 ? (bytes[at] as number) & 127 : (bytes[at] as number);
      gathered += byte * (1 << bits);
      bits += 8;
      at++;
    }
    const size = 1 << width;
    const part = gathered % size;
    to[i] = part * (units[i] as number);
    gathered = (gathered - part) / size;
    bits -= width;
  }
  carry(to);
  return to;
}

/** The one way to write an element: 32 bytes of the number below 2^255 - 19, the lowest first. */
export function toBytes(element: Element): Uint8Array {
  for (let i = 0; i < elementLength; i++) whole[i] = (element[i] as number) / (units[i] as number);
  for (let round = 0; round < 3; round++) settle(0);
  // What is 2^255 - 19 or more gives 2^255 or more when 19 is added.
  spare.set(whole);
  if (settle(19) === 0) whole.set(spare);
  const bytes = new Uint8Array(32);
  let gathered = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < elementLength; i++) {
    gathered += (whole[i] as number) * (1 << bits);
    bits += widths[i] as number;
    while (bits >= 8 || (i === elementLength - 1 && at < 32)) {
      bytes[at++] = gathered % 256;
      gathered = Math.floor(gathered / 256);
      bits -= 8;
    }
  }
  return bytes;
}

/** Makes every number of `whole` 0 or more and less than its size; what is beyond 2^255 comes back as 19, and is the answer. */
function settle(add: number): number {
  let over = add;
  for (let i = 0; i < elementLength; i++) {
    const size = 1 << (widths[i] as number);
    const sum = (whole[i] as number) + over;
    over = Math.floor(sum / size);
    whole[i] = sum - over * size;
  }
  if (add === 0) whole[0] = (whole[0] as number) + 19 * over;
  return over;
}

export function plus(a: Element, b: Element): Element {
  const to = zero();
  for (let i = 0; i < elementLength; i++) to[i] = (a[i] as number) + (b[i] as number);
  return to;
}

export function minus(a: Element, b: Element): Element {
  const to = zero();
  for (let i = 0; i < elementLength; i++) to[i] = (a[i] as number) - (b[i] as number);
  return to;
}

export function isZero(element: Element): boolean {
  const bytes = toBytes(element);
  let any = 0;
  for (let i = 0; i < 32; i++) any |= bytes[i] as number;
  return any === 0;
}

/**
 * Each number keeps what is less than half of the next one's unit, and hands on the rest: what is added and taken away again
 * is so large that only multiples of that unit stand beside it.
 */
export function carry(to: Element): void {
  let over = 0;
  for (let i = 0; i < elementLength; i++) {
    const large = rounders[i] as number;
    const sum = (to[i] as number) + over;
    over = sum + large - large;
    to[i] = sum - over;
  }
  const first = (to[0] as number) + over * wrap;
  const large = rounders[0] as number;
  over = first + large - large;
  to[0] = first - over;
  to[1] = (to[1] as number) + over;
}

function power(bits: number): number {
  let value = 1;
  for (let i = 0; i < bits; i++) value *= 2;
  return value;
}

function unitsOf(from: number): Float64Array {
  const values = new Float64Array(elementLength + 1);
  values[0] = from;
  for (let i = 0; i < elementLength; i++) values[i + 1] = (values[i] as number) * power(widths[i] as number);
  return values;
}

/** Bits of each number. */
const widths: readonly number[] = [22, 21, 21, 21, 22, 21, 21, 21, 22, 21, 21, 21];
/** The unit of each number, and of the one that would come after the last. */
const units = unitsOf(1);
/** 2^51 + 2^52 units of the next number: a sum with it has no bits below that unit. */
const rounders = unitsOf(3 * power(51)).subarray(1, elementLength + 1);
/** What stands at 2^255 counts as 19. */
export const wrap = 19 / power(255);

/** These serve every call: none of them holds anything from one call to the next. */
const whole = new Float64Array(elementLength);
const spare = new Float64Array(elementLength);
