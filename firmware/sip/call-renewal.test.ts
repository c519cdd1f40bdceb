import { expect, test } from "vitest";
import { type Header, headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import { CallBench } from "./call-test-bench.ts";
import { deskContact, deskUri, invitation, sdp, within } from "./call-test-messages.ts";

const onHold = sdp([
  "c=IN IP4 203.0.113.9",
  "t=0 0",
  "m=audio 30000 RTP/AVP 8 101",
  "a=rtpmap:101 telephone-event/8000",
  "a=sendonly",
]);
const moved = sdp(["c=IN IP4 203.0.113.77", "t=0 0", "m=audio 31000 RTP/AVP 0"]);
const updates: Header = { name: "Allow", value: "INVITE, UPDATE" };

/** A call that came in and is up. */
function up(...headers: readonly Header[]): { bench: CallBench; tag: string } {
  const bench = new CallBench("udp", false);
  bench.hear(invitation({ headers: [deskContact, ...headers] }));
  bench.unit.act((phone) => phone.answer("duplex"));
  bench.run(1);
  const tag = bench.answer.to.tag ?? "";
  bench.hear(within("ACK", 1, tag));
  bench.unit.newest.log.length = 0;
  return { bench, tag };
}

function reInvite(cseq: number, tag: string, body: Uint8Array, headers?: readonly Header[]): SipRequest {
  const contentType = body.length === 0 ? undefined : "application/sdp";
  return within("INVITE", cseq, tag, { body, contentType, headers: [deskContact, ...(headers ?? [])] });
}

test("a call that is put on hold stays up: it sends nothing meanwhile, and speaks again afterwards", () => {
  const { bench, tag } = up();
  bench.hear(reInvite(2, tag, onHold));
  expect([bench.answer.status, String.fromCharCode(...bench.answer.body).includes("a=recvonly")]).toEqual([200, true]);
  bench.hear(within("ACK", 2, tag));
  bench.hear(reInvite(3, tag, sdp()));
  bench.hear(within("ACK", 3, tag));
  expect(bench.unit.newest.log).toEqual(["open - speaker", "open mic speaker"]);
  bench.run(40_000);
  expect(bench.unit.events.length).toBe(1);
});

test("hold of the older kind, to 0.0.0.0, closes both ways until the call is taken up again", () => {
  const { bench, tag } = up();
  bench.hear(reInvite(2, tag, sdp(["c=IN IP4 0.0.0.0", "t=0 0", "m=audio 30000 RTP/AVP 8"])));
  bench.hear(within("ACK", 2, tag));
  bench.hear(reInvite(3, tag, sdp()));
  expect(bench.unit.newest.log).toEqual(["open - -", "open mic speaker", "start 203.0.113.9:30000 PCMA 101"]);
});

test("sound follows where the other end has moved, with a new version of our description", () => {
  const { bench, tag } = up();
  bench.hear(reInvite(2, tag, moved));
  expect(bench.unit.newest.log).toEqual(["start 203.0.113.77:31000 PCMU -1"]);
  expect(String.fromCharCode(...bench.answer.body)).toContain(" 1 IN IP4 198.51.100.23\r\n");
});

test("RFC 3261 14.2: what we cannot do is refused with 488, and the call goes on as it was", () => {
  const { bench, tag } = up();
  bench.hear(reInvite(2, tag, sdp(["c=IN IP4 203.0.113.9", "t=0 0", "m=audio 30000 RTP/AVP 18"])));
  expect([bench.answer.status, bench.unit.newest.log]).toEqual([488, []]);
  bench.hear(within("ACK", 2, tag, { via: reInvite(2, tag, sdp()).via }));
  bench.run(100_000);
  expect([bench.count("unit 488 INVITE"), bench.unit.events.length]).toEqual([1, 1]);
});

test("a re-INVITE without an offer gets our description once more, and its ACK may move the sound", () => {
  const { bench, tag } = up();
  const before = bench.answer.body;
  bench.hear(reInvite(2, tag, new Uint8Array(0)));
  expect([bench.answer.status, bench.answer.body]).toEqual([200, before]);
  bench.hear(within("ACK", 2, tag, { contentType: "application/sdp", body: moved }));
  expect(bench.unit.newest.log).toEqual(["start 203.0.113.77:31000 PCMU -1"]);
});

test("copies of a re-INVITE change nothing; a second one before the ACK is told to wait; an older one is out of order", () => {
  const { bench, tag } = up();
  bench.hear(reInvite(3, tag, onHold));
  bench.hear(reInvite(3, tag, onHold));
  expect(bench.count("unit 200 INVITE")).toBe(2);
  bench.hear(reInvite(4, tag, sdp()));
  expect(bench.answer.status).toBe(491);
  bench.hear(within("ACK", 3, tag));
  bench.hear(reInvite(2, tag, sdp()));
  expect([bench.answer.status, bench.unit.newest.log]).toEqual([500, ["open - speaker"]]);
});

test("a re-INVITE whose 200 is never acknowledged ends the call", () => {
  const { bench, tag } = up();
  bench.hear(reInvite(2, tag, onHold));
  bench.run(32_100);
  expect([bench.count("unit BYE"), bench.unit.events[1]]).toEqual([1, "ended lost"]);
});

test("UPDATE refreshes with or without an offer", () => {
  const { bench, tag } = up();
  bench.hear(within("UPDATE", 2, tag, { headers: [deskContact] }));
  expect([bench.answer.status, bench.answer.body.length]).toEqual([200, 0]);
  bench.hear(within("UPDATE", 3, tag, { headers: [deskContact], contentType: "application/sdp", body: onHold }));
  expect([bench.answer.status, bench.unit.newest.log]).toEqual([200, ["open - speaker"]]);
});

test("RFC 4028 9: the caller refreshes where he can; a call that he forgets ends before its time", () => {
  const { bench, tag } = up({ name: "Session-Expires", value: "120" }, { name: "Supported", value: "timer" });
  expect([headerOf(bench.answer, "Session-Expires"), headerOf(bench.answer, "Require")]).toEqual([
    "120;refresher=uac",
    "timer",
  ]);
  bench.run(80_000);
  bench.hear(
    within("UPDATE", 2, tag, {
      headers: [
        deskContact,
        { name: "Session-Expires", value: "120;refresher=uac" },
        { name: "Supported", value: "timer" },
      ],
    }),
  );
  bench.run(87_000);
  expect(bench.unit.events.length).toBe(1);
  bench.run(1000);
  expect([bench.count("unit BYE"), bench.unit.events[1]]).toEqual([1, "ended lost"]);
});

test("RFC 4028 7.4: where we are to refresh we send UPDATE at half time, to who takes that", () => {
  const { bench } = up({ name: "Session-Expires", value: "120;refresher=uas" }, updates);
  bench.run(60_000);
  const update = bench.sent("UPDATE");
  expect([headerOf(update, "Session-Expires"), update.body.length]).toEqual(["120;refresher=uac", 0]);
  bench.reply(update, 200, { headers: [deskContact, { name: "Session-Expires", value: "120;refresher=uac" }] });
  bench.run(60_000);
  expect([bench.count("unit UPDATE"), bench.unit.events.length]).toEqual([2, 1]);
});

test("who takes no UPDATE is refreshed by a re-INVITE with the same description, and its 200 gets an ACK", () => {
  const { bench } = up({ name: "Session-Expires", value: "120;refresher=uas" });
  const before = bench.answer.body;
  bench.run(60_000);
  const invite = bench.sent("INVITE");
  expect([invite.body, invite.uri, invite.to.tag]).toEqual([before, deskUri, "desk-tag"]);
  bench.take(invite, { headers: [deskContact, { name: "Session-Expires", value: "120;refresher=uac" }] });
  bench.take(invite, { headers: [deskContact] });
  expect([bench.count("unit ACK"), bench.unit.newest.log, bench.unit.events.length]).toEqual([2, [], 1]);
});

test("RFC 3261 12.2.1.2: a refresh to a call that the other end does not know ends it", () => {
  const { bench } = up({ name: "Session-Expires", value: "120;refresher=uas" }, updates);
  bench.run(60_000);
  bench.reply(bench.sent("UPDATE"), 481);
  expect([bench.count("unit BYE"), bench.unit.events[1]]).toEqual([1, "ended lost"]);
});

test("a session that is too short is refused with the least that anybody may ask for", () => {
  const bench = new CallBench("udp", false);
  bench.hear(
    invitation({
      headers: [deskContact, { name: "Session-Expires", value: "60" }, { name: "Supported", value: "timer" }],
    }),
  );
  expect([bench.answer.status, headerOf(bench.answer, "Min-SE")]).toEqual([422, "90"]);
});

test("keys in INFO are heard, in both forms; the same press in the sound counts once", () => {
  const { bench, tag } = up();
  const relay = { contentType: "application/dtmf-relay", body: utf8("Signal=4\r\nDuration=200\r\n") };
  bench.hear(within("INFO", 2, tag, relay));
  bench.hear(within("INFO", 2, tag, relay));
  bench.unit.newest.options.onKey("4");
  bench.hear(within("INFO", 3, tag, { contentType: "application/dtmf", body: utf8("7") }));
  bench.run(600);
  bench.unit.newest.options.onKey("7");
  expect(bench.unit.events.slice(1)).toEqual(["key 4", "key 7", "key 7"]);
  expect(bench.count("unit 200 INFO")).toBe(3);
});

test("INFO that is no key does no harm: nothing said is taken, something else is refused", () => {
  const { bench, tag } = up();
  bench.hear(within("INFO", 2, tag));
  expect(bench.answer.status).toBe(200);
  bench.hear(within("INFO", 3, tag, { contentType: "text/plain", body: utf8("x") }));
  expect(bench.answer.status).toBe(415);
  bench.hear(within("INFO", 4, tag, { contentType: "application/dtmf-relay", body: utf8("Signal=X") }));
  expect([bench.answer.status, bench.unit.events.length]).toEqual([400, 1]);
});

test("keys before the call is up, or after it has been hung up, are nobody's", () => {
  const bench = new CallBench("udp", false);
  bench.hear(invitation());
  const tag = bench.answer.to.tag ?? "";
  const relay = { contentType: "application/dtmf-relay", body: utf8("Signal=4") };
  bench.hear(within("INFO", 2, tag, relay));
  bench.unit.act((phone) => phone.answer("duplex"));
  bench.run(1);
  bench.hear(within("ACK", 1, tag));
  bench.unit.act((phone) => phone.hangUp());
  bench.hear(within("INFO", 3, tag, relay));
  expect(bench.unit.events.length).toBe(1);
});

test("requests within no call of ours get 481, OPTIONS within one is answered, and outside one it is the agent's", () => {
  const { bench, tag } = up();
  for (const method of ["BYE", "INFO", "UPDATE", "PRACK", "INVITE"]) {
    bench.hear(within(method, 2, "other"));
    expect([method, bench.answer.status]).toEqual([method, 481]);
  }
  bench.hear(within("PRACK", 2, tag));
  expect(bench.answer.status).toBe(481);
  expect(bench.hear(within("OPTIONS", 3, tag))).toBe(true);
  expect(headerOf(bench.answer, "Allow")).toContain("UPDATE");
  expect(bench.hear(within("OPTIONS", 4, "other"))).toBe(false);
  expect(bench.hear(within("MESSAGE", 4, tag))).toBe(false);
});
