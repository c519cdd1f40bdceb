/** For tests only: who calls whom, and what a desk says to a unit line by line. */
import type { SipRequest } from "../../protocol/sip/message.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import type { Endpoint } from "../ports/socket.ts";

export const unitAt: Endpoint = { host: "198.51.100.23", port: 5070 };
export const deskAt: Endpoint = { host: "203.0.113.9", port: 5060 };
/** Nobody that a receiver speaks from. */
export const stranger: Endpoint = { host: "192.0.2.66", port: 5060 };
export const unitUri = "sip:4607110231@198.51.100.23:5070";
export const deskUri = "sip:plats4@203.0.113.9:5060";

export const deskContact = { name: "Contact", value: "<" + deskUri + ">" };

/** A session description: its lines behind o= and s=; of a call with A-law and keys where there are none. */
export function sdp(lines?: readonly string[]): Uint8Array {
  const media = lines ?? [
    "c=IN IP4 203.0.113.9",
    "t=0 0",
    "m=audio 30000 RTP/AVP 8 101",
    "a=rtpmap:101 telephone-event/8000",
  ];
  return utf8(["v=0", "o=- 1 1 IN IP4 203.0.113.9", "s=-"].concat(media, [""]).join("\r\n"));
}

/** The desk's INVITE to the unit. */
export function invitation(change?: Partial<SipRequest>): SipRequest {
  const via = { host: deskAt.host, port: 5060, branch: "z9hG4bKdesk1", received: undefined, rport: 0, params: [] };
  const request: SipRequest = {
    kind: "request",
    method: "INVITE",
    uri: unitUri,
    via: [Object.assign({ transport: "UDP" }, via)],
    maxForwards: 70,
    from: { display: "Plats 4", uri: deskUri, tag: "desk-tag", params: [] },
    to: { display: undefined, uri: unitUri, tag: undefined, params: [] },
    callId: "call-1@203.0.113.9",
    cseq: 1,
    cseqMethod: "INVITE",
    contentType: "application/sdp",
    headers: [deskContact],
    body: sdp(),
  };
  return Object.assign(request, change);
}

/** A request of the desk's within the call that `invitation` has opened. */
export function within(method: string, cseq: number, tag: string, change?: Partial<SipRequest>): SipRequest {
  return invitation(
    Object.assign(
      {
        method,
        cseqMethod: method,
        cseq,
        via: [Object.assign({}, invitation().via[0], { branch: "z9hG4bK" + method + cseq })],
        to: { display: undefined, uri: unitUri, tag, params: [] },
        contentType: undefined,
        body: new Uint8Array(0),
      },
      change,
    ),
  );
}
