/** The loudspeaker's volume in steps of 3 dB, as a factor on the samples. */

/** Softest is 0. */
export const volumeSteps = 8;
/** Neither softer nor louder than what came. */
export const firstVolume = 4;

/** -12 dB to +9 dB, in parts of 256. */
const factors: readonly number[] = [64, 91, 128, 181, 256, 362, 512, 724];

/** Makes the samples louder or softer where they are; what would be too loud is as loud as can be. */
export function loudened(samples: Int16Array, step: number): void {
  const factor = factors[step] as number;
  for (let i = 0; i < samples.length; i++) {
    const louder = ((samples[i] as number) * factor) >> 8;
    samples[i] = Math.min(Math.max(louder, -32768), 32767);
  }
}
