/** Each refusal says which rule was broken, and where: in the texts below a ¦ stands where the fault is to be found. */
import { expect, test } from "vitest";
import type { Fault, Result } from "../result.ts";
import { ascii, utf8 } from "../text/utf8.ts";
import { dialogOfCaller } from "./dialog.ts";
import { parseChallenges, parseCredentials } from "./digest.ts";
import { decodeKeyPress } from "./dtmf-relay.ts";
import { tokensOf } from "./header-list.ts";
import { decodeSip, messageByteLimit } from "./message.ts";
import { answerOffer, settle } from "./offer.ts";
import { decodeSdp, sdpByteLimit } from "./sdp.ts";
import { aliceInvites, answerWith, bobAnswers, request, response } from "./test-messages.ts";
import { parseUri } from "./uri.ts";

type Reader = (text: string) => Result<unknown>;
type Rule = { readonly [name: string]: unknown; readonly kind: Fault["kind"] };

/** Reads the text without its mark; the fault is at the mark, and is this one. */
function expectFault(reads: Reader, marked: string, rule: Rule): void {
  const at = marked.indexOf("¦");
  const read = reads(marked.replace("¦", ""));
  expect(read, marked).toEqual({ ok: false, fault: { ...rule, at } });
}

const headers = "Via: SIP/2.0/UDP h\r\nFrom: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: i\r\nCSeq: 1 MESSAGE\r\n";
const firstLine = "MESSAGE sip:a@b SIP/2.0\r\n";
const readMessage: Reader = (text) => decodeSip(utf8(text));

test.each([
  ["MESSAGE", "the request line"],
  ["MESSAGE sip:a@b", "the request line"],
  [" MESSAGE sip:a@b SIP/2.0", "the request line"],
  ["MESS AGE sip:a@b SIP/2.0", "the request line"],
  ["MESSAGE  sip:a@b SIP/2.0", "the request line"],
  ["MES<AGE sip:a@b SIP/2.0", "the request line"],
  ["MESSAGE sip:a@b HTTP/1.1", "the request line"],
  ["MESSAGE sip:a@b SIP", "the request line"],
  ["SIP/2.0 20 OK", "the status line"],
])("the first line %j is refused as %s", (line, what) => {
  expectFault(readMessage, `\r\n¦${line}\r\n${headers}\r\n`, { kind: "malformed", what });
});

test("another version of SIP is told from what is no SIP at all", () => {
  for (const version of ["SIP/3.0", "sip/2.1", "SIP/"])
    expectFault(readMessage, `¦MESSAGE sip:a@b ${version}\r\n${headers}\r\n`, {
      kind: "unknown-value",
      field: "SIP version",
      value: version,
    });
});

test.each([
  ["X", "a header line"],
  [": x", "a header line"],
  ["X y: z", "a header line"],
  ["Call-ID:", "Call-ID"],
  ["Call-ID: a b", "Call-ID"],
  ["Call-ID: a\u007f", "Call-ID"],
  ["Call-ID: å", "Call-ID"],
  ["CSeq: 1", "CSeq"],
  ["CSeq: MESSAGE", "CSeq"],
  ["CSeq: 1 MES<AGE", "CSeq"],
  ["From: <sip:c@d", "From"],
  ["To: <sip:a@b", "To"],
  ["Via: SIP/2.0/UDP", "Via"],
  ["Content-Type:", "Content-Type"],
  ["Content-Length: x", "Content-Length"],
  ["Max-Forwards: 256", "Max-Forwards"],
])("the header line %j is refused as %s, at its beginning", (line, what) => {
  const name = line.substring(0, line.indexOf(":") + 1);
  const others = headers
    .split("\r\n")
    .filter((other) => name === "" || name === ":" || !other.startsWith(name))
    .join("\r\n");
  expectFault(readMessage, `\r\n${firstLine}${others}¦${line}\r\n\r\n`, { kind: "malformed", what });
});

test("a tab between number and method is a blank like any other, and a call's name may have any sign that is seen", () => {
  const text = firstLine + headers.replace("CSeq: 1 MESSAGE", "CSeq: 7\tMESSAGE").replace("i\r\n", "!i~\r\n");
  expect(readMessage(`${text}\r\n`)).toMatchObject({ ok: true, value: { cseq: 7, callId: "!i~" } });
});

test("what goes beyond a bound of a message is refused at the line that does", () => {
  const hops = "v: SIP/2.0/UDP x\r\n";
  expectFault(readMessage, `\r\n${firstLine}${headers}${hops.repeat(7)}¦${hops}\r\n`, {
    kind: "too-long",
    what: "the list of Via hops",
    limit: 8,
  });
  expectFault(readMessage, `\r\n${firstLine}${headers}${"X: 1\r\n".repeat(59)}¦X: 1\r\n\r\n`, {
    kind: "too-long",
    what: "the list of headers",
    limit: 64,
  });
  const rule: Rule = { kind: "too-long", what: "the message", limit: messageByteLimit };
  expectFault(readMessage, `${"x".repeat(messageByteLimit)}¦x`, rule);
});

test.each([
  ["¦", { kind: "unknown-value", field: "URI scheme", value: "" }],
  ["¦a@b", { kind: "unknown-value", field: "URI scheme", value: "" }],
  ["¦Tel:+46", { kind: "unknown-value", field: "URI scheme", value: "tel" }],
  ["sip:a@b¦ c", { kind: "malformed", what: "a character that no URI may hold" }],
  ["¦ sip:a@b", { kind: "unknown-value", field: "URI scheme", value: " sip" }],
  ["sip:¦", { kind: "malformed", what: "the host of a URI" }],
  ["sip:a@¦;x", { kind: "malformed", what: "the host of a URI" }],
  ["sip:¦@b", { kind: "malformed", what: "the user of a URI" }],
  ["sip:¦%zz@b", { kind: "malformed", what: "the user of a URI" }],
  ["sip:¦%g1@b", { kind: "malformed", what: "the user of a URI" }],
  ["sip:a@b¦;=x", { kind: "malformed", what: "the parameters of a URI" }],
  ["sip:a@b¦?=x", { kind: "malformed", what: "the parameters of a URI" }],
] as const)("the address %j is refused for its own reason", (text, rule) => {
  expectFault(parseUri, text, rule);
});

test("a question mark ends the parameters, a semicolon behind it belongs to the headers, and every letter may be in a host", () => {
  expect(parseUri("sip:AZ.az-09@AZ.az-09;x=1?h;y=2")).toMatchObject({
    value: { host: "az.az-09", params: [{ name: "x", value: "1" }], headers: [{ name: "h;y", value: "2" }] },
  });
  expect(parseUri("sip:b;x;y=")).toMatchObject({ value: { params: [{ value: undefined }, { name: "y", value: "" }] } });
});

const twentyFive = Array.from({ length: 24 }, (_, i) => `x${i}=1`).join(", ");

test.each([
  ["¦", { kind: "truncated" }],
  ["  ¦", { kind: "truncated" }],
  ["Digest realm=a, ¦=x", { kind: "malformed", what: "an authentication parameter" }],
  ['Digest realm="a", ¦"b"', { kind: "malformed", what: "an authentication parameter" }],
  ["Digest realm=¦", { kind: "malformed", what: "an authentication value" }],
  ["Digest realm=¦, nonce=1", { kind: "malformed", what: "an authentication value" }],
  ["realm=¦a", { kind: "malformed", what: "an authentication value" }],
  ["Digest realm=a, REALM=¦b", { kind: "malformed", what: "an authentication parameter given twice" }],
  ["Digest realm=a ¦nonce=1", { kind: "malformed", what: "a missing comma" }],
  ['Digest realm=a¦"b"', { kind: "malformed", what: "a missing comma" }],
  [`Digest ${twentyFive}, y=¦1`, { kind: "too-long", what: "the list of authentication parameters", limit: 24 }],
  [`${"A b=1, ".repeat(8)}B ¦c=1`, { kind: "too-long", what: "the list of challenges", limit: 8 }],
  ["Basic b=1, ¦Digest nonce=1", { kind: "missing", field: "realm" }],
  ["Basic b=1, ¦Digest realm=1", { kind: "missing", field: "nonce" }],
] as const)("the challenge %j is refused for its own reason", (text, rule) => {
  expectFault(parseChallenges, text, rule);
});

const credentials = "Digest username=u, realm=r, nonce=n, uri=x, response=0";

test.each([
  ["¦Basic b=1", { kind: "unknown-value", field: "authorization scheme", value: "Basic" }],
  [`¦${credentials}, nc=1`, { kind: "malformed", what: "nc" }],
  [`¦${credentials}, nc=0000000/`, { kind: "malformed", what: "nc" }],
  [`¦${credentials}, nc=G0000000`, { kind: "malformed", what: "nc" }],
  [`¦${credentials}, qop=auth`, { kind: "missing", field: "nc" }],
  [`¦${credentials}, qop=auth, cnonce=c`, { kind: "missing", field: "nc" }],
  [`¦${credentials}, qop=auth, nc=00000001`, { kind: "missing", field: "cnonce" }],
] as const)("the credentials %j are refused for their own reason", (text, rule) => {
  expectFault(parseCredentials, text, rule);
});

const session = "v=0\r\no=- 1 1 IN IP4 h\r\nc=IN IP4 h\r\n";
const readSdp: Reader = (text) => decodeSdp(utf8(text));

test.each([
  ["¦o=- 1 1 IN IP4 h", { kind: "malformed", what: "v=" }],
  ["¦x=0", { kind: "malformed", what: "v=" }],
  ["¦v=1", { kind: "malformed", what: "v=" }],
  ["¦v", { kind: "malformed", what: "a line of the session description" }],
  ["v=0\n¦o=- 1 1 IN IP4 h x", { kind: "malformed", what: "o=" }],
  [`${session}¦o=- 1 1 IN IP4 h`, { kind: "malformed", what: "o=" }],
  [`${session}¦session`, { kind: "malformed", what: "a line of the session description" }],
  [`${session}¦x=1`, { kind: "malformed", what: "a type of line" }],
  [`${session}m=audio 1 RTP/AVP 8\n¦s=1`, { kind: "malformed", what: "a type of line" }],
  [`${session}¦c=IN IP4`, { kind: "malformed", what: "c=" }],
  [`${session}¦m=audio 1 RTP/AVP`, { kind: "malformed", what: "m=" }],
  [`${session}¦m=audio 1 RTP/AVP x`, { kind: "malformed", what: "m=" }],
  [`${session}${"m=audio 1 X y\n".repeat(8)}¦m=audio 1 X y`, { kind: "too-long", what: "the list of media", limit: 8 }],
  [`${session}¦m=audio 1 X${" y".repeat(33)}`, { kind: "too-long", what: "the list of formats", limit: 32 }],
  ["¦", { kind: "missing", field: "v=" }],
] as const)("the description %j is refused for its own reason", (text, rule) => {
  expectFault(readSdp, text, rule);
});

test("a description or a key press that is too long is refused where it is", () => {
  expectFault(readSdp, `${"x".repeat(sdpByteLimit)}¦x`, {
    kind: "too-long",
    what: "the session description",
    limit: sdpByteLimit,
  });
  const readKey: Reader = (text) => decodeKeyPress(ascii(text));
  expectFault(readKey, `${"x".repeat(128)}¦x`, { kind: "too-long", what: "a key press", limit: 128 });
  expectFault(readKey, "¦Signal=x", { kind: "unknown-value", field: "Signal", value: "x" });
});

test("an offer or answer without sound that we have says so, and one of several streams was not asked for", () => {
  const own = { host: "h", port: 4000, user: "-", sessionId: "1", version: "1" } as never;
  const described = (media: string) => {
    const read = decodeSdp(utf8(session + media));
    if (!read.ok) throw new Error(JSON.stringify(read.fault));
    return read.value;
  };
  const video = described("m=video 1 RTP/AVP 99\r\n");
  const none = { ok: false, fault: { kind: "missing", at: 0, field: "an audio stream with PCMA or PCMU" } };
  expect([answerOffer(video, own), settle(video)]).toEqual([none, none]);
  expect(settle(described("m=audio 1 RTP/AVP 8\r\nm=audio 1 RTP/AVP 8\r\n"))).toEqual({
    ok: false,
    fault: { kind: "malformed", at: 0, what: "an answer with other streams than were offered" },
  });
});

test("a dialog lacks a tag by name, a Contact by name, and a list of words that are none is refused by its header's name", () => {
  const invite = request(aliceInvites);
  const untagged = response(bobAnswers.map((line) => line.replace(";tag=a6c85cf", "")));
  expect(dialogOfCaller(invite, untagged)).toEqual({
    ok: false,
    fault: { kind: "missing", at: 0, field: "tag of To" },
  });
  expect(dialogOfCaller(invite, response(bobAnswers.concat("Contact: <sip:x@y>")))).toEqual({
    ok: false,
    fault: { kind: "too-long", at: 0, what: "Contact", limit: 1 },
  });
  expect(tokensOf(answerWith(["Allow: a b"]), "Allow")).toEqual({
    ok: false,
    fault: { kind: "malformed", at: 0, what: "Allow" },
  });
});
