import { cmac as nobleCmac } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { anyAddress, anyKey, nobleAes } from "./arbitraries.ts";
import { cmac } from "./cmac.ts";
import type { PairingTalk } from "./pairing.ts";
import {
  decodePairingHeader,
  encodePairingCancel,
  encodePairingConfirm,
  encodePairingOffer,
  encodePairingReject,
  encodePairingRequest,
  openPairingCancel,
  openPairingConfirm,
  openPairingOffer,
  openPairingReject,
  openPairingRequest,
  pairKey,
  rejectReasons,
} from "./pairing.ts";

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

const rfc4493Message =
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
  "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

test.each([
  [0, "bb1d6929e95937287fa37d129b756746"],
  [16, "070a16b46b4d4144f79bdd9dd04a287c"],
  [40, "dfa66747de9ae63030ca32611497c827"],
  [64, "51f0bebf7e3b9d92fc49741779363cfe"],
])("the CMAC of %i bytes is the one that RFC 4493 publishes", (length, expected) => {
  const cipher = nobleAes(bytesOf("2b7e151628aed2a6abf7158809cf4f3c"));
  expect(hexOf(cmac(cipher, bytesOf(rfc4493Message).subarray(0, length)))).toBe(expected);
});

test("the CMAC of any bytes is the one that a kept library makes", () => {
  fc.assert(
    fc.property(anyKey, fc.uint8Array({ maxLength: 70 }), (key, message) => {
      expect(hexOf(cmac(nobleAes(key), message))).toBe(hexOf(nobleCmac(message, key)));
    }),
  );
});

const anyRandom = fc.uint8Array({ minLength: 8, maxLength: 8 });
const anyTalk: fc.Arbitrary<PairingTalk> = fc.record({
  address: anyAddress,
  buttonRandom: anyRandom,
  unitRandom: anyRandom,
  person: fc.integer({ min: 1, max: 255 }),
});

test("both sides that know the factory key end with the same pair key, in frames of at most 24 bytes", () => {
  fc.assert(
    fc.property(anyKey, anyTalk, (key, talk) => {
      const factory = nobleAes(key);
      const request = encodePairingRequest(factory, talk.address, talk.buttonRandom);
      expect(openPairingRequest(factory, request)).toEqual({ ok: true, value: talk.buttonRandom });
      const offer = encodePairingOffer(factory, talk);
      expect(openPairingOffer(factory, talk.buttonRandom, offer)).toEqual({ ok: true, value: talk });
      const confirm = encodePairingConfirm(factory, talk);
      expect(openPairingConfirm(factory, talk, confirm)).toEqual({ ok: true, value: talk });
      for (const bytes of [request, offer, confirm]) {
        expect(bytes.length).toBeLessThanOrEqual(24);
        expect(decodePairingHeader(bytes)).toMatchObject({ ok: true, value: { address: talk.address } });
      }
      expect(pairKey(factory, talk).length).toBe(16);
    }),
  );
});

test("one changed bit, another factory key or the random bytes of another exchange end the pairing", () => {
  fc.assert(
    fc.property(anyKey, anyTalk, anyRandom, fc.nat(), fc.nat(7), (key, talk, otherRandom, at, bit) => {
      fc.pre(hexOf(otherRandom) !== hexOf(talk.buttonRandom));
      const factory = nobleAes(key);
      const stranger = nobleAes(key.map((byte) => byte ^ 1));
      const other: PairingTalk = { ...talk, buttonRandom: otherRandom };
      const open: readonly [Uint8Array, (by: typeof factory, bytes: Uint8Array) => Result<unknown>][] = [
        [encodePairingRequest(factory, talk.address, talk.buttonRandom), openPairingRequest],
        [encodePairingOffer(factory, talk), (by, bytes) => openPairingOffer(by, talk.buttonRandom, bytes)],
        [encodePairingConfirm(factory, talk), (by, bytes) => openPairingConfirm(by, talk, bytes)],
        [encodePairingCancel(factory, talk), (by, bytes) => openPairingCancel(by, talk, bytes)],
        [
          encodePairingReject(factory, talk.address, talk.buttonRandom, "stopped"),
          (by, bytes) => openPairingReject(by, talk.buttonRandom, bytes),
        ],
      ];
      for (const [bytes, opens] of open) {
        expect(opens(factory, bytes).ok).toBe(true);
        expect(opens(stranger, bytes)).toMatchObject({ ok: false, fault: { kind: "not-authentic" } });
        for (let length = 0; length < bytes.length; length++)
          expect(opens(factory, bytes.subarray(0, length)).ok).toBe(false);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] as number) ^ (1 << bit);
        expect(opens(factory, bytes).ok).toBe(false);
      }
      expect(openPairingOffer(factory, otherRandom, encodePairingOffer(factory, talk)).ok).toBe(false);
      expect(openPairingConfirm(factory, other, encodePairingConfirm(factory, talk)).ok).toBe(false);
      expect(openPairingCancel(factory, other, encodePairingCancel(factory, talk)).ok).toBe(false);
      const reject = encodePairingReject(factory, talk.address, talk.buttonRandom, "no-place");
      expect(openPairingReject(factory, otherRandom, reject).ok).toBe(false);
      expect(hexOf(pairKey(factory, other))).not.toBe(hexOf(pairKey(factory, talk)));
    }),
  );
});

test("no bytes make a decoder throw", () => {
  const factory = nobleAes(new Uint8Array(16));
  const talk: PairingTalk = { address: 1, buttonRandom: new Uint8Array(8), unitRandom: new Uint8Array(8), person: 1 };
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(0x31, 0xb1, 0x32, 0xb2, 0x33, 0x77),
      (bytes, code) => {
        if (bytes.length > 0) bytes[0] = code;
        expect(openPairingRequest(factory, bytes).ok).toBe(false);
        expect(openPairingOffer(factory, talk.buttonRandom, bytes).ok).toBe(false);
        expect(openPairingConfirm(factory, talk, bytes).ok).toBe(false);
        expect(openPairingCancel(factory, talk, bytes).ok).toBe(false);
        expect(openPairingReject(factory, talk.buttonRandom, bytes).ok).toBe(false);
      },
    ),
  );
});

test("the golden bytes of an exchange hold", () => {
  const factory = nobleAes(new Uint8Array(16).map((_, index) => index));
  const talk: PairingTalk = {
    address: 0xc0ffee01,
    buttonRandom: new Uint8Array(8).fill(0xaa),
    unitRandom: new Uint8Array(8).fill(0x55),
    person: 2,
  };
  expect(hexOf(encodePairingRequest(factory, talk.address, talk.buttonRandom))).toBe(
    "31c0ffee01aaaaaaaaaaaaaaaae180f35c2860c708",
  );
  expect(hexOf(encodePairingOffer(factory, talk))).toBe("b1c0ffee01555555555555555502ee10ad5f5c5f54f2");
  expect(hexOf(encodePairingConfirm(factory, talk))).toBe("32c0ffee0187011943f00ca803");
  expect(hexOf(pairKey(factory, talk))).toBe("cb7a75308d4a8e0f176f2b6c69bd1432");
});

test("an offer without a person slot is refused", () => {
  const factory = nobleAes(new Uint8Array(16));
  const talk: PairingTalk = { address: 1, buttonRandom: new Uint8Array(8), unitRandom: new Uint8Array(8), person: 0 };
  expect(openPairingOffer(factory, talk.buttonRandom, encodePairingOffer(factory, talk))).toMatchObject({
    ok: false,
    fault: { kind: "unknown-value", at: 13, field: "person", value: 0 },
  });
});

test("a confirm is no cancel and a cancel no confirm, though one proof has the other's length", () => {
  fc.assert(
    fc.property(anyKey, anyTalk, (key, talk) => {
      const factory = nobleAes(key);
      const confirm = encodePairingConfirm(factory, talk);
      const cancel = encodePairingCancel(factory, talk);
      expect(openPairingCancel(factory, talk, cancel)).toEqual({ ok: true, value: talk });
      expect(openPairingConfirm(factory, talk, cancel)).toMatchObject({ ok: false, fault: { field: "type" } });
      confirm[0] = cancel[0] as number;
      expect(openPairingCancel(factory, talk, confirm)).toMatchObject({ ok: false, fault: { kind: "not-authentic" } });
    }),
  );
});

test("what is too short, too long, of no type or without its proof is refused at its byte", () => {
  const factory = nobleAes(new Uint8Array(16));
  const lengths = { 49: 21, 177: 22, 50: 13, 51: 13, 178: 14 };
  for (const [code, length] of Object.entries(lengths)) {
    const frame = (count: number): Uint8Array => {
      const bytes = new Uint8Array(count);
      bytes[0] = Number(code);
      return bytes;
    };
    for (const short of [1, 4, 5, length - 1])
      expect(decodePairingHeader(frame(short))).toEqual(bad({ kind: "truncated", at: short }));
    expect(decodePairingHeader(frame(length))).toEqual(ok({ code: Number(code), address: 0 }));
    const long = bad({ kind: "too-long", at: length, what: "the frame", limit: length });
    expect(decodePairingHeader(frame(length + 1))).toEqual(long);
  }
  expect(decodePairingHeader(new Uint8Array(0))).toEqual(bad({ kind: "truncated", at: 0 }));
  const stranger = new Uint8Array(13).fill(0x77);
  expect(decodePairingHeader(stranger)).toEqual(bad({ kind: "unknown-value", at: 0, field: "type", value: 0x77 }));
  const request = encodePairingRequest(factory, 1, new Uint8Array(8));
  request[20] = (request[20] as number) ^ 1;
  const forged = bad({ kind: "not-authentic", at: 13, what: "the proof" });
  expect(openPairingRequest(factory, request)).toEqual(forged);
});

test("each message of a talk is taken by its own reader alone", () => {
  fc.assert(
    fc.property(anyKey, anyTalk, (key, talk) => {
      const factory = nobleAes(key);
      const readers: readonly ((bytes: Uint8Array) => Result<unknown>)[] = [
        (bytes) => openPairingRequest(factory, bytes),
        (bytes) => openPairingOffer(factory, talk.buttonRandom, bytes),
        (bytes) => openPairingConfirm(factory, talk, bytes),
        (bytes) => openPairingCancel(factory, talk, bytes),
        (bytes) => openPairingReject(factory, talk.buttonRandom, bytes),
      ];
      const messages = [
        encodePairingRequest(factory, talk.address, talk.buttonRandom),
        encodePairingOffer(factory, talk),
        encodePairingConfirm(factory, talk),
        encodePairingCancel(factory, talk),
        encodePairingReject(factory, talk.address, talk.buttonRandom, "stopped"),
      ];
      for (const [own, reader] of readers.entries())
        for (const [index, bytes] of messages.entries()) {
          const opened = reader(bytes);
          if (index === own) expect(opened.ok).toBe(true);
          else expect(opened).toEqual(bad({ kind: "unknown-value", at: 0, field: "type", value: bytes[0] as number }));
        }
    }),
  );
});

test("a reject tells its reason in 14 bytes, and one from a later version is refused", () => {
  const random = new Uint8Array(8).fill(0xaa);
  const factory = nobleAes(new Uint8Array(16).map((_, index) => index));
  for (const reason of rejectReasons) {
    const bytes = encodePairingReject(factory, 0xc0ffee01, random, reason);
    expect(bytes.length).toBe(14);
    expect(decodePairingHeader(bytes)).toEqual({ ok: true, value: { code: 0xb2, address: 0xc0ffee01 } });
    expect(openPairingReject(factory, random, bytes)).toEqual({ ok: true, value: reason });
  }
  const message = bytesOf("b2c0ffee01aaaaaaaaaaaaaaaa03");
  const later = new Uint8Array([
    ...bytesOf("b2c0ffee0103"),
    ...nobleCmac(message, bytesOf(`000102030405060708090a0b0c0d0e0f`)).subarray(0, 8),
  ]);
  expect(openPairingReject(factory, random, later)).toMatchObject({
    ok: false,
    fault: { kind: "unknown-value", at: 5, field: "reason", value: 3 },
  });
});

test("what a reject and a cancel prove is made by a kept library from the bytes of the text", () => {
  const key = new Uint8Array(16).map((_, index) => index);
  const factory = nobleAes(key);
  const talk: PairingTalk = {
    address: 0xc0ffee01,
    buttonRandom: new Uint8Array(8).fill(0xaa),
    unitRandom: new Uint8Array(8).fill(0x55),
    person: 2,
  };
  const proofOf = (message: string): string => hexOf(nobleCmac(bytesOf(message), key).subarray(0, 8));
  const transcript = "c0ffee01aaaaaaaaaaaaaaaa555555555555555502";
  expect(hexOf(encodePairingCancel(factory, talk))).toBe(`33c0ffee01${proofOf(`33${transcript}`)}`);
  expect(hexOf(encodePairingConfirm(factory, talk))).toBe(`32c0ffee01${proofOf(`32${transcript}`)}`);
  expect(hexOf(encodePairingReject(factory, talk.address, talk.buttonRandom, "slot-taken"))).toBe(
    `b2c0ffee0101${proofOf("b2c0ffee01aaaaaaaaaaaaaaaa01")}`,
  );
  expect(hexOf(pairKey(factory, talk))).toBe(hexOf(nobleCmac(bytesOf(`00${transcript}`), key)));
});
