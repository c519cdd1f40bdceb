/** SIP requests and responses as plain values, to and from the bytes of one datagram (RFC 3261 7, 18.3, 20 and 25; RFC 3428). */
import type { Fault, Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { putUtf8, utf8Length } from "../text/utf8.ts";
import type { Head } from "./head.ts";
import { findHead, headerEnd, headText, lineText } from "./head.ts";
import { canonicalName } from "./header-names.ts";
import { nameAddressText, readNameAddress } from "./name-address.ts";
import type { Param } from "./scan.ts";
import { decimal, isToken, sameText, skipBlanks, tokenEnd, trimmed } from "./scan.ts";
import { isRequestUri } from "./uri.ts";
import { readVias, viaText } from "./via.ts";

/** One hop that the message took (RFC 3261 20.42). */
export interface Via {
  /** "UDP", "TCP", "TLS" ... as written. */
  readonly transport: string;
  /** A name or address; IPv6 without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** "" where there is none, which only RFC 2543 allowed. */
  readonly branch: string;
  readonly received: string | undefined;
  /** 0 where it is asked for and not yet filled in (RFC 3581). */
  readonly rport: number | undefined;
  /** All others, in order. */
  readonly params: readonly Param[];
}

/** From and To (RFC 3261 20.20 and 20.39). */
export interface NameAddress {
  /** Without quotes and escapes. */
  readonly display: string | undefined;
  readonly uri: string;
  readonly tag: string | undefined;
  /** All others, in order. */
  readonly params: readonly Param[];
}

export interface Header {
  /** The long name in the spelling of its RFC; as heard where it is not known. */
  readonly name: string;
  /** Without blanks at its ends, folded lines joined by one blank. */
  readonly value: string;
}

interface Common {
  /** Topmost first; at least one. */
  readonly via: readonly Via[];
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly callId: string;
  readonly cseq: number;
  readonly cseqMethod: string;
  readonly contentType: string | undefined;
  /** All that have no field of their own, in order. */
  readonly headers: readonly Header[];
  /** Decoded: a view on the datagram, so a keeper copies. */
  readonly body: Uint8Array;
}

export interface SipRequest extends Common {
  readonly kind: "request";
  readonly method: string;
  readonly uri: string;
  readonly maxForwards: number | undefined;
}

export interface SipResponse extends Common {
  readonly kind: "response";
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** Largest message that is read or written, in bytes. */
export const messageByteLimit = 8192;
/** Most header lines that are read. */
export const headerLimit = 64;
/** Most hops that are read. */
export const viaLimit = 8;
const cseqLimit = 0x7fffffff;
const lengthLimit = 0x7fffffff;

/** The value of the first header `name` among `headers`; those with a field of their own are not there. */
export function headerOf(message: SipMessage, name: string): string | undefined {
  for (const header of message.headers) if (sameText(header.name, name)) return header.value;
  return undefined;
}

/** Writes the message in a fixed order of headers, Content-Length always. Throws where a value would break a line or the message is longer than `messageByteLimit`. */
export function encodeSip(message: SipMessage): Uint8Array {
  let head =
    message.kind === "request"
      ? message.method + " " + message.uri + " SIP/2.0\r\n"
      : "SIP/2.0 " + message.status + " " + message.reason + "\r\n";
  let lineCount = 7 + message.via.length + message.headers.length;
  for (const via of message.via) head += "Via: " + viaText(via) + "\r\n";
  if (message.kind === "request" && message.maxForwards !== undefined) {
    head += "Max-Forwards: " + message.maxForwards + "\r\n";
    lineCount++;
  }
  head += "From: " + nameAddressText(message.from) + "\r\nTo: " + nameAddressText(message.to);
  head += "\r\nCall-ID: " + message.callId + "\r\nCSeq: " + message.cseq + " " + message.cseqMethod + "\r\n";
  for (const header of message.headers) head += header.name + ": " + header.value + "\r\n";
  if (message.contentType !== undefined) {
    head += "Content-Type: " + message.contentType + "\r\n";
    lineCount++;
  }
  head += "Content-Length: " + message.body.length + "\r\n\r\n";
  if (countOf(head, "\n") !== lineCount || countOf(head, "\r") !== lineCount)
    throw new Error("sip: line break in a value");
  const headLength = utf8Length(head);
  if (headLength + message.body.length > messageByteLimit) throw new Error("sip: message too long");
  const bytes = new Uint8Array(headLength + message.body.length);
  putUtf8(head, bytes, 0);
  bytes.set(message.body, headLength);
  return bytes;
}

/** Reads one datagram. A fault's `at` is the start of the line that is wrong. Without Content-Length the body is the rest (18.3). */
export function decodeSip(bytes: Uint8Array): Result<SipMessage> {
  if (bytes.length > messageByteLimit)
    return bad({ kind: "too-long", at: messageByteLimit, what: "the message", limit: messageByteLimit });
  const head = findHead(bytes);
  if (head.loneAt >= 0) return bad({ kind: "malformed", at: head.loneAt, what: "a line end that is not CR LF" });
  if (head.end < 0) return bad({ kind: "truncated", at: bytes.length });
  const text = headText(bytes, head);
  const draft = newDraft();
  const firstEnd = text.indexOf("\r\n");
  const first = head.wide ? lineText(text, 0, firstEnd, true) : text.substring(0, firstEnd);
  let fault = takeFirstLine(draft, first, head.start);
  let lineCount = 0;
  for (let at = firstEnd + 2; fault === undefined && at < text.length; lineCount++) {
    if (lineCount >= headerLimit)
      return bad({ kind: "too-long", at: head.start + at, what: "the list of headers", limit: headerLimit });
    const end = headerEnd(text, at);
    fault = takeHeader(draft, text, at, end, head);
    at = end + 2;
  }
  return fault === undefined ? finished(draft, bytes, head.end + 2) : bad(fault);
}

interface Draft {
  method: string;
  uri: string;
  status: number;
  reason: string;
  readonly via: Via[];
  maxForwards: number | undefined;
  from: NameAddress | undefined;
  to: NameAddress | undefined;
  callId: string | undefined;
  cseq: number | undefined;
  cseqMethod: string;
  contentType: string | undefined;
  contentLength: number | undefined;
  readonly headers: Header[];
}

function newDraft(): Draft {
  return {
    method: "",
    uri: "",
    status: 0,
    reason: "",
    via: [],
    maxForwards: undefined,
    from: undefined,
    to: undefined,
    callId: undefined,
    cseq: undefined,
    cseqMethod: "",
    contentType: undefined,
    contentLength: undefined,
    headers: [],
  };
}

/** Request-Line and Status-Line (RFC 3261 7.1 and 7.2): single blanks, no others. */
function takeFirstLine(draft: Draft, line: string, at: number): Fault | undefined {
  const firstBlank = line.indexOf(" ");
  if (firstBlank > 0 && sameText(line.substring(0, firstBlank), "SIP/2.0")) {
    const codeEnd = firstBlank + 4;
    draft.status = decimal(line, firstBlank + 1, codeEnd, 699);
    if (draft.status < 100 || (line.length > codeEnd && line.charCodeAt(codeEnd) !== 0x20))
      return { kind: "malformed", at, what: "the status line" };
    draft.reason = line.substring(codeEnd + 1);
    return undefined;
  }
  const lastBlank = line.lastIndexOf(" ");
  const method = line.substring(0, firstBlank);
  const uri = line.substring(firstBlank + 1, lastBlank);
  if (lastBlank <= firstBlank || !isToken(method, 0, method.length) || !isRequestUri(uri))
    return { kind: "malformed", at, what: "the request line" };
  const version = line.substring(lastBlank + 1);
  if (!sameText(version, "SIP/2.0")) {
    if (!sameText(version.substring(0, 4), "SIP/")) return { kind: "malformed", at, what: "the request line" };
    return { kind: "unknown-value", at, field: "SIP version", value: version };
  }
  draft.method = method;
  draft.uri = uri;
  return undefined;
}

function takeHeader(draft: Draft, text: string, at: number, end: number, head: Head): Fault | undefined {
  const nameEnd = tokenEnd(text, at);
  const colon = skipBlanks(text, nameEnd);
  if (nameEnd === at || text.charCodeAt(colon) !== 0x3a)
    return { kind: "malformed", at: head.start + at, what: "a header line" };
  const name = canonicalName(text.substring(at, nameEnd));
  const value = lineText(text, colon + 1, end, head.wide);
  if (name === "Via") {
    if (!readVias(value, draft.via)) return { kind: "malformed", at: head.start + at, what: name };
    if (draft.via.length <= viaLimit) return undefined;
    return { kind: "too-long", at: head.start + at, what: "the list of Via hops", limit: viaLimit };
  }
  return takeField(draft, name, value) ? undefined : { kind: "malformed", at: head.start + at, what: name };
}

/** Those that may stand once only are refused the second time: no reading of such a message is safe. */
function takeField(draft: Draft, name: string, value: string): boolean {
  switch (name) {
    case "From":
      if (draft.from !== undefined) return false;
      draft.from = readNameAddress(value);
      return draft.from !== undefined;
    case "To":
      if (draft.to !== undefined) return false;
      draft.to = readNameAddress(value);
      return draft.to !== undefined;
    case "Call-ID":
      if (draft.callId !== undefined || !isCallId(value)) return false;
      draft.callId = value;
      return true;
    case "CSeq":
      return draft.cseq === undefined && takeCseq(draft, value);
    case "Content-Type":
      if (draft.contentType !== undefined || value === "") return false;
      draft.contentType = value;
      return true;
    case "Content-Length":
      if (draft.contentLength !== undefined) return false;
      draft.contentLength = decimal(value, 0, value.length, lengthLimit);
      return draft.contentLength >= 0;
    case "Max-Forwards":
      if (draft.status === 0) {
        if (draft.maxForwards !== undefined) return false;
        draft.maxForwards = decimal(value, 0, value.length, 255);
        return draft.maxForwards >= 0;
      }
  }
  draft.headers.push({ name, value });
  return true;
}

function takeCseq(draft: Draft, value: string): boolean {
  const blank = value.indexOf(" ");
  const tab = blank < 0 ? value.indexOf("\t") : blank;
  if (tab < 0) return false;
  const method = trimmed(value, tab, value.length);
  draft.cseq = decimal(value, 0, tab, cseqLimit);
  draft.cseqMethod = method;
  return draft.cseq >= 0 && isToken(method, 0, method.length);
}

function isCallId(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return value !== "";
}

function finished(draft: Draft, bytes: Uint8Array, bodyStart: number): Result<SipMessage> {
  const via = draft.via;
  const from = draft.from;
  const to = draft.to;
  const callId = draft.callId;
  const cseq = draft.cseq;
  if (via.length === 0) return bad({ kind: "missing", at: bodyStart, field: "Via" });
  if (from === undefined) return bad({ kind: "missing", at: bodyStart, field: "From" });
  if (to === undefined) return bad({ kind: "missing", at: bodyStart, field: "To" });
  if (callId === undefined) return bad({ kind: "missing", at: bodyStart, field: "Call-ID" });
  if (cseq === undefined) return bad({ kind: "missing", at: bodyStart, field: "CSeq" });
  const length = draft.contentLength ?? bytes.length - bodyStart;
  if (length > bytes.length - bodyStart) return bad({ kind: "truncated", at: bytes.length });
  const body = bytes.subarray(bodyStart, bodyStart + length);
  const cseqMethod = draft.cseqMethod;
  const contentType = draft.contentType;
  const headers = draft.headers;
  if (draft.status > 0) {
    const status = draft.status;
    const reason = draft.reason;
    return ok({
      kind: "response",
      status,
      reason,
      via,
      from,
      to,
      callId,
      cseq,
      cseqMethod,
      contentType,
      headers,
      body,
    });
  }
  const method = draft.method;
  const uri = draft.uri;
  const maxForwards = draft.maxForwards;
  if (method !== cseqMethod) return bad({ kind: "malformed", at: bodyStart, what: "CSeq names another method" });
  return ok({
    kind: "request",
    method,
    uri,
    via,
    maxForwards,
    from,
    to,
    callId,
    cseq,
    cseqMethod,
    contentType,
    headers,
    body,
  });
}

function countOf(text: string, what: string): number {
  let count = 0;
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) count++;
  return count;
}
