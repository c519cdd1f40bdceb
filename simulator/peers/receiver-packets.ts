/** The packets a receiver makes: answers (RFC 3261 8.2.6, RFC 3581 4), and MESSAGEs of its own that carry an `mrs`. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { Header, SipRequest, SipResponse, Via } from "../../protocol/sip/message.ts";
import { hostPortText, parseUri } from "../../protocol/sip/uri.ts";
import type { ReceiverTransport } from "./receiver-transactions.ts";

const noBody = new Uint8Array(0);
const sipPort = 5060;

const reasons: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  405: "Method Not Allowed",
  415: "Unsupported Media Type",
  416: "Unsupported URI Scheme",
  420: "Bad Extension",
  423: "Interval Too Brief",
  481: "Call/Transaction Does Not Exist",
  500: "Server Internal Error",
  503: "Service Unavailable",
};

/** The answer to a request that came from `from`. `tag` becomes the To tag where there is none. */
export function answerTo(
  request: SipRequest,
  from: Endpoint,
  status: number,
  tag: string,
  headers: readonly Header[],
): SipResponse {
  const [top, ...others] = request.via as readonly [Via, ...Via[]];
  const marked: Via = {
    ...top,
    received: top.rport !== undefined || top.host !== from.host ? from.host : undefined,
    rport: top.rport === undefined ? undefined : from.port,
  };
  return {
    kind: "response",
    status,
    reason: reasons[status] ?? "",
    via: [marked, ...others],
    from: request.from,
    to: request.to.tag === undefined ? { ...request.to, tag } : request.to,
    callId: request.callId,
    cseq: request.cseq,
    cseqMethod: request.cseqMethod,
    contentType: undefined,
    headers,
    body: noBody,
  };
}

/** Where an answer goes: to the port it came from where `rport` asks so or the transport is a connection, else to the one Via names. */
export function answerAddress(request: SipRequest, from: Endpoint, transport: ReceiverTransport): Endpoint {
  const top = request.via[0];
  if (transport !== "udp" || top === undefined || top.rport !== undefined) return from;
  return { host: from.host, port: top.port ?? sipPort };
}

export interface OwnMessage {
  /** The request that it answers. */
  readonly request: SipRequest;
  readonly to: Endpoint;
  readonly transport: ReceiverTransport;
  readonly own: Endpoint;
  readonly branch: string;
  readonly tag: string;
  readonly callId: string;
  readonly body: Uint8Array;
}

/** A MESSAGE with an `mrs`: to where the unit has registered, else to the address that the request came from. */
export function ownMessage(message: OwnMessage): SipRequest {
  const { request, own } = message;
  return {
    kind: "request",
    method: "MESSAGE",
    uri: "sip:" + userPart(request.from.uri) + hostPortText(message.to.host, message.to.port),
    via: [
      {
        transport: message.transport.toUpperCase(),
        host: own.host,
        port: own.port,
        branch: message.branch,
        received: undefined,
        rport: 0,
        params: [],
      },
    ],
    maxForwards: 70,
    from: { display: undefined, uri: request.to.uri, tag: message.tag, params: [] },
    to: { display: undefined, uri: request.from.uri, tag: undefined, params: [] },
    callId: message.callId,
    cseq: 1,
    cseqMethod: "MESSAGE",
    contentType: "application/scaip+xml",
    headers: [],
    body: message.body,
  };
}

/** The user of a SIP address, its escapes resolved; "" where there is none. */
export function userOf(uri: string): string {
  const parsed = parseUri(uri);
  return parsed.ok ? (parsed.value.user ?? "") : "";
}

/** `user@` as it is written. */
function userPart(uri: string): string {
  return uri.substring(uri.indexOf(":") + 1, uri.indexOf("@") + 1);
}
