import fc from "fast-check";
import { expect, test } from "vitest";
import { faultText } from "../result.ts";
import { anyFrame } from "./arbitraries.ts";
import {
  type ConsoleFrame,
  decimalIn,
  decodeFrame,
  encodeFrame,
  FrameReader,
  isOfUnit,
  latestMs,
  lineLimit,
  lostBetween,
  sequenceAfter,
} from "./frame.ts";

function lineOf(frame: ConsoleFrame): string {
  return Buffer.from(encodeFrame(frame)).toString("latin1").replace(/\r\n$/, "");
}

function heardFrom(pieces: readonly Uint8Array[]): string[] {
  const heard: string[] = [];
  const reader = new FrameReader((line, frame) =>
    heard.push(frame.ok ? JSON.stringify(frame.value) : `${line}: ${faultText(frame.fault)}`),
  );
  for (const piece of pieces) reader.push(piece);
  return heard;
}

/** Checksums by zlib, as Python's `zlib.crc32` has them. */
test.each([
  [{ speaker: "tool", sequence: 0, atMs: 0, text: "hello" }, "?0 0 hello *f2c8e2b8"],
  [
    { speaker: "unit", sequence: 17, atMs: 48211, text: "lamp signal=accepted" },
    "!17 48211 lamp signal=accepted *e7666cb5",
  ],
  [
    { speaker: "unit", sequence: 4294967295, atMs: latestMs, text: "boot" },
    "!4294967295 999999999999999 boot *d7a373b7",
  ],
] as const)("the line of %j stands as it always stood", (frame, line) => {
  expect(lineOf(frame)).toBe(line);
  expect(decodeFrame(line)).toEqual({ ok: true, value: frame });
});

test("what was said is what is heard", () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      expect(decodeFrame(lineOf(frame))).toEqual({ ok: true, value: frame });
    }),
  );
});

test("a line that was cut short is refused wherever it was cut", () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      const line = lineOf(frame);
      for (let length = 0; length < line.length; length++)
        expect(decodeFrame(line.substring(0, length)).ok).toBe(false);
    }),
  );
});

test("a line with one character changed is refused", () => {
  fc.assert(
    fc.property(anyFrame, fc.nat(), fc.integer({ min: 0x20, max: 0x7e }), (frame, place, code) => {
      const line = lineOf(frame);
      const at = place % line.length;
      fc.pre(line.charCodeAt(at) !== code);
      expect(decodeFrame(line.substring(0, at) + String.fromCharCode(code) + line.substring(at + 1)).ok).toBe(false);
    }),
  );
});

test("no bytes make the reader throw, and however they are cut the same is heard", () => {
  const noise = fc.uint8Array({ maxLength: 300 });
  const part = fc.oneof(noise, anyFrame.map(encodeFrame));
  const cuts = fc.array(fc.nat(40), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), cuts, (parts, lengths) => {
      const all = new Uint8Array(Buffer.concat(parts));
      const pieces: Uint8Array[] = [];
      for (let at = 0, i = 0; at < all.length; i++) {
        const length = (lengths[i % lengths.length] ?? 0) + 1;
        pieces.push(all.subarray(at, at + length));
        at += length;
      }
      expect(heardFrom(pieces)).toEqual(heardFrom([all]));
    }),
  );
});

test("a line is heard between noise and half lines", () => {
  const good = Buffer.from(encodeFrame({ speaker: "unit", sequence: 3, atMs: 4, text: "boot" }));
  const heard = heardFrom([Buffer.concat([Buffer.from([0xff, 0, 0x80, 10]), good.subarray(9), good])]);
  expect(heard.at(-1)).toContain('"sequence":3');
  expect(heard.slice(0, -1).every((line) => line.includes(" at byte "))).toBe(true);
});

test("the longest line is taken and one character more is refused, by both ends", () => {
  const frame = (length: number): ConsoleFrame => ({ speaker: "tool", sequence: 1, atMs: 2, text: "x".repeat(length) });
  const room = lineLimit - "?1 2 ".length - " *01234567".length;
  const line = lineOf(frame(room));
  expect(line).toHaveLength(lineLimit);
  expect(decodeFrame(line).ok).toBe(true);
  expect(heardFrom([encodeFrame(frame(room))])).toHaveLength(1);
  expect(() => encodeFrame(frame(room + 1))).toThrow("longer than a line");
  expect(decodeFrame(`${line}0`)).toMatchObject({ fault: { kind: "too-long", limit: lineLimit } });
  const overlong = Buffer.from("x".repeat(lineLimit + 1) + "\r\n");
  expect(heardFrom([Buffer.concat([overlong, encodeFrame(frame(1)), overlong])])).toEqual([
    expect.stringContaining("longer than 160"),
    expect.stringContaining('"text":"x"'),
    expect.stringContaining("longer than 160"),
  ]);
});

test("what a frame cannot carry is a mistake of who says it", () => {
  const good = { speaker: "tool", sequence: 0, atMs: 0, text: "hello" } as const;
  for (const text of ["", " hello", "a*b", "å", "a\n"]) expect(() => encodeFrame({ ...good, text })).toThrow("console");
  for (const sequence of [-1, 0.5, 0x1_0000_0000]) expect(() => encodeFrame({ ...good, sequence })).toThrow("console");
  for (const atMs of [-1, 0.5, latestMs + 1]) expect(() => encodeFrame({ ...good, atMs })).toThrow("console");
});

test("a good checksum does not excuse a line of another shape", () => {
  for (const [line, kind] of foreignLines) expect([line, decodeFrame(line)]).toMatchObject([line, { fault: { kind } }]);
});

const foreignLines = [
  ["#0 0 hello *cf5a83de", "unknown-value"],
  ["?00 0 hello *305cdf75", "malformed"],
  ["?4294967296 0 hello *8e87b20d", "malformed"],
  ["?0 x hello *852cd9a6", "malformed"],
  ["?0 1000000000000000 hello *3ed327cd", "malformed"],
  ["?0 0 *1e3ac675", "malformed"],
  ["?0 0  *c91d7030", "malformed"],
  ["?0 0  hello *87f930e1", "malformed"],
  ["?0 *3fde086f", "malformed"],
  ["? *6464c2b0", "malformed"],
  ["?0 0 hello *f2c8e2b8!", "malformed"],
  ["?0 0 hello *F2C8E2B8", "not-authentic"],
] as const;

test("a number has one form only", () => {
  expect(decimalIn("0", 0, 1, 9)).toBe(0);
  expect(decimalIn("x42y", 1, 3, 42)).toBe(42);
  for (const text of ["", "00", "01", "-1", "+1", "1.0", " 1", "1e3", "43", "0000000000000001"])
    expect(decimalIn(text, 0, text.length, 42)).toBe(-1);
});

test("line numbers run on after the last one, and what is missing between two is counted", () => {
  expect(sequenceAfter(0)).toBe(1);
  expect(sequenceAfter(0xffffffff)).toBe(0);
  expect(lostBetween(4, 5)).toBe(0);
  expect(lostBetween(4, 8)).toBe(3);
  expect(lostBetween(0xffffffff, 0)).toBe(0);
  expect(lostBetween(0xfffffffe, 1)).toBe(2);
});

test("a unit's line is known as such even when it is broken", () => {
  expect(isOfUnit("!1 2 boo")).toBe(true);
  expect(isOfUnit("?1 2 hello")).toBe(false);
  expect(isOfUnit("")).toBe(false);
});
