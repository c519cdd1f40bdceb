/** One record: what is written is read, at its own address and in its own epoch only; and the index's bound. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NorFlash } from "../../simulator/flash.ts";
import { payloadLimit, RecordBuffer, recordLength, recordLimit } from "./record.ts";
import { indexLimit, RecordIndex } from "./record-index.ts";

const size = 1024;

function chip(programUnit: number): NorFlash {
  return new NorFlash({ sectorSize: size, sectorCount: 2, programUnit, below: () => 0 });
}

const anyRecord = fc.record({
  form: fc.constantFrom("value" as const, "remove" as const, "commit" as const),
  kind: fc.integer({ min: 0, max: 255 }),
  key: fc.integer({ min: 0, max: 0xffffffff }),
  payload: fc.uint8Array({ maxLength: payloadLimit }),
  at: fc.integer({ min: 0, max: 100 }).map((step) => step * 8),
  epoch: fc.integer({ min: 1, max: 0xffffffff }),
  programUnit: fc.constantFrom(1, 4, 8),
});

test("a record is read as it was written, and nowhere else, in no other epoch, and not beyond its sector", () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const flash = chip(record.programUnit);
      const buffer = new RecordBuffer();
      buffer.fill(record.form, record.kind, record.key, record.payload);
      const bytes = new Uint8Array(buffer.bytesAt(record.at, record.epoch, record.programUnit));
      expect(bytes.length).toBe(recordLength(record.payload.length, record.programUnit));
      expect(bytes.length).toBeLessThanOrEqual(recordLimit);
      flash.program(record.at, bytes);
      flash.program(size, bytes);
      const read = new RecordBuffer();
      expect(read.load(flash, record.at, 2 * size, record.epoch)).toBe(true);
      expect([read.form, read.kind, read.key]).toEqual([record.form, record.kind, record.key]);
      expect(read.payload()).toEqual(record.payload);
      expect(read.load(flash, record.at, 2 * size, record.epoch + 1)).toBe(false);
      expect(read.load(flash, size, 2 * size, record.epoch)).toBe(false);
      expect(read.load(flash, record.at, record.at + 11 + record.payload.length, record.epoch)).toBe(false);
    }),
  );
});

test("blank flash holds no record and says that it is blank", () => {
  const buffer = new RecordBuffer();
  const flash = chip(4);
  expect(buffer.load(flash, 0, size, 1)).toBe(false);
  expect(buffer.blank).toBe(true);
  flash.program(0, new Uint8Array(4));
  expect(buffer.load(flash, 0, size, 1)).toBe(false);
  expect(buffer.blank).toBe(false);
});

test("the index takes 256 pairs, sorted, and refuses the next", () => {
  const index = new RecordIndex();
  for (let i = 0; i < indexLimit; i++) expect(index.put(1 + (i % 3), (i * 37) % indexLimit, i, 1)).toBe(true);
  expect(index.put(9, 9, 9, 9)).toBe(false);
  expect(index.count).toBe(indexLimit);
  for (let i = 1; i < index.count; i++)
    expect(index.kindAt(i) * 1000 + index.keyAt(i)).toBeGreaterThan(index.kindAt(i - 1) * 1000 + index.keyAt(i - 1));
  expect(index.payloadBytes).toBe(indexLimit);
  while (index.count > 0) index.removeAt(0);
  expect(index.payloadBytes).toBe(0);
});
