/** CRC-32 against the check value everyone publishes, and the law that lets it run over pieces. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../text/utf8.ts";
import { crc32 } from "./crc.ts";

test("the nine digits have the published check value", () => {
  expect(crc32(ascii("123456789"), 0, 9, 0)).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0), 0, 0, 0)).toBe(0);
});

test("a CRC over two pieces is the CRC over the whole", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, at) => {
      const cut = Math.min(at, bytes.length);
      const whole = crc32(bytes, 0, bytes.length, 0);
      expect(crc32(bytes, cut, bytes.length, crc32(bytes, 0, cut, 0))).toBe(whole);
    }),
  );
});

test("any change of up to four bytes in a row is seen", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 4, maxLength: 64 }),
      fc.nat(60),
      fc.integer({ min: 1, max: 0xffffffff }),
      (bytes, at, flip) => {
        const before = crc32(bytes, 0, bytes.length, 0);
        const start = Math.min(at, bytes.length - 4);
        for (let i = 0; i < 4; i++) bytes[start + i] = (bytes[start + i] as number) ^ ((flip >>> (8 * i)) & 0xff);
        expect(crc32(bytes, 0, bytes.length, 0)).not.toBe(before);
      },
    ),
  );
});
