/** UTF-8 against the encoder and decoder of the language, and RFC 3629 3 for what neither of them answers alike. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii, narrowText, putUtf8, textAs, textOf, utf8, utf8Length } from "./utf8.ts";

const anyText = fc.string({
  unit: fc.oneof(
    fc.nat(0xffff).map((code) => String.fromCharCode(code)),
    fc.constantFrom("å", "😀", "a"),
  ),
});

test("any text, lone halves of surrogate pairs included, is written as the language's own encoder writes it", () => {
  for (const text of [
    "",
    "a\u07ff\u0800\uffff",
    "😀",
    "\ud83d",
    "\ude00",
    "\ud83da",
    "\ud83d\ud83d\ude00",
    "\ude00\ud83d",
  ])
    expect(utf8(text)).toEqual(new TextEncoder().encode(text));
  fc.assert(
    fc.property(anyText, (text) => {
      expect(utf8(text)).toEqual(new TextEncoder().encode(text));
    }),
  );
});

test("a text is written behind what stands there already, and needs as many bytes as were foretold", () => {
  fc.assert(
    fc.property(anyText, fc.nat(9), (text, at) => {
      const out = new Uint8Array(at + utf8Length(text) + 1).fill(7);
      expect(putUtf8(text, out, at)).toBe(out.length - 1);
      expect(out.subarray(at, -1)).toEqual(utf8(text));
      expect([...out.subarray(0, at), out.at(-1)].every((byte) => byte === 7)).toBe(true);
    }),
  );
});

test("what was written is read as it was, and only from start to end", () => {
  fc.assert(
    fc.property(anyText, anyText, (text, around) => {
      const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(utf8(text));
      const outside = utf8(around);
      const bytes = new Uint8Array([...outside, ...utf8(text), ...outside]);
      expect(textOf(bytes, outside.length, bytes.length - outside.length)).toBe(whole);
    }),
  );
});

test.each([
  ["a continuation without its first byte", [0x80], 1],
  ["an overlong slash of two bytes", [0xc0, 0xaf], 2],
  ["an overlong slash of three bytes", [0xe0, 0x80, 0xaf], 3],
  ["an overlong U+FFFF of four bytes", [0xf0, 0x8f, 0xbf, 0xbf], 4],
  ["the first half of a surrogate pair", [0xed, 0xa0, 0x80], 3],
  ["the last half of a surrogate pair", [0xed, 0xbf, 0xbf], 3],
  ["a point beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80], 4],
  ["a first byte that no point has", [0xf5, 0x80, 0x80, 0x80], 4],
  ["a byte that no text has", [0xff], 1],
  ["two bytes, the second missing", [0xc3], 1],
  ["three bytes, the third missing", [0xe2, 0x82], 2],
  ["a letter where the second byte should be", [0xc3, 0x61], 1],
])("each byte of %s becomes U+FFFD", (_, list, count) => {
  const text = textOf(new Uint8Array(list), 0, list.length);
  expect([...text].filter((letter) => letter === "\ufffd")).toHaveLength(count);
  expect(text.length).toBe(list.length);
});

test("the first and the last point of each length are read", () => {
  for (const point of [0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff]) {
    const bytes = utf8(String.fromCodePoint(point));
    expect(textOf(bytes, 0, bytes.length).codePointAt(0)).toBe(point);
  }
});

test("narrow text has one character a byte, and the usual one is answered where the bytes say it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(3), (bytes, start) => {
      const from = Math.min(start, bytes.length);
      const expected = Buffer.from(bytes.subarray(from)).toString("latin1");
      expect(narrowText(bytes, from, bytes.length)).toBe(expected);
      expect(textAs(bytes, from, bytes.length, expected)).toBe(expected);
      expect(textAs(bytes, from, bytes.length, "SIP/2.0")).toBe(expected);
      expect(ascii(expected)).toEqual(bytes.subarray(from));
    }),
  );
  expect(textAs(ascii("SIP/2.0"), 0, 7, "SIP/2.1")).toBe("SIP/2.0");
});
