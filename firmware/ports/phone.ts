/** One kind of telephone: calls over the mobile network, or over SIP. One call at a time. */
import type { CallEnd, SpeechMode, VoiceMedium } from "./voice.ts";

/** None of them is called from inside a method of the phone. */
export interface PhoneOptions {
  /** It rings; `number` is empty where the caller withholds it. A second caller hears busy, and nothing is told of him. */
  readonly onIncoming: (number: string) => void;
  /** The far side has taken the call that was dialled. */
  readonly onAnswered: () => void;
  /** The call, dialled, ringing or up, is over; not after hangUp(). Never "silent": a phone does not know who spoke. */
  readonly onEnded: (reason: CallEnd) => void;
  /** The far side pressed a key: 0-9, *, #. */
  readonly onKey: (key: string) => void;
}

export interface Phone {
  readonly medium: VoiceMedium;
  /** Only while there is no call. Where it cannot be done now, onEnded("failed") comes. */
  dial(number: string, mode: SpeechMode): void;
  /** Takes the call that rings; nothing happens where it has just gone. */
  answer(mode: SpeechMode): void;
  /** Changes who is heard in the call; nothing without one. */
  speak(mode: SpeechMode): void;
  /** One step louder or softer. */
  volume(step: 1 | -1): void;
  /** Ends the call, or refuses the one that rings; allowed when there is none. */
  hangUp(): void;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenPhone = (options: PhoneOptions) => Phone;
