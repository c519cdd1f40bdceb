import fc from "fast-check";
import { expect, test } from "vitest";
import { dayNumber } from "./civil-date.ts";
import { daySeconds, localTimeOf, stockholmOffsetS, utcOfLocal } from "./stockholm.ts";

const clockFace = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Stockholm",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** What the time zone database says that the clocks show. */
function shownAt(utcS: number): { readonly day: number; readonly secondOfDay: number } {
  const parts: { [type: string]: number } = {};
  for (const part of clockFace.formatToParts(new Date(utcS * 1000))) parts[part.type] = Number(part.value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { day: dayNumber(year, month, day), secondOfDay: hour * 3600 + minute * 60 + second };
}

function utc(text: string): number {
  return Date.parse(text) / 1000;
}

test("around each change of the clocks from 1996 to 2100 local time is what the time zone database says", () => {
  for (let year = 1996; year <= 2100; year++) {
    for (const month of [3, 10]) {
      for (let date = 24; date <= 31; date++) {
        for (const hour of [0, 1, 2]) {
          const utcS = dayNumber(year, month, date) * daySeconds + hour * 3600;
          for (const at of [utcS - 1, utcS]) {
            const shown = shownAt(at);
            const local = localTimeOf(at);
            if (local.day !== shown.day || local.secondOfDay !== shown.secondOfDay) expect.fail(`wrong at ${at}`);
          }
        }
      }
    }
  }
  expect(localTimeOf(utc("2100-10-31T01:00:00Z"))).toEqual(shownAt(utc("2100-10-31T01:00:00Z")));
});

test("at any instant from 1996 to 2100 local time is what the time zone database says", () => {
  const last = utc("2100-12-31T22:59:59Z");
  fc.assert(
    fc.property(fc.integer({ min: utc("1996-01-01T00:00:00Z"), max: last }), (utcS) => {
      expect(localTimeOf(utcS)).toEqual(shownAt(utcS));
    }),
    { numRuns: 500 },
  );
});

test("a time that the clocks show once is found again, whatever the season", () => {
  const first = dayNumber(1996, 1, 1);
  fc.assert(
    fc.property(fc.integer({ min: first, max: dayNumber(2100, 12, 31) }), fc.nat(daySeconds - 1), (day, second) => {
      const local = localTimeOf(utcOfLocal(day, second));
      expect(local.day).toBe(day);
      expect([second, second + 3600]).toContain(local.secondOfDay);
      if (second < 7_200 || second >= 10_800) expect(local.secondOfDay).toBe(second);
    }),
  );
});

test("half past two moves on to half past three where the spring leaves it out", () => {
  const day = dayNumber(2026, 3, 29);
  expect(utcOfLocal(day, 2 * 3600 + 1800)).toBe(utc("2026-03-29T01:30:00Z"));
  expect(utcOfLocal(day, 2 * 3600 - 1)).toBe(utc("2026-03-29T00:59:59Z"));
  expect(utcOfLocal(day, 3 * 3600)).toBe(utc("2026-03-29T01:00:00Z"));
});

test("of the two half past twos in autumn it is the first", () => {
  const day = dayNumber(2026, 10, 25);
  expect(utcOfLocal(day, 2 * 3600 + 1800)).toBe(utc("2026-10-25T00:30:00Z"));
  expect(utcOfLocal(day, 3 * 3600)).toBe(utc("2026-10-25T02:00:00Z"));
});

test("summer time begins and ends at 01:00 UTC on the last Sunday", () => {
  expect(stockholmOffsetS(utc("2027-03-28T00:59:59Z"))).toBe(3_600);
  expect(stockholmOffsetS(utc("2027-03-28T01:00:00Z"))).toBe(7_200);
  expect(stockholmOffsetS(utc("2027-10-31T00:59:59Z"))).toBe(7_200);
  expect(stockholmOffsetS(utc("2027-10-31T01:00:00Z"))).toBe(3_600);
});
