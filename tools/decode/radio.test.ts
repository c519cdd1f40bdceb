import fc from "fast-check";
import { expect, test } from "vitest";
import { anyAddress, anyCounter, anyMessage } from "../../protocol/radio/arbitraries.ts";
import { sealFrame } from "../../protocol/radio/frame.ts";
import { encodePairingConfirm, encodePairingOffer, encodePairingRequest } from "../../protocol/radio/pairing.ts";
import { seal } from "../../protocol/radio/sealing.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import { reportRadio } from "./radio.ts";

const key = new Uint8Array(16).map((_, index) => index);
const other = new Uint8Array(16);
const press = {
  nameDistance: 2,
  ageS: 5,
  batteryMv: 2900,
  presses: 1,
  reason: "call",
  low: false,
  form: "wrist",
} as const;
const frame = sealFrame(aesBlock(key), 0x04a1c77e, 19, { type: "press", press });

test("without the key a frame shows what is in the open, with it also the message", () => {
  expect(reportRadio(frame, undefined)).toMatchObject({
    ok: true,
    value: { values: { type: "press", direction: "button-to-unit", address: 0x04a1c77e, counter: 19, proven: false } },
  });
  const report = reportRadio(frame, key);
  expect(report).toMatchObject({ ok: true, value: { values: { type: "press", proven: true, message: press } } });
  expect(report.ok && report.value.lines.map(({ at }) => at).filter((at) => at !== undefined)).toEqual([
    0, 1, 5, 9, 16,
  ]);
});

test("every message is shown as it was sealed", () => {
  fc.assert(
    fc.property(anyAddress, anyCounter, anyMessage, (address, counter, message) => {
      const report = reportRadio(sealFrame(aesBlock(key), address, counter, message), key);
      const { type, ...content } = message;
      expect(report).toMatchObject({
        ok: true,
        value: { values: { type, address, counter, message: Object.values(content)[0] } },
      });
    }),
  );
});

test("faults name their byte of the frame: the tag under another key, the field inside the payload", () => {
  expect(reportRadio(frame, other)).toMatchObject({ ok: false, fault: { kind: "not-authentic", at: 16 } });
  expect(reportRadio(frame.subarray(0, 10), key)).toMatchObject({ ok: false, fault: { kind: "truncated", at: 10 } });
  expect(reportRadio(new Uint8Array(25).fill(0x21), key)).toMatchObject({
    ok: false,
    fault: { kind: "too-long", at: 24 },
  });
  expect(reportRadio(new Uint8Array([0x77, ...frame.subarray(1)]), key)).toMatchObject({
    ok: false,
    fault: { field: "type", at: 0 },
  });
  expect(reportRadio(sealedPress([0, 0, 0, 0, 145, 0, 0]), key)).toMatchObject({
    ok: false,
    fault: { field: "presses", at: 14 },
  });
  expect(reportRadio(sealedPress([0, 0, 0, 0, 145, 1, 0, 0]), key)).toMatchObject({ ok: false });
});

/** A frame whose tag is right whatever its payload says. */
function sealedPress(payload: readonly number[]): Uint8Array {
  const header = frame.subarray(0, 9);
  const nonce = new Uint8Array(13);
  nonce.set(header.subarray(1), 1);
  return new Uint8Array([...header, ...seal(aesBlock(key), nonce, header, new Uint8Array(payload), 8)]);
}

test("of pairing frames the request can be proven alone; offer and confirm show what is in the open", () => {
  const talk = {
    address: 7,
    buttonRandom: new Uint8Array(8).fill(1),
    unitRandom: new Uint8Array(8).fill(2),
    person: 3,
  };
  const request = encodePairingRequest(aesBlock(key), 7, talk.buttonRandom);
  expect(reportRadio(request, key)).toMatchObject({
    ok: true,
    value: { values: { type: "pairing-request", address: 7, random: "0101010101010101", proven: true } },
  });
  expect(reportRadio(request, undefined)).toMatchObject({ ok: true, value: { values: { proven: false } } });
  expect(reportRadio(request, other)).toMatchObject({ ok: false, fault: { kind: "not-authentic" } });
  expect(reportRadio(encodePairingOffer(aesBlock(key), talk), key)).toMatchObject({
    ok: true,
    value: { values: { type: "pairing-offer", random: "0202020202020202", person: 3, proven: false } },
  });
  expect(reportRadio(encodePairingConfirm(aesBlock(key), talk), key)).toMatchObject({
    ok: true,
    value: { values: { type: "pairing-confirm", proven: false } },
  });
});

test("no bytes make it throw", () => {
  const anyFrame = fc
    .tuple(fc.constantFrom(0x21, 0xa1, 0x31, 0xb1, 0x32, 0x99), fc.uint8Array({ maxLength: 30 }))
    .map(([code, rest]) => new Uint8Array([code, ...rest]));
  fc.assert(
    fc.property(fc.oneof(anyFrame, fc.uint8Array({ maxLength: 30 })), fc.boolean(), (bytes, withKey) => {
      reportRadio(bytes, withKey ? key : undefined);
    }),
  );
});
