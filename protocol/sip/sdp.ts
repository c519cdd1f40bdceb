/** What the two ends of a call say about their media: session descriptions as values (RFC 4566; G.711 payload numbers of RFC 3551 6; directions of RFC 3264 5.1). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { textOf, utf8 } from "../text/utf8.ts";
import type { SdpDraft } from "./sdp-draft.ts";
import { finishedMedia, newSdpDraft, takeSdpLine } from "./sdp-draft.ts";

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** One way to carry a medium. */
export interface Format {
  /** As in the m= line: for RTP its payload type, "0" to "127". */
  readonly name: string;
  /** "PCMA" ... as written; "" where neither the description nor the fixed numbers 0 and 8 tell. */
  readonly encoding: string;
  /** 0 where `encoding` is "". */
  readonly clockHz: number;
  /** Of a=fmtp, as written. */
  readonly parameters: string | undefined;
}

/** One m= line with what belongs to it. */
export interface Media {
  /** "audio", "video" ... */
  readonly kind: string;
  /** Where it is to be received; 0 refuses it. */
  readonly port: number;
  /** "RTP/AVP" ... */
  readonly transport: string;
  /** Where it is to be received: its own c= line, else the session's; IPv6 without brackets. */
  readonly host: string;
  /** As the describing end sees it: its own attribute, else the session's, else sendrecv. */
  readonly direction: Direction;
  /** At least one; most wanted first. */
  readonly formats: readonly Format[];
  /** Milliseconds of sound in one packet. */
  readonly packetMs: number | undefined;
}

export interface SessionDescription {
  /** "-" where there is none. */
  readonly user: string;
  /** Decimal digits, of any size. */
  readonly sessionId: string;
  /** Decimal digits; goes up by one with each change. */
  readonly version: string;
  /** Of the o= line. */
  readonly host: string;
  /** The t= line: "0 0" for a call. */
  readonly time: string;
  readonly media: readonly Media[];
}

/** Longest description that is read or written, in bytes. */
export const sdpByteLimit = 4096;
export const sdpType = "application/sdp";

/** Writes the description. Throws where a value would break a line or the whole is longer than `sdpByteLimit`. */
export function encodeSdp(session: SessionDescription): Uint8Array {
  const first = session.media[0];
  const host = first === undefined ? session.host : first.host;
  const lines: string[] = ["v=0", "o=" + session.user + " " + session.sessionId + " " + session.version];
  lines[1] += " " + addressOf(session.host);
  lines.push("s=-", "c=" + addressOf(host), "t=" + session.time);
  for (const media of session.media) pushMedia(media, host, lines);
  let text = "";
  for (const line of lines) {
    if (line.indexOf("\r") >= 0 || line.indexOf("\n") >= 0) throw new Error("sdp: line break in a value");
    text += line + "\r\n";
  }
  const bytes = utf8(text);
  if (bytes.length > sdpByteLimit) throw new Error("sdp: description too long");
  return bytes;
}

/**
 * Reads a description. v= comes first and o= must be there; the other session lines may stand in any order, s= and t=
 * may lack: nothing hangs on them, and a refused call would. Attributes that are unknown or cannot be read are passed
 * over, an unknown type of line is refused (RFC 4566 5). Lines may end in LF alone. A fault's `at` is the start of the
 * line that is wrong.
 */
export function decodeSdp(bytes: Uint8Array): Result<SessionDescription> {
  if (bytes.length > sdpByteLimit)
    return bad({ kind: "too-long", at: sdpByteLimit, what: "the session description", limit: sdpByteLimit });
  const draft = newSdpDraft();
  for (let at = 0, end = 0; at < bytes.length; at = end + 1) {
    end = bytes.indexOf(0x0a, at);
    if (end < 0) end = bytes.length;
    const isReturned = end > at && bytes[end - 1] === 0x0d;
    const fault = takeSdpLine(draft, textOf(bytes, at, isReturned ? end - 1 : end), at);
    if (fault !== undefined) return bad(fault);
  }
  return finished(draft, bytes.length);
}

function finished(draft: SdpDraft, at: number): Result<SessionDescription> {
  const origin = draft.origin;
  if (origin === undefined) return bad({ kind: "missing", at, field: draft.isBegun ? "o=" : "v=" });
  const media: Media[] = [];
  for (const one of draft.media) {
    const value = finishedMedia(one, draft);
    if (value === undefined) return bad({ kind: "missing", at: one.at, field: "c=" });
    media.push(value);
  }
  return ok({
    user: origin.user,
    sessionId: origin.sessionId,
    version: origin.version,
    host: origin.host,
    time: draft.time ?? "0 0",
    media,
  });
}

function pushMedia(media: Media, sessionHost: string, lines: string[]): void {
  let names = "";
  for (const format of media.formats) names += " " + format.name;
  lines.push("m=" + media.kind + " " + media.port + " " + media.transport + names);
  if (media.host !== sessionHost) lines.push("c=" + addressOf(media.host));
  for (const format of media.formats) {
    if (format.encoding !== "") lines.push("a=rtpmap:" + format.name + " " + format.encoding + "/" + format.clockHz);
    if (format.parameters !== undefined) lines.push("a=fmtp:" + format.name + " " + format.parameters);
  }
  if (media.packetMs !== undefined) lines.push("a=ptime:" + media.packetMs);
  lines.push("a=" + media.direction);
}

function addressOf(host: string): string {
  return (host.indexOf(":") < 0 ? "IN IP4 " : "IN IP6 ") + host;
}
