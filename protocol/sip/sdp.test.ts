import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii, utf8 } from "../text/utf8.ts";
import type { Format, Media, SessionDescription } from "./sdp.ts";
import { decodeSdp, encodeSdp, sdpByteLimit } from "./sdp.ts";
import { formatLimit, mediaLimit } from "./sdp-draft.ts";

const call: SessionDescription = {
  user: "-",
  sessionId: "4607110231",
  version: "1",
  host: "198.51.100.23",
  time: "0 0",
  media: [
    {
      kind: "audio",
      port: 4000,
      transport: "RTP/AVP",
      host: "198.51.100.23",
      direction: "sendrecv",
      formats: [
        { name: "8", encoding: "PCMA", clockHz: 8000, parameters: undefined },
        { name: "101", encoding: "telephone-event", clockHz: 8000, parameters: "0-11" },
      ],
      packetMs: 20,
    },
  ],
};
const golden =
  "v=0\r\no=- 4607110231 1 IN IP4 198.51.100.23\r\ns=-\r\nc=IN IP4 198.51.100.23\r\nt=0 0\r\n" +
  "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-11\r\n" +
  "a=ptime:20\r\na=sendrecv\r\n";

const host = fc.constantFrom("198.51.100.23", "2001:db8::7", "larm.example.net", "0.0.0.0");
const anyFormat: fc.Arbitrary<Format> = fc
  .record({
    name: fc.nat({ max: 127 }).map(String),
    encoding: fc.constantFrom("PCMA", "telephone-event", "G722", ""),
    clockHz: fc.integer({ min: 1, max: 1_000_000 }),
    parameters: fc.option(fc.constantFrom("0-15", "mode=20; x", "å"), { nil: undefined }),
  })
  .map((format) => {
    if (format.encoding !== "") return format;
    if (format.name === "0" || format.name === "8") return { ...format, encoding: "X" };
    return { ...format, clockHz: 0 };
  });
const anyMedia: fc.Arbitrary<Media> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("audio", "video"),
    port: fc.nat({ max: 65535 }),
    transport: fc.constant("RTP/AVP"),
    host,
    direction: fc.constantFrom("sendrecv", "sendonly", "recvonly", "inactive"),
    formats: fc.uniqueArray(anyFormat, { minLength: 1, maxLength: 5, selector: (format) => format.name }),
    packetMs: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant("application"),
    port: fc.nat({ max: 65535 }),
    transport: fc.constantFrom("TCP/MSRP", "udptl"),
    host,
    direction: fc.constant("inactive" as const),
    formats: fc.constant([{ name: "*", encoding: "", clockHz: 0, parameters: undefined }]),
    packetMs: fc.constant(undefined),
  }),
);
const digits = fc.stringMatching(/^[0-9]{1,20}$/);
const anySession: fc.Arbitrary<SessionDescription> = fc.record({
  user: fc.constantFrom("-", "alice"),
  sessionId: digits,
  version: digits,
  host,
  time: fc.constantFrom("0 0", "2873397496 2873404696"),
  media: fc.array(anyMedia, { maxLength: 4 }),
});

function read(text: string): SessionDescription {
  const decoded = decodeSdp(utf8(text));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.fault));
  return decoded.value;
}

function faultOf(text: string): object | undefined {
  const decoded = decodeSdp(utf8(text));
  return decoded.ok ? undefined : decoded.fault;
}

const head = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 h\r\nt=0 0\r\n";

test("the golden description of a call is written byte for byte, and read back", () => {
  expect(encodeSdp(call)).toEqual(ascii(golden));
  expect(decodeSdp(ascii(golden))).toEqual({ ok: true, value: call });
});

test("every description survives being written and read", () => {
  fc.assert(
    fc.property(anySession, (session) => {
      expect(decodeSdp(encodeSdp(session))).toEqual({ ok: true, value: session });
    }),
    { numRuns: 500 },
  );
});

test("RFC 4566 5: the example is read, session attributes hold for each medium, a multicast address loses its reach", () => {
  const session = read(
    "v=0\r\no=jdoe 2890844526 2890842807 IN IP4 10.47.16.5\r\ns=SDP Seminar\r\n" +
      "i=A Seminar on the session description protocol\r\nu=http://www.example.com/seminars/sdp.pdf\r\n" +
      "e=j.doe@example.com (Jane Doe)\r\nc=IN IP4 224.2.17.12/127\r\nt=2873397496 2873404696\r\na=recvonly\r\n" +
      "m=audio 49170 RTP/AVP 0\r\nm=video 51372 RTP/AVP 99\r\na=rtpmap:99 h263-1998/90000\r\n",
  );
  const media = { transport: "RTP/AVP", host: "224.2.17.12", direction: "recvonly", packetMs: undefined };
  expect(session).toEqual({
    user: "jdoe",
    sessionId: "2890844526",
    version: "2890842807",
    host: "10.47.16.5",
    time: "2873397496 2873404696",
    media: [
      {
        ...media,
        kind: "audio",
        port: 49170,
        formats: [{ name: "0", encoding: "PCMU", clockHz: 8000, parameters: undefined }],
      },
      {
        ...media,
        kind: "video",
        port: 51372,
        formats: [{ name: "99", encoding: "h263-1998", clockHz: 90000, parameters: undefined }],
      },
    ],
  });
});

test("LF alone, a missing last line end, an odd order, blanks and unknown attributes change nothing", () => {
  const odd =
    "v=0\nt=0 0\na=sendonly\nb=AS:64\nc=IN IP4 198.51.100.23\no=- 4607110231 1  IN IP4 198.51.100.23\ns= \n" +
    "m=audio 4000/1 RTP/AVP 8 101 \na=fmtp:101 0-11\na=sendrecv \na=ptime:20\na=x\na=rtcp:4001\n" +
    "a=rtpmap:101 telephone-event/8000/1\na=rtpmap:99 x/1\na=fmtp:99 y";
  expect(read(odd)).toEqual(call);
  expect(read("v=0\r\no=- 1 1 IN IP4 h").media).toEqual([]);
});

test("what a medium says of itself goes before what the session says, and without either it is sendrecv", () => {
  const media = read(
    `${head}a=inactive\r\nm=audio 1 RTP/AVP 8\r\nc=IN IP6 ::1\r\na=sendonly\r\nm=audio 2 RTP/AVP 0\r\n`,
  ).media;
  expect(media.map((one) => [one.host, one.direction])).toEqual([
    ["::1", "sendonly"],
    ["h", "inactive"],
  ]);
  expect(read(`${head}m=audio 1 RTP/AVP 8\r\n`).media[0]?.direction).toBe("sendrecv");
});

test("the fixed numbers 0 and 8 need no rtpmap, another number stays nameless, two channels are not what we know", () => {
  const formats = read(`${head}m=audio 1 RTP/AVP 0 8 18 96\r\na=rtpmap:96 PCMA/8000/2\r\n`).media[0]?.formats;
  expect(formats?.map((format) => [format.name, format.encoding, format.clockHz])).toEqual([
    ["0", "PCMU", 8000],
    ["8", "PCMA", 8000],
    ["18", "", 0],
    ["96", "", 0],
  ]);
});

test("an rtpmap that cannot be read leaves its format nameless, and a call is not lost over it", () => {
  for (const map of ["8", "8 PCMA", "8 PCMA/0", "8 /8000", "8 P(/8000", "8 PCMA/8000/x", "8 PCMA/1000001"])
    expect(read(`${head}m=audio 1 RTP/AVP 8\r\na=rtpmap:${map}\r\n`).media[0]?.formats, map).toEqual([
      { name: "8", encoding: "", clockHz: 0, parameters: undefined },
    ]);
  expect(read(`${head}m=audio 1 RTP/AVP 8\r\na=fmtp:8\r\n`).media[0]?.formats[0]?.parameters).toBe("");
});

test("what is wrong is refused, and the fault names the line", () => {
  const at = head.length;
  for (const line of [
    "x=1",
    "i=a\rb",
    "m",
    " a=b",
    "m=audio 1 RTP/AVP",
    "m=audio x RTP/AVP 8",
    "m=audio 65536 RTP/AVP 8",
    "m=audio 1 RTP/AVP 128",
    "m=audio 1 RTP/AVP x",
    "m=a<b 1 RTP/AVP 8",
    "o=- 1 1 IN IP4 h",
    "c=IN IP5 h",
    "c=IN IP4 h x",
    "v=0",
  ])
    expect(faultOf(head + line + "\r\n"), line).toMatchObject({ kind: "malformed", at });
  const audio = `${head}m=audio 1 RTP/AVP 8\r\n`;
  for (const line of ["c=IN", "t=0 0", "o=- 1 1 IN IP4 h"])
    expect(faultOf(audio + line + "\r\n"), line).toMatchObject({ kind: "malformed", at: audio.length });
  expect(faultOf(`${audio}a=sendonly\r\na=recvonly\r\n`)).toMatchObject({ kind: "malformed", what: "a=" });
  for (const origin of [
    "o=- 1 1 IN IP4",
    "o=- x 1 IN IP4 h",
    "o=- 1 -1 IN IP4 h",
    "o=- 1 1 ATM IP4 h",
    "o=- 1 1 IN IP4 /1",
  ])
    expect(faultOf("v=0\r\n" + origin), origin).toEqual({ kind: "malformed", at: 5, what: "o=" });
  for (const text of ["v=1\r\n", "o=- 1 1 IN IP4 h\r\n", "<xml/>"])
    expect(faultOf(text), text).toMatchObject({ kind: "malformed", at: 0 });
});

test("a description without an origin, or with a used medium that has no address, is refused; an unused one needs none", () => {
  expect(faultOf("")).toEqual({ kind: "missing", at: 0, field: "v=" });
  expect(faultOf("v=0\r\ns=-\r\n")).toEqual({ kind: "missing", at: 10, field: "o=" });
  const bare = "v=0\r\no=- 1 1 IN IP4 h\r\n";
  expect(faultOf(`${bare}m=audio 1 RTP/AVP 8\r\n`)).toEqual({ kind: "missing", at: bare.length, field: "c=" });
  expect(read(`${bare}m=audio 0 RTP/AVP 8\r\n`).media[0]?.host).toBe("h");
});

test("the first thing said of a medium's address counts, a thing said twice counts once, and empty lines are nothing", () => {
  const text = `\n\r\n${head}\r\nm=audio 1 RTP/AVP 8\r\nc=IN IP4 first\r\nc=IN IP4 second\r\na=sendonly\r\na=sendonly\r\n`;
  expect(read(text).media[0]).toMatchObject({ host: "first", direction: "sendonly" });
  expect(read(`v=0\no=- 1 1 IN IP4 h\nt=1 2\nt=3 4\n`).time).toBe("1 2");
  expect(read(`v=0\no=- 1 1 IN IP4 h\nb=AS:1\n`).time).toBe("0 0");
});

test("an attribute of another name, of no medium or of no value says nothing of a format or a packet", () => {
  const audio = "m=audio 1 RTP/AVP 8\r\n";
  const plain = read(head + audio).media;
  for (const attribute of ["x:8 PCMU/8000", "rtpmap", "ptime", "ptime:0", "ptime:1001", "ptime:-1", ":"])
    expect(read(`${head}${audio}a=${attribute}\r\n`).media, attribute).toEqual(plain);
  for (const attribute of ["ptime:20", "rtpmap:8 PCMU/8000"])
    expect(read(`${head}a=${attribute}\r\n${audio}`).media, attribute).toEqual(plain);
  expect(read(`${head}${audio}a=ptime:1000\r\n`).media[0]?.packetMs).toBe(1000);
});

test("a medium elsewhere than the first has an address of its own, an unknown encoding no map, and IPv6 its family", () => {
  const format = { name: "18", encoding: "", clockHz: 0, parameters: undefined };
  const one = { kind: "audio", port: 1, transport: "RTP/AVP", host: "::1", packetMs: undefined, formats: [format] };
  const media = [
    { ...one, direction: "sendrecv" as const },
    { ...one, host: "h", direction: "inactive" as const },
  ];
  const text = Buffer.from(
    encodeSdp({ ...call, user: "u", sessionId: "1", version: "2", host: "o", media }),
  ).toString();
  expect(text.split("\r\n")).toEqual([
    "v=0",
    "o=u 1 2 IN IP4 o",
    "s=-",
    "c=IN IP6 ::1",
    "t=0 0",
    "m=audio 1 RTP/AVP 18",
    "a=sendrecv",
    "m=audio 1 RTP/AVP 18",
    "c=IN IP4 h",
    "a=inactive",
    "",
  ]);
  expect(Buffer.from(encodeSdp({ ...call, host: "o", media: [] })).toString()).toContain("\r\nc=IN IP4 o\r\n");
});

test("the bounds hold: bytes, media and formats are taken up to them and not beyond", () => {
  const media = (count: number) => faultOf(head + "m=audio 0 RTP/AVP 8\r\n".repeat(count));
  expect([media(mediaLimit), media(mediaLimit + 1)]).toMatchObject([
    undefined,
    { kind: "too-long", limit: mediaLimit },
  ]);
  const formats = (count: number) => faultOf(`${head}m=audio 0 RTP/AVP${" 8".repeat(count)}\r\n`);
  expect([formats(formatLimit), formats(formatLimit + 1)]).toMatchObject([
    undefined,
    { kind: "too-long", limit: formatLimit },
  ]);
  const padded = (size: number) => faultOf(`${head}a=x:${"y".repeat(size - head.length - 4)}`);
  expect([padded(sdpByteLimit), padded(sdpByteLimit + 1)]).toMatchObject([
    undefined,
    { kind: "too-long", limit: sdpByteLimit },
  ]);
  expect(() => encodeSdp({ ...call, user: "x".repeat(sdpByteLimit) })).toThrow("too long");
  const room = sdpByteLimit - encodeSdp({ ...call, user: "" }).length;
  expect(encodeSdp({ ...call, user: "x".repeat(room) })).toHaveLength(sdpByteLimit);
  expect(() => encodeSdp({ ...call, user: "x".repeat(room + 1) })).toThrow("too long");
  for (const wrong of ["x\nv=0", "x\ry", "\r", "\n"])
    expect(() => encodeSdp({ ...call, user: wrong })).toThrow("line break");
});

test("no bytes make the reader throw, nor a description with some of its bytes changed or cut, and what is accepted can be written", () => {
  const spice = fc.constantFrom(..."\r\n =:/ma08cox\u00ff\u0000").map((sign) => sign.charCodeAt(0));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeSdp(bytes)));
  fc.assert(
    fc.property(
      anySession,
      fc.array(fc.tuple(fc.nat(), spice), { maxLength: 4 }),
      fc.nat(),
      (session, changes, cut) => {
        const bytes = encodeSdp(session);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        decodeSdp(bytes.subarray(0, cut % bytes.length));
        const decoded = decodeSdp(bytes);
        // A lone CR is the text's own when read, and breaks a line when written.
        if (decoded.ok && !bytes.some((byte, i) => byte === 0x0d && bytes[i + 1] !== 0x0a)) encodeSdp(decoded.value);
      },
    ),
    { numRuns: 2000 },
  );
});
