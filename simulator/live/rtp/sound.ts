/** Sound inside the unit while it runs live: frames of 20 ms, as a microphone gives them and a loudspeaker takes them. */
import { sampleRateHz, samplesPerMs } from "../../../protocol/rtp/g711.ts";

/** One packet of sound (RFC 3551 4.2). */
export const frameMs = 20;
export const frameLength = frameMs * samplesPerMs;
/** A call in which no packet has come for so long, while either way was open, is lost: who only listens sends silence. */
export const silenceLimitMs = 30_000;

export interface Microphone {
  /** Fills the whole of `into` with the next samples, -32768 to 32767 at 8,000 a second. */
  next(into: Int16Array): void;
}

export interface Loudspeaker {
  /** Plays these samples after all that came before; reads them at once and keeps none. */
  play(samples: Int16Array): void;
}

/** How loud the test tone is, against the loudest sample: about -12 dBm0. */
const toneLevel = 0.25;
const fullScale = 32767;

/** A tone that never ends. */
export function toneMicrophone(toneHz: number, level: number = toneLevel): Microphone {
  let at = 0;
  return {
    next: (into) => {
      for (let i = 0; i < into.length; i++) {
        into[i] = Math.round(Math.sin((2 * Math.PI * toneHz * at) / sampleRateHz) * level * fullScale);
        // A whole second holds whole waves of a whole number of Hz, so the count stays small for ever.
        at = (at + 1) % sampleRateHz;
      }
    },
  };
}

/** What was recorded, from its start and then over and over. Throws where there is nothing in it. */
export function loopMicrophone(samples: Int16Array): Microphone {
  if (samples.length === 0) throw new Error("sound: a recording without samples");
  let at = 0;
  return {
    next: (into) => {
      for (let i = 0; i < into.length; i++) {
        into[i] = samples[at] as number;
        at = (at + 1) % samples.length;
      }
    },
  };
}

/** Nobody listens. */
export const noLoudspeaker: Loudspeaker = { play: () => {} };

/**
 * How much of `samples` is a tone of this frequency: 1 where they are nothing else, near 0 where they have none of it
 * (Goertzel's recurrence, power of one frequency against the power of all). 0 for silence.
 */
export function shareOfTone(samples: Int16Array, toneHz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * toneHz) / sampleRateHz);
  let power = 0;
  let last = 0;
  let beforeLast = 0;
  for (const sample of samples) {
    power += sample * sample;
    const now = sample + turn * last - beforeLast;
    beforeLast = last;
    last = now;
  }
  if (power === 0) return 0;
  const tonePower = last * last + beforeLast * beforeLast - turn * last * beforeLast;
  return Math.min(1, (2 * tonePower) / (samples.length * power));
}
