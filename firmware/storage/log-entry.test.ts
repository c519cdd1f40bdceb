import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeLogEntry,
  encodeLogEntry,
  type LogWord,
  logEntryLength,
  logRows,
  sequenceIn,
  startIn,
} from "./log-entry.ts";

const anyEntry = fc.record({
  sequence: fc.nat(0xffffffff),
  start: fc.nat(0xffff),
  uptimeMs: fc.nat(2 ** 48 - 1),
  utcS: fc.nat(0xffffffff),
  what: fc.constantFrom(...logRows.map((row) => row.what as LogWord)),
  detail: fc.nat(255),
  number: fc.nat(2 ** 40 - 1),
  value: fc.nat(0xffffffff),
});

test("an event is read as it was written, and any changed byte is refused", () => {
  fc.assert(
    fc.property(anyEntry, fc.nat(logEntryLength - 1), fc.integer({ min: 1, max: 255 }), (entry, at, flip) => {
      const bytes = new Uint8Array(logEntryLength);
      encodeLogEntry(entry, bytes);
      expect(decodeLogEntry(bytes)).toEqual({ ok: true, value: entry });
      expect(sequenceIn(bytes)).toBe(entry.sequence);
      expect(startIn(bytes)).toBe(entry.start);
      bytes[at] = (bytes[at] as number) ^ flip;
      expect(decodeLogEntry(bytes).ok).toBe(false);
      expect(sequenceIn(bytes)).toBe(-1);
    }),
  );
});

test("no bytes make it throw, and only 32 of them are an event", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(decodeLogEntry(bytes).ok).toBe(false);
    }),
  );
});

test("an event stands on flash as it always stood", () => {
  const bytes = new Uint8Array(logEntryLength);
  const entry = {
    sequence: 7,
    start: 2,
    uptimeMs: 0x1_0000_0005,
    utcS: 1_767_225_600,
    detail: 33,
    number: 65,
    value: 1,
  };
  encodeLogEntry({ ...entry, what: "accepted" }, bytes);
  expect(Buffer.from(bytes).toString("hex")).toBe("0106210002000000070001000000056955b9000000000041000000011d368fc6");
});

test("a word of a later version keeps its place in the ring and is no event that we know", () => {
  const bytes = new Uint8Array(logEntryLength);
  encodeLogEntry(
    { sequence: 9, start: 1, uptimeMs: 0, utcS: 0, what: "later" as LogWord, detail: 0, number: 0, value: 0 },
    bytes,
  );
  expect(decodeLogEntry(bytes)).toMatchObject({ ok: false, fault: { kind: "unknown-value", field: "what" } });
  expect(sequenceIn(bytes)).toBe(9);
});

test("every word has a code of its own", () => {
  expect(new Set(logRows.map((row) => row.code)).size).toBe(logRows.length);
  expect(new Set(logRows.map((row) => row.what)).size).toBe(logRows.length);
});
