import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../text/utf8.ts";
import { anyMessage } from "./arbitraries.ts";
import type { SipMessage } from "./message.ts";
import { decodeSip, encodeSip, settled, viewSip } from "./message.ts";

/** An empty line before a message means nothing (7.5), but is not plain: what follows is read by the general reader. */
function readInGeneral(bytes: Uint8Array): ReturnType<typeof decodeSip> {
  const shifted = new Uint8Array(bytes.length + 2);
  shifted.set([0x0d, 0x0a]);
  shifted.set(bytes, 2);
  const read = decodeSip(shifted);
  return read.ok ? read : { ok: false, fault: { ...read.fault, at: read.fault.at - 2 } };
}

function isView(bytes: Uint8Array): boolean {
  const read = viewSip(bytes);
  return read.ok && Object.getPrototypeOf(read.value) !== Object.prototype;
}

const plainUri = "sip:mottagning@larm.example.net:5060;transport=udp";
const plainRequest = [
  `MESSAGE ${plainUri} SIP/2.0`,
  "Via: SIP/2.0/UDP 198.51.100.23:5060;rport;branch=z9hG4bKa1x0;received=192.0.2.7",
  "Max-Forwards: 70",
  "From: <sip:4607110231@larm.example.net>;tag=k3v9",
  "To: <sip:larm.example.net>",
  "Call-ID: 5d0e7c21a4@198.51.100.23",
  "CSeq: 1 MESSAGE",
  'Authorization: Digest username="a"',
  "Content-Type: application/scaip+xml;charset=utf-8; x",
  "Content-Length: 2",
];
const plainResponse = ["SIP/2.0 200 Fine by me", ...plainRequest.slice(1, 2), ...plainRequest.slice(3)];

function bytesOf(lines: readonly string[]): Uint8Array {
  return utf8(lines.join("\r\n") + "\r\n\r\nab");
}

test("what we write of one hop and without display names is viewed, and what other forms say is not", () => {
  expect(isView(bytesOf(plainRequest))).toBe(true);
  expect(isView(bytesOf(plainResponse))).toBe(true);
  const changed = (from: string, to: string) => bytesOf(plainRequest.map((line) => line.replace(from, to)));
  for (const [from, to] of [
    ["Via: ", "v: "],
    ["From: ", "from: "],
    ["CSeq: 1", "CSeq:  1"],
    ["<sip:larm", "Bo <sip:larm"],
    ["sip:larm", "sips:larm"],
    ["sip:mottagning", "sip:a:b"],
    [";tag=k3v9", ";tag=k3v9;x"],
    [";rport;", ";ttl=1;"],
    ["Digest", "Digest\r\n "],
    ["username", "å"],
  ] as const) {
    const bytes = changed(from, to);
    expect(isView(bytes), to).toBe(false);
    expect(decodeSip(bytes), to).toMatchObject({ ok: true });
  }
});

test("whatever is viewed says in every field what the general reader says, and every fault is its fault", () => {
  const spice = fc.constantFrom(...'\r\n\t :;,="<>[]@?%/.-0129\u00ffavVA').map((sign) => sign.charCodeAt(0));
  const plain = fc.constantFrom(bytesOf(plainRequest), bytesOf(plainResponse));
  const change = fc.tuple(fc.nat(), spice, fc.constantFrom("put", "drop", "insert", "double"));
  let viewed = 0;
  let met = 0;
  fc.assert(
    fc.property(fc.oneof(plain, anyMessage.map(encodeSip)), fc.array(change, { maxLength: 3 }), (bytes, changes) => {
      let spoilt = Array.from(bytes);
      for (const [where, byte, how] of changes) {
        const at = where % (spoilt.length + 1);
        if (how === "double") {
          const lineStart = spoilt.lastIndexOf(0x0a, at) + 1;
          const line = spoilt.slice(lineStart, spoilt.indexOf(0x0a, at) + 1);
          spoilt.splice(lineStart, 0, ...line);
        } else spoilt.splice(at, how === "insert" ? 0 : 1, ...(how === "drop" ? [] : [byte]));
        spoilt = spoilt.slice(0, 8190);
      }
      const changed = Uint8Array.from(spoilt);
      met++;
      if (isView(changed)) viewed++;
      expect(decodeSip(changed)).toEqual(readInGeneral(changed));
    }),
    { numRuns: 5000 },
  );
  expect(viewed / met).toBeGreaterThan(0.05);
});

test("what misses the plain form by a hair is read or refused as the general reader does", () => {
  const nearMisses: readonly (readonly [from: string, to: string])[] = [
    ["CSeq: 1 MESSAGE", "CSeq: 1 MESSAGES"],
    ["CSeq: 1 MESSAGE", "CSeq: 1 MESSAG"],
    ["CSeq: 1 MESSAGE", "CSeq: 1 MASSAGE"],
    ["CSeq: 1 MESSAGE", "CSeq: 1 "],
    ["Max-Forwards: 70", "Max-Forwards: 255"],
    ["Max-Forwards: 70", "Max-Forwards: 256"],
    ["Max-Forwards: 70", "Max-Forwards: 70\r\nMax-Forwards: 70"],
    [".23:5060;", ".23:0;"],
    [".23:5060;", ".23:65535;"],
    [".23:5060;", ".23:65536;"],
    [".23:5060;", ".23:;"],
    [";rport;", ";rport;rport;"],
    [";rport;", ";branch=x;"],
    [";rport;", ";received=x;"],
    [";rport;", ";rport=65535;"],
    [";rport;", ";rport=65536;"],
    [";rport;", ";rport=;"],
    [";rport;", ";rports;"],
    [";branch=z9hG4bKa1x0", ";branch="],
    [";received=192.0.2.7", ";received=192.0.2.7, SIP/2.0/UDP h"],
    [";tag=k3v9", ";tag="],
    [";tag=k3v9", ";TAG=k3v9"],
    ["<sip:larm.example.net>", "<sip:@larm.example.net>"],
    ["<sip:larm.example.net>", "<sip:larm.example.net"],
    ["<sip:larm.example.net>", "<sip:>"],
    ["5d0e7c21a4@", "5d0e 7c21a4@"],
    ["Call-ID", "call-id"],
    ["Content-Length: 2", "Content-Length: 1"],
    ["Content-Length: 2", "Content-Length: 3"],
    ["Content-Length: 2", "Content-Length: 2\r\nContent-Length: 2"],
    ["Content-Length: 2", "X: y"],
    ["utf-8; x", "utf-8; "],
    ["SIP/2.0 200", "SIP/2.0 099"],
    ["SIP/2.0 200", "SIP/2.0 699"],
    ["SIP/2.0 200", "SIP/2.0 700"],
    ["SIP/2.0 200", "SIP/2.0 2000"],
    ["Fine by me", ""],
    ["net:5060;transport=udp SIP", "net:5060;transport=udp?a=b SIP"],
    ["transport=udp SIP/2.0", "transport=udp SIP/3.0"],
    ["mottagning", "mott%61gning"],
  ];
  let changes = 0;
  for (const lines of [plainRequest, plainResponse])
    for (const [from, to] of nearMisses) {
      const text = lines.join("\r\n");
      if (!text.includes(from)) continue;
      changes++;
      const bytes = utf8(text.replace(from, to) + "\r\n\r\nab");
      expect(decodeSip(bytes), to).toEqual(readInGeneral(bytes));
    }
  expect(changes).toBeGreaterThan(nearMisses.length);
  const withHops = bytesOf([...plainResponse, "Max-Forwards: 3"]);
  expect(decodeSip(withHops)).toEqual(readInGeneral(withHops));
});

test("a header with a field of its own is known in any spelling, and one that only looks like it is viewed", () => {
  const also = (line: string) => bytesOf([...plainRequest.slice(0, -1), line, "Content-Length: 2"]);
  for (const line of ["from: <sip:x@y>", "FROM: x", "tO: <sip:x@y>", "call-id: x", "CSEQ: 1 MESSAGE"])
    expect([line, decodeSip(also(line))]).toMatchObject([line, { ok: false }]);
  for (const line of ["max-forwards: 1", "content-type: a/b", "CONTENT-LENGTH: 2"])
    expect([line, decodeSip(also(line))]).toMatchObject([line, { ok: false, fault: { kind: "malformed" } }]);
  expect(decodeSip(also("via: SIP/2.0/UDP x"))).toMatchObject({ value: { via: [{}, { host: "x" }] } });
  for (const line of ["Foo: 1", "Tag: 1", "Mime: 1", "Cat: 1", "Call-IDs: 1", "vary: 1", "x1: 1"]) {
    expect(isView(also(line)), line).toBe(true);
    expect(decodeSip(also(line)), line).toEqual(readInGeneral(also(line)));
  }
});

test("every torture message is read alike in both ways", () => {
  const folder = new URL("../vectors/sip-torture/", import.meta.url);
  let count = 0;
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".dat")) continue;
    const bytes = new Uint8Array(readFileSync(new URL(file, folder)));
    expect(decodeSip(bytes), file).toEqual(readInGeneral(bytes));
    count++;
  }
  expect(count).toBeGreaterThan(50);
});

test("a view is written as its settled form is, and each value is made once", () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const viewed = viewSip(encodeSip(message));
      if (!viewed.ok) throw new Error("unreadable");
      expect(encodeSip(viewed.value)).toEqual(encodeSip(message));
      expect(settled(viewed.value)).toEqual(message);
      for (const name of ["via", "from", "to", "headers", "body"] as const)
        expect(viewed.value[name]).toBe(viewed.value[name]);
    }),
    { numRuns: 300 },
  );
});

test("what a view has made it hands out again", () => {
  for (const bytes of [bytesOf(plainRequest), bytesOf(plainResponse)]) {
    const viewed = viewSip(bytes);
    if (!viewed.ok) throw new Error("unreadable");
    const message = viewed.value;
    for (const name of ["via", "from", "to", "headers", "body", "callId"] as const)
      expect(message[name]).toBe(message[name]);
    if (message.kind === "request") expect([message.uri, message.uri]).toEqual(Array(2).fill(plainUri));
  }
});

test("the settled form outlives its datagram, but for the body", () => {
  const bytes = bytesOf(plainRequest);
  const viewed = viewSip(bytes);
  const kept: SipMessage | undefined = viewed.ok ? settled(viewed.value) : undefined;
  bytes.fill(0x78);
  expect(kept).toMatchObject({ callId: "5d0e7c21a4@198.51.100.23", cseq: 1, via: [{ branch: "z9hG4bKa1x0" }] });
  expect(kept?.body).toEqual(utf8("xx"));
});

test("at the bounds: 64 headers are viewed and 65 refused, nine digits are viewed and ten are read in general", () => {
  const many = (count: number) =>
    bytesOf([...plainRequest, ...Array.from({ length: count - 9 }, (_, i) => `X${i}: 1`)]);
  expect(isView(many(64))).toBe(true);
  expect(viewSip(many(65))).toMatchObject({ ok: false, fault: { kind: "too-long", limit: 64 } });
  const numbered = (cseq: string) => bytesOf(plainRequest.map((line) => line.replace("CSeq: 1", "CSeq: " + cseq)));
  expect(isView(numbered("999999999"))).toBe(true);
  expect(isView(numbered("2147483647"))).toBe(false);
  expect(viewSip(numbered("2147483647"))).toMatchObject({ ok: true, value: { cseq: 2147483647 } });
  expect(viewSip(numbered("2147483648"))).toMatchObject({ ok: false, fault: { what: "CSeq" } });
});
