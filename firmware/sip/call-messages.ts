/** Answers within calls, and what is looked at before a message is believed (RFC 3261 8.2, 8.2.6, 12.1.1 and 18.2.2). */
import type { Header, NameAddress, SipMessage, SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { settled } from "../../protocol/sip/message.ts";
import type { Param } from "../../protocol/sip/scan.ts";
import { sameText } from "../../protocol/sip/scan.ts";
import { sdpType } from "../../protocol/sip/sdp.ts";
import { answerEndpoint, answerTo } from "./answering.ts";
import type { Hop } from "./call-route.ts";
import type { Peer, Transport } from "./receiver-address.ts";

/** Most characters of a message that may return in one of ours; as UTF-8 no more than `encodeSip` writes. */
export const repeatedLimit = 2000;

/** What to say to a request within a call. */
export interface CallAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  /** A session description; empty: none. */
  readonly body: Uint8Array;
}

export const noBody: Uint8Array = new Uint8Array(0);

/** An answer without headers of its own. */
export function plainAnswer(status: number): CallAnswer {
  return { status, headers: [], body: noBody };
}

/** Whether what we would have to repeat of the message is short enough. */
export function isModest(message: SipMessage): boolean {
  let length = message.callId.length + addressLength(message.from) + addressLength(message.to);
  for (const via of message.via)
    length += via.host.length + via.branch.length + (via.received ?? "").length + 40 + paramsLength(via.params);
  for (const header of message.headers)
    if (sameText(header.name, "Record-Route") || sameText(header.name, "Contact") || sameText(header.name, "Require"))
      length += header.value.length + 20;
  return length <= repeatedLimit;
}

/** The request as a value that outlives its datagram. */
export function keptRequest(request: SipRequest): SipRequest {
  return Object.assign({}, settled(request) as SipRequest, { body: new Uint8Array(request.body) });
}

/** The answer with our tag in To; a dialog's answers repeat Record-Route (12.1.1). */
export function answerOf(request: SipRequest, what: CallAnswer, tag: string, from: Peer): SipResponse {
  const headers: Header[] = [];
  const bindsRoutes = request.method === "INVITE" && what.status > 100 && what.status < 300;
  for (const header of request.headers) if (bindsRoutes && sameText(header.name, "Record-Route")) headers.push(header);
  for (const header of what.headers) headers.push(header);
  const verdict = { status: what.status, reason: reasonOf(what.status), headers };
  return Object.assign(answerTo(request, verdict, tag, from), {
    contentType: what.body.length === 0 ? undefined : sdpType,
    body: what.body,
  });
}

/** 100 Trying bears no tag of ours (8.2.6.2). */
export function tryingOf(request: SipRequest, from: Peer): SipResponse {
  return Object.assign(answerOf(request, plainAnswer(100), "", from), { to: request.to });
}

/** Where the answers to a request go: back over its connection, or over UDP as its Via says (18.2.2). */
export function answerHop(request: SipRequest, from: Peer, receiver: number): Hop {
  return { to: answerEndpoint(request, from), transport: transportOf(request, from), receiver };
}

/** The transport that a request came over; of a connection its newest hop tells which. */
export function transportOf(request: SipRequest, from: Peer): Transport {
  if (from.over === undefined) return "udp";
  const via = request.via[0];
  return via !== undefined && sameText(via.transport, "TLS") ? "tls" : "tcp";
}

/** Whether two requests are copies of one (17.2.3); senders that use one branch for everything are told apart. */
export function isCopy(one: SipRequest, other: SipRequest): boolean {
  const left = one.via[0];
  const right = other.via[0];
  if (left === undefined || right === undefined) return false;
  return (
    left.branch === right.branch &&
    left.host === right.host &&
    left.port === right.port &&
    one.method === other.method &&
    one.cseq === other.cseq &&
    one.callId === other.callId &&
    one.from.tag === other.from.tag
  );
}

/** Whether the body is of that type, whatever its parameters. */
export function hasType(message: SipMessage, type: string): boolean {
  const written = message.contentType ?? "";
  const semicolon = written.indexOf(";");
  return sameText((semicolon < 0 ? written : written.substring(0, semicolon)).trim(), type);
}

function addressLength(address: NameAddress): number {
  const text = 2 * (address.display ?? "").length + address.uri.length + (address.tag ?? "").length;
  return text + paramsLength(address.params);
}

function paramsLength(params: readonly Param[]): number {
  let length = 0;
  for (const param of params) length += param.name.length + (param.value ?? "").length + 2;
  return length;
}

function reasonOf(status: number): string {
  switch (status) {
    case 100:
      return "Trying";
    case 180:
      return "Ringing";
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Unsupported URI Scheme";
    case 420:
      return "Bad Extension";
    case 422:
      return "Session Interval Too Small";
    case 480:
      return "Temporarily Unavailable";
    case 481:
      return "Call Does Not Exist";
    case 482:
      return "Loop Detected";
    case 486:
      return "Busy Here";
    case 487:
      return "Request Terminated";
    case 488:
      return "Not Acceptable Here";
    case 491:
      return "Request Pending";
    case 500:
      return "Server Internal Error";
    case 513:
      return "Message Too Large";
    case 603:
      return "Decline";
    default:
      return "";
  }
}
