import { cmac as nobleCmac } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nobleAes } from "../radio/arbitraries.ts";
import { isSameProof, unlockProof } from "./unlock.ts";

const anyBlock = fc.uint8Array({ minLength: 16, maxLength: 16 });

test("a proof is the AES-CMAC that an independent library makes of label, unit and challenge", () => {
  fc.assert(
    fc.property(anyBlock, anyBlock, (key, challenge) => {
      const message = Buffer.concat([Buffer.from("livlina unlock Q4T8A "), challenge]);
      expect(unlockProof(nobleAes(key), "Q4T8A", challenge)).toEqual(nobleCmac(message, key));
    }),
  );
});

test("a proof fits one key, one unit and one challenge", () => {
  const key = new Uint8Array(16);
  const proof = unlockProof(nobleAes(key), "AAAAA", new Uint8Array(16));
  expect(isSameProof(proof, unlockProof(nobleAes(key), "AAAAA", new Uint8Array(16)))).toBe(true);
  expect(isSameProof(proof, unlockProof(nobleAes(new Uint8Array(16).fill(1)), "AAAAA", new Uint8Array(16)))).toBe(
    false,
  );
  expect(isSameProof(proof, unlockProof(nobleAes(key), "AAAAB", new Uint8Array(16)))).toBe(false);
  expect(isSameProof(proof, unlockProof(nobleAes(key), "AAAAA", new Uint8Array(16).fill(1)))).toBe(false);
});

test("two proofs are the same only where every byte is", () => {
  fc.assert(
    fc.property(anyBlock, fc.nat(15), fc.integer({ min: 1, max: 255 }), (proof, at, flip) => {
      const other = new Uint8Array(proof);
      expect(isSameProof(proof, other)).toBe(true);
      other[at] = (other[at] ?? 0) ^ flip;
      expect(isSameProof(proof, other)).toBe(false);
      expect(isSameProof(proof, proof.subarray(0, 15))).toBe(false);
    }),
  );
});
