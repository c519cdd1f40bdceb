/** SHA-256 (FIPS 180-4): digest authentication with an algorithm of today (RFC 8760), and the check of images. */
import { padTail, tail } from "./hash-tail.ts";
import { hexWord } from "./hex.ts";

/** The digest of `bytes`, fewer than 2^29 of them, as 64 small hexadecimal digits. */
export function sha256Hex(bytes: Uint8Array): string {
  for (let i = 0; i < 8; i++) state[i] = first[i] as number;
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) mix(bytes, at);
  const length = padTail(bytes, whole, true);
  for (let at = 0; at < length; at += 64) mix(tail, at);
  let text = "";
  for (let i = 0; i < 8; i++) text += hexWord(state[i] as number);
  return text;
}

/** The digest of what comes in pieces, and is nowhere whole: an image in flash, page by page. */
export class Sha256Pieces {
  private readonly kept: Int32Array;
  private byteCount: number;

  constructor() {
    this.kept = new Int32Array(8);
    this.kept.set(first);
    this.byteCount = 0;
  }

  /** The next piece: whole blocks of 64 bytes, fewer than 2^29 bytes in all. */
  push(bytes: Uint8Array): void {
    if (bytes.length % 64 !== 0) throw new Error("sha256: a piece of part of a block");
    this.mixAll(bytes, bytes.length);
    this.byteCount += bytes.length;
  }

  /** The digest, 32 bytes, with `bytes`, of any length, as the last piece. Nothing comes after it. */
  finish(bytes: Uint8Array): Uint8Array {
    const whole = bytes.length - (bytes.length % 64);
    this.mixAll(bytes, whole);
    const length = padTail(bytes, whole, true);
    const bits = (this.byteCount + bytes.length) << 3;
    for (let i = 0; i < 4; i++) tail[length - 1 - i] = bits >>> (8 * i);
    this.mixAll(tail, length);
    const digest = new Uint8Array(32);
    for (let i = 0; i < 32; i++) digest[i] = (this.kept[i >> 2] as number) >>> (24 - 8 * (i & 3));
    return digest;
  }

  private mixAll(bytes: Uint8Array, end: number): void {
    state.set(this.kept);
    for (let at = 0; at < end; at += 64) mix(bytes, at);
    this.kept.set(state);
  }
}

/** One block of 64 bytes (FIPS 180-4 6.2.2). */
function mix(bytes: Uint8Array, from: number): void {
  spread(bytes, from);
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < 64; i++) {
    const turnedE = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const add = (h + turnedE + ((e & f) ^ (~e & g)) + (roots[i] as number) + (words[i] as number)) | 0;
    const turnedA = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const top = (turnedA + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + add) | 0;
    d = c;
    c = b;
    b = a;
    a = (add + top) | 0;
  }
  state[0] = ((state[0] as number) + a) | 0;
  state[1] = ((state[1] as number) + b) | 0;
  state[2] = ((state[2] as number) + c) | 0;
  state[3] = ((state[3] as number) + d) | 0;
  state[4] = ((state[4] as number) + e) | 0;
  state[5] = ((state[5] as number) + f) | 0;
  state[6] = ((state[6] as number) + g) | 0;
  state[7] = ((state[7] as number) + h) | 0;
}

/** The sixteen words of a block become sixty-four. */
function spread(bytes: Uint8Array, from: number): void {
  for (let i = 0, at = from; i < 16; i++, at += 4)
    words[i] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
  for (let i = 16; i < 64; i++) {
    const near = words[i - 2] as number;
    const far = words[i - 15] as number;
    const turnedNear = ((near >>> 17) | (near << 15)) ^ ((near >>> 19) | (near << 13)) ^ (near >>> 10);
    const turnedFar = ((far >>> 7) | (far << 25)) ^ ((far >>> 18) | (far << 14)) ^ (far >>> 3);
    words[i] = (turnedNear + (words[i - 7] as number) + turnedFar + (words[i - 16] as number)) | 0;
  }
}

/** These serve every call: none of them holds anything from one call to the next. */
const state = new Int32Array(8);
const words = new Int32Array(64);

/** The first 32 bits of the fractions of the square roots of the first eight primes. */
const first = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** The first 32 bits of the fractions of the cube roots of the first sixty-four primes. */
const roots = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
