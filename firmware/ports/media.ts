/** Sound of a SIP call: RTP between the case's microphone and loudspeaker and the far side (RFC 3550, 3551, keys by RFC 4733). */
import type { Endpoint } from "./socket.ts";

/** G.711, A-law or mu-law (RFC 3551 4.5.14): payload types 8 and 0. */
export type Codec = "PCMA" | "PCMU";

/** None of them is called from inside a method of the port. */
export interface MediaOptions {
  /** Its port is open at this own address: an offer can be written. */
  readonly onReady: (local: Endpoint) => void;
  /** The far side pressed a key (0-9, *, #), told once for each press. */
  readonly onKey: (key: string) => void;
  /** Not to be had, or lost. Nothing is called after this. */
  readonly onFault: () => void;
}

export interface Media {
  /** Sound flows from now on, or flows so from now on; `eventType`: payload type of telephone-event as agreed, -1 without. */
  start(to: Endpoint, codec: Codec, eventType: number): void;
  /** Whether the far side hears the home, and whether the home hears the far side; both closed until told. */
  open(microphone: boolean, speaker: boolean): void;
  /** One step of at most 8 louder (1) or softer (-1). */
  volume(step: 1 | -1): void;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenMedia = (options: MediaOptions) => Media;
