/** The case around a live unit's calls: it announces to the home that it is listened to, hears whether anybody speaks, and works its output. */
import type { CallSound } from "../../../firmware/ports/call-sound.ts";
import { sampleRateHz } from "../../../protocol/rtp/g711.ts";
import { type Loudspeaker, type Microphone, toneMicrophone } from "./sound.ts";

/** The announcement: no telephone network uses this tone in a call. */
export const announcementHz = 800;
export const announcementLength = sampleRateHz / 4;
/** Somebody speaks where a frame is louder than this on average, in steps of 32768: about -38 dBm0. */
export const speechLevel = 300;

export interface CaseSoundOptions {
  readonly microphone: Microphone;
  readonly loudspeaker: Loudspeaker;
  readonly onOutput: () => void;
}

export class CaseSound implements CallSound {
  /** For the media of calls, in place of those that it was made with. */
  readonly microphone: Microphone;
  readonly loudspeaker: Loudspeaker;
  private readonly options: CaseSoundOptions;
  private announcement: Microphone;
  /** Samples of the announcement that are still to be played. */
  private announcementLeft: number;
  private isHeard: boolean;

  constructor(options: CaseSoundOptions) {
    this.options = options;
    this.announcement = toneMicrophone(announcementHz);
    this.announcementLeft = 0;
    this.isHeard = false;
    this.microphone = { next: (into) => this.listen(into) };
    this.loudspeaker = { play: (samples) => this.play(samples) };
  }

  /** Heard over what the far side says, from the next frame on. */
  tone(): void {
    this.announcement = toneMicrophone(announcementHz);
    this.announcementLeft = announcementLength;
    this.isHeard = false;
  }

  wasHeard(): boolean {
    return this.isHeard;
  }

  output(): void {
    this.options.onOutput();
  }

  private listen(into: Int16Array): void {
    this.options.microphone.next(into);
    if (this.isHeard) return;
    let sum = 0;
    for (const sample of into) sum += Math.abs(sample);
    this.isHeard = sum > speechLevel * into.length;
  }

  private play(samples: Int16Array): void {
    const count = Math.min(this.announcementLeft, samples.length);
    if (count === 0) {
      this.options.loudspeaker.play(samples);
      return;
    }
    const both = new Int16Array(samples.length);
    this.announcement.next(both.subarray(0, count));
    for (let i = 0; i < both.length; i++)
      both[i] = Math.min(Math.max((both[i] as number) + (samples[i] as number), -32768), 32767);
    this.announcementLeft -= count;
    this.options.loudspeaker.play(both);
  }
}
