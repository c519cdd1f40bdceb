import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../text/utf8.ts";
import { Sha512, sha512 } from "./sha512.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function other(bytes: Uint8Array): string {
  return createHash("sha512").update(bytes).digest("hex");
}

test("SHA-512 gives the examples of FIPS 180", () => {
  expect(hex(sha512(ascii("abc")))).toBe(
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  );
  expect(hex(sha512(ascii("")))).toBe(
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
  );
});

test("SHA-512 agrees with another implementation on every length around the edges of its blocks", () => {
  for (let length = 0; length <= 400; length++) {
    const bytes = new Uint8Array(length).map((_, i) => (i * 151 + length) & 255);
    expect(hex(sha512(bytes))).toBe(other(bytes));
  }
});

test("SHA-512 agrees with another implementation on any bytes, whatever was hashed before and between", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), fc.uint8Array({ maxLength: 300 }), (bytes, between) => {
      const hash = new Sha512(bytes);
      for (let more = true; more; ) {
        more = hash.step();
        sha512(between);
      }
      expect(hash.step()).toBe(false);
      expect(hex(hash.digest())).toBe(other(bytes));
    }),
    { numRuns: 200 },
  );
});
