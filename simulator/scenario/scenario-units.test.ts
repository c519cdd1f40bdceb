/** Small texts of scenario files, and Swedish clocks. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromSwedish, localDate, localTime, nextSwedishClock, swedishOffsetMs } from "./scenario-clock.ts";
import {
  durationText,
  nearest,
  parseClockMs,
  parseDurationMs,
  parseHours,
  parseSharePpm,
  parseSpan,
} from "./scenario-units.ts";

test.each([
  ["300ms", 300],
  ["1.5s", 1_500],
  ["0.001s", 1],
  ["12m", 720_000],
  ["12h", 43_200_000],
  ["30d", 2_592_000_000],
  ["1.5ms", undefined],
  ["5 m", undefined],
  ["5", undefined],
  ["-5m", undefined],
  ["5M", undefined],
  ["1h30m", undefined],
  ["", undefined],
])("the time %s is %s ms", (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test("every time with a whole number of milliseconds is read as itself", () => {
  fc.assert(fc.property(fc.nat(999_999_999), (ms) => parseDurationMs(`${ms}ms`) === ms));
  fc.assert(
    fc.property(
      fc.nat(99_999),
      fc.nat(999),
      (s, ms) => parseDurationMs(`${s}.${String(ms).padStart(3, "0")}s`) === s * 1000 + ms,
    ),
  );
});

test("shares, spans, clocks and hours are read within their bounds alone", () => {
  expect([parseSharePpm("10 %"), parseSharePpm("0.5%"), parseSharePpm("100 %")]).toEqual([100_000, 5_000, 1_000_000]);
  expect([parseSharePpm("101 %"), parseSharePpm("10"), parseSharePpm("100.0001 %")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(parseSpan("200ms to 1.5s")).toEqual({ leastMs: 200, mostMs: 1_500 });
  expect([parseSpan("2s to 1s"), parseSpan("2s to")]).toEqual([undefined, undefined]);
  expect([parseClockMs("08:00:30"), parseClockMs("24:00")]).toEqual([28_830_000, undefined]);
  expect(parseHours("00:00-24:00")).toEqual({ fromMinute: 0, toMinute: 1440 });
  expect([parseHours("22:00-06:00"), parseHours("06:00-24:01"), parseHours("06:00-06:00")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("times are said as people say them", () => {
  const said = [0, 999, 1_000, 12_345, 60_000, 93_000, 3_600_000, 5_400_000, 172_800_000, 180_000_000].map(
    durationText,
  );
  expect(said).toEqual([
    "0 ms",
    "999 ms",
    "1 s",
    "12.3 s",
    "1 min",
    "1 min 33 s",
    "1 h",
    "1 h 30 min",
    "2 d",
    "2 d 2 h",
  ]);
});

test("the nearest name is offered for a slip, and none for another word", () => {
  expect(nearest("recievers", ["world", "receivers", "fleet"])).toBe("receivers");
  expect(nearest("sim", ["simulate", "sum"])).toBe("sum");
  expect(nearest("colour", ["count", "name"])).toBeUndefined();
});

const zone = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Stockholm",
  dateStyle: "short",
  timeStyle: "medium",
});

test("Swedish time agrees with the time zone database from 1997 to 2100", () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1997, 0, 1), max: Date.UTC(2100, 0, 1) }), (utcMs) => {
      expect(`${localDate(utcMs)} ${localTime(utcMs)}`).toBe(zone.format(utcMs));
    }),
    { numRuns: 500 },
  );
});

test("a local time that the spring change leaves out is none, and one that comes twice is the first", () => {
  expect(fromSwedish(2026, 3, 29, 2, 30)).toBeUndefined();
  expect(fromSwedish(2026, 10, 25, 2, 30)).toBe(Date.UTC(2026, 9, 25, 0, 30));
  expect(fromSwedish(2026, 13, 1, 0, 0)).toBeUndefined();
  expect(fromSwedish(2026, 1, 14, 24, 0)).toBeUndefined();
  expect(swedishOffsetMs(Date.UTC(2026, 2, 29, 0, 59, 59))).toBe(3_600_000);
  expect(swedishOffsetMs(Date.UTC(2026, 2, 29, 1))).toBe(7_200_000);
});

test("a time of day is its first occurrence from the start on", () => {
  const start = fromSwedish(2026, 1, 14, 6, 0) ?? 0;
  expect(nextSwedishClock(start, 6 * 3_600_000)).toBe(start);
  expect(nextSwedishClock(start, 8 * 3_600_000)).toBe(start + 2 * 3_600_000);
  expect(nextSwedishClock(start, 5 * 3_600_000)).toBe(start + 23 * 3_600_000);
  const beforeChange = fromSwedish(2026, 3, 29, 1, 0) ?? 0;
  expect(localTime(nextSwedishClock(beforeChange, 8 * 3_600_000))).toBe("08:00:00");
});
