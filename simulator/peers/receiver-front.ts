/** What a receiver checks of a SIP request before anybody looks at who sent it (RFC 3261 8.2). */
import { isOfCalls } from "../../firmware/sip/call-methods.ts";
import { type Header, headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import { parseUri } from "../../protocol/sip/uri.ts";

export const acceptedMethods: Header = { name: "Allow", value: "MESSAGE, OPTIONS, REGISTER" };
/** Where somebody takes calls. */
export const acceptedWithCalls: Header = {
  name: "Allow",
  value: "MESSAGE, OPTIONS, REGISTER, INVITE, ACK, CANCEL, BYE, INFO, UPDATE",
};
export const acceptedTypes: Header = { name: "Accept", value: "application/scaip+xml, application/xml" };

/** Longest head that is answered, in bytes: an answer repeats it, and a byte that is no UTF-8 becomes three. */
export const headByteLimit = 2_500;

export interface SipFault {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly why: string;
}

/** The first thing that is wrong, or undefined. */
export function sipFault(request: SipRequest): SipFault | undefined {
  if (request.cseqMethod !== request.method) return fault(400, "CSeq names another method");
  const uri = parseUri(request.uri);
  if (!uri.ok) return fault(uri.fault.kind === "unknown-value" ? 416 : 400, "the Request-URI is no SIP address");
  const from = parseUri(request.from.uri);
  if (!from.ok || from.value.user === undefined) return fault(400, "From names no account");
  if (!parseUri(request.to.uri).ok) return fault(400, "To is no SIP address");
  const required = headerOf(request, "Require");
  if (required !== undefined) return fault(420, "Require " + required, { name: "Unsupported", value: required });
  const encoding = headerOf(request, "Content-Encoding");
  if (encoding !== undefined && encoding.toLowerCase() !== "identity")
    return fault(415, "Content-Encoding " + encoding, { name: "Accept-Encoding", value: "identity" });
  return undefined;
}

function fault(status: number, why: string, header?: Header): SipFault {
  return { status, headers: header === undefined ? [] : [header], why };
}

/** Whether it belongs to a call that has begun. */
export function isWithinCall({ method, to }: SipRequest): boolean {
  return method === "INVITE" ? to.tag !== undefined : isOfCalls(method);
}
