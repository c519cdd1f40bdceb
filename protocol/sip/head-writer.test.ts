import { expect, test } from "vitest";
import { ascii } from "../text/utf8.ts";
import { HeadWriter } from "./head-writer.ts";
import { isRequestUri, isUri } from "./uri.ts";

const none = new Uint8Array(0);

function written(pieces: readonly string[]): string {
  const writer = new HeadWriter(8192);
  writer.word(ascii("left over"));
  writer.clear();
  for (const piece of pieces) writer.text(piece);
  return Buffer.from(writer.finish(none)).toString("utf8");
}

test("texts of any length up to the limit come out whole, however often the buffer grew", () => {
  for (const lengths of [[1, 1023], [1024, 1], [10, 5000], [1000, 1000, 1000, 5192], [8192]]) {
    const pieces = lengths.map((length, i) => String.fromCharCode(97 + i).repeat(length));
    expect(written(pieces)).toBe(pieces.join(""));
  }
  const wide = "ä€😀".repeat(300);
  expect(written(["a".repeat(1020), wide, "b"])).toBe("a".repeat(1020) + wide + "b");
});

test("one byte beyond the limit throws, in the head or with the body", () => {
  const writer = new HeadWriter(100);
  writer.word(ascii("x".repeat(60)));
  expect(writer.finish(new Uint8Array(40)).length).toBe(100);
  expect(() => writer.finish(new Uint8Array(41))).toThrow("too long");
  writer.text("ä".repeat(20));
  expect(() => writer.text("y")).toThrow("too long");
  writer.clear();
  expect(() => writer.text("ä".repeat(51))).toThrow("too long");
});

test("a line break in a value throws wherever it stands, before and behind what is not ASCII", () => {
  for (const text of ["\r", "a\nb", "ä\n", "\rä", "aä\r\nb"])
    expect(() => new HeadWriter(100).text(text)).toThrow("line break");
});

test("numbers come out as a text of them would, at each new digit and beyond 31 bits", () => {
  for (const value of [0, 1, 9, 10, 99, 100, 999999999, 1000000000, 2147483647, 2147483648, 4294967295, -1, -10, 1.5]) {
    const writer = new HeadWriter(100);
    writer.number(value);
    writer.sign(0x3b);
    expect(Buffer.from(writer.finish(none)).toString()).toBe(`${value};`);
  }
});

test("what stood in the buffer before is never sent again", () => {
  const writer = new HeadWriter(100);
  writer.word(ascii("abcdef"));
  writer.clear();
  writer.word(ascii("x"));
  writer.text("y\u007f");
  expect(writer.finish(ascii("z"))).toEqual(ascii("xy\u007fz"));
});

test("only sip and sips, in any case, must have a well-formed host", () => {
  for (const scheme of ["sip", "SIPS", "Sip", "siPs"]) expect(isUri(`${scheme}:[`)).toBe(false);
  for (const scheme of ["sipx", "sap", "tip", "sib", "tel", "sipsx"]) expect(isUri(`${scheme}:[`)).toBe(true);
  expect(isRequestUri("sipx:a?b")).toBe(true);
  expect(isRequestUri("sips:a?b")).toBe(false);
});
