/** Reader and writer, which are mirrors of each other, at the ends of their buffers. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Reader, readerOf } from "./reader.ts";
import { Writer } from "./writer.ts";

const anyField = fc.oneof(
  fc.record({ size: fc.constant(1 as const), value: fc.nat(0xff) }),
  fc.record({ size: fc.constant(2 as const), value: fc.nat(0xffff) }),
  fc.record({ size: fc.constant(4 as const), value: fc.nat(0xffffffff) }),
);

test("what was written is read as it was, big-endian, and fills the bytes to the last", () => {
  fc.assert(
    fc.property(fc.array(anyField, { maxLength: 12 }), (fields) => {
      const bytes = new Uint8Array(fields.reduce((sum, field) => sum + field.size, 0));
      const view = new DataView(bytes.buffer);
      const to = new Writer(bytes);
      for (const { size, value } of fields) {
        if (size === 1) to.u8(value);
        else if (size === 2) to.u16(value);
        else to.u32(value);
        const at = to.at - size;
        expect(size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at) : view.getUint32(at)).toBe(value);
      }
      expect([to.at, to.overrun, to.written()]).toEqual([bytes.length, false, bytes]);
      const from = readerOf(bytes);
      for (const { size, value } of fields)
        expect(size === 1 ? from.u8() : size === 2 ? from.u16() : from.u32()).toBe(value);
      expect([from.at, from.left, from.overrun]).toEqual([bytes.length, 0, false]);
    }),
  );
});

test("a byte beyond the end is not written, and remembered", () => {
  const bytes = new Uint8Array(4);
  const to = new Writer(bytes.subarray(0, 2));
  to.u16(0x0102);
  expect(to.overrun).toBe(false);
  to.u8(3);
  expect([to.at, to.overrun]).toEqual([2, true]);
  expect(bytes).toEqual(new Uint8Array([1, 2, 0, 0]));
});

test("bytes that do not fit as a whole are not written at all, and remembered", () => {
  const to = new Writer(new Uint8Array(4));
  to.u8(9);
  to.put(new Uint8Array([1, 2, 3]));
  expect([to.overrun, to.written()]).toEqual([false, new Uint8Array([9, 1, 2, 3])]);
  const narrow = new Writer(new Uint8Array(4));
  narrow.u8(9);
  narrow.put(new Uint8Array([1, 2, 3, 4]));
  expect([narrow.overrun, narrow.at, narrow.written()]).toEqual([true, 1, new Uint8Array([9])]);
});

test("reading past the end gives zeros and is remembered, also where the buffer goes on", () => {
  const from = new Reader(new Uint8Array([1, 2, 3, 4]), 1, 3);
  expect([from.u8(), from.overrun, from.left]).toEqual([2, false, 1]);
  expect([from.u16(), from.overrun, from.at, from.left]).toEqual([0x300, true, 3, 0]);
});

test("a view shows the buffer itself, and one that is too long shows zeros", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const from = readerOf(bytes);
  const view = from.view(2);
  bytes[0] = 7;
  expect([view, from.left, from.overrun]).toEqual([new Uint8Array([7, 2]), 1, false]);
  expect([from.view(2), from.left, from.overrun]).toEqual([new Uint8Array(2), 0, true]);
  const all = readerOf(bytes);
  expect([all.view(3), all.left, all.overrun]).toEqual([bytes, 0, false]);
});
