/**
 * Chance from one seed: a stream of its own for each purpose and object, so that one more draw here changes nothing
 * elsewhere. The generator is sfc32 (Chris Doty-Humphrey, PractRand); whole numbers only.
 */
const twoTo32 = 2 ** 32;
const twoTo53 = 2 ** 53;
const warmUpDraws = 16;
const million = 1_000_000;

export class Stream {
  private a: number;
  private b: number;
  private c: number;
  private count: number;

  /** `seed` and `index` are whole, 0 or more and at most 2^53 - 1; `purpose` is any text, such as "air loss". */
  constructor(seed: number, purpose: string, index: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`prng: ${seed} is no seed`);
    if (!Number.isSafeInteger(index) || index < 0) throw new Error(`prng: ${index} is no index`);
    this.a = 0x243f6a88;
    this.b = 0x85a308d3;
    this.c = 0x13198a2e;
    this.count = 1;
    this.mix(seed);
    this.mix(Math.floor(seed / twoTo32));
    for (let i = 0; i < purpose.length; i++) this.mix(purpose.charCodeAt(i));
    this.mix(purpose.length);
    this.mix(index);
    this.mix(Math.floor(index / twoTo32));
    this.count = 1;
    for (let i = 0; i < warmUpDraws; i++) this.u32();
  }

  /** 32 random bits, 0 to 2^32 - 1. */
  u32(): number {
    const out = (((this.a + this.b) | 0) + this.count) | 0;
    this.count = (this.count + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + out) | 0;
    return out >>> 0;
  }

  /** A whole number from 0 to `n` - 1, each as likely; `n` is 1 to 2^53 - 1. */
  below(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) throw new Error(`prng: cannot draw below ${n}`);
    // Values beyond the last whole multiple of n would favour the small results: they are drawn again.
    if (n <= twoTo32) {
      const fair = Math.floor(twoTo32 / n) * n;
      let drawn = this.u32();
      while (drawn >= fair) drawn = this.u32();
      return drawn - Math.floor(drawn / n) * n; // exact below 2^53, and four times as fast as % on doubles
    }
    const fair = twoTo53 - (twoTo53 % n);
    let drawn = this.u53();
    while (drawn >= fair) drawn = this.u53();
    return drawn % n;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True `perMillion` times in a million. It draws also for 0, so that a changed rate moves no later draw. */
  chance(perMillion: number): boolean {
    return this.below(million) < perMillion;
  }

  fill(bytes: Uint8Array): void {
    let bits = 0;
    for (let i = 0; i < bytes.length; i++) {
      bits = (i & 3) === 0 ? this.u32() : bits >>> 8;
      bytes[i] = bits;
    }
  }

  private u53(): number {
    return (this.u32() >>> 11) * twoTo32 + this.u32();
  }

  /** One word into the state: each step can be undone, so that words that differ leave states that differ. */
  private mix(word: number): void {
    this.a = Math.imul(this.a ^ word, 0x9e3779b1);
    this.u32();
  }
}
