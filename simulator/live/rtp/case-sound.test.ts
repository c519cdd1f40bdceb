import { expect, test } from "vitest";
import { announcementHz, announcementLength, CaseSound, speechLevel } from "./case-sound.ts";
import { frameLength, shareOfTone, toneMicrophone } from "./sound.ts";

class Bench {
  readonly sound: CaseSound;
  readonly played: number[];
  /** What is said in the home. */
  spoken: number;
  outputCount: number;

  constructor() {
    this.played = [];
    this.spoken = 0;
    this.outputCount = 0;
    this.sound = new CaseSound({
      microphone: { next: (into) => into.fill(this.spoken) },
      loudspeaker: { play: (samples) => this.played.push(...samples) },
      onOutput: () => this.outputCount++,
    });
  }

  hear(): void {
    const frame = new Int16Array(frameLength);
    this.sound.microphone.next(frame);
    expect(frame.every((sample) => sample === this.spoken)).toBe(true);
  }

  play(samples: Int16Array): void {
    for (let at = 0; at < samples.length; at += frameLength)
      this.sound.loudspeaker.play(samples.subarray(at, at + frameLength));
  }
}

test("the announcement is heard once, over whatever else is played, and then no more", () => {
  const bench = new Bench();
  const voice = new Int16Array(2 * announcementLength + frameLength);
  toneMicrophone(400).next(voice);
  bench.play(voice.subarray(0, frameLength));
  bench.sound.tone();
  bench.play(voice.subarray(frameLength));
  const played = Int16Array.from(bench.played);
  const during = played.subarray(frameLength, frameLength + announcementLength);
  expect(shareOfTone(during, announcementHz)).toBeCloseTo(0.5, 2);
  expect(shareOfTone(during, 400)).toBeCloseTo(0.5, 2);
  expect(played.subarray(0, frameLength)).toEqual(voice.subarray(0, frameLength));
  expect(played.subarray(frameLength + announcementLength)).toEqual(voice.subarray(frameLength + announcementLength));
});

test("announcement and voice together are as loud as can be, and no louder", () => {
  const bench = new Bench();
  bench.sound.tone();
  bench.play(new Int16Array(frameLength).fill(32_000));
  bench.sound.tone();
  bench.play(new Int16Array(frameLength).fill(-32_000));
  expect([Math.max(...bench.played), Math.min(...bench.played)]).toEqual([32_767, -32_768]);
});

test("somebody has spoken once a frame was loud enough, and the next announcement asks anew", () => {
  const bench = new Bench();
  expect(bench.sound.wasHeard()).toBe(false);
  bench.spoken = speechLevel;
  bench.hear();
  expect(bench.sound.wasHeard()).toBe(false);
  bench.spoken = -speechLevel - 1;
  bench.hear();
  bench.spoken = 0;
  bench.hear();
  expect(bench.sound.wasHeard()).toBe(true);
  bench.sound.tone();
  expect(bench.sound.wasHeard()).toBe(false);
});

test("the output is worked once for each order", () => {
  const bench = new Bench();
  bench.sound.output();
  expect(bench.outputCount).toBe(1);
});
