/** Addresses, centres and time stamps of short messages at the edges of 3GPP 23.040 9.1.2.5 and 9.2.3.11. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readerOf } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import { readAddress, readCenter, readStamp, writeStamp } from "./sms-fields.ts";

function stampOf(wallMs: number, zoneQuarters: number): Uint8Array {
  const to = new Writer(new Uint8Array(7));
  writeStamp(wallMs, zoneQuarters, to);
  return to.written();
}

test("a time stamp comes back from any zone, east or west", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 86_400, max: Date.UTC(2069, 11, 30) / 1_000 }),
      fc.integer({ min: -48, max: 56 }),
      (second, zone) => {
        const bytes = stampOf(second * 1_000, zone);
        expect(readStamp(readerOf(bytes))).toBe(second * 1_000);
        const local = new Date((second + zone * 900) * 1_000).toISOString();
        const shown = [2, 5, 8, 11, 14, 17].map((at) => Number.parseInt(local.substring(at, at + 2), 10));
        const swapped = shown.map((value) => (value % 10) * 16 + Math.floor(value / 10));
        expect([...bytes.subarray(0, 6)]).toEqual(swapped);
        expect((bytes[6] as number) & 8).toBe(zone < 0 ? 8 : 0);
      },
    ),
  );
});

test.each([
  ["a year of no decimal digits", "A1101010101000"],
  ["month 0", "62001010101000"],
  ["month 13", "62311010101000"],
  ["day 0", "62100010101000"],
  ["30 February", "62200310101000"],
  ["29 February of a common year", "62209210101000"],
  ["31 April", "62401310101000"],
  ["hour 24", "62101042101000"],
  ["minute 60", "62101010061000"],
  ["second 60", "62101010100600"],
  ["a second of no decimal digits", "62101010100F00"],
  ["a zone of no decimal digits", "621010101010A0"],
])("a stamp with %s is no date", (_, hex) => {
  expect(readStamp(readerOf(new Uint8Array(Buffer.from(hex, "hex"))))).toBeUndefined();
});

test("29 February of a leap year and the ends of the scale are dates", () => {
  const read = (hex: string): number | undefined => readStamp(readerOf(new Uint8Array(Buffer.from(hex, "hex"))));
  expect(read("42209200000000")).toBe(Date.UTC(2024, 1, 29));
  expect(read("07101000000000")).toBe(0);
  expect(read("96211332959500")).toBe(Date.UTC(2069, 11, 31, 23, 59, 59));
});

test("an address longer than 20 digits and a centre longer than 11 bytes are refused; what ends early is remembered", () => {
  const bytes = new Uint8Array(14);
  bytes[1] = 0x91;
  bytes[0] = 20;
  expect(readAddress(readerOf(bytes))).toBe("+" + "0".repeat(20));
  bytes[0] = 21;
  expect(readAddress(readerOf(bytes))).toBeUndefined();
  bytes[0] = 11;
  expect(readCenter(readerOf(bytes))).toBe("+" + "0".repeat(20));
  bytes[0] = 12;
  expect(readCenter(readerOf(bytes))).toBeUndefined();
  const short = readerOf(new Uint8Array([4, 0x91, 0x21]));
  expect([readAddress(short), short.overrun]).toEqual(["", true]);
});
