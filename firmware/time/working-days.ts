/** Swedish working days: Monday to Friday, without public holidays (SFS 1989:253) and without the eves that are kept as such. */
import { dateOf, dayNumber, weekdayOf } from "./civil-date.ts";

/** Month times 100 plus day: New Year's Day, Epiphany, May Day, National Day, Christmas Eve to Boxing Day, New Year's Eve. */
const fixedHolidays: readonly number[] = [101, 106, 501, 606, 1224, 1225, 1226, 1231];
/** Days from Easter Sunday: Good Friday, Easter Monday, Ascension Day. */
const movableHolidays: readonly number[] = [-2, 1, 39];
const friday = 5;

export function isWorkingDay(day: number): boolean {
  const weekday = weekdayOf(day);
  if (weekday > friday) return false;
  const date = dateOf(day);
  if (fixedHolidays.indexOf(date.month * 100 + date.day) >= 0) return false;
  // Midsummer Eve is the Friday from 19 to 25 June.
  if (weekday === friday && date.month === 6 && date.day >= 19 && date.day <= 25) return false;
  return movableHolidays.indexOf(day - easterOf(date.year)) < 0;
}

/** The day itself where it is a working day, otherwise the next one. */
export function workingDayFrom(day: number): number {
  let next = day;
  while (!isWorkingDay(next)) next++;
  return next;
}

/** Easter Sunday: the first Sunday after the full moon of the church's table on or after 21 March. */
export function easterOf(year: number): number {
  const century = Math.floor(year / 100);
  const lunarYear = year % 19;
  const correction = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 15;
  let daysToFullMoon = (19 * lunarYear + correction) % 30;
  if (daysToFullMoon === 29 || (daysToFullMoon === 28 && lunarYear > 10)) daysToFullMoon--;
  const fullMoon = dayNumber(year, 3, 21) + daysToFullMoon;
  return fullMoon + 7 - (weekdayOf(fullMoon) % 7);
}
