import { expect, test } from "vitest";
import { headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import { Authorization } from "./authorization.ts";
import { challengeLimit } from "./call-challenges.ts";
import { forkLimit } from "./call-inviting.ts";
import { CallBench } from "./call-test-bench.ts";
import { deskAt, deskContact, deskUri, sdp } from "./call-test-messages.ts";
import { challenge } from "./test-bench.ts";

/** A unit that has dialled; its INVITE is on the path. */
function dialled(target?: string): CallBench {
  const bench = new CallBench("udp", false);
  bench.unit.act((phone) => phone.dial(target ?? deskUri, "duplex"));
  bench.run(1);
  return bench;
}

function withPassword(): CallBench {
  const bench = new CallBench("udp", false);
  bench.unit.route.credentials = new Authorization("4607110231", "provkod-77", (into) => bench.random(into));
  bench.unit.act((phone) => phone.dial(deskUri, "duplex"));
  bench.run(1);
  return bench;
}

function countOf(request: SipRequest): string {
  const credentials = headerOf(request, "Authorization") ?? "";
  return credentials.substring(credentials.indexOf("nc=") + 3, credentials.indexOf("nc=") + 11);
}

test("the INVITE offers A-law, mu-law and keys, and says what we take", () => {
  const invite = dialled().sent("INVITE");
  const offer = String.fromCharCode(...invite.body);
  expect(offer).toContain("m=audio 40002 RTP/AVP 8 0 101\r\n");
  expect(offer).toContain("c=IN IP4 198.51.100.23\r\n");
  expect([headerOf(invite, "Contact"), headerOf(invite, "Supported")]).toEqual([
    "<sip:4607110231@198.51.100.23:5070>",
    "timer",
  ]);
  expect(headerOf(invite, "Allow")).toContain("INFO");
});

test("RFC 3261 17.1.1.2: an INVITE that nobody answers is sent seven times, and nobody was reached after 32 s", () => {
  const bench = dialled();
  bench.run(31_000);
  expect(bench.unit.events).toEqual([]);
  bench.run(1000);
  expect(bench.unit.events).toEqual(["ended no-answer"]);
  expect(bench.count("unit INVITE")).toBe(7);
});

test("a refusal is acknowledged each time that it comes, and told once", () => {
  const bench = dialled();
  const invite = bench.sent("INVITE");
  bench.reply(invite, 486);
  bench.reply(invite, 486);
  expect(bench.unit.events).toEqual(["ended busy"]);
  expect([bench.count("unit ACK"), bench.sent("ACK").via[0]?.branch]).toEqual([2, invite.via[0]?.branch]);
});

test("RFC 3261 22.2: a challenge is answered within the same call, and its nonce goes ahead with what follows", () => {
  const bench = withPassword();
  const first = bench.sent("INVITE");
  bench.reply(first, 401, { headers: [challenge("n1")] });
  const again = bench.sent("INVITE");
  expect([again.callId, again.from.tag, again.cseq]).toEqual([first.callId, first.from.tag, first.cseq + 1]);
  expect(countOf(again)).toBe("00000001");
  bench.take(again);
  expect(headerOf(bench.sent("ACK"), "Authorization")).toBe(headerOf(again, "Authorization"));
  bench.unit.act((phone) => phone.hangUp());
  expect(countOf(bench.sent("BYE"))).toBe("00000002");
});

test("a wrong password ends the call at its second challenge, a nonce that is always stale at its fifth", () => {
  const wrong = withPassword();
  wrong.reply(wrong.sent("INVITE"), 401, { headers: [challenge("n1")] });
  wrong.reply(wrong.sent("INVITE"), 401, { headers: [challenge("n2")] });
  expect(wrong.unit.events).toEqual(["ended failed"]);
  const stale = withPassword();
  for (let i = 0; i <= challengeLimit; i++) {
    expect(stale.unit.events).toEqual([]);
    stale.reply(stale.sent("INVITE"), 401, { headers: [challenge("n" + i, { stale: true })] });
  }
  expect([stale.unit.events, stale.count("unit INVITE")]).toEqual([["ended failed"], challengeLimit + 1]);
});

test("a BYE that is challenged is sent again with credentials", () => {
  const bench = withPassword();
  bench.take(bench.sent("INVITE"));
  bench.unit.act((phone) => phone.hangUp());
  bench.reply(bench.sent("BYE"), 401, { headers: [challenge("n1")] });
  expect([bench.count("unit BYE"), countOf(bench.sent("BYE"))]).toEqual([2, "00000001"]);
  bench.reply(bench.sent("BYE"), 200);
  bench.run(40_000);
  expect(bench.count("unit BYE")).toBe(2);
});

test("one other address is followed, and only one that leads to a receiver or stays where the call went", () => {
  const bench = dialled();
  const moved = { headers: [{ name: "Contact", value: "<sip:plats5@203.0.113.10>" }] };
  bench.reply(bench.sent("INVITE"), 302, moved);
  expect(bench.sent("INVITE").uri).toBe("sip:plats5@203.0.113.10");
  bench.reply(bench.sent("INVITE"), 302, { headers: [{ name: "Contact", value: "<sip:plats6@203.0.113.11>" }] });
  expect([bench.unit.events, bench.count("unit INVITE")]).toEqual([["ended failed"], 2]);
  const foreign = dialled();
  foreign.reply(foreign.sent("INVITE"), 302, { headers: [{ name: "Contact", value: "<sip:+4690012345@192.0.2.66>" }] });
  expect([foreign.unit.events, foreign.count("unit INVITE")]).toEqual([["ended failed"], 1]);
});

test("RFC 4028 7.3: a session that is too short for a proxy is asked for once more at its length", () => {
  const bench = dialled();
  const tooShort = { headers: [{ name: "Min-SE", value: "1800" }] };
  bench.reply(bench.sent("INVITE"), 422, tooShort);
  const again = bench.sent("INVITE");
  expect([headerOf(again, "Session-Expires"), headerOf(again, "Min-SE")]).toEqual(["1800", "1800"]);
  bench.reply(again, 422, tooShort);
  expect(bench.unit.events).toEqual(["ended failed"]);
});

test("RFC 3261 9.1: hung up before any answer, the call is cancelled when the first provisional one comes", () => {
  const bench = dialled();
  bench.unit.act((phone) => phone.hangUp());
  bench.run(100);
  expect(bench.talk).toEqual(["unit INVITE"]);
  const invite = bench.sent("INVITE");
  bench.reply(invite, 180);
  const cancel = bench.sent("CANCEL");
  expect([cancel.via[0]?.branch, cancel.cseq, cancel.to.tag]).toEqual([invite.via[0]?.branch, invite.cseq, undefined]);
  bench.reply(cancel, 200);
  bench.reply(invite, 487);
  bench.run(100_000);
  expect([bench.count("unit ACK"), bench.unit.events, bench.clock.running]).toEqual([1, [], 0]);
});

test("a call that is taken while it is cancelled is acknowledged and ended", () => {
  const bench = dialled();
  const invite = bench.sent("INVITE");
  bench.reply(invite, 180);
  bench.unit.act((phone) => phone.hangUp());
  bench.take(invite);
  bench.reply(bench.sent("BYE"), 200);
  bench.run(100_000);
  expect(bench.talk.slice(0, 4)).toEqual(["unit INVITE", "unit CANCEL", "unit ACK", "unit BYE"]);
  expect([bench.count("unit BYE"), bench.unit.events, bench.unit.newest.log]).toEqual([1, [], ["close"]]);
});

test("RFC 3261 13.2.2.4: each copy of the 200 gets the same ACK, which goes to the Contact and has a branch of its own", () => {
  const bench = dialled();
  const invite = bench.sent("INVITE");
  bench.take(invite);
  const first = bench.sent("ACK");
  bench.take(invite);
  expect(bench.sent("ACK")).toEqual(first);
  expect([first.uri, first.cseq, first.to.tag]).toEqual([deskUri, invite.cseq, "desk-1"]);
  expect(first.via[0]?.branch).not.toBe(invite.via[0]?.branch);
  expect(bench.unit.events).toEqual(["answered"]);
});

test("a second end that a proxy has let answer is acknowledged and told BYE; the first call goes on", () => {
  const bench = dialled();
  const invite = bench.sent("INVITE");
  bench.take(invite);
  const other = { to: Object.assign({}, invite.to, { tag: "desk-2" }), contentType: "application/sdp", body: sdp() };
  bench.reply(invite, 200, Object.assign({ headers: [deskContact] }, other));
  bench.reply(invite, 200, Object.assign({ headers: [deskContact] }, other));
  expect([bench.count("unit ACK"), bench.count("unit BYE"), bench.sent("BYE").to.tag]).toEqual([3, 1, "desk-2"]);
  expect(bench.unit.events).toEqual(["answered"]);
});

test("no more ends than the bound are told BYE", () => {
  const bench = dialled();
  const invite = bench.sent("INVITE");
  for (let i = 0; i < forkLimit + 5; i++) {
    const to = Object.assign({}, invite.to, { tag: "desk-" + i });
    bench.take(invite, { to });
  }
  expect(bench.count("unit BYE")).toBe(forkLimit);
});

test("a 200 without a description that fits is acknowledged and the call ended", () => {
  for (const body of [
    new Uint8Array(0),
    sdp(["c=IN IP4 203.0.113.9", "t=0 0", "m=audio 30000 RTP/AVP 18"]),
    sdp(["c=IN IP4 203.0.113.9", "t=0 0", "m=audio 0 RTP/AVP 8"]),
    sdp(["c=IN IP4 203.0.113.9", "t=0 0", "m=audio 30000 RTP/AVP 96", "a=rtpmap:96 PCMA/8000"]),
  ]) {
    const bench = dialled();
    bench.take(bench.sent("INVITE"), { body });
    expect(bench.talk).toEqual(["unit INVITE", "unit ACK", "unit BYE"]);
    expect(bench.unit.events).toEqual(["ended failed"]);
  }
});

test("a 200 that opens no dialog is none: it cannot be acknowledged", () => {
  const bench = dialled();
  bench.take(bench.sent("INVITE"), { headers: [] });
  expect(bench.talk).toEqual(["unit INVITE"]);
  bench.take(bench.sent("INVITE"));
  expect(bench.unit.events).toEqual(["answered"]);
});

test("where there is no way, no sound or no address, the call fails and nothing is said", () => {
  const noWay = new CallBench("udp", false);
  noWay.unit.route.usable = false;
  const noSound = new CallBench("udp", false);
  noSound.unit.sound = "lost";
  const benches = [noWay, noSound, new CallBench("udp", false)];
  benches.forEach((bench, i) => {
    bench.unit.act((phone) => phone.dial(i === 2 ? "" : deskUri, "duplex"));
    bench.run(1);
    expect([bench.unit.events, bench.talk]).toEqual([["ended failed"], []]);
  });
});

test("a telephone number is looked for in the unit's own domain", () => {
  const bench = dialled("tel:+4690012345");
  expect(bench.sent("INVITE").uri).toBe("sip:+4690012345@198.51.100.23");
  expect(dialled("90012345").sent("INVITE").uri).toBe("sip:90012345@198.51.100.23");
});

test("a BYE that is never answered is sent eleven times, and then the call is gone", () => {
  const bench = dialled();
  bench.take(bench.sent("INVITE"));
  bench.unit.act((phone) => phone.hangUp());
  bench.run(100_000);
  expect([bench.count("unit BYE"), bench.clock.running]).toEqual([11, 0]);
});

test("BYEs that cross are both answered, and nobody hears of it who has hung up", () => {
  const bench = dialled();
  const invite = bench.sent("INVITE");
  bench.take(invite);
  bench.unit.act((phone) => phone.hangUp());
  const from = Object.assign({}, invite.to, { tag: "desk-1" });
  const via = [
    { transport: "UDP", host: deskAt.host, port: 5060, branch: "z9hG4bKb1", received: undefined, rport: 0, params: [] },
  ];
  const bye = Object.assign({}, bench.sent("BYE"), {
    from,
    to: invite.from,
    via,
    cseq: 1,
    uri: "sip:4607110231@198.51.100.23",
  });
  bench.hear(bye);
  expect([bench.answer.status, bench.unit.events]).toEqual([200, ["answered"]]);
});
