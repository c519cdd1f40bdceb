import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../text/utf8.ts";
import type { KeyPress } from "./dtmf-relay.ts";
import { decodeDtmf, decodeKeyPress, encodeKeyPress, keyPressByteLimit } from "./dtmf-relay.ts";

const anyPress: fc.Arbitrary<KeyPress> = fc.record({
  key: fc.constantFrom(..."0123456789*#"),
  durationMs: fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined }),
});

test("the golden key press is written byte for byte, and read back", () => {
  const golden = ascii("Signal=5\r\nDuration=160\r\n");
  expect(encodeKeyPress({ key: "5", durationMs: 160 })).toEqual(golden);
  expect(decodeKeyPress(golden)).toEqual({ ok: true, value: { key: "5", durationMs: 160 } });
});

test("every key press survives being written and read, and no cut of it is another key", () => {
  fc.assert(
    fc.property(anyPress, fc.nat(), (press, cut) => {
      const bytes = encodeKeyPress(press);
      expect(decodeKeyPress(bytes)).toEqual({ ok: true, value: press });
      const read = decodeKeyPress(bytes.subarray(0, cut % bytes.length));
      if (read.ok) expect(read.value.key).toBe(press.key);
    }),
  );
});

test("blanks, either line end, any order and other lines are suffered", () => {
  const read = (text: string) => decodeKeyPress(ascii(text));
  expect(read("Signal= *\nDuration = 250")).toEqual({ ok: true, value: { key: "*", durationMs: 250 } });
  expect(read("x\r\nDURATION=1\r\n\r\nsignal=#")).toEqual({ ok: true, value: { key: "#", durationMs: 1 } });
  expect(read("a\nSignal=0\r\nEvent=y")).toEqual({ ok: true, value: { key: "0", durationMs: undefined } });
});

test("no key, two keys, a key that no telephone has and a wrong duration are refused", () => {
  const fault = (text: string) => {
    const read = decodeKeyPress(ascii(text));
    return read.ok ? undefined : read.fault;
  };
  expect(fault("Duration=160\r\n")).toEqual({ kind: "missing", at: 14, field: "Signal" });
  expect(fault("Signal=5\r\nSignal=5")).toEqual({ kind: "malformed", at: 10, what: "a second Signal" });
  for (const key of ["A", "", "12", "!"]) expect(fault("Signal=" + key), key).toMatchObject({ kind: "unknown-value" });
  for (const duration of ["0", "10001", "-1", "", "x"])
    expect(fault("Signal=5\nDuration=" + duration), duration).toEqual({ kind: "malformed", at: 9, what: "Duration" });
});

test("128 bytes are read, 129 are not, and no bytes make the reader throw", () => {
  const padded = (size: number) => decodeKeyPress(ascii("Signal=5\n".padEnd(size, "x")));
  expect(padded(keyPressByteLimit).ok).toBe(true);
  expect(padded(keyPressByteLimit + 1)).toMatchObject({ ok: false, fault: { kind: "too-long" } });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 140 }), (bytes) => void decodeKeyPress(bytes)));
});

test("a body that is the key alone is read, and the two signs also by their numbers", () => {
  const keys = ["7", "#", " 0\r\n", "10", "11"].map((text) => decodeDtmf(ascii(text)));
  expect(keys.map((read) => (read.ok ? read.value.key : ""))).toEqual(["7", "#", "0", "*", "#"]);
  expect(decodeKeyPress(ascii("Signal=10"))).toEqual({ ok: true, value: { key: "*", durationMs: undefined } });
  for (const text of ["", "12", "A", "77", "1 0"]) expect(decodeDtmf(ascii(text)).ok, text).toBe(false);
  expect(decodeDtmf(ascii("7".padEnd(keyPressByteLimit)))).toMatchObject({ ok: true });
  expect(decodeDtmf(ascii("7".padEnd(keyPressByteLimit + 1)))).toMatchObject({ fault: { kind: "too-long" } });
});
