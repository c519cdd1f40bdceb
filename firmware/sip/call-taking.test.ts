import { expect, test } from "vitest";
import { headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import { refusedLimit } from "./call-agent.ts";
import { CallBench } from "./call-test-bench.ts";
import { deskUri, invitation, sdp, stranger, within } from "./call-test-messages.ts";

function bench(): CallBench {
  return new CallBench("udp", false);
}

/** A call that came in and was taken; its 200 is on the path. */
function taken(change?: Partial<SipRequest>): { bench: CallBench; tag: string } {
  const made = bench();
  made.hear(invitation(change));
  made.unit.act((phone) => phone.answer("duplex"));
  made.run(1);
  return { bench: made, tag: made.answer.to.tag ?? "" };
}

test("an INVITE rings, its copies get the ringing once more, and the 200 bears our tag, Contact and answer", () => {
  const made = bench();
  made.hear(invitation());
  made.hear(invitation());
  expect([made.talk, made.unit.events]).toEqual([["unit 180 INVITE", "unit 180 INVITE"], ["incoming " + deskUri]]);
  const ringing = made.answer;
  made.unit.act((phone) => phone.answer("duplex"));
  made.run(1);
  expect([made.answer.status, made.answer.to.tag]).toEqual([200, ringing.to.tag]);
  expect(headerOf(made.answer, "Contact")).toBe("<sip:4607110231@198.51.100.23:5070>");
  expect(String.fromCharCode(...made.answer.body)).toContain("m=audio 40002 RTP/AVP 8 101\r\n");
});

test("RFC 3261 13.3.1.4: the 200 is sent until its ACK has come; without one the call ends with BYE after 32 s", () => {
  const { bench: made } = taken();
  made.run(31_990);
  expect([made.count("unit 200 INVITE"), made.count("unit BYE")]).toEqual([11, 0]);
  made.run(20);
  expect([made.count("unit BYE"), made.unit.events[1]]).toEqual([1, "ended lost"]);
});

test("an ACK ends the sending, and its copies change nothing", () => {
  const { bench: made, tag } = taken();
  made.hear(within("ACK", 1, tag));
  made.hear(within("ACK", 1, tag));
  made.run(60_000);
  expect([made.count("unit 200 INVITE"), made.unit.events]).toEqual([1, ["incoming " + deskUri]]);
});

test("an ACK of another INVITE or another call is not taken for ours", () => {
  const { bench: made, tag } = taken();
  made.hear(within("ACK", 2, tag));
  made.hear(within("ACK", 1, "other"));
  made.hear(within("ACK", 1, tag, { callId: "other" }));
  made.run(600);
  expect(made.count("unit 200 INVITE")).toBe(2);
});

test("RFC 3261 15: hung up before the ACK, the call ends with BYE when that has come", () => {
  const { bench: made, tag } = taken();
  made.unit.act((phone) => phone.hangUp());
  expect(made.count("unit BYE")).toBe(0);
  made.hear(within("ACK", 1, tag));
  expect([made.sent("BYE").uri, made.sent("BYE").to.tag]).toEqual([deskUri, "desk-tag"]);
});

test("RFC 3261 9.2: a CANCEL takes the call back that rings: 200 to it, 487 to the INVITE until its ACK", () => {
  const made = bench();
  made.hear(invitation());
  const cancel = within("CANCEL", 1, "", { to: invitation().to, via: invitation().via });
  made.hear(cancel);
  made.hear(cancel);
  expect(made.talk.slice(1)).toEqual(["unit 200 CANCEL", "unit 487 INVITE", "unit 200 CANCEL"]);
  expect(made.unit.events).toEqual(["incoming " + deskUri, "ended no-answer"]);
  const tag = made.answer.to.tag ?? "";
  made.run(600);
  expect(made.count("unit 487 INVITE")).toBe(2);
  made.hear(within("ACK", 1, tag, { via: invitation().via }));
  made.run(100_000);
  expect([made.count("unit 487 INVITE"), made.clock.running]).toEqual([2, 0]);
});

test("a CANCEL that comes after the 200 changes nothing, and one for no call gets 481", () => {
  const { bench: made, tag } = taken();
  made.hear(within("CANCEL", 1, "", { to: invitation().to, via: invitation().via }));
  expect([made.answer.status, made.unit.events.length]).toEqual([200, 1]);
  made.hear(within("ACK", 1, tag));
  made.hear(within("CANCEL", 1, "", { to: invitation().to }));
  expect(made.answer.status).toBe(481);
});

test("a call that is refused hears 486, until its ACK has come", () => {
  const made = bench();
  made.hear(invitation());
  made.unit.act((phone) => phone.hangUp());
  made.run(600);
  expect([made.count("unit 486 INVITE"), made.unit.events.length]).toEqual([2, 1]);
});

test("a call that nobody takes or takes back stops ringing, at the latest when the caller said so", () => {
  const made = bench();
  made.hear(invitation({ headers: invitation().headers.concat([{ name: "Expires", value: "20" }]) }));
  made.run(19_999);
  expect(made.unit.events.length).toBe(1);
  made.run(1);
  expect([made.answer.status, made.unit.events[1]]).toEqual([480, "ended no-answer"]);
});

test("a second caller hears busy, also in each copy of his INVITE after the call has ended", () => {
  const { bench: made, tag } = taken();
  made.hear(within("ACK", 1, tag));
  const other = invitation({ callId: "call-2", from: Object.assign({}, invitation().from, { tag: "other" }) });
  made.hear(other);
  expect(made.answer.status).toBe(486);
  made.hear(within("BYE", 2, tag));
  made.hear(other);
  expect([made.answer.status, made.unit.events.length]).toEqual([486, 2]);
});

test("no more callers than the bound are remembered as turned away", () => {
  const { bench: made, tag } = taken();
  made.hear(within("ACK", 1, tag));
  const from = Object.assign({}, invitation().from, { tag: "other" });
  for (let i = 0; i <= refusedLimit; i++) made.hear(invitation({ callId: "more-" + i, from }));
  made.hear(within("BYE", 2, tag));
  made.hear(invitation({ callId: "more-1", from }));
  expect(made.unit.events.length).toBe(2);
  made.hear(invitation({ callId: "more-0", from }));
  expect(made.unit.events.length).toBe(3);
});

test("an INVITE is refused for what is wrong with it, and nothing rings", () => {
  const odd: [Partial<SipRequest>, number][] = [
    [{ uri: "sip:someone@198.51.100.23" }, 404],
    [{ uri: "tel:+4690012345" }, 416],
    [{ headers: invitation().headers.concat([{ name: "Require", value: "100rel" }]) }, 420],
    [{ contentType: "text/plain" }, 415],
    [{ headers: invitation().headers.concat([{ name: "Content-Encoding", value: "gzip" }]) }, 415],
    [{ body: sdp(["c=IN IP4 203.0.113.9", "t=0 0", "m=audio 30000 RTP/AVP 18"]) }, 488],
    [{ body: sdp(["c=IN IP4 203.0.113.9", "t=0 0", "m=video 30000 RTP/AVP 96"]) }, 488],
    [{ body: new Uint8Array([0x76]) }, 488],
    [{ headers: [] }, 400],
  ];
  for (const [change, status] of odd) {
    const made = bench();
    made.hear(invitation(change));
    expect([made.answer.status, made.unit.events], JSON.stringify(change)).toEqual([status, []]);
    made.run(1000);
    expect([made.talk.length, made.clock.running]).toEqual([1, 0]);
  }
});

test("who may not speak for a receiver hears 603, unless the settings let him call", () => {
  const made = bench();
  made.hear(invitation(), stranger);
  expect([made.answer.status, made.unit.events]).toEqual([603, []]);
  const open = new CallBench("udp", false, { mayCall: (uri) => uri === deskUri });
  open.hear(invitation(), stranger);
  expect(open.unit.events).toEqual(["incoming " + deskUri]);
});

test("a caller that withholds his number is told as nobody", () => {
  const made = bench();
  const from = { display: "Anonymous", uri: "sip:anonymous@anonymous.invalid", tag: "x", params: [] };
  made.hear(invitation({ from }));
  expect(made.unit.events).toEqual(["incoming "]);
});

test("RFC 3261 8.2.2.2: the same INVITE over another way is refused", () => {
  const made = bench();
  made.hear(invitation());
  made.hear(invitation({ via: [Object.assign({}, invitation().via[0], { branch: "z9hG4bKother" })] }));
  expect([made.answer.status, made.unit.events.length]).toEqual([482, 1]);
});

test("RFC 3261 13.2.1: an INVITE without an offer gets ours in the 200, and sound flows when the ACK has answered it", () => {
  const { bench: made, tag } = taken({ body: new Uint8Array(0), contentType: undefined });
  expect(String.fromCharCode(...made.answer.body)).toContain("m=audio 40002 RTP/AVP 8 0 101\r\n");
  expect(made.unit.newest.log).toEqual([]);
  made.hear(within("ACK", 1, tag, { contentType: "application/sdp", body: sdp() }));
  expect(made.unit.newest.log).toEqual(["open mic speaker", "start 203.0.113.9:30000 PCMA 101"]);
  const { bench: other, tag: otherTag } = taken({ body: new Uint8Array(0), contentType: undefined });
  other.hear(within("ACK", 1, otherTag));
  expect([other.count("unit BYE"), other.unit.events[1]]).toEqual([1, "ended failed"]);
});

test("RFC 3261 12.1.1: our answers repeat Record-Route, and our BYE takes that way", () => {
  const route = { name: "Record-Route", value: "<sip:203.0.113.50;lr>" };
  const { bench: made, tag } = taken({ headers: invitation().headers.concat([route]) });
  expect(headerOf(made.answer, "Record-Route")).toBe(route.value);
  made.hear(within("ACK", 1, tag));
  made.unit.act((phone) => phone.hangUp());
  expect([headerOf(made.sent("BYE"), "Route"), made.packets[made.packets.length - 1]?.to.host]).toEqual([
    "<sip:203.0.113.50;lr>",
    "203.0.113.50",
  ]);
});

test("after close() nothing rings and nothing is told, and a call that was up is ended", () => {
  const { bench: made, tag } = taken();
  made.hear(within("ACK", 1, tag));
  made.unit.act((phone) => phone.close());
  expect(made.count("unit BYE")).toBe(1);
  made.hear(invitation({ callId: "call-3", from: Object.assign({}, invitation().from, { tag: "third" }) }));
  expect([made.answer.status, made.unit.events.length]).toEqual([480, 1]);
});

test("sound that is lost in a call ends it with BYE, and it was lost", () => {
  const { bench: made, tag } = taken();
  made.hear(within("ACK", 1, tag));
  made.unit.newest.isClosed = true;
  made.unit.newest.options.onFault();
  expect([made.count("unit BYE"), made.unit.events[1]]).toEqual([1, "ended lost"]);
});
