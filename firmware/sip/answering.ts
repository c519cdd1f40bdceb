/** Answers to requests that come in: what a unit says to each that is not of a call (RFC 3261 8.2, 18.2.2; RFC 3428 7; RFC 3581 4). */
import type { Header, SipRequest, SipResponse, Via } from "../../protocol/sip/message.ts";
import { headerOf } from "../../protocol/sip/message.ts";
import { sameText } from "../../protocol/sip/scan.ts";
import { parseUri } from "../../protocol/sip/uri.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { Peer } from "./receiver-address.ts";

export const scaipType = "application/scaip+xml";

const noBody = new Uint8Array(0);
const defaultPort = 5060;
const acceptScaip: Header = { name: "Accept", value: scaipType };

/** What a unit takes: said to whoever asks for it, or for something else (RFC 3261 11.2, 20.1 and 20.5). */
export interface Abilities {
  readonly allow: Header;
  readonly accept: Header;
}

/** Those of a unit without a telephone. */
export const messageAbilities: Abilities = {
  allow: { name: "Allow", value: "MESSAGE, OPTIONS" },
  accept: acceptScaip,
};

/** What to answer: `status`, its reason and its own headers. */
export interface Verdict {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
}

/**
 * Judges a request, in this order: method (405; OPTIONS 200), source (403), required extensions (420), Request-URI
 * (416, 404), body type (415). `trusted`: it comes from an address that a receiver may use.
 */
export function judge(request: SipRequest, user: string, trusted: boolean, abilities: Abilities): Verdict {
  if (request.method === "OPTIONS") return { status: 200, reason: "OK", headers: [abilities.allow, abilities.accept] };
  if (request.method !== "MESSAGE") return { status: 405, reason: "Method Not Allowed", headers: [abilities.allow] };
  if (!trusted) return verdict(403, "Forbidden");
  const required = headerOf(request, "Require");
  if (required !== undefined)
    return { status: 420, reason: "Bad Extension", headers: [{ name: "Unsupported", value: required }] };
  const uri = parseUri(request.uri);
  if (!uri.ok) return verdict(416, "Unsupported URI Scheme");
  if (uri.value.user !== user) return verdict(404, "Not Found");
  if (!isScaip(request)) return { status: 415, reason: "Unsupported Media Type", headers: [acceptScaip] };
  return verdict(200, "OK");
}

/** The response to a request, with the tag that all our answers bear; `source` is where it came from (RFC 3581 4). */
export function answerTo(request: SipRequest, what: Verdict, tag: string, source: Endpoint): SipResponse {
  const via: Via[] = [];
  for (let i = 0; i < request.via.length; i++) {
    const hop = request.via[i] as Via;
    via.push(i === 0 ? received(hop, source) : hop);
  }
  const to = request.to;
  return {
    kind: "response",
    status: what.status,
    reason: what.reason,
    via,
    from: request.from,
    to: to.tag === undefined ? { display: to.display, uri: to.uri, tag, params: to.params } : to,
    callId: request.callId,
    cseq: request.cseq,
    cseqMethod: request.cseqMethod,
    contentType: undefined,
    headers: what.headers,
    body: noBody,
  };
}

/** Where the response goes: back over its connection, or to the source's address, and there to the port the sender named where it did not ask for `rport`. */
export function answerEndpoint(request: SipRequest, source: Peer): Peer {
  if (source.over !== undefined) return source;
  const top = request.via[0] as Via;
  return { host: source.host, port: top.rport === undefined ? (top.port ?? defaultPort) : source.port };
}

/** Whether two hosts are the same but for case and the mapping of IPv4 into IPv6 (RFC 4291 2.5.5.2). */
export function sameHost(one: string, other: string): boolean {
  return sameText(unmapped(one), unmapped(other));
}

function unmapped(host: string): string {
  const mapped = host.length > 7 && host.charCodeAt(0) === 0x3a && host.indexOf(".") > 0;
  return mapped && sameText(host.substring(0, 7), "::ffff:") ? host.substring(7) : host;
}

function verdict(status: number, reason: string): Verdict {
  return { status, reason, headers: [] };
}

function received(hop: Via, source: Endpoint): Via {
  const asked = hop.rport !== undefined;
  return {
    transport: hop.transport,
    host: hop.host,
    port: hop.port,
    branch: hop.branch,
    received: asked || !sameHost(hop.host, source.host) ? source.host : hop.received,
    rport: asked ? source.port : undefined,
    params: hop.params,
  };
}

function isScaip(request: SipRequest): boolean {
  const encoding = headerOf(request, "Content-Encoding");
  if (encoding !== undefined && !sameText(encoding, "identity")) return false;
  const type = request.contentType ?? "";
  const semicolon = type.indexOf(";");
  return sameText((semicolon < 0 ? type : type.substring(0, semicolon)).trim(), scaipType);
}
