import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../text/utf8.ts";
import { md5Hex } from "./md5.ts";

test("MD5 gives what RFC 1321 A.5 lists", () => {
  const digits = "1234567890";
  expect(md5Hex(ascii(""))).toBe("d41d8cd98f00b204e9800998ecf8427e");
  expect(md5Hex(ascii("a"))).toBe("0cc175b9c0f1b6a831c399e269772661");
  expect(md5Hex(ascii("abc"))).toBe("900150983cd24fb0d6963f7d28e17f72");
  expect(md5Hex(ascii("message digest"))).toBe("f96b697d7cb7938d525a2f31aaf161d0");
  expect(md5Hex(ascii("abcdefghijklmnopqrstuvwxyz"))).toBe("c3fcd3d76192e4007dfb496cca67e13b");
  expect(md5Hex(ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))).toBe(
    "d174ab98d277d9f5a5611c2c9f419d9f",
  );
  expect(md5Hex(ascii(digits.repeat(8)))).toBe("57edf4a22be3c955ac49da2e2107b67a");
});

test("MD5 agrees with another implementation on every length around the edges of its blocks", () => {
  for (let length = 0; length <= 260; length++) {
    const bytes = new Uint8Array(length).map((_, i) => (i * 167 + length) & 255);
    expect(md5Hex(bytes)).toBe(createHash("md5").update(bytes).digest("hex"));
  }
});

test("MD5 agrees with another implementation on any bytes, whatever was hashed before", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
      expect(md5Hex(bytes)).toBe(createHash("md5").update(bytes).digest("hex"));
    }),
    { numRuns: 300 },
  );
});
