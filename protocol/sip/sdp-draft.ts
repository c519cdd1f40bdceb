/** A session description while it is read, line by line (RFC 4566 5, 5.2, 5.7, 5.14 and 6). */
import type { Fault } from "../result.ts";
import { decimal, isToken, trimmed } from "./scan.ts";
import type { Direction, Format, Media } from "./sdp.ts";

/** Most m= lines, and most formats of one. */
export const mediaLimit = 8;
export const formatLimit = 32;
const portLimit = 65535;
const clockLimitHz = 1_000_000;
const packetLimitMs = 1000;

interface Origin {
  readonly user: string;
  readonly sessionId: string;
  readonly version: string;
  readonly host: string;
}

interface FormatDraft {
  readonly name: string;
  encoding: string;
  clockHz: number;
  parameters: string | undefined;
}

export interface MediaDraft {
  /** Offset of its m= line. */
  readonly at: number;
  readonly kind: string;
  readonly port: number;
  readonly transport: string;
  readonly formats: FormatDraft[];
  host: string | undefined;
  direction: Direction | undefined;
  packetMs: number | undefined;
}

export interface SdpDraft {
  isBegun: boolean;
  origin: Origin | undefined;
  time: string | undefined;
  host: string | undefined;
  direction: Direction | undefined;
  readonly media: MediaDraft[];
}

export function newSdpDraft(): SdpDraft {
  return { isBegun: false, origin: undefined, time: undefined, host: undefined, direction: undefined, media: [] };
}

/** Takes one line without its end; `at` is its offset. An empty line is passed over. */
export function takeSdpLine(draft: SdpDraft, line: string, at: number): Fault | undefined {
  if (line === "") return undefined;
  if (line.charCodeAt(1) !== 0x3d || line.indexOf("\r") >= 0) return malformed(at, "a line of the session description");
  const type = line.charAt(0);
  const value = line.substring(2);
  if (!draft.isBegun) {
    if (type !== "v" || trimmed(value, 0, value.length) !== "0") return malformed(at, "v=");
    draft.isBegun = true;
    return undefined;
  }
  if (type === "m") return takeMedia(draft, value, at);
  if (type === "a") return takeAttribute(draft, value) ? undefined : malformed(at, "a=");
  if (type === "c") return takeConnection(draft, value) ? undefined : malformed(at, "c=");
  const isInMedia = draft.media.length > 0;
  if ((isInMedia ? "ibk" : "osiuepbtrzk").indexOf(type) < 0) return malformed(at, "a type of line");
  if (type === "o") {
    if (draft.origin !== undefined) return malformed(at, "o=");
    draft.origin = originOf(value);
    if (draft.origin === undefined) return malformed(at, "o=");
  } else if (type === "t" && draft.time === undefined) draft.time = value;
  return undefined;
}

/** The medium with what the session says of all; undefined where nothing tells where it is to be received. */
export function finishedMedia(media: MediaDraft, session: SdpDraft): Media | undefined {
  const unused = media.port === 0 && session.origin !== undefined ? session.origin.host : undefined;
  const host = media.host ?? session.host ?? unused;
  if (host === undefined) return undefined;
  const formats: Format[] = media.formats;
  const direction = media.direction ?? session.direction ?? "sendrecv";
  return {
    kind: media.kind,
    port: media.port,
    transport: media.transport,
    host,
    direction,
    formats,
    packetMs: media.packetMs,
  };
}

function takeMedia(draft: SdpDraft, value: string, at: number): Fault | undefined {
  if (draft.media.length >= mediaLimit) return { kind: "too-long", at, what: "the list of media", limit: mediaLimit };
  const words = wordsOf(value);
  if (words.length > formatLimit + 3) return { kind: "too-long", at, what: "the list of formats", limit: formatLimit };
  const kind = words[0] ?? "";
  const transport = words[2] ?? "";
  const ports = words[1] ?? "";
  const slash = ports.indexOf("/");
  const port = decimal(ports, 0, slash < 0 ? ports.length : slash, portLimit);
  if (words.length < 4 || port < 0 || !isToken(kind, 0, kind.length)) return malformed(at, "m=");
  const isRtp = transport === "RTP/AVP";
  const formats: FormatDraft[] = [];
  for (let i = 3; i < words.length; i++) {
    const name = words[i] as string;
    if (isRtp && decimal(name, 0, name.length, 127) < 0) return malformed(at, "m=");
    const known = !isRtp ? "" : name === "0" ? "PCMU" : name === "8" ? "PCMA" : "";
    formats.push({ name, encoding: known, clockHz: known === "" ? 0 : 8000, parameters: undefined });
  }
  draft.media.push({
    at,
    kind,
    port,
    transport,
    formats,
    host: undefined,
    direction: undefined,
    packetMs: undefined,
  });
  return undefined;
}

function takeAttribute(draft: SdpDraft, value: string): boolean {
  const media = draft.media.length === 0 ? undefined : (draft.media[draft.media.length - 1] as MediaDraft);
  const colon = value.indexOf(":");
  const name = trimmed(value, 0, colon < 0 ? value.length : colon);
  if (name === "sendrecv" || name === "sendonly" || name === "recvonly" || name === "inactive") {
    const owner = media ?? draft;
    if (owner.direction !== undefined && owner.direction !== name) return false;
    owner.direction = name;
    return true;
  }
  if (media === undefined || colon < 0) return true;
  if (name === "ptime") {
    const packetMs = decimal(value, colon + 1, value.length, packetLimitMs);
    media.packetMs = packetMs > 0 ? packetMs : undefined;
  } else if (name === "rtpmap" || name === "fmtp") takeFormat(media, name, value, colon + 1);
  return true;
}

/**
 * `8 PCMA/8000` or `101 0-15`. One for a format that the m= line does not name is passed over (RFC 4566 6); an encoding
 * that cannot be read, or has several channels, is none that we know.
 */
function takeFormat(media: MediaDraft, name: string, value: string, start: number): void {
  const blank = value.indexOf(" ", start);
  const end = blank < 0 ? value.length : blank;
  const format = formatNamed(media, value.substring(start, end));
  if (format === undefined) return;
  const text = trimmed(value, end, value.length);
  if (name === "fmtp") {
    format.parameters = text;
    return;
  }
  const slash = text.indexOf("/");
  const second = text.indexOf("/", slash + 1);
  const clockHz = decimal(text, slash + 1, second < 0 ? text.length : second, clockLimitHz);
  const isMono = second < 0 || text.substring(second + 1) === "1";
  const isKnown = slash > 0 && clockHz > 0 && isMono && isToken(text, 0, slash);
  format.encoding = isKnown ? text.substring(0, slash) : "";
  format.clockHz = isKnown ? clockHz : 0;
}

function formatNamed(media: MediaDraft, name: string): FormatDraft | undefined {
  for (const format of media.formats) if (format.name === name) return format;
  return undefined;
}

function takeConnection(draft: SdpDraft, value: string): boolean {
  const owner = draft.media.length === 0 ? draft : (draft.media[draft.media.length - 1] as MediaDraft);
  const words = wordsOf(value);
  const host = hostOf(words, 0);
  if (host === undefined || words.length !== 3) return false;
  // A second c= of one medium is for layered multicast; the first one counts.
  if (owner.host === undefined) owner.host = host;
  return true;
}

function originOf(value: string): Origin | undefined {
  const words = wordsOf(value);
  const user = words[0] ?? "";
  const sessionId = words[1] ?? "";
  const version = words[2] ?? "";
  const host = hostOf(words, 3);
  if (words.length !== 6 || host === undefined || !isDigits(sessionId) || !isDigits(version)) return undefined;
  return { user, sessionId, version, host };
}

/** `IN IP4 host`; what follows a slash is for multicast. */
function hostOf(words: readonly string[], first: number): string | undefined {
  const family = words[first + 1];
  const address = words[first + 2];
  if (words[first] !== "IN" || (family !== "IP4" && family !== "IP6") || address === undefined) return undefined;
  const slash = address.indexOf("/");
  const host = slash < 0 ? address : address.substring(0, slash);
  return host === "" ? undefined : host;
}

function wordsOf(value: string): string[] {
  const words: string[] = [];
  for (const word of value.split(" ")) if (word !== "") words.push(word);
  return words;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== "";
}

function malformed(at: number, what: string): Fault {
  return { kind: "malformed", at, what };
}
