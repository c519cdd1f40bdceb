import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../text/utf8.ts";
import type { AgreedAudio, AudioEnd } from "./offer.ts";
import { answerOffer, offerOf, settle } from "./offer.ts";
import type { Direction, Media, SessionDescription } from "./sdp.ts";
import { decodeSdp, encodeSdp } from "./sdp.ts";

const unit: AudioEnd = { host: "198.51.100.23", port: 4000, sessionId: "7", version: "1" };
const receiver: AudioEnd = { host: "203.0.113.9", port: 5000, sessionId: "9", version: "3" };

function read(lines: readonly string[]): SessionDescription {
  const decoded = decodeSdp(ascii(lines.join("\r\n") + "\r\n"));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.fault));
  return decoded.value;
}

function written(session: SessionDescription): string[] {
  return Array.from(encodeSdp(session), (byte) => String.fromCharCode(byte))
    .join("")
    .split("\r\n");
}

function answered(offer: SessionDescription): { answer: SessionDescription; agreed: AgreedAudio } {
  const result = answerOffer(offer, unit);
  if (!result.ok) throw new Error(JSON.stringify(result.fault));
  return result.value;
}

function agreedBy(answer: SessionDescription): AgreedAudio {
  const result = settle(answer);
  if (!result.ok) throw new Error(JSON.stringify(result.fault));
  return result.value;
}

const head = ["v=0", "o=- 1 1 IN IP4 203.0.113.9", "s=-", "c=IN IP4 203.0.113.9", "t=0 0"];
const audioOffer = (...lines: string[]) => read(head.concat(lines));

test("RFC 4317 2.1: the example's offer of audio and video is answered with its own law, and the video refused", () => {
  const offer = read([
    "v=0",
    "o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com",
    "s=",
    "c=IN IP4 host.atlanta.example.com",
    "t=0 0",
    "m=audio 49170 RTP/AVP 0 8 97",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:97 iLBC/8000",
    "m=video 51372 RTP/AVP 31 32",
    "a=rtpmap:31 H261/90000",
    "a=rtpmap:32 MPV/90000",
  ]);
  expect(written(answered(offer).answer)).toEqual([
    "v=0",
    "o=- 7 1 IN IP4 198.51.100.23",
    "s=-",
    "c=IN IP4 198.51.100.23",
    "t=0 0",
    "m=audio 4000 RTP/AVP 0",
    "a=rtpmap:0 PCMU/8000",
    "a=ptime:20",
    "a=sendrecv",
    "m=video 0 RTP/AVP 31",
    "a=inactive",
    "",
  ]);
});

test("our offer and our answer to it settle on A-law, events and both directions, each end with the other's address", () => {
  const offer = offerOf(receiver);
  const { answer, agreed } = answered(offer);
  const common = { encoding: "PCMA", payloadType: 8, eventPayloadType: 101, direction: "sendrecv", packetMs: 20 };
  expect(agreed).toEqual({ ...common, host: "203.0.113.9", port: 5000 });
  expect(agreedBy(answer)).toEqual({ ...common, host: "198.51.100.23", port: 4000 });
  expect(written(offer).slice(5)).toEqual([
    "m=audio 5000 RTP/AVP 8 0 101",
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-11",
    "a=ptime:20",
    "a=sendrecv",
    "",
  ]);
});

test("the offerer's order and numbers are kept, also where a law has a number of its own", () => {
  const { answer, agreed } = answered(
    audioOffer(
      "m=audio 6000 RTP/AVP 18 96 8 100",
      "a=rtpmap:96 pcmu/8000",
      "a=rtpmap:100 Telephone-Event/8000",
      "a=fmtp:100 0-16",
      "a=ptime:30",
    ),
  );
  expect(agreed).toMatchObject({ encoding: "PCMU", payloadType: 96, eventPayloadType: 100, packetMs: 30 });
  expect(answer.media[0]?.formats.map((format) => format.name)).toEqual(["96", "100"]);
  expect(answer.media[0]?.formats[1]?.parameters).toBe("0-11");
});

test("events of another clock than the sound's, and laws of another clock, are not ours", () => {
  const offer = audioOffer(
    "m=audio 6000 RTP/AVP 97 8 98",
    "a=rtpmap:97 PCMA/16000",
    "a=rtpmap:98 telephone-event/16000",
  );
  expect(answered(offer).agreed).toMatchObject({ payloadType: 8, eventPayloadType: undefined });
});

test.each<[Direction, Direction]>([
  ["sendrecv", "sendrecv"],
  ["sendonly", "recvonly"],
  ["recvonly", "sendonly"],
  ["inactive", "inactive"],
])("RFC 3264 6.1: an offer that is %s is answered %s, and the offerer sees its own again", (offered, ours) => {
  const { answer, agreed } = answered(audioOffer("m=audio 6000 RTP/AVP 8", "a=" + offered));
  expect([answer.media[0]?.direction, agreed.direction, agreedBy(answer).direction]).toEqual([ours, ours, offered]);
});

test("RFC 3264 8.4: nothing is sent to 0.0.0.0, yet what comes from there is heard", () => {
  const hold = (direction: Direction) =>
    answered(audioOffer("m=audio 6000 RTP/AVP 8", "c=IN IP4 0.0.0.0", "a=" + direction)).agreed.direction;
  expect([hold("sendrecv"), hold("sendonly"), hold("recvonly"), hold("inactive")]).toEqual([
    "recvonly",
    "recvonly",
    "inactive",
    "inactive",
  ]);
});

test("of two audio streams the first that we can carry is taken", () => {
  const { answer, agreed } = answered(
    audioOffer("m=audio 0 RTP/AVP 8", "m=audio 6000 RTP/SAVP 8", "m=audio 6002 RTP/AVP 0", "m=audio 6004 RTP/AVP 8"),
  );
  expect(answer.media.map((media) => media.port)).toEqual([0, 0, 4000, 0]);
  expect(agreed.port).toBe(6002);
});

test("an offer without a stream that we can carry has no answer", () => {
  for (const line of [
    "m=video 6000 RTP/AVP 8",
    "m=audio 0 RTP/AVP 8",
    "m=audio 6000 RTP/AVP 18 101",
    "m=audio 6000 x 8",
  ])
    expect(answerOffer(audioOffer(line), unit), line).toMatchObject({ ok: false, fault: { kind: "missing" } });
  expect(answerOffer(audioOffer(), unit)).toMatchObject({ ok: false });
});

test("an answer that refuses the stream, has none or has more than were offered settles nothing", () => {
  expect(settle(audioOffer("m=audio 0 RTP/AVP 8"))).toMatchObject({ ok: false, fault: { kind: "missing" } });
  expect(settle(audioOffer())).toMatchObject({ ok: false, fault: { kind: "malformed" } });
  expect(settle(audioOffer("m=audio 1 RTP/AVP 8", "m=audio 2 RTP/AVP 8"))).toMatchObject({ ok: false });
});

const anyOffered: fc.Arbitrary<Media> = fc.record({
  kind: fc.constantFrom("audio", "audio", "video"),
  port: fc.constantFrom(0, 6000),
  transport: fc.constantFrom("RTP/AVP", "RTP/AVP", "RTP/SAVP"),
  host: fc.constantFrom("203.0.113.9", "0.0.0.0", "2001:db8::1"),
  direction: fc.constantFrom("sendrecv", "sendonly", "recvonly", "inactive"),
  formats: fc.uniqueArray(
    fc.record({
      name: fc.integer({ min: 96, max: 127 }).map(String),
      encoding: fc.constantFrom("PCMA", "PCMU", "telephone-event", "iLBC"),
      clockHz: fc.constantFrom(8000, 8000, 16000),
      parameters: fc.constant(undefined),
    }),
    { minLength: 1, maxLength: 4, selector: (format) => format.name },
  ),
  packetMs: fc.constantFrom(undefined, 30),
});

test("every answer has the offer's streams in the offer's order, takes at most one, and names no number that was not offered", () => {
  fc.assert(
    fc.property(fc.array(anyOffered, { maxLength: 4 }), (media) => {
      const offer: SessionDescription = { user: "-", sessionId: "1", version: "1", host: "h", time: "0 0", media };
      const result = answerOffer(offer, unit);
      if (!result.ok) return;
      const { answer } = result.value;
      expect(answer.media.map((one) => [one.kind, one.transport])).toEqual(
        media.map((one) => [one.kind, one.transport]),
      );
      expect(answer.media.filter((one) => one.port !== 0).length).toBe(1);
      for (const [i, one] of answer.media.entries()) {
        if (one.port !== 0) expect(media[i]?.port).not.toBe(0);
        for (const format of one.formats) expect(media[i]?.formats.map((theirs) => theirs.name)).toContain(format.name);
      }
      expect(decodeSdp(encodeSdp(answer))).toEqual({ ok: true, value: answer });
    }),
    { numRuns: 500 },
  );
});
