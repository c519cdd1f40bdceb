import fc from "fast-check";
import { expect, test } from "vitest";
import { readerOf } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import { anyPacket } from "./arbitraries.ts";
import { packetsLater, type RtpPacket, rtpHeaderLength, rtpPacket, ticksLater } from "./packet.ts";

function written(packet: RtpPacket): Uint8Array {
  const to = new Writer(new Uint8Array(rtpHeaderLength + packet.payload.length));
  rtpPacket.encode(packet, to);
  expect(to.overrun).toBe(false);
  return to.written();
}

function read(...bytes: readonly number[]): ReturnType<typeof rtpPacket.decode> {
  return rtpPacket.decode(readerOf(Uint8Array.from(bytes)));
}

const head = [0x00, 0x12, 0x34, 0x00, 0x00, 0x00, 0xa0, 0xde, 0xad, 0xbe, 0xef] as const;

test("RFC 3550 5.1: the golden first packet of A-law is written byte for byte", () => {
  const packet = {
    payloadType: 8,
    isMarked: true,
    sequence: 0xfffe,
    timestamp: 0x89ab_cdef,
    source: 0xcafe_f00d,
    payload: Uint8Array.of(0xd5, 0x55),
  };
  expect(written(packet)).toEqual(
    new Uint8Array([0x80, 0x88, 0xff, 0xfe, 0x89, 0xab, 0xcd, 0xef, 0xca, 0xfe, 0xf0, 0x0d, 0xd5, 0x55]),
  );
});

test("every packet survives being written and read, and every cut of its header is refused", () => {
  fc.assert(
    fc.property(anyPacket, fc.nat({ max: rtpHeaderLength - 1 }), (packet, cut) => {
      const bytes = written(packet);
      expect(rtpPacket.decode(readerOf(bytes))).toEqual({ ok: true, value: packet });
      expect(rtpPacket.decode(readerOf(bytes.subarray(0, cut)))).toMatchObject({ fault: { kind: "truncated" } });
    }),
  );
});

test("no bytes make the decoder throw, and what it reads is never longer than what it got", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat({ max: 63 }), (bytes, flags) => {
      const second = bytes.slice();
      if (second.length > 0) second[0] = 0x80 | flags;
      for (const tried of [bytes, second]) {
        const result = rtpPacket.decode(readerOf(tried));
        if (result.ok) expect(result.value.payload.length).toBeLessThanOrEqual(tried.length - rtpHeaderLength);
      }
    }),
  );
});

test("contributors, an extension and padding are passed over", () => {
  const contributors = Array.from({ length: 15 * 4 }, (_, at) => at);
  const extension = [0xbe, 0xde, 0, 1, 9, 9, 9, 9];
  expect(read(0xbf, ...head, ...contributors, ...extension, 7, 8, 0, 0, 3)).toMatchObject({
    ok: true,
    value: { payloadType: 0, sequence: 0x1234, timestamp: 160, source: 0xdead_beef, payload: Uint8Array.of(7, 8) },
  });
});

test("a list of contributors or an extension that is cut off is refused", () => {
  expect(read(0x81, ...head, 0, 0, 0)).toMatchObject({ fault: { kind: "truncated" } });
  expect(read(0x90, ...head, 0, 0, 0, 1, 9, 9, 9)).toMatchObject({ fault: { kind: "truncated" } });
  expect(read(0x90, ...head, 0, 0, 0)).toMatchObject({ fault: { kind: "truncated" } });
});

test("padding that counts nothing, or more than there is, is refused; padding alone is an empty payload", () => {
  const fault = { fault: { kind: "malformed", at: 12, what: "padding of an RTP packet" } };
  expect(read(0xa0, ...head)).toMatchObject(fault);
  expect(read(0xa0, ...head, 5, 0)).toMatchObject(fault);
  expect(read(0xa0, ...head, 5, 3)).toMatchObject(fault);
  expect(read(0xa0, ...head, 5, 2)).toMatchObject({ ok: true, value: { payload: new Uint8Array(0) } });
});

test("only version 2 is RTP", () => {
  for (const version of [0, 1, 3])
    expect(read(version << 6, ...head)).toMatchObject({
      fault: { kind: "unknown-value", at: 0, field: "version of RTP", value: version },
    });
});

test("a packet longer than the room for it is not written whole, and the writer knows", () => {
  const to = new Writer(new Uint8Array(rtpHeaderLength + 1));
  rtpPacket.encode(
    { payloadType: 8, isMarked: false, sequence: 0, timestamp: 0, source: 0, payload: new Uint8Array(2) },
    to,
  );
  expect(to.overrun).toBe(true);
});

test("sequence and timestamp are compared over their turns", () => {
  expect(packetsLater(2, 65534)).toBe(4);
  expect(packetsLater(65534, 2)).toBe(-4);
  expect(ticksLater(80, 0xffff_ffb0)).toBe(160);
  expect(ticksLater(0xffff_ffb0, 80)).toBe(-160);
  fc.assert(
    fc.property(fc.nat({ max: 65535 }), fc.integer({ min: -32768, max: 32767 }), (from, step) => {
      expect(packetsLater((from + step) & 0xffff, from)).toBe(step);
    }),
  );
});
