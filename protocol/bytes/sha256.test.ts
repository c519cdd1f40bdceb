import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../text/utf8.ts";
import { Sha256Pieces, sha256Hex } from "./sha256.ts";

test("SHA-256 gives the examples of FIPS 180", () => {
  expect(sha256Hex(ascii(""))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256Hex(ascii("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256Hex(ascii("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))).toBe(
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
  expect(sha256Hex(ascii("a".repeat(1_000_000)))).toBe(
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  );
});

test("SHA-256 agrees with another implementation on every length around the edges of its blocks", () => {
  for (let length = 0; length <= 260; length++) {
    const bytes = new Uint8Array(length).map((_, i) => (i * 151 + length) & 255);
    expect(sha256Hex(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

test("SHA-256 agrees with another implementation on any bytes, whatever was hashed before", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
      expect(sha256Hex(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
    }),
    { numRuns: 300 },
  );
});

test("in pieces of whole blocks the digest is that of the whole, whatever is hashed between", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 6 }), fc.uint8Array({ maxLength: 200 }), (blocks, last) => {
      const hash = new Sha256Pieces();
      const other = createHash("sha256");
      for (const count of blocks) {
        const piece = new Uint8Array(64 * count).map((_, i) => (i * 7 + count) & 255);
        hash.push(piece);
        other.update(piece);
        sha256Hex(last);
      }
      expect(Buffer.from(hash.finish(last)).toString("hex")).toBe(other.update(last).digest("hex"));
    }),
  );
  expect(() => new Sha256Pieces().push(new Uint8Array(63))).toThrow();
});
