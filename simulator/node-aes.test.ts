import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aesBlock } from "./node-aes.ts";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

test("the example of FIPS 197 C.1 comes out", () => {
  const block = hex("00112233445566778899aabbccddeeff");
  aesBlock(hex("000102030405060708090a0b0c0d0e0f"))(block);
  expect(Buffer.from(block).toString("hex")).toBe("69c4e0d86a7b0430d8cdb78070b4c55a");
});

test("it agrees with OpenSSL, and one key serves many blocks", () => {
  const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(sixteen, fc.array(sixteen, { minLength: 1, maxLength: 4 }), (key, blocks) => {
      const encrypt = aesBlock(key);
      for (const block of blocks) {
        const other = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block);
        const own = block.slice();
        encrypt(own);
        expect([...own]).toEqual([...other]);
      }
    }),
  );
});
