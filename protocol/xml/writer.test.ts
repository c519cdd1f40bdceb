import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCharacter } from "../scaip/arbitraries.ts";
import { textOf, utf8 } from "../text/utf8.ts";
import { XmlWriter } from "./writer.ts";
import { XmlElements, xmlByteLimit } from "./xml.ts";

const writer = new XmlWriter();

function written(write: () => void): string {
  writer.clear();
  write();
  const bytes = writer.written();
  return textOf(bytes, 0, bytes.length);
}

test("a text that is written between tags is read again", () => {
  const elements = new XmlElements();
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (text) => {
      const clean = [...text].filter((character) => character >= " ").join("");
      writer.clear();
      writer.tag(utf8("<a>_"));
      writer.text(clean);
      writer.tag(utf8("_</a>"));
      expect(elements.read(writer.written())).toBeUndefined();
      expect(elements.text(0)).toEqual({ ok: true, value: "_" + clean + "_" });
    }),
  );
});

test("what would be markup is escaped, and what XML cannot hold becomes a blank", () => {
  expect(written(() => writer.text("a<b>&\"'\u0000\u001f\n\u007fä😀"))).toBe("a&lt;b&gt;&amp;\"'   \u007fä😀");
});

test("numbers get the zeros they need and no more", () => {
  expect(written(() => writer.number(0, 0))).toBe("0");
  expect(written(() => writer.number(7, 4))).toBe("0007");
  expect(written(() => writer.number(1000, 3))).toBe("1000");
  expect(written(() => writer.number(999999999, 0))).toBe("999999999");
});

test("the buffer takes its length exactly, and remembers what did not fit until it is cleared", () => {
  expect(written(() => writer.text("x".repeat(xmlByteLimit)))).toHaveLength(xmlByteLimit);
  expect(writer.overrun).toBe(false);
  for (const one of [
    () => writer.text("x"),
    () => writer.text("å"),
    () => writer.number(1, 0),
    () => writer.tag(utf8("x")),
  ]) {
    written(() => writer.text("x".repeat(xmlByteLimit)));
    one();
    expect(writer.overrun).toBe(true);
  }
  written(() => writer.text("&".repeat(xmlByteLimit)));
  expect(writer.overrun).toBe(true);
  expect(written(() => writer.text("x"))).toBe("x");
  expect(writer.overrun).toBe(false);
});
