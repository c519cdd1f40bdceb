import fc from "fast-check";
import { expect, test } from "vitest";
import type { SipRequest } from "../../protocol/sip/message.ts";
import { encodeSip, headerOf } from "../../protocol/sip/message.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import type { Endpoint } from "../ports/socket.ts";
import { requestByteLimit } from "./message-agent.ts";
import { Bench, bench, body, centre, incoming, mrs, primary, second, stranger } from "./test-bench.ts";

test("a receiver's MESSAGE is answered 200 and then reported, from its address or one it may use, with any port", () => {
  const line = bench();
  line.hear(incoming(), { host: centre.host, port: 9999 });
  expect(line.sent[0]?.to).toEqual({ host: centre.host, port: 9999 });
  expect(line.answer).toMatchObject({ kind: "response", status: 200, callId: "91fb3a06@203.0.113.9", cseq: 1 });
  expect(line.answer.via[0]).toMatchObject({ branch: "z9hG4bKq7r2", received: centre.host, rport: 9999 });
  expect(line.answer.to.tag).toMatch(/^[0-9a-f]{16}$/);
  expect(line.events).toMatchObject([{ type: "message", receiver: 0, body: mrs }]);
  line.hear(incoming({ callId: "other" }), { host: "203.0.113.10", port: 1 });
  line.hear(incoming({ callId: "mapped" }), { host: "::FFFF:203.0.113.10", port: 1 });
  line.hear(incoming({ callId: "reserve", from: { ...incoming().from, uri: second.uri } }));
  expect(line.events.map((event) => event.receiver)).toEqual([0, 0, 0, 1]);
});

test("without rport the answer goes to the port that the Via names", () => {
  const line = bench();
  const via = { ...(incoming().via[0] as SipRequest["via"][0]), rport: undefined, host: "ten.example", port: 5099 };
  line.hear(incoming({ via: [via] }), { host: centre.host, port: 9999 });
  expect(line.sent[0]?.to).toEqual({ host: centre.host, port: 5099 });
  expect(line.answer.via[0]).toMatchObject({ received: centre.host, rport: undefined });
  line.hear(incoming({ callId: "2", via: [{ ...via, port: undefined }] }));
  expect(line.sent[1]?.to.port).toBe(5060);
});

test("copies of a MESSAGE are answered each time and reported once, over the last sixteen", () => {
  const line = bench();
  line.hear(incoming());
  line.hear(incoming());
  expect([line.sent.length, line.outcomes.length, line.agent.counts.copies]).toEqual([2, 1, 1]);
  expect(line.sent[1]?.bytes).toEqual(line.sent[0]?.bytes);
  for (let i = 2; i <= 16; i++) line.hear(incoming({ cseq: i }));
  line.hear(incoming());
  expect(line.outcomes).toHaveLength(16);
  line.hear(incoming({ cseq: 17 }));
  line.hear(incoming());
  expect(line.outcomes).toHaveLength(18);
});

test.each<[string, Partial<SipRequest>, Endpoint, number, [string, string][]]>([
  ["from a foreign source", {}, stranger, 403, []],
  ["for another user", { uri: "sip:4607110232@198.51.100.23:5070" }, centre, 404, []],
  ["for no user", { uri: "sip:198.51.100.23:5070" }, centre, 404, []],
  ["for a telephone", { uri: "tel:+4670" }, centre, 416, []],
  ["of another type", { contentType: "text/plain" }, centre, 415, [["Accept", "application/scaip+xml"]]],
  ["of no type", { contentType: undefined }, centre, 415, []],
  ["compressed", { headers: [{ name: "Content-Encoding", value: "gzip" }] }, centre, 415, []],
  ["with an unknown extension", { headers: [{ name: "Require", value: "x" }] }, centre, 420, [["Unsupported", "x"]]],
  ["with the method INVITE", { method: "INVITE", cseqMethod: "INVITE" }, centre, 405, [["Allow", "MESSAGE, OPTIONS"]]],
  ["with the method REGISTER", { method: "REGISTER", cseqMethod: "REGISTER" }, stranger, 405, []],
  [
    "with the method OPTIONS",
    { method: "OPTIONS", cseqMethod: "OPTIONS" },
    stranger,
    200,
    [["Allow", "MESSAGE, OPTIONS"]],
  ],
])("a request %s is answered and not reported", (_name, change, from, status, headers) => {
  const line = bench();
  line.hear(incoming(change), from);
  expect(line.answer).toMatchObject({ kind: "response", status });
  for (const [name, value] of headers) expect(headerOf(line.answer, name)).toBe(value);
  expect(line.events).toEqual([]);
  expect(line.agent.counts.foreign).toBe(status === 403 ? 1 : 0);
});

test("with a telephone the answers to OPTIONS and to unknown methods name the methods and bodies of calls too", () => {
  const line = bench();
  line.calls = { hear: () => false };
  line.hear(incoming({ method: "OPTIONS", cseqMethod: "OPTIONS" }));
  const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE";
  expect([headerOf(line.answer, "Allow"), headerOf(line.answer, "Accept")]).toEqual([
    allowed,
    "application/scaip+xml, application/sdp",
  ]);
  line.hear(incoming({ method: "SUBSCRIBE", cseqMethod: "SUBSCRIBE" }));
  expect(line.answer).toMatchObject({ status: 405 });
  expect(headerOf(line.answer, "Allow")).toBe(allowed);
  line.hear(incoming({ contentType: "application/sdp" }));
  expect(headerOf(line.answer, "Accept")).toBe("application/scaip+xml");
});

test("the type may be written in any case and with parameters, and our user with escapes", () => {
  const line = bench();
  line.hear(incoming({ contentType: "Application/SCAIP+xml ; charset=utf-8", uri: "sip:%34607110231@x" }));
  expect(line.outcomes).toHaveLength(1);
});

test("a foreign MESSAGE does not use up the name of the receiver's own", () => {
  const line = bench();
  line.hear(incoming(), stranger);
  line.hear(incoming());
  expect(line.outcomes).toHaveLength(1);
});

test("a receiver that is configured by name may speak from where it answered, and from nowhere else", () => {
  const line = new Bench([{ ...primary, host: "arc.example.net", answerFrom: [] }]);
  line.hear(incoming());
  expect(line.answer.status).toBe(403);
  line.agent.send(1, 0, body);
  line.reply(line.request, 100, []);
  line.hear(incoming());
  expect(line.answer.status).toBe(200);
  line.hear(incoming({ callId: "2" }), stranger);
  expect(line.answer.status).toBe(403);
  const numeric = bench();
  numeric.agent.send(1, 0, body);
  numeric.replyWith(numeric.request, 100, {}, stranger);
  numeric.hear(incoming(), stranger);
  expect(numeric.answer.status).toBe(403);
});

test("garbage is counted; keep-alives and ACK pass in silence", () => {
  const line = bench();
  line.agent.hear(utf8("hello"), centre);
  const headless = encodeSip(incoming({ body: new Uint8Array(0) })).length + 3;
  line.hear(incoming({ body: new Uint8Array(requestByteLimit + 1 - headless) }));
  expect([line.agent.counts.garbage, line.sent.length]).toEqual([2, 0]);
  const full = bench();
  full.hear(incoming({ body: new Uint8Array(requestByteLimit - headless) }));
  expect(full.outcomes).toHaveLength(1);
  line.agent.hear(utf8("\r\n\r\n"), centre);
  line.agent.hear(utf8(""), centre);
  line.hear(incoming({ method: "ACK", cseqMethod: "ACK" }));
  expect([line.agent.counts.garbage, line.sent, line.events]).toEqual([2, [], []]);
});

test("a request whose answer would need fragments is not answered and not reported", () => {
  const line = bench();
  line.hear(incoming({ callId: "x".repeat(1400), body: utf8("") }));
  expect([line.sent.length, line.events.length]).toEqual([0, 0]);
});

test("no bytes from anybody make the agent throw, report a message or end an attempt, unless they are well-formed", () => {
  const spice = fc.constantFrom(...'\r\n\t :;,="\\<>[]@\u00ff\u0000a'.split("")).map((sign) => sign.charCodeAt(0));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), spice), { maxLength: 6 }), fc.boolean(), (changes, trusted) => {
      const line = bench();
      line.agent.send(1, 0, body);
      const bytes = encodeSip(incoming());
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      line.agent.hear(bytes, trusted ? centre : stranger);
      if (!trusted) expect(line.events).toEqual([]);
      const reported = line.outcomes.length;
      expect(reported).toBeLessThanOrEqual(1);
      if (reported === 1) expect(line.answer.status).toBe(200);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      const line = bench();
      const head = utf8('MESSAGE sip:4607110231@x SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: "');
      const bytes = new Uint8Array(requestByteLimit);
      bytes.set(head);
      for (let i = head.length; i < bytes.length; i++) bytes[i] = noise[i % (noise.length + 1)] ?? 7;
      bytes.set(utf8('"<sip:c@d>\r\nTo: <sip:a@b>\r\nCall-ID: i\r\nCSeq: 1 MESSAGE\r\n\r\n'), requestByteLimit - 62);
      line.agent.hear(bytes, centre);
    }),
  );
});
