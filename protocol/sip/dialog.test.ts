import { expect, test } from "vitest";
import type { Result } from "../result.ts";
import { ascii } from "../text/utf8.ts";
import {
  ackOfFailure,
  ackOfSuccess,
  afterHearing,
  afterSending,
  cancelOf,
  dialogOfCalled,
  dialogOfCaller,
  isOfDialog,
  requestWithin,
} from "./dialog.ts";
import type { SipMessage, Via } from "./message.ts";
import { encodeSip } from "./message.ts";
import { aliceInvites, bobAnswers, request, response } from "./test-messages.ts";

const invite = request(aliceInvites);
const answer = response(bobAnswers);

function via(host: string, branch: string): Via {
  return { transport: "UDP", host, port: undefined, branch, received: undefined, rport: undefined, params: [] };
}

function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.fault));
  return result.value;
}

function linesOf(message: SipMessage): string[] {
  return Array.from(encodeSip(message), (byte) => String.fromCharCode(byte))
    .join("")
    .split("\r\n");
}

const bye = { method: "BYE", headers: [], contentType: undefined, body: new Uint8Array(0) };

test("RFC 3261 24.2: the ACK F12 comes out, but for the order of its headers and quotes around names", () => {
  const ack = ackOfSuccess(good(dialogOfCaller(invite, answer)), invite, via("pc33.atlanta.com", "z9hG4bKnashds9"));
  expect(linesOf(ack)).toEqual([
    "ACK sip:bob@192.0.2.4 SIP/2.0",
    "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds9",
    "Max-Forwards: 70",
    'From: "Alice" <sip:alice@atlanta.com>;tag=1928301774',
    'To: "Bob" <sip:bob@biloxi.com>;tag=a6c85cf',
    "Call-ID: a84b4c76e66710",
    "CSeq: 314159 ACK",
    "Content-Length: 0",
    "",
    "",
  ]);
});

test("RFC 3261 24.2: the BYE F13 of the called end comes out, with a CSeq of its own", () => {
  const dialog = { ...good(dialogOfCalled(invite, "a6c85cf")), localCseq: 230 };
  expect(linesOf(requestWithin(dialog, { ...bye, via: via("192.0.2.4", "z9hG4bKnashds10") }))).toEqual([
    "BYE sip:alice@pc33.atlanta.com SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKnashds10",
    "Max-Forwards: 70",
    'From: "Bob" <sip:bob@biloxi.com>;tag=a6c85cf',
    'To: "Alice" <sip:alice@atlanta.com>;tag=1928301774',
    "Call-ID: a84b4c76e66710",
    "CSeq: 231 BYE",
    "Content-Length: 0",
    "",
    "",
  ]);
});

test("a request of the one end belongs to the dialog of the other, and to no other", () => {
  const caller = good(dialogOfCaller(invite, answer));
  const called = good(dialogOfCalled(invite, "a6c85cf"));
  expect([caller.remoteCseq, called.remoteCseq, called.localCseq]).toEqual([undefined, 314159, 0]);
  const sent = requestWithin(caller, { ...bye, via: via("x", "z9hG4bK1") });
  expect(sent.cseq).toBe(314160);
  expect([isOfDialog(called, sent), isOfDialog(caller, sent)]).toEqual([true, false]);
  expect(isOfDialog({ ...called, callId: "other" }, sent)).toBe(false);
  expect(isOfDialog({ ...called, remote: { ...called.remote, tag: "x" } }, sent)).toBe(false);
  expect(isOfDialog({ ...called, local: { ...called.local, tag: "x" } }, sent)).toBe(false);
});

test("an INFO carries its own headers and body behind the hops of the dialog", () => {
  const routed = response(bobAnswers.concat("Record-Route: <sip:p2;lr>, <sip:p1;lr>"));
  const info = requestWithin(good(dialogOfCaller(invite, routed)), {
    method: "INFO",
    via: via("x", "z9hG4bK1"),
    headers: [{ name: "Supported", value: "timer" }],
    contentType: "application/dtmf-relay",
    body: ascii("Signal=5\r\n"),
  });
  expect(info.headers.map((header) => header.value)).toEqual(["<sip:p1;lr>", "<sip:p2;lr>", "timer"]);
  expect([info.uri, info.contentType, info.body.length]).toEqual(["sip:bob@192.0.2.4", "application/dtmf-relay", 10]);
});

const routedInvite = request(
  aliceInvites.concat("Route: <sip:p1;lr>", "Supported: timer", "Proxy-Authorization: Digest x=y"),
);

test("RFC 3261 17.1.1.3: the ACK of a refusal has the INVITE's hop and number and the refusal's tag, and no Contact", () => {
  const refusal = response(
    bobAnswers.map((line) => line.replace("200 OK", "486 Busy Here").replace("a6c85cf", "99sa0xk")),
  );
  expect(linesOf(ackOfFailure(routedInvite, refusal))).toEqual([
    "ACK sip:bob@biloxi.com SIP/2.0",
    "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8",
    "Max-Forwards: 70",
    'From: "Alice" <sip:alice@atlanta.com>;tag=1928301774',
    'To: "Bob" <sip:bob@biloxi.com>;tag=99sa0xk',
    "Call-ID: a84b4c76e66710",
    "CSeq: 314159 ACK",
    "Route: <sip:p1;lr>",
    "Content-Length: 0",
    "",
    "",
  ]);
});

test("RFC 3261 9.1: CANCEL has the INVITE's address, hop, number and To without a tag", () => {
  const cancel = cancelOf(routedInvite);
  expect([cancel.method, cancel.cseqMethod, cancel.uri]).toEqual(["CANCEL", "CANCEL", invite.uri]);
  expect([cancel.via, cancel.to, cancel.from, cancel.callId, cancel.cseq]).toEqual([
    invite.via,
    invite.to,
    invite.from,
    invite.callId,
    invite.cseq,
  ]);
  expect(cancel.headers).toEqual([{ name: "Route", value: "<sip:p1;lr>" }]);
});

test("the called end sends along the hops in the order in which they stand in the INVITE", () => {
  const routed = request(aliceInvites.concat("Record-Route: <sip:p1;lr>, <sip:p2;lr>"));
  const sent = requestWithin(good(dialogOfCalled(routed, "t")), { ...bye, via: via("x", "z9hG4bK1") });
  expect(sent.headers.map((header) => header.value)).toEqual(["<sip:p1;lr>", "<sip:p2;lr>"]);
});

test("the ACK of a 200 repeats the INVITE's credentials", () => {
  const ack = ackOfSuccess(good(dialogOfCaller(invite, answer)), routedInvite, via("x", "z9hG4bK1"));
  expect(ack.headers).toEqual([{ name: "Proxy-Authorization", value: "Digest x=y" }]);
  const signed = request(aliceInvites.concat("authorization: Digest a=b", "Allow: BYE"));
  expect(ackOfSuccess(good(dialogOfCaller(signed, answer)), signed, via("x", "z9hG4bK1")).headers).toEqual([
    { name: "Authorization", value: "Digest a=b" },
  ]);
});

test("without a tag, with no Contact, with two, or with a Route that cannot be read there is no dialog", () => {
  const made = (lines: readonly string[]) => dialogOfCaller(invite, response(lines));
  expect(made(bobAnswers.map((line) => line.replace(";tag=a6c85cf", "")))).toMatchObject({ ok: false });
  expect(made(bobAnswers.slice(0, -1))).toMatchObject({ ok: false, fault: { kind: "missing", field: "Contact" } });
  expect(made(bobAnswers.concat("Contact: <sip:x@y>"))).toMatchObject({ ok: false, fault: { kind: "too-long" } });
  expect(made(bobAnswers.concat("Record-Route: x"))).toMatchObject({ ok: false });
  expect(made(bobAnswers.slice(0, -1).concat("Contact: *"))).toMatchObject({ fault: { kind: "malformed" } });
  expect(dialogOfCalled(request(aliceInvites.slice(0, -1)), "t")).toMatchObject({ ok: false });
  expect(dialogOfCalled(request(aliceInvites.concat("Record-Route: x")), "t")).toMatchObject({ ok: false });
});

test("each request that we send has the next number, and moves nothing else", () => {
  const dialog = good(dialogOfCaller(invite, answer));
  const first = requestWithin(dialog, { ...bye, via: via("x", "z9hG4bK1") });
  const after = afterSending(dialog, first);
  expect(after).toEqual({ ...dialog, localCseq: 314160 });
  expect(requestWithin(after, { ...bye, via: via("x", "z9hG4bK2") }).cseq).toBe(314161);
});

test("RFC 3261 12.2.2: a lower number than one before is out of order; only INVITE and UPDATE move the target", () => {
  const called = good(dialogOfCalled(invite, "a6c85cf"));
  const heard = (method: string, cseq: number) => afterHearing(called, { ...invite, uri: "sip:x", method, cseq });
  expect(heard("BYE", 314158)).toBeUndefined();
  expect(heard("BYE", 314160)).toEqual({ ...called, remoteCseq: 314160 });
  expect(heard("INFO", 314159)).toEqual(called);
  const moved = { ...invite, cseq: 314161, headers: [{ name: "Contact", value: "<sip:alice@192.0.2.7>" }] };
  expect(afterHearing(called, moved)).toEqual({ ...called, target: "sip:alice@192.0.2.7", remoteCseq: 314161 });
  expect(afterHearing(called, { ...moved, method: "UPDATE" })?.target).toBe("sip:alice@192.0.2.7");
  expect(afterHearing(called, { ...moved, method: "INFO" })?.target).toBe(called.target);
  expect(afterHearing(called, { ...moved, headers: [] })?.target).toBe(called.target);
  for (const method of ["ACK", "CANCEL"]) expect(heard(method, 1), method).toBe(called);
  expect(afterHearing(good(dialogOfCaller(invite, answer)), { ...invite, cseq: 0 })?.remoteCseq).toBe(0);
});
