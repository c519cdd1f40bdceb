/** Messages for tests: those of RFC 3261 24.2, and small ones with headers of the test's own. */
import { utf8 } from "../text/utf8.ts";
import type { SipMessage, SipRequest, SipResponse } from "./message.ts";
import { decodeSip } from "./message.ts";

/** Reads lines, an empty one is added; throws where they are no message. */
export function message(lines: readonly string[]): SipMessage {
  const decoded = decodeSip(utf8(lines.join("\r\n") + "\r\n\r\n"));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.fault));
  return decoded.value;
}

export function request(lines: readonly string[]): SipRequest {
  const read = message(lines);
  if (read.kind !== "request") throw new Error("a response");
  return read;
}

export function response(lines: readonly string[]): SipResponse {
  const read = message(lines);
  if (read.kind !== "response") throw new Error("a request");
  return read;
}

/** A 200 with these headers beside those that every message has. */
export function answerWith(headers: readonly string[]): SipResponse {
  return response(
    ["SIP/2.0 200 OK", "Via: SIP/2.0/UDP h", "From: <sip:c@d>;tag=1", "To: <sip:a@b>;tag=2", "Call-ID: i"].concat(
      ["CSeq: 1 REGISTER"],
      headers,
    ),
  );
}

/** RFC 3261 24.2, message F1, without its body. */
export const aliceInvites: readonly string[] = [
  "INVITE sip:bob@biloxi.com SIP/2.0",
  "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8",
  "Max-Forwards: 70",
  "To: Bob <sip:bob@biloxi.com>",
  "From: Alice <sip:alice@atlanta.com>;tag=1928301774",
  "Call-ID: a84b4c76e66710",
  "CSeq: 314159 INVITE",
  "Contact: <sip:alice@pc33.atlanta.com>",
];

/** RFC 3261 24.2, message F11, without its body. */
export const bobAnswers: readonly string[] = [
  "SIP/2.0 200 OK",
  "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8;received=192.0.2.1",
  "To: Bob <sip:bob@biloxi.com>;tag=a6c85cf",
  "From: Alice <sip:alice@atlanta.com>;tag=1928301774",
  "Call-ID: a84b4c76e66710",
  "CSeq: 314159 INVITE",
  "Contact: <sip:bob@192.0.2.4>",
];
