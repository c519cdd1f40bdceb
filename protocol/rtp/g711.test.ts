import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeALaw,
  decodeMuLaw,
  decodeSound,
  encodeALaw,
  encodeMuLaw,
  encodeSound,
  type Law,
  payloadTypeOf,
  sampleRateHz,
} from "./g711.ts";

/** From G.711 table 1a: value at the decoder, in its units, and the character signal before every other bit is inverted. */
const aLawTable: readonly (readonly [value: number, signal: number])[] = [
  [4032, 0b1111_1111],
  [2112, 0b1111_0000],
  [1056, 0b1110_0000],
  [528, 0b1101_0000],
  [264, 0b1100_0000],
  [132, 0b1011_0000],
  [66, 0b1010_0000],
  [1, 0b1000_0000],
];

/** From G.711 table 2a: value at the decoder, in its units, and the character signal. */
const muLawTable: readonly (readonly [value: number, signal: number])[] = [
  [8031, 0b1000_0000],
  [4191, 0b1000_1111],
  [2079, 0b1001_1111],
  [1023, 0b1010_1111],
  [495, 0b1011_1111],
  [231, 0b1100_1111],
  [99, 0b1101_1111],
  [33, 0b1110_1111],
  [2, 0b1111_1110],
  [0, 0b1111_1111],
];

/** G.711 tables 5 and 6: a sine of 1 kHz at 0 dBm0. */
const nominal: { readonly [law in Law]: readonly number[] } = {
  PCMA: [0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4],
  PCMU: [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e],
};

const anySample = fc.integer({ min: -32768, max: 32767 });

test("A-law has the values and characters of G.711 table 1", () => {
  for (const [value, signal] of aLawTable) {
    expect(decodeALaw(signal ^ 0x55), `${value}`).toBe(value * 8);
    expect(decodeALaw(signal ^ 0x55 ^ 0x80), `-${value}`).toBe(-value * 8);
    expect(encodeALaw(value * 8), `${value}`).toBe(signal ^ 0x55);
  }
});

test("mu-law has the values and characters of G.711 table 2", () => {
  for (const [value, signal] of muLawTable) {
    expect(decodeMuLaw(signal), `${value}`).toBe(value * 4);
    expect(decodeMuLaw(signal ^ 0x80), `-${value}`).toBe(value === 0 ? 0 : -value * 4);
    expect(encodeMuLaw(value * 4), `${value}`).toBe(signal);
  }
});

test("the borders of the steps are those of tables 1 and 2", () => {
  for (const border of [64, 128, 256, 512, 1024, 2048])
    expect(encodeALaw(border * 8) ^ 0x55, `A ${border}`).toBe((encodeALaw(border * 8 - 1) ^ 0x55) + 1);
  for (const border of [1, 3, 31, 95, 223, 479, 991, 2015, 4063])
    expect(encodeMuLaw(border * 4), `mu ${border}`).toBe(encodeMuLaw(border * 4 - 1) - 1);
});

test("silence and the loudest samples are the bytes that every telephone knows", () => {
  expect([encodeALaw(0), encodeALaw(32767), encodeALaw(-32768)]).toEqual([0xd5, 0xaa, 0x2a]);
  expect([encodeMuLaw(0), encodeMuLaw(32767), encodeMuLaw(-32768)]).toEqual([0xff, 0x80, 0x00]);
});

test("G.711 tables 5 and 6: the nominal sine lies 3.14 and 3.17 dB below the loudest that the law can carry", () => {
  const samples = new Int16Array(8);
  const loudest: { readonly [law in Law]: number } = { PCMA: 4096 * 8, PCMU: 8159 * 4 };
  for (const law of ["PCMA", "PCMU"] as const) {
    decodeSound(law, Uint8Array.from(nominal[law]), samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const belowDb = 10 * Math.log10(loudest[law] ** 2 / 2 / power);
    expect(belowDb, law).toBeCloseTo(law === "PCMA" ? 3.14 : 3.17, 1);
  }
});

test("every byte comes back from its sample, but for the second zero of mu-law", () => {
  for (let byte = 0; byte < 256; byte++) {
    expect(encodeALaw(decodeALaw(byte))).toBe(byte);
    expect(encodeMuLaw(decodeMuLaw(byte))).toBe(byte === 0x7f ? 0xff : byte);
  }
});

test("no sample is further from its own than half a step, and the steps grow with the sample", () => {
  fc.assert(
    fc.property(anySample, (sample) => {
      const magnitude = Math.abs(sample);
      const aLawStep = Math.max(16, 2 ** (Math.floor(Math.log2(Math.max(magnitude, 1))) - 4));
      expect(Math.abs(decodeALaw(encodeALaw(sample)) - sample)).toBeLessThanOrEqual(aLawStep / 2);
      const muLawStep = 2 ** (Math.floor(Math.log2(magnitude + 132)) - 4);
      const clipped = Math.max(0, magnitude - 32635);
      expect(Math.abs(decodeMuLaw(encodeMuLaw(sample)) - sample)).toBeLessThanOrEqual(muLawStep / 2 + clipped);
    }),
  );
});

test("a louder sample never becomes a softer one, and the two signs are alike", () => {
  fc.assert(
    fc.property(anySample, anySample, (one, other) => {
      const low = Math.min(one, other);
      const high = Math.max(one, other);
      expect(decodeALaw(encodeALaw(low))).toBeLessThanOrEqual(decodeALaw(encodeALaw(high)));
      expect(decodeMuLaw(encodeMuLaw(low))).toBeLessThanOrEqual(decodeMuLaw(encodeMuLaw(high)));
      if (one === 0) return;
      expect(encodeALaw(-one)).toBe(encodeALaw(one) ^ 0x80);
      expect(encodeMuLaw(-one)).toBe(encodeMuLaw(one) ^ 0x80);
    }),
  );
});

test("a frame goes through each law sample by sample", () => {
  const samples = Int16Array.of(0, 8, -8, 1000, -1000, 32767, -32768);
  for (const law of ["PCMA", "PCMU"] as const) {
    const bytes = new Uint8Array(9);
    encodeSound(law, samples, bytes);
    const encode = law === "PCMA" ? encodeALaw : encodeMuLaw;
    expect([...bytes]).toEqual([...[...samples].map(encode), 0, 0]);
    const back = new Int16Array(9);
    decodeSound(law, bytes.subarray(0, 7), back);
    const decode = law === "PCMA" ? decodeALaw : decodeMuLaw;
    expect([...back]).toEqual([...[...samples].map(encode).map(decode), 0, 0]);
  }
});

test("too little room is a mistake of the caller", () => {
  expect(() => encodeSound("PCMA", new Int16Array(2), new Uint8Array(1))).toThrow("no room");
  expect(() => decodeSound("PCMU", new Uint8Array(2), new Int16Array(1))).toThrow("no room");
});

test("RFC 3551 6: the laws have the payload types 8 and 0, at 8,000 samples a second", () => {
  expect(payloadTypeOf).toEqual({ PCMA: 8, PCMU: 0 });
  expect(sampleRateHz).toBe(8000);
});
