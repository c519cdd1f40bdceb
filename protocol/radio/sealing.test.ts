import { createCipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nobleAes } from "./arbitraries.ts";
import { open, seal } from "./sealing.ts";

interface Vector {
  readonly name: string;
  readonly key: string;
  readonly nonce: string;
  readonly header: string;
  readonly text: string;
  readonly tagLength: number;
  readonly sealed: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("../vectors/radio/ccm.json", import.meta.url), "utf8"),
);

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

test("there are all 24 packet vectors of RFC 3610 and the three short examples of SP 800-38C", () => {
  expect(vectors.length).toBe(27);
});

test.each(vectors)("$name seals and opens as published", (vector) => {
  const cipher = nobleAes(bytesOf(vector.key));
  const nonce = bytesOf(vector.nonce);
  const header = bytesOf(vector.header);
  expect(hexOf(seal(cipher, nonce, header, bytesOf(vector.text), vector.tagLength))).toBe(vector.sealed);
  const opened = open(cipher, nonce, header, bytesOf(vector.sealed), vector.tagLength);
  expect(opened.ok && hexOf(opened.value)).toBe(vector.text);
});

test("SP 800-38C example 4, whose header of 65,536 bytes takes the long form of the length, seals as published", () => {
  const cipher = nobleAes(bytesOf("404142434445464748494a4b4c4d4e4f"));
  const header = new Uint8Array(65_536).map((_, index) => index);
  const text = new Uint8Array(32).map((_, index) => 0x20 + index);
  const sealed = seal(cipher, bytesOf("101112131415161718191a1b1c"), header, text, 14);
  expect(hexOf(sealed)).toBe(
    "69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b",
  );
});

const sealingInput = fc.record({
  key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  nonce: fc.uint8Array({ minLength: 7, maxLength: 13 }),
  header: fc.uint8Array({ maxLength: 40 }),
  text: fc.uint8Array({ maxLength: 70 }),
  tagLength: fc.constantFrom(4, 6, 8, 10, 12, 14, 16),
});

test("any input is sealed as OpenSSL seals it", () => {
  fc.assert(
    fc.property(sealingInput, (input) => {
      const node = createCipheriv("aes-128-ccm", input.key, input.nonce, { authTagLength: input.tagLength });
      node.setAAD(input.header, { plaintextLength: input.text.length });
      const expected = Buffer.concat([node.update(input.text), node.final(), node.getAuthTag()]);
      const sealed = seal(nobleAes(input.key), input.nonce, input.header, input.text, input.tagLength);
      expect(hexOf(sealed)).toBe(expected.toString("hex"));
    }),
  );
});

test.each([
  [0xfeff, 1],
  [0xff00, 1],
  [0x12345, 1],
  [3, 4_200],
])("a header of %i bytes and a text of %i are sealed as OpenSSL seals them", (headerLength, textLength) => {
  const key = new Uint8Array(16).fill(3);
  const nonce = new Uint8Array(13).fill(9);
  const header = new Uint8Array(headerLength).map((_, index) => index * 7);
  const text = new Uint8Array(textLength).map((_, index) => index * 5);
  const node = createCipheriv("aes-128-ccm", key, nonce, { authTagLength: 8 });
  node.setAAD(header, { plaintextLength: text.length });
  const expected = Buffer.concat([node.update(text), node.final(), node.getAuthTag()]);
  expect(hexOf(seal(nobleAes(key), nonce, header, text, 8))).toBe(expected.toString("hex"));
});

test("one changed bit of the sealed bytes, the header or the nonce is refused", () => {
  fc.assert(
    fc.property(
      sealingInput,
      fc.nat(),
      fc.nat(7),
      fc.constantFrom("sealed", "header", "nonce"),
      (input, at, bit, where) => {
        const cipher = nobleAes(input.key);
        const sealed = seal(cipher, input.nonce, input.header, input.text, 8);
        const target = where === "sealed" ? sealed : where === "header" ? input.header : input.nonce;
        fc.pre(target.length > 0);
        const index = at % target.length;
        target[index] = (target[index] as number) ^ (1 << bit);
        expect(open(cipher, input.nonce, input.header, sealed, 8)).toMatchObject({
          ok: false,
          fault: { kind: "not-authentic" },
        });
      },
    ),
  );
});

test("bytes shorter than the tag are refused as truncated, and what is opened is left as it was", () => {
  const cipher = nobleAes(new Uint8Array(16));
  const nonce = new Uint8Array(13);
  expect(open(cipher, nonce, new Uint8Array(0), new Uint8Array(7), 8)).toEqual({
    ok: false,
    fault: { kind: "truncated", at: 7 },
  });
  const sealed = seal(cipher, nonce, new Uint8Array(2), new Uint8Array([1, 2, 3]), 8);
  const before = hexOf(sealed);
  open(cipher, nonce, new Uint8Array(2), sealed, 8);
  expect(hexOf(sealed)).toBe(before);
});
