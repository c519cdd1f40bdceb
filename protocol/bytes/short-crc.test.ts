import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "./crc.ts";
import { shortCrc32 } from "./short-crc.ts";

test("the check value of the standard comes out of the short table too", () => {
  expect(shortCrc32(new Uint8Array(Buffer.from("123456789")), 0, 9, 0)).toBe(0xcbf43926);
});

test("both tables give one CRC, whole or in pieces", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(80), (bytes, cut) => {
      const at = Math.min(cut, bytes.length);
      const whole = crc32(bytes, 0, bytes.length, 0);
      expect(shortCrc32(bytes, 0, bytes.length, 0)).toBe(whole);
      expect(shortCrc32(bytes, at, bytes.length, shortCrc32(bytes, 0, at, 0))).toBe(whole);
    }),
  );
});
