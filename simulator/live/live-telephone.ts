/** What a live unit needs for calls over SIP: real sound behind its media port, the case around it, and an end to each call before the power goes. */
import type { CallSound } from "../../firmware/ports/call-sound.ts";
import type { Media, MediaOptions, OpenMedia } from "../../firmware/ports/media.ts";
import type { CallEvent } from "../../firmware/sip/call-state.ts";
import { LiveClock } from "./live-clock.ts";
import type { LiveSocketOptions } from "./live-sockets.ts";
import type { LiveTime } from "./live-time.ts";
import { CaseSound } from "./rtp/case-sound.ts";
import { liveMedia } from "./rtp/live-media.ts";
import type { Loudspeaker, Microphone } from "./rtp/sound.ts";

/** What the case hears and plays. */
export interface LiveSound {
  readonly microphone: Microphone;
  readonly loudspeaker: Loudspeaker;
}

export interface LiveTelephoneOptions extends Pick<LiveSocketOptions, "host" | "allow" | "onDropped"> {
  readonly sound: LiveSound;
  /** The unit's own time, which everything enters that it hears of. */
  readonly time: LiveTime;
}

/** The far side has so long to answer the last BYE; less than until a call that was lost is tried again. */
export const farewellMs = 1_500;

export class LiveTelephone {
  readonly openMedia: OpenMedia;
  readonly callSound: CallSound;
  private readonly options: LiveTelephoneOptions;
  private readonly clock: LiveClock;
  /** Of the calls that have sound: what takes it away. */
  private readonly calls: Map<Media, () => void>;
  /** Whether a frame was asked of the microphone since the last announcement. */
  private isListening: boolean;
  private onSettled: () => void;

  constructor(options: LiveTelephoneOptions) {
    const { sound, host, allow, onDropped } = options;
    const theCase = new CaseSound({ ...sound, onOutput: () => {} });
    this.options = options;
    this.clock = new LiveClock();
    this.calls = new Map();
    this.isListening = false;
    this.onSettled = () => {};
    const open = liveMedia({
      clock: this.clock,
      microphone: { next: (into) => this.listen(theCase.microphone, into) },
      loudspeaker: theCase.loudspeaker,
      ...(host === undefined ? {} : { host }),
      ...(allow === undefined ? {} : { allow }),
      ...(onDropped === undefined ? {} : { onDropped }),
    });
    this.openMedia = (media) => this.openOne(open, media);
    this.callSound = {
      tone: () => {
        this.isListening = false;
        theCase.tone();
      },
      // Sound that went another way, through a modem, was not listened to: then nobody can tell who spoke.
      wasHeard: () => !this.isListening || theCase.wasHeard(),
      output: () => theCase.output(),
    };
  }

  /** One step of a SIP call's machine. */
  step(event: CallEvent): void {
    if (event.type === "bye-over" || event.type === "refused" || event.type === "unanswered") this.onSettled();
  }

  /** Takes the sound away, so that the unit ends its call. Resolves when the far side has confirmed that, or has had its time. */
  hangUp(): Promise<void> {
    const losing = [...this.calls.values()];
    if (losing.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.clock.after(farewellMs, resolve);
      this.onSettled = () => {
        timer.cancel();
        resolve();
      };
      for (const lose of losing) lose();
    });
  }

  /** No sound flows any more, and nothing is told. */
  close(): void {
    for (const media of this.calls.keys()) media.close();
    this.calls.clear();
  }

  private listen(microphone: Microphone, into: Int16Array): void {
    this.isListening = true;
    microphone.next(into);
  }

  private openOne(open: OpenMedia, user: MediaOptions): Media {
    const { time } = this.options;
    const lose = (): void => {
      this.calls.delete(media);
      time.enter(() => user.onFault());
    };
    const media = open({
      onReady: (local) => time.enter(() => user.onReady(local)),
      onKey: (key) => time.enter(() => user.onKey(key)),
      onFault: lose,
    });
    this.calls.set(media, () => {
      media.close();
      lose();
    });
    return {
      start: (to, codec, eventType) => media.start(to, codec, eventType),
      open: (microphone, speaker) => media.open(microphone, speaker),
      volume: (step) => media.volume(step),
      close: () => {
        this.calls.delete(media);
        media.close();
      },
    };
  }
}
