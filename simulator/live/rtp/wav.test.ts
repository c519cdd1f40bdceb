import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { faultText } from "../../../protocol/result.ts";
import { shareOfTone } from "./sound.ts";
import {
  openMicrophone,
  readWav,
  SoundFileError,
  testToneHz,
  wavHeader,
  wavHeaderLength,
  wavSampleLimit,
} from "./wav.ts";
import { WavLoudspeaker } from "./wav-loudspeaker.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-wav-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function fileOf(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(wavHeaderLength + samples.length * 2);
  bytes.set(wavHeader(samples.length));
  const view = new DataView(bytes.buffer);
  for (const [at, sample] of samples.entries()) view.setInt16(wavHeaderLength + at * 2, sample, true);
  return bytes;
}

/** A file with some bytes of its header changed. */
function changed(...changes: readonly (readonly [at: number, value: number])[]): Uint8Array {
  const bytes = fileOf(Int16Array.of(1, 2));
  for (const [at, value] of changes) bytes[at] = value;
  return bytes;
}

function complaint(bytes: Uint8Array): string {
  const read = readWav(bytes);
  return read.ok ? "none" : faultText(read.fault);
}

test("the golden header of one second of sound is written byte for byte", () => {
  expect(Buffer.from(wavHeader(8000)).toString("hex")).toBe(
    "52494646a43e000057415645666d74201000000001000100401f0000803e00000200100064617461803e0000",
  );
});

test("samples survive being written and read, wherever the bytes lie", () => {
  fc.assert(
    fc.property(fc.int16Array({ minLength: 1, maxLength: 50 }), fc.nat({ max: 3 }), (samples, shift) => {
      const bytes = fileOf(samples);
      const within = new Uint8Array(bytes.length + shift);
      within.set(bytes, shift);
      expect(readWav(within.subarray(shift))).toEqual({ ok: true, value: samples });
    }),
  );
});

test("chunks that are not ours are passed over, odd ones with their padding", () => {
  const file = fileOf(Int16Array.of(5, -6));
  const list = [0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 1, 2, 3, 0];
  const bytes = Uint8Array.from([...file.subarray(0, 36), ...list, ...file.subarray(36)]);
  expect(readWav(bytes)).toEqual({ ok: true, value: Int16Array.of(5, -6) });
});

test("of a file that was cut off, what is there is read", () => {
  const file = fileOf(Int16Array.of(5, -6, 7));
  expect(readWav(file.subarray(0, file.length - 1))).toEqual({ ok: true, value: Int16Array.of(5, -6) });
});

test("every other kind of sound is refused and named", () => {
  const needed = "(needed: PCM, 8000 a second, one channel, 16 bits) at byte 12";
  expect(complaint(changed([20, 6]))).toBe(`a WAV file of coding 6, 8000 a second, 1 channels, 16 bits ${needed}`);
  expect(complaint(changed([22, 2]))).toBe(`a WAV file of PCM, 8000 a second, 2 channels, 16 bits ${needed}`);
  expect(complaint(changed([24, 0x80], [25, 0xbb]))).toContain("48000 a second");
  expect(complaint(changed([34, 8]))).toContain("8 bits");
});

test("what is no WAV file, has no format or has no samples is refused", () => {
  expect(complaint(new Uint8Array(0))).toBe("no WAV file at byte 0");
  expect(complaint(changed([0, 0x58]))).toBe("no WAV file at byte 0");
  expect(complaint(changed([8, 0x58]))).toBe("no WAV file at byte 0");
  expect(complaint(changed([12, 0x58]))).toBe("a WAV file that tells no format first at byte 36");
  expect(complaint(changed([36, 0x58]))).toBe("a WAV file without samples at byte 48");
  expect(complaint(changed([40, 1]))).toBe("a WAV file without samples at byte 44");
  expect(complaint(changed([16, 15]))).toBe("a WAV file whose format is cut off at byte 12");
});

test("no bytes make the reader throw", () => {
  const head = [...changed()].slice(0, 12);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat({ max: 48 }), (bytes, cut) => {
      readWav(bytes);
      readWav(Uint8Array.from([...head, ...bytes]));
      readWav(changed().subarray(0, cut));
    }),
  );
});

test("an hour of sound is read, and not one sample more", () => {
  const hour = new Uint8Array(wavHeaderLength + (wavSampleLimit + 1) * 2);
  hour.set(wavHeader(wavSampleLimit));
  const read = readWav(hour);
  expect(read.ok && read.value.length).toBe(wavSampleLimit);
  hour.set(wavHeader(wavSampleLimit + 1));
  expect(readWav(hour)).toMatchObject({ fault: { kind: "too-long", limit: wavSampleLimit } });
});

test("a microphone is the test tone, silence or a file", () => {
  const samples = new Int16Array(1600);
  openMicrophone("tone").next(samples);
  expect(shareOfTone(samples, testToneHz)).toBeGreaterThan(0.999);
  openMicrophone("silence").next(samples);
  expect(samples.every((sample) => sample === 0)).toBe(true);
  const path = join(folder(), "voice.wav");
  writeFileSync(path, fileOf(Int16Array.of(1, 2)));
  openMicrophone(path).next(samples);
  expect([...samples.subarray(0, 4)]).toEqual([1, 2, 1, 2]);
});

test("a microphone that cannot be had says which file, and why", () => {
  const path = join(folder(), "voice.wav");
  expect(() => openMicrophone(path)).toThrow(new SoundFileError(path, "cannot be read (ENOENT)"));
  writeFileSync(path, "RIFFxxxxAVI ");
  expect(() => openMicrophone(path)).toThrow(new SoundFileError(path, "no WAV file at byte 0"));
});

function recorded(path: string): Int16Array {
  const read = readWav(readFileSync(path));
  if (!read.ok) throw new Error(faultText(read.fault));
  return read.value;
}

test("a loudspeaker's file holds all that was played, one call after another", () => {
  const path = join(folder(), "heard.wav");
  const loudspeaker = new WavLoudspeaker(path);
  const all = Int16Array.from({ length: 20_000 }, (_, at) => at - 10_000);
  for (let at = 0; at < all.length; at += 160) loudspeaker.play(all.subarray(at, at + 160));
  loudspeaker.close();
  loudspeaker.close();
  loudspeaker.play(all);
  expect(recorded(path)).toEqual(all);
  expect(loudspeaker.sampleCount).toBe(20_000);
});

test("a process that ends without a word leaves a file that can be heard up to its last full second", () => {
  const path = join(folder(), "heard.wav");
  const loudspeaker = new WavLoudspeaker(path);
  expect(readFileSync(path)).toEqual(Buffer.from(wavHeader(0)));
  loudspeaker.play(new Int16Array(7999).fill(3));
  expect(readFileSync(path).length).toBe(wavHeaderLength);
  loudspeaker.play(new Int16Array(8002).fill(3));
  expect(recorded(path).length).toBe(16_000);
  loudspeaker.flush();
  expect(recorded(path)).toEqual(new Int16Array(16_001).fill(3));
  loudspeaker.close();
});

test("a loudspeaker's file has a bound", () => {
  const path = join(folder(), "heard.wav");
  const loudspeaker = new WavLoudspeaker(path, { sampleLimit: 250 });
  loudspeaker.play(new Int16Array(160).fill(1));
  loudspeaker.play(new Int16Array(160).fill(2));
  loudspeaker.play(new Int16Array(160).fill(3));
  loudspeaker.close();
  expect([...recorded(path)]).toEqual([...new Int16Array(160).fill(1), ...new Int16Array(90).fill(2)]);
});

test("a loudspeaker that cannot be had says which file, and why", () => {
  const path = join(folder(), "none", "heard.wav");
  expect(() => new WavLoudspeaker(path)).toThrow(new SoundFileError(path, "cannot be written (ENOENT)"));
});

test("a disk that is full ends the recording and nothing else", () => {
  const errors: string[] = [];
  const loudspeaker = new WavLoudspeaker("/dev/full", { onFault: ({ message }) => errors.push(message) });
  for (let i = 0; i < 200; i++) loudspeaker.play(new Int16Array(160));
  loudspeaker.close();
  expect(errors).toEqual(["/dev/full: cannot be written (ENOSPC)"]);
});
