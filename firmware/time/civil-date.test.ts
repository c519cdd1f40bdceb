import { expect, test } from "vitest";
import { dateOf, dayNumber, isLeapYear, weekdayOf, yearOf } from "./civil-date.ts";

const dayMs = 86_400_000;

test("each day from 1970 to 2150 has the date and the weekday of the calendar, and its number back", () => {
  const last = dayNumber(2150, 12, 31);
  for (let day = 0; day <= last; day++) {
    const calendar = new Date(day * dayMs);
    const date = dateOf(day);
    if (
      date.year !== calendar.getUTCFullYear() ||
      date.month !== calendar.getUTCMonth() + 1 ||
      date.day !== calendar.getUTCDate() ||
      weekdayOf(day) % 7 !== calendar.getUTCDay() ||
      dayNumber(date.year, date.month, date.day) !== day
    )
      expect.fail(`day ${day} is ${JSON.stringify(date)}, not ${calendar.toISOString()}`);
  }
  expect(last).toBe(Date.UTC(2150, 11, 31) / dayMs);
});

test("2000 has a leap day and 2100 has none", () => {
  expect([1996, 2000, 2026, 2028, 2100].filter(isLeapYear)).toEqual([1996, 2000, 2028]);
  expect(yearOf(dayNumber(2100, 1, 1) - 1)).toBe(2099);
});
