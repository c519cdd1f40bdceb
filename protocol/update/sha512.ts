/** SHA-512 (FIPS 180-4), a few rounds at a time, so that a device is never held up for longer: the digest inside Ed25519 (RFC 8032 5.1). */

const blockLength = 128;
const twoTo32 = 4_294_967_296;

const roundsAtOnce = 20;
const rounds = 80;

/** Digests a message of known length; each block of 128 bytes takes five calls of `step`. */
export class Sha512 {
  private readonly message: Uint8Array;
  private readonly state: Int32Array;
  private readonly words: Int32Array;
  private readonly work: Int32Array;
  private at: number;
  /** Rounds that the block at `at` has had; -1: it was not looked at yet. */
  private round: number;

  /** `message`, fewer than 2^28 bytes, must not change until the digest is taken. */
  constructor(message: Uint8Array) {
    this.message = message;
    this.state = new Int32Array(16);
    for (let i = 0; i < 16; i++) this.state[i] = first[i] as number;
    this.words = new Int32Array(2 * rounds);
    this.work = new Int32Array(16);
    this.at = 0;
    this.round = -1;
  }

  /** Goes on by some rounds; false: the digest stands. */
  step(): boolean {
    if (this.at > this.message.length + 16) return false;
    if (this.round < 0) {
      this.begin();
      return true;
    }
    const end = this.round + roundsAtOnce;
    for (; this.round < end; this.round++) turn(this.work, this.words, 2 * this.round);
    if (end < rounds) return true;
    this.finish();
    return this.at <= this.message.length + 16;
  }

  /** The 64 bytes of the digest, once `step` has answered false. */
  digest(): Uint8Array {
    const bytes = new Uint8Array(64);
    for (let i = 0; i < 64; i++) bytes[i] = (this.state[i >> 2] as number) >>> (24 - 8 * (i & 3));
    return bytes;
  }

  private begin(): void {
    const isWhole = this.at + blockLength <= this.message.length;
    if (!isWhole) pad(this.message, this.at);
    spread(this.words, isWhole ? this.message : block, isWhole ? this.at : 0);
    for (let i = 0; i < 16; i++) this.work[i] = this.state[i] as number;
    this.round = 0;
  }

  private finish(): void {
    const state = this.state;
    for (let i = 0; i < 16; i += 2) {
      const low = ((state[i + 1] as number) >>> 0) + ((this.work[i + 1] as number) >>> 0);
      state[i + 1] = low | 0;
      state[i] = ((state[i] as number) + (this.work[i] as number) + (low >= twoTo32 ? 1 : 0)) | 0;
    }
    this.at += blockLength;
    this.round = -1;
  }
}

/** The digest of `bytes` at once. */
export function sha512(bytes: Uint8Array): Uint8Array {
  const hash = new Sha512(bytes);
  let more = true;
  while (more) more = hash.step();
  return hash.digest();
}

/** Fills `block` with what the message has from `at` on, a one bit where it ends, and its length at the very end (5.1.2). */
function pad(message: Uint8Array, at: number): void {
  const length = message.length;
  block.fill(0);
  if (at < length) block.set(message.subarray(at, length));
  if (at <= length) block[length - at] = 0x80;
  if (at + blockLength < length + 17) return;
  const bits = length * 8;
  for (let i = 0; i < 4; i++) block[blockLength - 1 - i] = bits >>> (8 * i);
}

/** One round (6.4.2): the eight words move on by one place, and two of them are made anew. A word is two numbers, the high one first. */
function turn(work: Int32Array, words: Int32Array, round: number): void {
  const eHigh = work[8] as number;
  const eLow = work[9] as number;
  const chosenHigh = (eHigh & (work[10] as number)) ^ (~eHigh & (work[12] as number));
  const chosenLow = (eLow & (work[11] as number)) ^ (~eLow & (work[13] as number));
  const turnedHigh = ((eHigh >>> 14) | (eLow << 18)) ^ ((eHigh >>> 18) | (eLow << 14)) ^ ((eLow >>> 9) | (eHigh << 23));
  const turnedLow = ((eLow >>> 14) | (eHigh << 18)) ^ ((eLow >>> 18) | (eHigh << 14)) ^ ((eHigh >>> 9) | (eLow << 23));
  const low =
    ((work[15] as number) >>> 0) +
    (turnedLow >>> 0) +
    (chosenLow >>> 0) +
    ((roots[round + 1] as number) >>> 0) +
    ((words[round + 1] as number) >>> 0);
  const high =
    ((work[14] as number) +
      turnedHigh +
      chosenHigh +
      (roots[round] as number) +
      (words[round] as number) +
      Math.floor(low / twoTo32)) |
    0;
  const aHigh = work[0] as number;
  const aLow = work[1] as number;
  const bHigh = work[2] as number;
  const bLow = work[3] as number;
  const cHigh = work[4] as number;
  const cLow = work[5] as number;
  const mostHigh = (aHigh & (bHigh | cHigh)) | (bHigh & cHigh);
  const mostLow = (aLow & (bLow | cLow)) | (bLow & cLow);
  const wheelHigh = ((aHigh >>> 28) | (aLow << 4)) ^ ((aLow >>> 2) | (aHigh << 30)) ^ ((aLow >>> 7) | (aHigh << 25));
  const wheelLow = ((aLow >>> 28) | (aHigh << 4)) ^ ((aHigh >>> 2) | (aLow << 30)) ^ ((aHigh >>> 7) | (aLow << 25));
  for (let i = 15; i > 1; i--) work[i] = work[i - 2] as number;
  const newLow = ((work[9] as number) >>> 0) + ((low | 0) >>> 0);
  work[9] = newLow | 0;
  work[8] = ((work[8] as number) + high + (newLow >= twoTo32 ? 1 : 0)) | 0;
  const topLow = ((low | 0) >>> 0) + (wheelLow >>> 0) + (mostLow >>> 0);
  work[1] = topLow | 0;
  work[0] = (high + wheelHigh + mostHigh + Math.floor(topLow / twoTo32)) | 0;
}

/** The sixteen words of a block become eighty. */
function spread(words: Int32Array, bytes: Uint8Array, from: number): void {
  for (let i = 0, at = from; i < 32; i++, at += 4)
    words[i] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
  for (let i = 32; i < 160; i += 2) {
    const nearHigh = words[i - 4] as number;
    const nearLow = words[i - 3] as number;
    const farHigh = words[i - 30] as number;
    const farLow = words[i - 29] as number;
    const oneHigh = ((nearHigh >>> 19) | (nearLow << 13)) ^ ((nearLow >>> 29) | (nearHigh << 3)) ^ (nearHigh >>> 6);
    const oneLow =
      ((nearLow >>> 19) | (nearHigh << 13)) ^
      ((nearHigh >>> 29) | (nearLow << 3)) ^
      ((nearLow >>> 6) | (nearHigh << 26));
    const twoHigh = ((farHigh >>> 1) | (farLow << 31)) ^ ((farHigh >>> 8) | (farLow << 24)) ^ (farHigh >>> 7);
    const twoLow =
      ((farLow >>> 1) | (farHigh << 31)) ^ ((farLow >>> 8) | (farHigh << 24)) ^ ((farLow >>> 7) | (farHigh << 25));
    const low = (oneLow >>> 0) + ((words[i - 13] as number) >>> 0) + (twoLow >>> 0) + ((words[i - 31] as number) >>> 0);
    words[i + 1] = low | 0;
    words[i] =
      (oneHigh + (words[i - 14] as number) + twoHigh + (words[i - 32] as number) + Math.floor(low / twoTo32)) | 0;
  }
}

/** Serves every call: it holds nothing from one call to the next. */
const block = new Uint8Array(blockLength);

/** The first 64 bits of the fractions of the square roots of the first eight primes. */
const first = new Int32Array([
  0x6a09e667, 0xf3bcc908, 0xbb67ae85, 0x84caa73b, 0x3c6ef372, 0xfe94f82b, 0xa54ff53a, 0x5f1d36f1, 0x510e527f,
  0xade682d1, 0x9b05688c, 0x2b3e6c1f, 0x1f83d9ab, 0xfb41bd6b, 0x5be0cd19, 0x137e2179,
]);

/** The first 64 bits of the fractions of the cube roots of the first eighty primes. */
const roots = new Int32Array([
  0x428a2f98, 0xd728ae22, 0x71374491, 0x23ef65cd, 0xb5c0fbcf, 0xec4d3b2f, 0xe9b5dba5, 0x8189dbbc, 0x3956c25b,
  0xf348b538, 0x59f111f1, 0xb605d019, 0x923f82a4, 0xaf194f9b, 0xab1c5ed5, 0xda6d8118, 0xd807aa98, 0xa3030242,
  0x12835b01, 0x45706fbe, 0x243185be, 0x4ee4b28c, 0x550c7dc3, 0xd5ffb4e2, 0x72be5d74, 0xf27b896f, 0x80deb1fe,
  0x3b1696b1, 0x9bdc06a7, 0x25c71235, 0xc19bf174, 0xcf692694, 0xe49b69c1, 0x9ef14ad2, 0xefbe4786, 0x384f25e3,
  0x0fc19dc6, 0x8b8cd5b5, 0x240ca1cc, 0x77ac9c65, 0x2de92c6f, 0x592b0275, 0x4a7484aa, 0x6ea6e483, 0x5cb0a9dc,
  0xbd41fbd4, 0x76f988da, 0x831153b5, 0x983e5152, 0xee66dfab, 0xa831c66d, 0x2db43210, 0xb00327c8, 0x98fb213f,
  0xbf597fc7, 0xbeef0ee4, 0xc6e00bf3, 0x3da88fc2, 0xd5a79147, 0x930aa725, 0x06ca6351, 0xe003826f, 0x14292967,
  0x0a0e6e70, 0x27b70a85, 0x46d22ffc, 0x2e1b2138, 0x5c26c926, 0x4d2c6dfc, 0x5ac42aed, 0x53380d13, 0x9d95b3df,
  0x650a7354, 0x8baf63de, 0x766a0abb, 0x3c77b2a8, 0x81c2c92e, 0x47edaee6, 0x92722c85, 0x1482353b, 0xa2bfe8a1,
  0x4cf10364, 0xa81a664b, 0xbc423001, 0xc24b8b70, 0xd0f89791, 0xc76c51a3, 0x0654be30, 0xd192e819, 0xd6ef5218,
  0xd6990624, 0x5565a910, 0xf40e3585, 0x5771202a, 0x106aa070, 0x32bbd1b8, 0x19a4c116, 0xb8d2d0c8, 0x1e376c08,
  0x5141ab53, 0x2748774c, 0xdf8eeb99, 0x34b0bcb5, 0xe19b48a8, 0x391c0cb3, 0xc5c95a63, 0x4ed8aa4a, 0xe3418acb,
  0x5b9cca4f, 0x7763e373, 0x682e6ff3, 0xd6b2b8a3, 0x748f82ee, 0x5defb2fc, 0x78a5636f, 0x43172f60, 0x84c87814,
  0xa1f0ab72, 0x8cc70208, 0x1a6439ec, 0x90befffa, 0x23631e28, 0xa4506ceb, 0xde82bde9, 0xbef9a3f7, 0xb2c67915,
  0xc67178f2, 0xe372532b, 0xca273ece, 0xea26619c, 0xd186b8c7, 0x21c0c207, 0xeada7dd6, 0xcde0eb1e, 0xf57d4f7f,
  0xee6ed178, 0x06f067aa, 0x72176fba, 0x0a637dc5, 0xa2c898a6, 0x113f9804, 0xbef90dae, 0x1b710b35, 0x131c471b,
  0x28db77f5, 0x23047d84, 0x32caab7b, 0x40c72493, 0x3c9ebe0a, 0x15c9bebc, 0x431d67c4, 0x9c100d4c, 0x4cc5d4be,
  0xcb3e42b6, 0x597f299c, 0xfc657e2a, 0x5fcb6fab, 0x3ad6faec, 0x6c44198c, 0x4a475817,
]);
