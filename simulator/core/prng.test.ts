import fc from "fast-check";
import { expect, test } from "vitest";
import { Stream } from "./prng.ts";

const draws = (stream: Stream, count: number) => Array.from({ length: count }, () => stream.u32());
const anySeed = fc.maxSafeNat();
const anyStream = fc.record({ seed: anySeed, purpose: fc.string(), index: anySeed });

test("equal seed, purpose and index give equal streams", () => {
  fc.assert(
    fc.property(anyStream, ({ seed, purpose, index }) => {
      expect(draws(new Stream(seed, purpose, index), 20)).toEqual(draws(new Stream(seed, purpose, index), 20));
    }),
  );
});

test("another seed, another purpose or another index gives another stream", () => {
  fc.assert(
    fc.property(anyStream, anyStream, (one, other) => {
      fc.pre(one.seed !== other.seed || one.purpose !== other.purpose || one.index !== other.index);
      expect(draws(new Stream(one.seed, one.purpose, one.index), 4)).not.toEqual(
        draws(new Stream(other.seed, other.purpose, other.index), 4),
      );
    }),
  );
  expect(draws(new Stream(1, "air 1", 2), 4)).not.toEqual(draws(new Stream(1, "air ", 12), 4));
});

test("the stream of seed 1 stays what it was, so that old replays hold", () => {
  expect(draws(new Stream(1, "air loss", 7), 4)).toEqual([3807094144, 2028628200, 3458322034, 186935112]);
});

test("neighbouring seeds and indexes share no bit pattern: half of all bits differ", () => {
  let differing = 0;
  const pairs = 2000;
  for (let i = 0; i < pairs; i++) {
    const mixed = new Stream(42, "unit", i).u32() ^ new Stream(42, "unit", i + 1).u32();
    for (let bit = 0; bit < 32; bit++) differing += (mixed >>> bit) & 1;
  }
  expect(Math.abs(differing / pairs - 16)).toBeLessThan(0.3);
});

/** Pearson's sum over equally likely cells. */
function chiSquare(counts: readonly number[], total: number): number {
  const expected = total / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test.each([2, 3, 7, 10, 100, 1000])("below(%i) favours no value", (n) => {
  const stream = new Stream(2026, "chi", n);
  const counts = new Array<number>(n).fill(0);
  const total = 100_000;
  for (let i = 0; i < total; i++) {
    const value = stream.below(n);
    counts[value] = (counts[value] as number) + 1;
  }
  // Five standard deviations above the mean of a chi-square with n - 1 degrees of freedom.
  expect(chiSquare(counts, total)).toBeLessThan(n - 1 + 5 * Math.sqrt(2 * (n - 1)));
});

test.each([3 * 2 ** 30, 3 * 2 ** 51])("below(%i) has no modulo bias where a plain remainder would be far off", (n) => {
  // A plain remainder of 2^32 (2^53) values would give the first third half of all draws.
  const stream = new Stream(2026, "bias", 0);
  const thirds = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) {
    const third = Math.floor(stream.below(n) / (n / 3));
    thirds[third] = (thirds[third] as number) + 1;
  }
  expect(chiSquare(thirds, 30_000)).toBeLessThan(20);
});

test("below is the remainder of the next word, for every size of n", () => {
  fc.assert(
    fc.property(anySeed, fc.integer({ min: 1, max: 2 ** 32 }), (seed, n) => {
      const word = draws(new Stream(seed, "same", 0), 64).find((drawn) => drawn < 2 ** 32 - (2 ** 32 % n));
      expect(new Stream(seed, "same", 0).below(n)).toBe((word as number) % n);
    }),
    {
      examples: [
        [1, 1],
        [1, 2 ** 32],
        [1, 2 ** 31],
        [1, 2 ** 31 + 1],
      ],
    },
  );
});

test("between gives both ends and nothing outside", () => {
  fc.assert(
    fc.property(anySeed, fc.integer({ min: -50, max: 50 }), fc.nat(4), (seed, least, span) => {
      const stream = new Stream(seed, "between", 0);
      const seen = new Set<number>();
      for (let i = 0; i < 200; i++) seen.add(stream.between(least, least + span));
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: span + 1 }, (_, i) => least + i));
    }),
  );
});

test("chance comes near its rate, never at 0, always at a million, and draws at any rate", () => {
  const stream = new Stream(5, "chance", 0);
  let hits = 0;
  for (let i = 0; i < 100_000; i++) if (stream.chance(100_000)) hits += 1;
  expect(Math.abs(hits - 10_000)).toBeLessThan(300);
  const never = new Stream(5, "edge", 0);
  const always = new Stream(5, "edge", 0);
  for (let i = 0; i < 1000; i++) expect([never.chance(0), always.chance(1_000_000)]).toEqual([false, true]);
  expect(never.u32()).toBe(always.u32());
  const fresh = new Stream(5, "edge", 0);
  expect(new Stream(5, "edge", 0).u32()).toBe(fresh.u32());
  expect(never.u32()).not.toBe(fresh.u32());
});

test("chance is true from the rate just above the draw on, and false at the draw itself", () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const fresh = () => new Stream(seed, "edge", 1);
      const drawn = fresh().below(1_000_000);
      expect([fresh().chance(drawn), fresh().chance(drawn + 1)]).toEqual([false, true]);
    }),
  );
});

test("fill gives the words of the stream, lowest byte first, and every byte value", () => {
  const bytes = new Uint8Array(4099);
  new Stream(9, "fill", 0).fill(bytes);
  const words = draws(new Stream(9, "fill", 0), 2);
  expect(new DataView(bytes.buffer).getUint32(0, true)).toBe(words[0]);
  expect(new DataView(bytes.buffer).getUint32(4, true)).toBe(words[1]);
  expect(new Set(bytes).size).toBe(256);
});

test("wrong bounds are mistakes of the caller", () => {
  const stream = new Stream(0, "", 0);
  for (const wrong of [0, -1, 1.5, Number.NaN, 2 ** 53]) expect(() => stream.below(wrong)).toThrow();
  expect(() => stream.between(3, 1)).toThrow();
  expect(() => new Stream(-1, "", 0)).toThrow();
  expect(() => new Stream(0, "", 0.5)).toThrow();
  expect(stream.below(1)).toBe(0);
  expect(stream.below(2 ** 53 - 1)).toBeLessThan(2 ** 53 - 1);
});
