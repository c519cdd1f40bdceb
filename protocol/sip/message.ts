/** SIP requests and responses as plain values, to and from the bytes of one datagram (RFC 3261 7, 18.3, 20 and 25; RFC 3428). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { ascii } from "../text/utf8.ts";
import type { Draft } from "./draft.ts";
import { newDraft, takeFirstLine, takeHeader } from "./draft.ts";
import { findHead, headerEnd, headText, lineText } from "./head.ts";
import { HeadWriter } from "./head-writer.ts";
import { writeNameAddress } from "./name-address.ts";
import type { Param } from "./scan.ts";
import { sameText } from "./scan.ts";
import { writeVia } from "./via.ts";
import { RequestView, ResponseView } from "./view.ts";

const blank = 0x20;
const slash = 0x2f;

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

/** The value of the first header `name` among `headers`; those with a field of their own are not there. */
export function headerOf(message: SipMessage, name: string): string | undefined {
  for (const header of message.headers) if (sameText(header.name, name)) return header.value;
  return undefined;
}

/** Writes the message in a fixed order of headers, Content-Length always. Throws where a value would break a line or the message is longer than `messageByteLimit`. */
export function encodeSip(message: SipMessage): Uint8Array {
  const to = headWriter;
  to.clear();
  if (message.kind === "request") {
    to.text(message.method);
    to.sign(blank);
    to.text(message.uri);
    to.word(versionEnd);
  } else {
    to.word(versionStart);
    to.number(message.status);
    to.sign(blank);
    to.text(message.reason);
  }
  for (const via of message.via) {
    to.word(viaName);
    writeVia(via, to);
  }
  if (message.kind === "request" && message.maxForwards !== undefined) {
    to.word(hopsName);
    to.number(message.maxForwards);
  }
  to.word(fromName);
  writeNameAddress(message.from, to);
  to.word(toName);
  writeNameAddress(message.to, to);
  to.word(callIdName);
  to.text(message.callId);
  to.word(cseqName);
  to.number(message.cseq);
  to.sign(blank);
  to.text(message.cseqMethod);
  for (const header of message.headers) {
    to.word(lineEnd);
    to.text(header.name);
    to.word(nameEnd);
    to.text(header.value);
  }
  if (message.contentType !== undefined) {
    to.word(typeName);
    to.text(message.contentType);
  }
  to.word(lengthName);
  to.number(message.body.length);
  to.word(headEnd);
  return to.finish(message.body);
}

/**
 * Reads one datagram into a value of its own, but for the body, which is a view. A fault's `at` is the start of the line that
 * is wrong. Without Content-Length the body is the rest (18.3).
 */
export function decodeSip(bytes: Uint8Array): Result<SipMessage> {
  const viewed = viewSip(bytes);
  return viewed.ok ? ok(settled(viewed.value)) : viewed;
}

/**
 * Reads one datagram as `decodeSip` does, all checks included, but makes each value when it is asked for: quicker where few
 * are. `bytes` must not change while the message is used; a spread of it has no values, see `settled`.
 */
export function viewSip(bytes: Uint8Array): Result<SipMessage> {
  if (bytes.length > messageByteLimit)
    return bad({ kind: "too-long", at: messageByteLimit, what: "the message", limit: messageByteLimit });
  if (bytes[3] === slash) {
    const response = new ResponseView(bytes);
    if (response.read(headerLimit)) return ok(response);
  } else {
    const request = new RequestView(bytes);
    if (request.read(headerLimit)) return ok(request);
  }
  return readWhole(bytes);
}

/** The message with all its values made: a plain object, of which only the body is still a view on the datagram. */
export function settled(message: SipMessage): SipMessage {
  const via = message.via;
  const from = message.from;
  const to = message.to;
  const callId = message.callId;
  const cseq = message.cseq;
  const cseqMethod = message.cseqMethod;
  const contentType = message.contentType;
  const headers = message.headers;
  const body = message.body;
  if (message.kind === "response") {
    const status = message.status;
    const reason = message.reason;
    return { kind: "response", status, reason, via, from, to, callId, cseq, cseqMethod, contentType, headers, body };
  }
  const method = message.method;
  const uri = message.uri;
  const maxForwards = message.maxForwards;
  return {
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
  };
}

/** Reads a message in any form that the grammar allows, and finds the first fault. */
function readWhole(bytes: Uint8Array): Result<SipMessage> {
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

/** One serves every message: a call leaves nothing behind in it that another would need. */
const headWriter = new HeadWriter(messageByteLimit);

const versionEnd = ascii(" SIP/2.0");
const versionStart = ascii("SIP/2.0 ");
const lineEnd = ascii("\r\n");
const nameEnd = ascii(": ");
const headEnd = ascii("\r\n\r\n");
const viaName = ascii("\r\nVia: ");
const hopsName = ascii("\r\nMax-Forwards: ");
const fromName = ascii("\r\nFrom: ");
const toName = ascii("\r\nTo: ");
const callIdName = ascii("\r\nCall-ID: ");
const cseqName = ascii("\r\nCSeq: ");
const typeName = ascii("\r\nContent-Type: ");
const lengthName = ascii("\r\nContent-Length: ");
