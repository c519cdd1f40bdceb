/** Who is told at which hour: office days and hours, summer, holidays, and the two days without their usual length. */
import { expect, test } from "vitest";
import { fromSwedish } from "../scenario/scenario-clock.ts";
import { dayText, dutyAt, localDay } from "./duty-calendar.ts";

function at(date: string, time: string): number {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const [hour, minute] = time.split(":").map(Number) as [number, number];
  return fromSwedish(year, month, day, hour, minute) ?? Number.NaN;
}

test.each([
  ["a Wednesday morning before the office opens", "2026-01-14", "07:44", "on-call"],
  ["as it opens", "2026-01-14", "07:45", "office"],
  ["just before it closes", "2026-01-14", "16:59", "office"],
  ["as it closes", "2026-01-14", "17:00", "on-call"],
  ["a night", "2026-01-14", "02:00", "on-call"],
  ["a Saturday", "2026-01-17", "10:00", "on-call"],
  ["the last day of May", "2026-05-29", "16:30", "office"],
  ["a summer day until four", "2026-06-01", "15:59", "office"],
  ["a summer day after four", "2026-06-01", "16:00", "on-call"],
  ["the last day of August", "2026-08-31", "16:30", "on-call"],
  ["the first of September", "2026-09-01", "16:30", "office"],
  ["Epiphany", "2026-01-06", "10:00", "on-call"],
  ["Good Friday 2026", "2026-04-03", "10:00", "on-call"],
  ["Easter Monday 2026", "2026-04-06", "10:00", "on-call"],
  ["Ascension Day 2026", "2026-05-14", "10:00", "on-call"],
  ["the Friday after it", "2026-05-15", "10:00", "office"],
  ["May Day", "2026-05-01", "10:00", "on-call"],
  ["Midsummer Eve 2026", "2026-06-19", "10:00", "on-call"],
  ["Christmas Eve", "2026-12-24", "10:00", "on-call"],
  ["the day between the holidays", "2026-12-28", "10:00", "office"],
  ["New Year's Eve", "2026-12-31", "10:00", "on-call"],
  ["the Monday after clocks went forward", "2026-03-30", "07:45", "office"],
  ["the Monday after they went back", "2026-10-26", "07:44", "on-call"],
])("%s: %s %s is for the %s", (_, date, time, duty) => {
  expect(dutyAt(at(date, time))).toBe(duty);
});

test("there is no hour of a year without anybody, and the office has its share", () => {
  let office = 0;
  for (let ms = at("2026-01-01", "00:30"); ms < at("2027-01-01", "00:00"); ms += 3_600_000)
    if (dutyAt(ms) === "office") office++;
  // 250 working days of 9 hours (08:30 to 16:30), 65 of them in summer with 8.
  expect(office).toBeGreaterThan(2_100);
  expect(office).toBeLessThan(2_260);
});

test("days change at midnight in Sweden", () => {
  expect(dayText(localDay(at("2026-07-01", "00:00")))).toBe("2026-07-01");
  expect(dayText(localDay(at("2026-07-01", "00:00") - 1))).toBe("2026-06-30");
});
