import { expect, test } from "vitest";
import { CallSession, offerByteLimit } from "./call-session.ts";
import { sdp } from "./call-test-messages.ts";

const at = { host: "198.51.100.23", port: 40_002 };

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : String.fromCharCode(...bytes);
}

test("RFC 3264 8: the version goes up with each description that differs, and only then", () => {
  const session = new CallSession("77");
  session.hearAt(at);
  expect(textOf(session.offer())).toContain("o=- 77 0 IN");
  expect(textOf(session.offer())).toContain("o=- 77 0 IN");
  expect(textOf(session.answer(sdp()))).toContain("o=- 77 1 IN");
  expect(textOf(session.repeated())).toContain("o=- 77 1 IN");
  session.hearAt({ host: at.host, port: 40_004 });
  expect(textOf(session.answer(sdp()))).toContain("o=- 77 2 IN");
});

test("what fits not changes nothing that was agreed", () => {
  const session = new CallSession("77");
  session.answer(sdp());
  const before = session.agreed;
  expect(session.answer(sdp(["c=IN IP4 203.0.113.9", "m=audio 30000 RTP/AVP 18"]))).toBe(undefined);
  expect(session.settle(sdp(["c=IN IP4 203.0.113.9", "m=audio 0 RTP/AVP 8"]))).toBe(false);
  expect(session.settle(new Uint8Array(3))).toBe(false);
  expect(session.agreed).toBe(before);
});

test("an offer is read up to its bound, where a byte that is no ASCII counts three", () => {
  const padded = (length: number, byte: number) => {
    const whole = new Uint8Array(length).fill(byte);
    whole.set(sdp());
    whole.set([0x0d, 0x0a, 0x69, 0x3d], sdp().length);
    return whole;
  };
  const session = new CallSession("77");
  expect(session.answer(padded(offerByteLimit, 0x78))).not.toBe(undefined);
  expect(session.answer(padded(offerByteLimit + 1, 0x78))).toBe(undefined);
  expect(session.answer(padded(Math.floor(offerByteLimit / 2), 0xff))).toBe(undefined);
});
