import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSipDate, sipDateText } from "./date.ts";

test("RFC 3261 20.17: the example's date is read", () => {
  expect(parseSipDate("Sat, 13 Nov 2010 23:29:00 GMT")).toBe(Date.UTC(2010, 10, 13, 23, 29));
});

test("every second from 1970 to 9999 is written as the platform writes it, and read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253402300799 }), (second) => {
      const text = sipDateText(second * 1000 + 999);
      expect(text).toBe(new Date(second * 1000).toUTCString());
      expect(parseSipDate(text)).toBe(second * 1000);
    }),
  );
  for (const year of [1970, 1971, 2000, 2001, 2100, 2101])
    for (const edge of [Date.UTC(year, 0, 1), Date.UTC(year, 2, 1), Date.UTC(year, 11, 31)])
      expect(sipDateText(edge)).toBe(new Date(edge).toUTCString());
});

test("other shapes, other zones and days that do not exist are no date", () => {
  for (const text of [
    "",
    "Fri, 01 Jan 2010 16:00:00 EST",
    "Sat, 13 Nov 2010 23:29:00",
    "Sat, 31 Nov 2010 23:29:00 GMT",
    "Mon, 29 Feb 2100 00:00:00 GMT",
    "Sat, 13 Nov 2010 24:29:00 GMT",
    "Sat, 13 ovN 2010 23:29:00 GMT",
    "atT, 13 Nov 2010 23:29:00 GMT",
    "Sat, 13-Nov-2010 23:29:00 GMT",
    "Sat; 13 Nov 2010 23:29:00 GMT",
    "Sat, 13 Nov 2010 23:29:00 GMT ",
    "Sat, 13 Nov 2010 xx:29:00 GMT",
    "Sat, 13 Nov 2010 23:xx:00 GMT",
    "Sat, 13 Nov 2010 23:29:xx GMT",
    "onT, 13 Nov 2010 23:29:00 GMT",
    "Sat, 13 anF 2010 23:29:00 GMT",
    "Sat, 00 Nov 2010 23:29:00 GMT",
    "Sat,  3 Nov 2010 23:29:00 GMT",
    "Sat, 13 Nov 1969 23:29:00 GMT",
    "Sat, 13 Nov 2010 23.29.00 GMT",
  ])
    expect(parseSipDate(text), text).toBeUndefined();
});
