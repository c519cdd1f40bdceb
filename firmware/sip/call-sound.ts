/** A call's sound: the port it flows through, and who is heard (SS 91100 table 2, `mre`, and 7; the session itself stays as it was agreed). */
import type { AgreedAudio } from "../../protocol/sip/offer.ts";
import type { Media, OpenMedia } from "../ports/media.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { SpeechMode } from "../ports/voice.ts";

export interface CallSoundUser {
  soundReady(local: Endpoint): void;
  soundKey(key: string): void;
  soundLost(): void;
}

/** Stands for an address at which nothing is to be heard (RFC 3264 8.4). */
const nowhere = "0.0.0.0";

export class CallSound {
  private readonly openMedia: OpenMedia;
  private readonly user: CallSoundUser;
  private media: Media | undefined;
  private mode: SpeechMode;
  private agreed: AgreedAudio | undefined;
  /** Whether the two below have been told to the port. */
  private isApplied: boolean;
  private microphone: boolean;
  private speaker: boolean;

  constructor(openMedia: OpenMedia, mode: SpeechMode, user: CallSoundUser) {
    this.openMedia = openMedia;
    this.user = user;
    this.media = undefined;
    this.mode = mode;
    this.agreed = undefined;
    this.isApplied = false;
    this.microphone = false;
    this.speaker = false;
  }

  open(): void {
    let isOpen = true;
    const media = this.openMedia({
      onReady: (local) => {
        if (isOpen && this.media === media) this.user.soundReady(local);
      },
      onKey: (key) => {
        if (isOpen && this.media === media) this.user.soundKey(key);
      },
      onFault: () => {
        if (!isOpen || this.media !== media) return;
        isOpen = false;
        this.media = undefined; // nothing may be asked of it any more
        this.user.soundLost();
      },
    });
    this.media = media;
  }

  /** Sound flows as agreed from now on; who is heard is settled before anything is. */
  start(agreed: AgreedAudio): void {
    const last = this.agreed;
    this.agreed = agreed;
    this.apply();
    if (this.media === undefined || agreed.host === nowhere || (last !== undefined && isSame(last, agreed))) return;
    this.media.start({ host: agreed.host, port: agreed.port }, agreed.encoding, agreed.eventPayloadType ?? -1);
  }

  speak(mode: SpeechMode): void {
    this.mode = mode;
    if (this.agreed !== undefined) this.apply();
  }

  volume(step: 1 | -1): void {
    if (this.media !== undefined) this.media.volume(step);
  }

  close(): void {
    if (this.media !== undefined) this.media.close();
    this.media = undefined;
  }

  private apply(): void {
    const agreed = this.agreed;
    if (this.media === undefined || agreed === undefined) return;
    // Who is on hold the older way hears nothing either: whoever waited for his silence would lose the call.
    const isHeld = agreed.host === nowhere;
    const mayBeHeard = agreed.direction === "sendrecv" || agreed.direction === "sendonly";
    const mayHear = !isHeld && (agreed.direction === "sendrecv" || agreed.direction === "recvonly");
    const microphone = mayBeHeard && this.mode !== "talk";
    const speaker = mayHear && this.mode !== "listen";
    if (this.isApplied && microphone === this.microphone && speaker === this.speaker) return;
    this.isApplied = true;
    this.microphone = microphone;
    this.speaker = speaker;
    this.media.open(microphone, speaker);
  }
}

function isSame(one: AgreedAudio, other: AgreedAudio): boolean {
  return (
    one.host === other.host &&
    one.port === other.port &&
    one.encoding === other.encoding &&
    one.eventPayloadType === other.eventPayloadType
  );
}
