/**
 * One alarm as it goes over the wire: request, 200, response, 200 (RFC 3261, RFC 3428, SS 91100 4), each built by one side
 * and read by the other as bytes. The XML may be read by any reader; all else is the code of the devices.
 */
import type { Result } from "../../protocol/result.ts";
import { decodeRequest, encodeRequest, type ScaipRequest } from "../../protocol/scaip/request.ts";
import { decodeResponse, encodeResponse, type ScaipResponse } from "../../protocol/scaip/response.ts";
import { encodeSip, type NameAddress, type SipMessage, type Via, viewSip } from "../../protocol/sip/message.ts";

/** Reads SCAIP's two documents; throws where they cannot be read. */
export interface XmlReader {
  readonly name: string;
  readonly request: (bytes: Uint8Array) => ScaipRequest;
  readonly response: (bytes: Uint8Array) => ScaipResponse;
}

export const ownReader: XmlReader = {
  name: "livlina",
  request: (bytes) => opened(decodeRequest(bytes)),
  response: (bytes) => opened(decodeResponse(bytes)),
};

/** What both sides have read after one exchange. */
export interface Exchanged {
  readonly messages: readonly SipMessage[];
  readonly request: ScaipRequest;
  readonly response: ScaipResponse;
}

const none = new Uint8Array(0);
const scaipType = "application/scaip+xml";
const receiverUri = "sip:mottagning@larm.example.net";
const unitUri = "sip:4607110231@larm.example.net";

/** The exchange number `turn`, whose references are its own. */
export function exchange(reader: XmlReader, turn: number): Exchanged {
  const alarm = alarmOf(turn);
  const sent = opened(viewSip(encodeSip(messageTo(receiverUri, unitUri, unitHop(turn), encodeRequest(alarm)))));
  const request = reader.request(sent.body);
  const carried = opened(viewSip(encodeSip(okTo(sent))));
  const answer = encodeResponse(answerTo(request));
  const answered = opened(viewSip(encodeSip(messageTo(unitUri, receiverUri, receiverHop(turn), answer))));
  const response = reader.response(answered.body);
  const ended = opened(viewSip(encodeSip(okTo(answered))));
  return { messages: [sent, carried, answered, ended], request, response };
}

/** The same without SIP: both documents built and read. */
export function documents(reader: XmlReader, turn: number): Pick<Exchanged, "request" | "response"> {
  const request = reader.request(encodeRequest(alarmOf(turn)));
  const response = reader.response(encodeResponse(answerTo(request)));
  return { request, response };
}

function alarmOf(turn: number): ScaipRequest {
  return {
    ref: `Q4T8A00${String(turn % 100_000).padStart(5, "0")}`,
    ver: "01.00",
    cha: 0,
    mty: "ME",
    cid: "4607110231",
    dty: 3,
    did: "04A1C77E",
    dco: 2,
    dte: "Armband vänster",
    crd: [unitUri],
    stc: 10,
    lco: 2,
  };
}

function answerTo(request: ScaipRequest): ScaipResponse {
  return { ref: request.ref, snu: 0, cve: "01.00", mre: 1, cre: 62, tnu: ["sip:plats4@larmcentral.example.org"] };
}

function messageTo(to: string, from: string, via: Via, body: Uint8Array): SipMessage {
  return {
    kind: "request",
    method: "MESSAGE",
    uri: to,
    via: [via],
    maxForwards: 70,
    from: address(from, "k3v9"),
    to: address(to, undefined),
    callId: `${via.branch}@${via.host}`,
    cseq: 1,
    cseqMethod: "MESSAGE",
    contentType: scaipType,
    headers: [],
    body,
  };
}

function okTo(request: SipMessage): SipMessage {
  const { via, from, callId, cseq, cseqMethod } = request;
  const to = { ...request.to, tag: "p02" };
  const contentType = undefined;
  return {
    kind: "response",
    status: 200,
    reason: "OK",
    via,
    from,
    to,
    callId,
    cseq,
    cseqMethod,
    contentType,
    headers: [],
    body: none,
  };
}

function address(uri: string, tag: string | undefined): NameAddress {
  return { display: undefined, uri, tag, params: [] };
}

function unitHop(turn: number): Via {
  return hop("198.51.100.23", `z9hG4bKa${turn}`);
}

function receiverHop(turn: number): Via {
  return hop("203.0.113.9", `z9hG4bKq${turn}`);
}

function hop(host: string, branch: string): Via {
  return { transport: "UDP", host, port: 5060, branch, received: undefined, rport: 0, params: [] };
}

function opened<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`bench: ${JSON.stringify(result.fault)}`);
  return result.value;
}
