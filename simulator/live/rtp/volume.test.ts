import { expect, test } from "vitest";
import { firstVolume, loudened, volumeSteps } from "./volume.ts";

function played(sample: number, step: number): number {
  const samples = Int16Array.of(sample);
  loudened(samples, step);
  return samples[0] as number;
}

test("the first volume changes nothing, and each step is 3 dB", () => {
  for (const sample of [0, 1, -1, 1000, 32767, -32768]) expect(played(sample, firstVolume)).toBe(sample);
  for (let step = 1; step < volumeSteps; step++) {
    const decibels = 20 * Math.log10(played(8000, step) / played(8000, step - 1));
    expect(decibels, `${step}`).toBeCloseTo(3, 0);
  }
});

test("what would be too loud is as loud as can be, with its own sign", () => {
  expect(played(20_000, volumeSteps - 1)).toBe(32767);
  expect(played(-20_000, volumeSteps - 1)).toBe(-32768);
});
