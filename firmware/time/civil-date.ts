/** Days as numbers (0 is 1970-01-01) and as dates of the Gregorian calendar, in integers. From 1970 on; ISO 8601 for weekdays. */

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** Days before each month of a year without a leap day. */
const daysBefore: readonly number[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The number of a day. */
export function dayNumber(year: number, month: number, day: number): number {
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  return firstOfYear(year) + (daysBefore[month - 1] as number) + leapDay + day - 1;
}

/** The date of a day; it must not be before 1970. */
export function dateOf(day: number): CivilDate {
  const year = yearOf(day);
  let month = 12;
  while (month > 1 && dayNumber(year, month, 1) > day) month--;
  return { year, month, day: day - dayNumber(year, month, 1) + 1 };
}

export function yearOf(day: number): number {
  let year = 1970 + Math.floor(day / 366);
  while (firstOfYear(year + 1) <= day) year++;
  return year;
}

/** 1 is Monday, 7 Sunday. */
export function weekdayOf(day: number): number {
  return ((day + 3) % 7) + 1;
}

function firstOfYear(year: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return 365 * (year - 1970) + leapDays - leapDaysBefore1970;
}

const leapDaysBefore1970 = 477;
