import fc from "fast-check";
import { expect, test } from "vitest";
import { readerOf } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import type { TelephoneEvent } from "./telephone-event.ts";
import { eventOf, keyOf, telephoneEvent } from "./telephone-event.ts";

function written(event: TelephoneEvent): Uint8Array {
  const to = new Writer(new Uint8Array(8));
  telephoneEvent.encode(event, to);
  return to.written();
}

const anyEvent: fc.Arbitrary<TelephoneEvent> = fc.record({
  event: fc.nat({ max: 255 }),
  isEnd: fc.boolean(),
  volumeDb: fc.nat({ max: 63 }),
  durationTicks: fc.nat({ max: 65535 }),
});

test("RFC 4733 2.3: the golden end of a 9 that lasted 200 ms is written byte for byte", () => {
  expect(written({ event: 9, isEnd: true, volumeDb: 7, durationTicks: 1600 })).toEqual(
    new Uint8Array([0x09, 0x87, 0x06, 0x40]),
  );
});

test("every event survives being written and read, every cut of it and everything longer is refused", () => {
  fc.assert(
    fc.property(anyEvent, fc.nat({ max: 3 }), (event, cut) => {
      const bytes = written(event);
      expect(telephoneEvent.decode(readerOf(bytes))).toEqual({ ok: true, value: event });
      expect(telephoneEvent.decode(readerOf(bytes.subarray(0, cut)))).toMatchObject({ fault: { kind: "truncated" } });
      expect(telephoneEvent.decode(readerOf(new Uint8Array([...bytes, 0])))).toMatchObject({
        fault: { kind: "too-long", at: 4, what: "a telephone event", limit: 4 },
      });
    }),
  );
});

test("the reserved bit is passed over", () => {
  expect(telephoneEvent.decode(readerOf(new Uint8Array([0, 0x40, 0, 1])))).toEqual({
    ok: true,
    value: { event: 0, isEnd: false, volumeDb: 0, durationTicks: 1 },
  });
});

test("RFC 4733 3.2: twelve events are keys, the digits in order, then star and hash", () => {
  const keys: (string | undefined)[] = [];
  for (let event = 0; event < 12; event++) keys.push(keyOf(event));
  expect(keys.join("")).toBe("0123456789*#");
  for (const event of [-1, 12, 16, 255]) expect(keyOf(event)).toBeUndefined();
  for (const [event, key] of keys.entries()) expect(eventOf(key as string)).toBe(event);
  for (const text of ["", "A", "12", "a"]) expect(eventOf(text), text).toBeUndefined();
});
