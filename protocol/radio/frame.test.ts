import fc from "fast-check";
import { expect, test } from "vitest";
import { Writer } from "../bytes/writer.ts";
import { bad, faultText } from "../result.ts";
import { airTimeUs } from "./airtime.ts";
import { anyAddress, anyCounter, anyKey, anyMessage, nobleAes } from "./arbitraries.ts";
import type { Message } from "./frame.ts";
import { decodeHeader, frameLimit, headerLength, openFrame, sealFrame, tagLength } from "./frame.ts";
import { seal } from "./sealing.ts";

const key = new Uint8Array(16).map((_, index) => index);

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

test("every message comes back from its frame, which is at most 24 bytes long", () => {
  fc.assert(
    fc.property(anyKey, anyAddress, anyCounter, anyMessage, (anyKeyBytes, address, counter, message) => {
      const cipher = nobleAes(anyKeyBytes);
      const bytes = sealFrame(cipher, address, counter, message);
      expect(bytes.length).toBeLessThanOrEqual(frameLimit);
      expect(openFrame(cipher, bytes)).toEqual({ ok: true, value: { address, counter, message } });
    }),
  );
});

test("every proper beginning of a frame, and a frame with a byte more, is refused", () => {
  const cipher = nobleAes(key);
  fc.assert(
    fc.property(anyAddress, anyCounter, anyMessage, (address, counter, message) => {
      const bytes = sealFrame(cipher, address, counter, message);
      for (let length = 0; length < bytes.length; length++) {
        expect(openFrame(cipher, bytes.subarray(0, length)).ok).toBe(false);
      }
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes);
      expect(openFrame(cipher, longer).ok).toBe(false);
    }),
  );
});

test("no bytes make a decoder throw, and none but sealed ones are opened", () => {
  const cipher = nobleAes(key);
  const anyBytes = fc.uint8Array({ maxLength: 40 });
  const knownType = fc
    .tuple(fc.constantFrom(0x21, 0x22, 0x23, 0xa1, 0xa3), fc.uint8Array({ minLength: 16, maxLength: 23 }))
    .map(([code, rest]) => new Uint8Array([code, ...rest]));
  fc.assert(
    fc.property(fc.oneof(anyBytes, knownType), (bytes) => {
      decodeHeader(bytes);
      expect(openFrame(cipher, bytes).ok).toBe(false);
    }),
  );
});

test("a frame sealed under another key, for another address or changed in one bit is not authentic", () => {
  fc.assert(
    fc.property(anyAddress, anyCounter, anyMessage, fc.nat(), fc.nat(7), (address, counter, message, at, bit) => {
      const bytes = sealFrame(nobleAes(key), address, counter, message);
      const other = openFrame(nobleAes(new Uint8Array(16)), bytes);
      expect(other).toMatchObject({ ok: false, fault: { kind: "not-authentic" } });
      const index = at % bytes.length;
      bytes[index] = (bytes[index] as number) ^ (1 << bit);
      expect(openFrame(nobleAes(key), bytes).ok).toBe(false);
    }),
  );
});

test("an authentic payload with a value no table lists is refused: it comes from a later version", () => {
  const cipher = nobleAes(key);
  const withPayload = (code: number, payload: readonly number[], counter = 7): Uint8Array => {
    const bytes = new Uint8Array(headerLength + payload.length + tagLength);
    const to = new Writer(bytes);
    to.u8(code);
    to.u32(5);
    to.u32(counter);
    const nonce = new Uint8Array(13);
    const nonceTo = new Writer(nonce);
    nonceTo.u8(code >= 0x80 ? 1 : 0);
    nonceTo.u32(5);
    nonceTo.u32(counter);
    to.put(seal(cipher, nonce, bytes.subarray(0, headerLength), new Uint8Array(payload), tagLength));
    return bytes;
  };
  const faultOf = (bytes: Uint8Array): string => {
    const frame = openFrame(cipher, bytes);
    return frame.ok ? "none" : faultText(frame.fault);
  };
  expect(faultOf(withPayload(0x21, [0, 0, 0, 0, 140, 1, 0]))).toBe("none");
  expect(faultOf(withPayload(0x21, [0, 0, 0, 0, 140, 1, 3]))).toBe("reason has the unknown value 3 at byte 15");
  expect(faultOf(withPayload(0x21, [0, 0, 0, 0, 140, 0, 0]))).toBe("presses has the unknown value 0 at byte 14");
  expect(faultOf(withPayload(0x21, [0, 0, 0, 0, 140, 1, 0x30]))).toBe("form has the unknown value 3 at byte 15");
  expect(faultOf(withPayload(0x21, [0, 0, 0, 0, 140, 1]))).toBe("the message ends too early at byte 15");
  expect(faultOf(withPayload(0x21, [0, 0, 0, 0, 140, 1, 0], 0))).toBe("counter has the unknown value 0 at byte 5");
  expect(faultOf(withPayload(0x22, [0, 140, 0, 0, 0, 0]))).toBe("the message ends too early at byte 15");
  expect(faultOf(withPayload(0x22, [4, 140, 0, 0, 0, 0, 0]))).toBe("kind has the unknown value 4 at byte 9");
  expect(faultOf(withPayload(0x22, [0x30, 140, 0, 0, 0, 0, 0]))).toBe("form has the unknown value 3 at byte 9");
  expect(faultOf(withPayload(0x23, [0, 0, 0, 1, 140]))).toBe("the message ends too early at byte 14");
  expect(faultOf(withPayload(0x23, [0, 0, 0, 1, 140, 1]))).toBe("detail has the unknown value 1 at byte 14");
  expect(faultOf(withPayload(0x23, [0, 0, 0, 1, 140, 0x30]))).toBe("form has the unknown value 3 at byte 14");
  expect(faultOf(withPayload(0x23, [0, 0, 0, 1, 140, 0, 0]))).toBe("bytes after the message at byte 15");
  expect(faultOf(withPayload(0xa1, [0, 0, 0, 1, 3]))).toBe("step has the unknown value 3 at byte 13");
  expect(faultOf(withPayload(0xa3, [0, 0, 0, 1]))).toBe("the message ends too early at byte 13");
  expect(faultOf(withPayload(0x24, [0]))).toBe("type has the unknown value 36 at byte 0");
});

test("a frame whose tag does not fit, or that is shorter or longer than any, is refused at its byte", () => {
  const cipher = nobleAes(key);
  const bytes = sealFrame(cipher, 1, 1, { type: "acknowledge", acknowledge: { name: 1, step: "received" } });
  bytes[21] = (bytes[21] as number) ^ 1;
  const refused = (frame: Uint8Array): unknown => openFrame(cipher, frame);
  expect(refused(bytes)).toEqual(bad({ kind: "not-authentic", at: 14, what: "the tag" }));
  expect(refused(bytes.subarray(0, 16))).toEqual(bad({ kind: "truncated", at: 16 }));
  expect(refused(bytes.subarray(0, 17))).toMatchObject({ fault: { kind: "not-authentic", at: 9 } });
  expect(refused(new Uint8Array(25))).toEqual(bad({ kind: "too-long", at: 24, what: "the frame", limit: 24 }));
  const header = { code: 0xa1, address: 1, counter: 1 };
  expect(decodeHeader(bytes)).toEqual({ ok: true, value: header });
});

const golden: readonly (readonly [string, number, Message, string])[] = [
  [
    "press",
    16909060,
    {
      type: "press",
      press: { nameDistance: 5, ageS: 258, batteryMv: 2980, presses: 2, reason: "fall", low: true, form: "neck" },
    },
    "21c0ffee01010203048543f1db23713568dcf9036b1e1ce1",
  ],
  [
    "report",
    2,
    {
      type: "report",
      report: {
        kind: "battery-low",
        batteryMv: 2560,
        low: true,
        form: "wrist",
        temperatureC: -5,
        versionMajor: 1,
        versionMinor: 12,
        pressCount: 513,
      },
    },
    "22c0ffee0100000002f5ebe83b0294b78187b6f2e2d03dd0",
  ],
  [
    "status request",
    3,
    { type: "status-request", request: { name: 4294967294, batteryMv: 3000, low: false, form: "wall" } },
    "23c0ffee01000000036b45010725680c3aa4e71c212408",
  ],
  [
    "acknowledge",
    4294967295,
    { type: "acknowledge", acknowledge: { name: 16909060, step: "received" } },
    "a1c0ffee01ffffffff4af65c28860678d4c86db93d9c",
  ],
  [
    "status",
    5,
    { type: "status", status: { name: 16909060, step: "accepted" } },
    "a3c0ffee010000000544c5c31d8783565d6731fcd4af",
  ],
];

test.each(golden)("the golden bytes of a %s hold", (_, counter, message, hex) => {
  const bytes = sealFrame(nobleAes(key), 0xc0ffee01, counter, message);
  expect(hexOf(bytes)).toBe(hex);
});

test("a frame beyond its bounds is a mistake of ours and throws", () => {
  const message: Message = { type: "acknowledge", acknowledge: { name: 1, step: "received" } };
  expect(() => sealFrame(nobleAes(key), 1, 0, message)).toThrow("beyond its bounds");
  expect(() => sealFrame(nobleAes(key), 1, 0x100000000, message)).toThrow("beyond its bounds");
});

test("a frame of 24 bytes lasts 32.5 ms on the air, one of 40 bytes 45.8 ms, so that 110 of the first fit into 3.6 s", () => {
  expect(airTimeUs(24)).toBe(32_500);
  expect(airTimeUs(40)).toBe(45_834);
  expect(Math.floor(3_600_000 / airTimeUs(frameLimit))).toBe(110);
});
