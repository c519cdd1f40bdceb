import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeSip, type SipRequest } from "../../protocol/sip/message.ts";
import { callLimit } from "./call-agent.ts";
import { repeatedLimit } from "./call-messages.ts";
import { servedLimit } from "./call-request-server.ts";
import { CallBench } from "./call-test-bench.ts";
import { deskAt, deskContact, deskUri, invitation, sdp, within } from "./call-test-messages.ts";
import { challenge } from "./test-bench.ts";

/** What the desk might say in a call, right or wrong, by word. */
function said(bench: CallBench, word: string, cseq: number): void {
  const invite = bench.packets.find((packet) => packet.message.kind === "request")?.message as SipRequest | undefined;
  const tag = bench.packets.length > 0 ? (bench.packets[0]?.message.to.tag ?? "") : "";
  const status = +word;
  if (status > 0 && invite !== undefined) bench.reply(invite, status, { headers: [deskContact] });
  else if (status > 0) return;
  else if (word === "INVITE") bench.hear(invitation({ callId: "call-" + cseq }));
  else if (word === "taken" && invite !== undefined)
    bench.take(invite, { to: Object.assign({}, invite.to, { tag: "t" + (cseq % 3) }) });
  else if (word === "answer") bench.unit.act((phone) => phone.answer("duplex"));
  else if (word === "hang-up") bench.unit.act((phone) => phone.hangUp());
  else
    bench.hear(
      within(word, cseq, tag, word === "CANCEL" ? { to: invitation().to, via: invitation().via, cseq: 1 } : {}),
    );
}

const anyWord = fc.oneof(
  fc.constantFrom("INVITE", "ACK", "BYE", "CANCEL", "INFO", "PRACK", "UPDATE", "OPTIONS", "answer", "hang-up", "taken"),
  fc.constantFrom("100", "180", "183", "200", "302", "401", "407", "422", "481", "486", "487", "503", "603"),
);

test("whatever the other end says, and in whatever order, one end at most is told, and everything comes to rest", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(fc.tuple(anyWord, fc.nat(4), fc.nat(3000)), { maxLength: 25 }),
      (dials, talk) => {
        const bench = new CallBench("udp", false);
        if (dials) bench.unit.act((phone) => phone.dial(deskUri, "duplex"));
        for (const [word, cseq, afterMs] of talk) {
          bench.run(afterMs);
          said(bench, word, cseq);
        }
        const begun = bench.unit.events.filter((event) => event.startsWith("incoming")).length + (dials ? 1 : 0);
        bench.unit.act((phone) => phone.hangUp());
        bench.run(200_000);
        expect(bench.unit.events.filter((event) => event.startsWith("ended")).length).toBeLessThanOrEqual(begun);
        expect([bench.clock.running, bench.unit.media.filter((media) => !media.isClosed)]).toEqual([0, []]);
      },
    ),
  );
});

const anyHurts = fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { minLength: 1, maxLength: 6 });

function hurt(whole: Uint8Array, hurts: readonly (readonly [number, number])[], cut: number): Uint8Array {
  const bytes = new Uint8Array(whole);
  for (const [at, byte] of hurts) bytes[at % whole.length] = byte;
  return bytes.slice(0, cut % 5 === 0 ? cut : whole.length);
}

test("no damage to an INVITE makes a telephone throw or send what nobody can read", () => {
  const headers = [deskContact, { name: "Record-Route", value: "<sip:203.0.113.5;lr>" }];
  const whole = encodeSip(invitation({ headers }));
  fc.assert(
    fc.property(anyHurts, fc.nat(whole.length), (hurts, cut) => {
      const bench = new CallBench("udp", false);
      bench.unit.route.hear(hurt(whole, hurts, cut), deskAt);
      bench.unit.act((phone) => phone.answer("duplex"));
      bench.run(100);
      bench.unit.act((phone) => phone.hangUp());
      bench.run(100_000);
    }),
  );
});

test("no damage to an answer does either", () => {
  fc.assert(
    fc.property(anyHurts, fc.nat(1000), fc.constantFrom(180, 200, 302, 401, 486), (hurts, cut, status) => {
      const bench = new CallBench("udp", false);
      bench.unit.act((phone) => phone.dial(deskUri, "duplex"));
      bench.run(1);
      bench.damage = (bytes) => hurt(bytes, hurts, cut);
      const more = status === 200 ? { contentType: "application/sdp", body: sdp() } : {};
      bench.reply(bench.sent("INVITE"), status, Object.assign({ headers: [deskContact, challenge("n")] }, more));
      bench.run(1000);
      bench.unit.act((phone) => phone.hangUp());
      bench.run(100_000);
      expect(bench.unit.events.length).toBeLessThanOrEqual(2);
    }),
  );
});

test("RFC 4475 and 5118: no torture message makes a telephone throw, in a call or outside one", () => {
  const folder = new URL("../../protocol/vectors/sip-torture/", import.meta.url);
  const index = JSON.parse(readFileSync(new URL("index.json", folder), "utf8")) as { readonly file: string }[];
  expect(index.length).toBe(62);
  const bench = new CallBench("udp", false, { mayCall: () => true });
  bench.unit.act((phone) => phone.dial(deskUri, "duplex"));
  bench.run(1);
  bench.take(bench.sent("INVITE"));
  for (const { file } of index) bench.unit.route.hear(new Uint8Array(readFileSync(new URL(file, folder))), deskAt);
  expect(bench.unit.events).toEqual(["answered"]);
  bench.unit.act((phone) => phone.hangUp());
  for (const { file } of index) bench.unit.route.hear(new Uint8Array(readFileSync(new URL(file, folder))), deskAt);
  bench.run(200_000);
  expect(bench.clock.running).toBe(0);
});

test("no session description makes a telephone throw, nor our answer longer than we can write", () => {
  const anyLine = fc.constantFrom(
    "m=audio 9 RTP/AVP 8",
    "m=audio 9 RTP/AVP 0 0 0 0 0 0 0 0",
    "m=video 9 UDP\rx 1",
    "t=1 2\r",
    "a=sendonly",
    "a=rtpmap:8 \xff\xff",
    "c=IN IP6 ::1",
    "c=IN IP4 a\rb",
    "m=audio 0 x \xff\xff\xff",
    "k=x",
  );
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 120 }), (lines) => {
      const bench = new CallBench("udp", false);
      bench.hear(invitation({ body: sdp(["c=IN IP4 203.0.113.9", "t=0 0", ...lines]) }));
      bench.unit.act((phone) => phone.answer("duplex"));
      bench.run(100);
    }),
  );
});

test("a message of which too much would have to be repeated is passed over, and one whose answer is too long refused", () => {
  const bench = new CallBench("udp", false);
  const hop = (length: number) => ({ name: "Record-Route", value: "<sip:" + "a".repeat(length) + ".example.net;lr>" });
  bench.hear(invitation({ headers: [deskContact, hop(repeatedLimit)] }));
  expect(bench.talk).toEqual([]);
  bench.hear(invitation({ headers: [deskContact, hop(1000)] }));
  bench.unit.act((phone) => phone.answer("duplex"));
  bench.run(100);
  expect(bench.talk).toEqual(["unit 180 INVITE", "unit 513 INVITE"]);
  expect(bench.unit.events[1]).toBe("ended lost");
});

test("no more answers than the bound are kept for copies", () => {
  const bench = new CallBench("udp", false);
  for (let i = 0; i <= servedLimit; i++) bench.hear(within("BYE", i + 2, "nobody"));
  expect(bench.clock.running).toBe(servedLimit);
});

test("calls that only wait for the last copies give way beyond the bound, the oldest first, and the one in use stays", () => {
  const bench = new CallBench("udp", false);
  for (let i = 0; i < callLimit + 2; i++) {
    bench.unit.act((phone) => phone.dial(deskUri, "duplex"));
    bench.run(1);
    bench.unit.act((phone) => phone.hangUp());
  }
  bench.unit.act((phone) => phone.dial(deskUri, "duplex"));
  bench.run(1);
  // Timers A and B of each INVITE that is still sent.
  expect(bench.clock.running).toBe(2 * callLimit);
  bench.take(bench.sent("INVITE"));
  expect(bench.unit.events).toEqual(["answered"]);
});

test("a call that is dialled while there is one is a mistake of ours", () => {
  const bench = new CallBench("udp", false);
  bench.unit.phone.dial(deskUri, "duplex");
  expect(() => bench.unit.phone.dial(deskUri, "duplex")).toThrow("there is a call");
});
