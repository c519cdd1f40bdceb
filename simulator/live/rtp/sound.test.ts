import { expect, test } from "vitest";
import { decodeSound, encodeSound } from "../../../protocol/rtp/g711.ts";
import { loopMicrophone, noLoudspeaker, shareOfTone, toneMicrophone } from "./sound.ts";

function toneOf(toneHz: number, level?: number): Int16Array {
  const samples = new Int16Array(1600);
  toneMicrophone(toneHz, level).next(samples);
  return samples;
}

test("a tone is found at its own frequency and at no other", () => {
  for (const toneHz of [300, 440, 1000, 3400]) {
    expect(shareOfTone(toneOf(toneHz), toneHz), `${toneHz}`).toBeGreaterThan(0.999);
    for (const otherHz of [250, 600, 1200, 3000])
      expect(shareOfTone(toneOf(toneHz), otherHz), `${toneHz} at ${otherHz}`).toBeLessThan(0.01);
  }
});

test("half of two tones is each of them, and silence is none", () => {
  const both = toneOf(440).map((sample, at) => sample + (toneOf(1000)[at] as number));
  expect(shareOfTone(both, 440)).toBeCloseTo(0.5, 2);
  expect(shareOfTone(both, 1000)).toBeCloseTo(0.5, 2);
  expect(shareOfTone(new Int16Array(160), 440)).toBe(0);
});

test("a tone is still that tone after either law", () => {
  for (const law of ["PCMA", "PCMU"] as const) {
    const samples = toneOf(440);
    const bytes = new Uint8Array(samples.length);
    encodeSound(law, samples, bytes);
    decodeSound(law, bytes, samples);
    expect(shareOfTone(samples, 440), law).toBeGreaterThan(0.999);
  }
});

test("a tone goes on from frame to frame, and its level is as asked", () => {
  const microphone = toneMicrophone(441, 0.5);
  const frames = new Int16Array(16_000);
  for (let at = 0; at < frames.length; at += 160) microphone.next(frames.subarray(at, at + 160));
  expect(shareOfTone(frames, 441)).toBeGreaterThan(0.9999);
  expect(Math.max(...frames)).toBeGreaterThan(16_370);
  expect(Math.max(...frames)).toBeLessThanOrEqual(16_384);
});

test("a recording is heard over and over", () => {
  const microphone = loopMicrophone(Int16Array.of(1, 2, 3));
  const heard = new Int16Array(4);
  microphone.next(heard);
  expect([...heard]).toEqual([1, 2, 3, 1]);
  microphone.next(heard);
  expect([...heard]).toEqual([2, 3, 1, 2]);
  expect(() => loopMicrophone(new Int16Array(0))).toThrow("without samples");
});

test("a loudspeaker that nobody hears takes whatever comes", () => {
  const samples = Int16Array.of(1, 2);
  noLoudspeaker.play(samples);
  expect([...samples]).toEqual([1, 2]);
});
