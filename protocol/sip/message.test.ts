import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii, utf8 } from "../text/utf8.ts";
import { anyMessage, anyRequest } from "./arbitraries.ts";
import { viaLimit } from "./draft.ts";
import type { SipMessage, SipRequest } from "./message.ts";
import { decodeSip, encodeSip, headerLimit, headerOf, messageByteLimit } from "./message.ts";

const mrq =
  "<mrq><ref>Q4T8A0000127</ref><ver>01.00</ver><cha>0</cha><mty>ME</mty><cid>4607110231</cid><dty>0003</dty>" +
  "<did>04A1C77E</did><dco>002</dco><dte>Armband vänster</dte><crd>sip:4607110231@larm.example.net</crd>" +
  "<stc>0010</stc><lco>002</lco></mrq>";

const golden =
  "MESSAGE sip:mottagning@larm.example.net SIP/2.0\r\n" +
  "Via: SIP/2.0/UDP 198.51.100.23:5060;rport;branch=z9hG4bKa1x0\r\n" +
  "Max-Forwards: 70\r\n" +
  "From: <sip:4607110231@larm.example.net>;tag=k3v9\r\n" +
  "To: <sip:mottagning@larm.example.net>\r\n" +
  "Call-ID: 5d0e7c21a4@198.51.100.23\r\n" +
  "CSeq: 1 MESSAGE\r\n" +
  "Content-Type: application/scaip+xml\r\n" +
  "Content-Length: 242\r\n\r\n" +
  mrq;

const alarm: SipRequest = {
  kind: "request",
  method: "MESSAGE",
  uri: "sip:mottagning@larm.example.net",
  via: [
    {
      transport: "UDP",
      host: "198.51.100.23",
      port: 5060,
      branch: "z9hG4bKa1x0",
      received: undefined,
      rport: 0,
      params: [],
    },
  ],
  maxForwards: 70,
  from: { display: undefined, uri: "sip:4607110231@larm.example.net", tag: "k3v9", params: [] },
  to: { display: undefined, uri: "sip:mottagning@larm.example.net", tag: undefined, params: [] },
  callId: "5d0e7c21a4@198.51.100.23",
  cseq: 1,
  cseqMethod: "MESSAGE",
  contentType: "application/scaip+xml",
  headers: [],
  body: utf8(mrq),
};

/** The smallest request, with lines of the test's own before the empty line. */
function withLines(...lines: string[]): string {
  return (
    ["MESSAGE sip:a@b SIP/2.0", "Via: SIP/2.0/UDP h", "From: <sip:c@d>;tag=1", "To: <sip:a@b>", "Call-ID: i"]
      .concat(["CSeq: 1 MESSAGE"], lines)
      .join("\r\n") + "\r\n\r\n"
  );
}

function read(text: string): SipMessage {
  const decoded = decodeSip(utf8(text));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.fault));
  return decoded.value;
}

function faultOf(text: string | Uint8Array): object | undefined {
  const decoded = decodeSip(typeof text === "string" ? utf8(text) : text);
  return decoded.ok ? undefined : decoded.fault;
}

test("the golden alarm is written byte for byte, and read back", () => {
  expect(encodeSip(alarm)).toEqual(utf8(golden));
  expect(decodeSip(utf8(golden))).toEqual({ ok: true, value: alarm });
});

test("every message survives being written and read", () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      expect(decodeSip(encodeSip(message))).toEqual({ ok: true, value: message });
    }),
    { numRuns: 500 },
  );
});

test("every cut of a message is refused", () => {
  fc.assert(
    fc.property(anyMessage, fc.nat(), (message, cut) => {
      const bytes = encodeSip(message);
      expect(decodeSip(bytes.subarray(0, cut % bytes.length)).ok).toBe(false);
    }),
  );
});

test("no bytes make the reader throw, nor a message with some of its bytes changed, and what is accepted can be written", () => {
  const spice = fc.constantFrom(...'\r\n\t :;,="\\<>[]@?%\u00ff\u0000a0').map((sign) => sign.charCodeAt(0));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeSip(bytes)));
  fc.assert(
    fc.property(anyMessage, fc.array(fc.tuple(fc.nat(), spice), { maxLength: 4 }), (message, changes) => {
      const bytes = encodeSip(message);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      const decoded = decodeSip(bytes);
      if (!decoded.ok) return;
      const again = decodeSip(encodeSip(decoded.value));
      expect(again).toEqual(decoded);
    }),
    { numRuns: 3000 },
  );
});

test("the order of headers, their case, compact forms, folds and blanks make no difference", () => {
  const odd =
    "\r\nMESSAGE sip:mottagning@larm.example.net SIP/2.0\r\n" +
    "l :  242\r\nc:application/scaip+xml \r\nCSEQ: 0001\r\n  MESSAGE\r\ni: 5d0e7c21a4@198.51.100.23\r\n" +
    "T\t:\r\n\tsip:mottagning@larm.example.net\r\nf: <sip:4607110231@larm.example.net> ; TAG\r\n = k3v9\r\n" +
    "max-forwards: 070\r\nv: sip / 2.0\r\n / UDP 198.51.100.23 : 5060 ; branch = z9hG4bKa1x0\r\n ;rport\r\n\r\n" +
    mrq;
  expect(read(odd)).toEqual({ ...alarm, via: [{ ...alarm.via[0] }] });
});

test("several Via come in one line or in many, topmost first", () => {
  const hosts = (text: string) => read(text).via.map((via) => via.host);
  const text = withLines('Via: SIP/2.0/TCP one;x="a,b" , SIP/2.0/UDP [2001:db8::1]:99', "v: SIP/2.0/UDP two");
  expect(hosts(text)).toEqual(["h", "one", "2001:db8::1", "two"]);
  expect(read(text).via[2]?.port).toBe(99);
});

test("a Via with another protocol, a wrong port or a parameter that may stand once twice is refused", () => {
  const hop = (text: string) => faultOf(withLines("Via: " + text));
  for (const good of ["SIP/2.0/UDP a;rport=65535;received=[::1];branch=b", "SIP/2.0/UDP a:65535;rport", "sip/2.0/X a"])
    expect(hop(good), good).toBeUndefined();
  for (const wrong of [
    "SIP/2.0/UDP a;rport=x",
    "SIP/2.0/UDP a;rport=65536",
    "SIP/2.0/UDP a;rport;rport",
    "SIP/2.0/UDP a;branch=b;branch=b",
    "SIP/2.0/UDP a;branch",
    "SIP/2.0/UDP a;received=b;received=b",
    "SIP/2.0/UDP a:0",
    "SIP/3.0/UDP a",
    "SIP/2.0/UDPa",
    "SIP/2.0/ a",
    "",
    "SIP/2.0/UDP a,",
  ])
    expect(hop(wrong), wrong).toMatchObject({ kind: "malformed", what: "Via" });
});

test("the body is what Content-Length says, the rest where it is not there, and a datagram that falls short is cut", () => {
  expect(read(withLines() + "abc").body).toEqual(ascii("abc"));
  expect(read(withLines("Content-Length: 2") + "abc").body).toEqual(ascii("ab"));
  expect(faultOf(withLines("Content-Length: 4") + "abc")).toMatchObject({ kind: "truncated" });
  expect(faultOf(withLines("Content-Length: -1") + "abc")).toMatchObject({ kind: "malformed" });
  expect(faultOf(withLines("Content-Length: 99999999999999999999") + "abc")).toMatchObject({ kind: "malformed" });
});

test("a display name is taken out of its quotes and escapes, and one of plain words needs none", () => {
  const from = (line: string) => {
    const decoded = decodeSip(utf8(withLines().replace("From: <sip:c@d>;tag=1", line)));
    return decoded.ok ? decoded.value.from.display : "refused";
  };
  expect(from('From: "Åsa \\"B\\" \\\\ <x>"<sip:c@d>')).toBe('Åsa "B" \\ <x>');
  expect(from("From: Åsa  B <sip:c@d>")).toBe("Åsa  B");
  expect(from("From: J. Rosenberg <sip:c@d>")).toBe("J. Rosenberg");
  expect(from("From: Bell, Alexander <sip:c@d>")).toBe("refused");
  expect(from('From: "Bell <sip:c@d>')).toBe("refused");
  expect(from('From: "Bell" sip:c@d')).toBe("refused");
  expect(from("From: <sip:c@d>;tag=1;tag=2")).toBe("refused");
  expect(from("From: <sip:c@d")).toBe("refused");
  expect(from("From: sip:c@d?x=y")).toBe("refused");
});

test("a bare address gives its parameters to the header, an address in brackets keeps them", () => {
  const to = (line: string) => read(withLines().replace("To: <sip:a@b>", line)).to;
  expect(to("To: sip:a@b;tag=9;x")).toEqual({
    display: undefined,
    uri: "sip:a@b",
    tag: "9",
    params: [{ name: "x", value: undefined }],
  });
  expect(to("To: <sip:a@b;tag=9>;x=1").uri).toBe("sip:a@b;tag=9");
});

test("what may stand once only is refused the second time, and what must be there is missed", () => {
  for (const line of ["From: <sip:c@d>", "t: <sip:a@b>", "i: j", "CSeq: 1 MESSAGE"])
    expect(faultOf(withLines(line)), line).toMatchObject({ kind: "malformed" });
  for (const line of ["Max-Forwards: 1", "Content-Type: a/b", "Content-Length: 0"])
    expect(faultOf(withLines(line, line)), line).toMatchObject({ kind: "malformed" });
  for (const name of ["Via", "From", "To", "Call-ID", "CSeq"]) {
    const lines = withLines().split("\r\n");
    const without = lines.filter((line) => !line.startsWith(name + ":")).join("\r\n");
    expect(faultOf(without)).toMatchObject({ kind: "missing", field: name });
  }
});

test("a response may say Max-Forwards, which means nothing there and is kept as it is", () => {
  const answer = read(withLines("Max-Forwards: many").replace("MESSAGE sip:a@b SIP/2.0", "SIP/2.0 200 OK"));
  expect(answer.headers).toEqual([{ name: "Max-Forwards", value: "many" }]);
});

test("each header ends where its own folds end", () => {
  const message = read(withLines("X-One: a\r\n b ", "X-Two: c\r\n\t d\r\n \r\n e"));
  expect(message.headers.map((header) => header.value)).toEqual(["a b", "c d e"]);
});

test("a status line has three digits from 100 to 699 and may lack its reason", () => {
  const status = (line: string) => {
    const decoded = decodeSip(utf8(withLines().replace("MESSAGE sip:a@b SIP/2.0", line)));
    return decoded.ok && decoded.value.kind === "response" ? [decoded.value.status, decoded.value.reason] : decoded;
  };
  expect(status("SIP/2.0 200")).toEqual([200, ""]);
  expect(status("sip/2.0 699 Slut här")).toEqual([699, "Slut här"]);
  for (const line of [
    "SIP/2.0 20",
    "SIP/2.0 2",
    "SIP/2.0 ",
    "SIP/2.0 099 x",
    "SIP/2.0 700 x",
    "SIP/2.0 2000 x",
    "SIP/2.0  200",
  ])
    expect(status(line), line).toEqual({ ok: false, fault: { kind: "malformed", at: 0, what: "the status line" } });
});

test("a fault names the start of the line that is wrong", () => {
  const text = withLines("Max-Forwards: many");
  expect(faultOf("\r\n" + text)).toEqual({
    kind: "malformed",
    at: 2 + text.indexOf("Max-Forwards"),
    what: "Max-Forwards",
  });
});

test("a line end that is not CR LF is refused, so that nobody else reads the message in another way", () => {
  expect(faultOf(withLines("X: a\nFrom: b"))).toMatchObject({ kind: "malformed" });
  expect(faultOf(withLines("X: a\rFrom: b"))).toMatchObject({ kind: "malformed" });
  expect(faultOf(withLines().split("\r\n").join("\n"))).toMatchObject({ kind: "malformed" });
});

test("a value that would break a line is never written", () => {
  expect(() => encodeSip({ ...alarm, callId: "a\r\nX: b" })).toThrow();
  expect(() => encodeSip({ ...alarm, headers: [{ name: "X", value: "a\nb" }] })).toThrow();
});

test("names that every object has are ordinary header names", () => {
  const message = read(withLines("constructor: 1", "__proto__: 2", "toString: 3", "DATE: now", "x: 4"));
  expect(message.headers.map((header) => header.name)).toEqual([
    "constructor",
    "__proto__",
    "toString",
    "Date",
    "Session-Expires",
  ]);
  expect(headerOf(message, "date")).toBe("now");
  expect(headerOf(message, "hasOwnProperty")).toBeUndefined();
});

test("the bounds hold: bytes, headers and Via hops are taken up to them and not beyond", () => {
  const headers = (count: number) => withLines(...Array.from({ length: count - 5 }, (_, i) => `X${i}: 1`));
  expect(faultOf(headers(headerLimit))).toBeUndefined();
  expect(faultOf(headers(headerLimit + 1))).toMatchObject({ kind: "too-long", limit: headerLimit });
  const hops = (count: number) => withLines(...Array.from({ length: count - 1 }, () => "Via: SIP/2.0/UDP x"));
  expect(faultOf(hops(viaLimit))).toBeUndefined();
  expect(faultOf(hops(viaLimit + 1))).toMatchObject({ kind: "too-long", limit: viaLimit });
  const padded = (size: number) => withLines() + "x".repeat(size - withLines().length);
  expect(faultOf(padded(messageByteLimit))).toBeUndefined();
  expect(faultOf(padded(messageByteLimit + 1))).toMatchObject({ kind: "too-long", limit: messageByteLimit });
  const full = {
    ...alarm,
    body: new Uint8Array(messageByteLimit - encodeSip({ ...alarm, body: new Uint8Array(1000) }).length + 1000 - 1),
  };
  expect(encodeSip(full).length).toBeLessThanOrEqual(messageByteLimit);
  expect(() => encodeSip({ ...alarm, body: new Uint8Array(messageByteLimit) })).toThrow();
});

test("33 parameters in one header are too many, 32 are not", () => {
  const params = (count: number) =>
    withLines("Via: SIP/2.0/UDP x" + Array.from({ length: count }, (_, i) => `;p${i}`).join(""));
  expect(faultOf(params(32))).toBeUndefined();
  expect(faultOf(params(33))).toMatchObject({ kind: "malformed" });
});

test("a request whose CSeq names another method is refused, whatever the method", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const other = { ...request, cseqMethod: request.method + "X" };
      expect(decodeSip(encodeSip(other)).ok).toBe(false);
    }),
  );
});
