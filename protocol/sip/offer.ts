/** Offer and answer for one audio stream: G.711 with either law, and keys as events (RFC 3264 5, 6 and 7; RFC 3551 4.5.14; RFC 4733 2.4). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { sameText } from "./scan.ts";
import type { Direction, Format, Media, SessionDescription } from "./sdp.ts";

export type AudioEncoding = "PCMA" | "PCMU";

/** Our own end of a call. */
export interface AudioEnd {
  /** Where we receive. */
  readonly host: string;
  readonly port: number;
  /** Decimal digits, of our own choice. */
  readonly sessionId: string;
  /** Decimal digits; one more than in our last description of this call, where they differ (RFC 3264 8). */
  readonly version: string;
}

/** What both ends have agreed on. */
export interface AgreedAudio {
  /** Where we send to. */
  readonly host: string;
  readonly port: number;
  readonly encoding: AudioEncoding;
  /** RTP payload type of the sound that we send; what we hear bears the number of our own description. */
  readonly payloadType: number;
  /** The same for key events; undefined where the other end has none. */
  readonly eventPayloadType: number | undefined;
  /** As we see it: "sendonly" means that we send. */
  readonly direction: Direction;
  /** Milliseconds of sound that the other end wants in one packet. */
  readonly packetMs: number;
}

export interface Answered {
  readonly answer: SessionDescription;
  readonly agreed: AgreedAudio;
}

const usualPacketMs = 20;
const rtpClockHz = 8000;
/** Keys 0 to 9, * and #. */
const ourEvents = "0-11";
const eventPayloadType = "101";

/** The offer of a caller: A-law first, as Europe's networks carry it. */
export function offerOf(own: AudioEnd): SessionDescription {
  const formats: Format[] = [
    { name: "8", encoding: "PCMA", clockHz: rtpClockHz, parameters: undefined },
    { name: "0", encoding: "PCMU", clockHz: rtpClockHz, parameters: undefined },
    { name: eventPayloadType, encoding: "telephone-event", clockHz: rtpClockHz, parameters: ourEvents },
  ];
  return description(own, "0 0", [audio(own, "sendrecv", formats)]);
}

/**
 * Answers an offer: the first audio stream that has an encoding of ours is taken with the first such encoding and its
 * own numbers, every other stream is refused with port 0 (RFC 3264 6). A fault where there is none: 488.
 */
export function answerOffer(offer: SessionDescription, own: AudioEnd): Result<Answered> {
  let agreed: AgreedAudio | undefined;
  const media: Media[] = [];
  for (const offered of offer.media) {
    const found = agreed === undefined ? agreedOn(offered) : undefined;
    if (found === undefined) {
      media.push(refused(offered, own));
      continue;
    }
    agreed = found;
    media.push(audio(own, found.direction, answeredFormats(offered, found)));
  }
  if (agreed === undefined) return bad({ kind: "missing", at: 0, field: "an audio stream with PCMA or PCMU" });
  return ok({ answer: description(own, offer.time, media), agreed });
}

/** What an answer to our own offer has settled (RFC 3264 7). A fault where it fits no offer of one stream, or refuses it. */
export function settle(answer: SessionDescription): Result<AgreedAudio> {
  const first = answer.media[0];
  if (first === undefined || answer.media.length > 1)
    return bad({ kind: "malformed", at: 0, what: "an answer with other streams than were offered" });
  const agreed = agreedOn(first);
  return agreed === undefined
    ? bad({ kind: "missing", at: 0, field: "an audio stream with PCMA or PCMU" })
    : ok(agreed);
}

function agreedOn(theirs: Media): AgreedAudio | undefined {
  if (theirs.kind !== "audio" || theirs.transport !== "RTP/AVP" || theirs.port === 0) return undefined;
  const sound = firstSound(theirs.formats);
  if (sound === undefined) return undefined;
  const event = eventFormat(theirs.formats);
  return {
    host: theirs.host,
    port: theirs.port,
    encoding: sameText(sound.encoding, "PCMA") ? "PCMA" : "PCMU",
    payloadType: +sound.name,
    eventPayloadType: event === undefined ? undefined : +event.name,
    direction: mirrored(theirs),
    packetMs: theirs.packetMs ?? usualPacketMs,
  };
}

function firstSound(formats: readonly Format[]): Format | undefined {
  for (const format of formats) {
    const isOurs = sameText(format.encoding, "PCMA") || sameText(format.encoding, "PCMU");
    if (isOurs && format.clockHz === rtpClockHz) return format;
  }
  return undefined;
}

function eventFormat(formats: readonly Format[]): Format | undefined {
  for (const format of formats)
    if (sameText(format.encoding, "telephone-event") && format.clockHz === rtpClockHz) return format;
  return undefined;
}

/** Their direction as we see it (RFC 3264 6.1). Who is to be sent to 0.0.0.0 wants nothing sent: hold of the older kind (8.4). */
function mirrored(theirs: Media): Direction {
  const takes = theirs.host !== "0.0.0.0" && (theirs.direction === "sendrecv" || theirs.direction === "recvonly");
  const gives = theirs.direction === "sendrecv" || theirs.direction === "sendonly";
  if (takes) return gives ? "sendrecv" : "sendonly";
  return gives ? "recvonly" : "inactive";
}

function answeredFormats(offered: Media, agreed: AgreedAudio): readonly Format[] {
  const formats: Format[] = [
    { name: "" + agreed.payloadType, encoding: agreed.encoding, clockHz: rtpClockHz, parameters: undefined },
  ];
  const event = eventFormat(offered.formats);
  if (event !== undefined)
    formats.push({ name: event.name, encoding: event.encoding, clockHz: rtpClockHz, parameters: ourEvents });
  return formats;
}

function audio(own: AudioEnd, direction: Direction, formats: readonly Format[]): Media {
  return {
    kind: "audio",
    port: own.port,
    transport: "RTP/AVP",
    host: own.host,
    direction,
    formats,
    packetMs: usualPacketMs,
  };
}

/** One format is enough where there is no stream (RFC 3264 6), and keeps the answer shorter than the offer. */
function refused(offered: Media, own: AudioEnd): Media {
  const format = offered.formats[0] as Format;
  return {
    kind: offered.kind,
    port: 0,
    transport: offered.transport,
    host: own.host,
    direction: "inactive",
    formats: [{ name: format.name, encoding: "", clockHz: 0, parameters: undefined }],
    packetMs: undefined,
  };
}

function description(own: AudioEnd, time: string, media: readonly Media[]): SessionDescription {
  return { user: "-", sessionId: own.sessionId, version: own.version, host: own.host, time, media };
}
