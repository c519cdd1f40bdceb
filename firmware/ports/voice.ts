/** The unit's telephone: one call at a time, over the mobile network's voice or over SIP, through the case's own microphone and loudspeaker. */

export type VoiceMedium = "mobile" | "sip";

/** Who is heard (SS 91100 table 2, `mre`): both sides; `listen`: the far side hears the home; `talk`: the home hears the far side. */
export type SpeechMode = "duplex" | "listen" | "talk";

/**
 * How a call ended that the unit did not end itself. `over`: the far side hung up after people spoke; `silent`: it did, and
 * nobody in the home was heard; `lost`: the connection broke; the others: nobody was reached.
 */
export type CallEnd = "over" | "silent" | "lost" | "busy" | "no-answer" | "failed";

/** None of them is called from inside a method of the port. */
export interface VoiceOptions {
  /** It rings; `number` is empty where the caller withholds it. A second caller hears busy, and nothing is told of him. */
  readonly onIncoming: (number: string) => void;
  /** The far side has taken the call that was dialled. */
  readonly onAnswered: () => void;
  /** The call, dialled, ringing or up, is over; not after hangUp(). */
  readonly onEnded: (reason: CallEnd) => void;
  /** The far side pressed a key: 0-9, *, #. */
  readonly onKey: (key: string) => void;
}

export interface Voice {
  /** Media that can be had on this board, the best first; never changes. */
  readonly media: readonly VoiceMedium[];
  /** A telephone number, or a SIP address with its scheme. Only while there is no call; a call that comes in at that moment hears busy. */
  dial(medium: VoiceMedium, number: string, mode: SpeechMode): void;
  /** Takes the call that rings; nothing happens where it has just gone. */
  answer(mode: SpeechMode): void;
  /** The home hears that it is being listened to, at any hour and in every mode: ordered before anybody outside hears anything. */
  tone(): void;
  /** Ends the call, or refuses the one that rings; allowed when there is none. */
  hangUp(): void;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenVoice = (options: VoiceOptions) => Voice;
