/** MD5 (RFC 1321), which SIP's digest authentication still asks for. Not to be used where a collision would matter. */
import { padTail, tail } from "./hash-tail.ts";
import { hexWord } from "./hex.ts";

/** The digest of `bytes`, fewer than 2^29 of them, as 32 small hexadecimal digits. */
export function md5Hex(bytes: Uint8Array): string {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) mix(bytes, at);
  const length = padTail(bytes, whole, false);
  for (let at = 0; at < length; at += 64) mix(tail, at);
  let text = "";
  for (let i = 0; i < 4; i++) text += hexWord(swapped(state[i] as number));
  return text;
}

/** One block of 64 bytes (RFC 1321 3.4): four rounds of sixteen steps. */
function mix(bytes: Uint8Array, from: number): void {
  for (let i = 0, at = from; i < 16; i++, at += 4)
    words[i] =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    let chosen = 0;
    let word = i;
    if (round === 0) chosen = (b & c) | (~b & d);
    else if (round === 1) {
      chosen = (d & b) | (~d & c);
      word = 5 * i + 1;
    } else if (round === 2) {
      chosen = b ^ c ^ d;
      word = 3 * i + 5;
    } else {
      chosen = c ^ (b | ~d);
      word = 7 * i;
    }
    const sum = (a + chosen + (sines[i] as number) + (words[word & 15] as number)) | 0;
    const turn = turns[round * 4 + (i & 3)] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
  }
  state[0] = ((state[0] as number) + a) | 0;
  state[1] = ((state[1] as number) + b) | 0;
  state[2] = ((state[2] as number) + c) | 0;
  state[3] = ((state[3] as number) + d) | 0;
}

/** MD5 writes its words with the lowest byte first. */
function swapped(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** These serve every call: none of them holds anything from one call to the next. */
const state = new Int32Array(4);
const words = new Int32Array(16);

/** How far each step turns its sum, four to a round. */
const turns = new Uint8Array([7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]);

/** The first 32 bits of the fraction of |sin(i)|, i from 1 on. */
const sines = new Int32Array([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
  0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
  0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
  0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
  0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
  0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
  0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
  0xeb86d391,
]);
