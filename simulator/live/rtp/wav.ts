/** WAV files of one kind: 8,000 samples a second, one channel, 16 bits (Multimedia Programming Interface and Data Specifications 1.0, RIFF and WAVE). */
import { readFileSync } from "node:fs";
import type { Result } from "../../../protocol/result.ts";
import { bad, faultText, ok } from "../../../protocol/result.ts";
import { sampleRateHz } from "../../../protocol/rtp/g711.ts";
import { loopMicrophone, type Microphone, toneMicrophone } from "./sound.ts";

/** Bytes ahead of the samples in a file of ours. */
export const wavHeaderLength = 44;
/** Longest sound that is read or recorded: one hour. */
export const wavSampleLimit = 3600 * sampleRateHz;
/** Frequency of the microphone "tone". */
export const testToneHz = 440;

const bytesPerSample = 2;
const pcm = 1;
const needed = "(needed: PCM, 8000 a second, one channel, 16 bits)";

/** A sound file that cannot be used, or written; tools answer it with what to try. */
export class SoundFileError extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.name = "SoundFileError";
    this.path = path;
  }
}

/** The header of a file with so many samples. */
export function wavHeader(sampleCount: number): Uint8Array {
  const length = sampleCount * bytesPerSample;
  const view = new DataView(new ArrayBuffer(wavHeaderLength));
  const text = (at: number, letters: string): void => {
    for (let i = 0; i < letters.length; i++) view.setUint8(at + i, letters.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, wavHeaderLength - 8 + length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, pcm, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * bytesPerSample, true);
  view.setUint16(32, bytesPerSample, true);
  view.setUint16(34, 8 * bytesPerSample, true);
  text(36, "data");
  view.setUint32(40, length, true);
  return new Uint8Array(view.buffer);
}

/**
 * The samples of a file; of one that was cut off, those that are there. Any other kind of sound is refused and named,
 * as are no samples at all and more than `wavSampleLimit`.
 */
export function readWav(bytes: Uint8Array): Result<Int16Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || tag(view, 0) !== "RIFF" || tag(view, 8) !== "WAVE") return refused(0, "no WAV file");
  let isFormatKnown = false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = tag(view, at);
    const length = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8);
    if (name === "fmt ") {
      const other = otherFormat(view, at + 8, length);
      if (other !== undefined) return refused(at, other);
      isFormatKnown = true;
    } else if (name === "data")
      return isFormatKnown ? samplesOf(view, at + 8, length) : refused(at, "a WAV file that tells no format first");
    at += 8 + length + (length & 1);
  }
  return refused(bytes.length, "a WAV file without samples");
}

/** `tone`, `silence`, or the path of a WAV file that is heard over and over. Throws a SoundFileError. */
export function openMicrophone(what: string): Microphone {
  if (what === "tone") return toneMicrophone(testToneHz);
  if (what === "silence") return { next: (into) => into.fill(0) };
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(what);
  } catch (thrown) {
    throw new SoundFileError(what, `cannot be read (${(thrown as NodeJS.ErrnoException).code})`);
  }
  const read = readWav(bytes);
  if (!read.ok) throw new SoundFileError(what, faultText(read.fault));
  return loopMicrophone(read.value);
}

/** What the format is, where it is not ours. */
function otherFormat(view: DataView, at: number, length: number): string | undefined {
  if (length < 16) return "a WAV file whose format is cut off";
  const kind = view.getUint16(at, true);
  const channelCount = view.getUint16(at + 2, true);
  const rateHz = view.getUint32(at + 4, true);
  const bitCount = view.getUint16(at + 14, true);
  if (kind === pcm && channelCount === 1 && rateHz === sampleRateHz && bitCount === 8 * bytesPerSample)
    return undefined;
  const coding = kind === pcm ? "PCM" : `coding ${kind}`;
  return `a WAV file of ${coding}, ${rateHz} a second, ${channelCount} channels, ${bitCount} bits ${needed}`;
}

function samplesOf(view: DataView, at: number, length: number): Result<Int16Array> {
  const count = Math.floor(length / bytesPerSample);
  if (count === 0) return refused(at, "a WAV file without samples");
  if (count > wavSampleLimit) return bad({ kind: "too-long", at, what: "a WAV file", limit: wavSampleLimit });
  const samples = new Int16Array(count);
  for (let i = 0; i < count; i++) samples[i] = view.getInt16(at + i * bytesPerSample, true);
  return ok(samples);
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function refused<T>(at: number, what: string): Result<T> {
  return bad({ kind: "malformed", at, what });
}
