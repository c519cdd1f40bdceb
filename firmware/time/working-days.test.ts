import { expect, test } from "vitest";
import { dayNumber } from "./civil-date.ts";
import { easterOf, isWorkingDay, workingDayFrom } from "./working-days.ts";

test("Easter falls on the Sundays of the church's table, at its ends and between", () => {
  const known: [number, number, number][] = [
    [1997, 3, 30],
    [2008, 3, 23],
    [2024, 3, 31],
    [2025, 4, 20],
    [2026, 4, 5],
    [2027, 3, 28],
    [2038, 4, 25],
    [2049, 4, 18],
    [2076, 4, 19],
    [2099, 4, 12],
  ];
  for (const [year, month, day] of known) expect(easterOf(year)).toBe(dayNumber(year, month, day));
});

test("the Swedish year 2026 has these weekdays without work and no others", () => {
  const free: string[] = [];
  for (let day = dayNumber(2026, 1, 1); day <= dayNumber(2026, 12, 31); day++) {
    const date = new Date(day * 86_400_000);
    const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
    if (weekend) expect(isWorkingDay(day)).toBe(false);
    else if (!isWorkingDay(day)) free.push(date.toISOString().substring(5, 10));
  }
  expect(free).toEqual(["01-01", "01-06", "04-03", "04-06", "05-01", "05-14", "06-19", "12-24", "12-25", "12-31"]);
});

test("a day without work moves on to the next working day, a working day stays", () => {
  expect(workingDayFrom(dayNumber(2026, 12, 24))).toBe(dayNumber(2026, 12, 28));
  expect(workingDayFrom(dayNumber(2026, 4, 3))).toBe(dayNumber(2026, 4, 7));
  expect(workingDayFrom(dayNumber(2026, 4, 7))).toBe(dayNumber(2026, 4, 7));
});
