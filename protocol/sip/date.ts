/** The Date header: RFC 1123 dates, always GMT (RFC 3261 20.17), to and from milliseconds since 1970. */
import { decimal } from "./scan.ts";

const dayMs = 86_400_000;
const days = "MonTueWedThuFriSatSun";
const months = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** The instant that `Sat, 13 Nov 2010 23:29:00 GMT` names; undefined for any other shape, zone or impossible date. */
export function parseSipDate(text: string): number | undefined {
  if (text.substring(25) !== " GMT" || text.substring(3, 5) !== ", ") return undefined;
  const weekday = nameIndex(days, text.substring(0, 3));
  const month = nameIndex(months, text.substring(8, 11));
  const day = decimal(text, 5, 7, 31);
  const year = decimal(text, 12, 16, 9999);
  const hour = decimal(text, 17, 19, 23);
  const minute = decimal(text, 20, 22, 59);
  const second = decimal(text, 23, 25, 60);
  if (weekday < 0 || month < 0 || day < 1 || year < 1970 || hour < 0 || minute < 0 || second < 0) return undefined;
  if (text.charAt(7) + text.charAt(11) + text.charAt(16) !== "   ") return undefined;
  if (text.charAt(19) + text.charAt(22) !== "::" || day > monthLength(year, month)) return undefined;
  return daysBefore(year, month, day) * dayMs + (hour * 3600 + minute * 60 + second) * 1000;
}

/** The header's text for an instant from 1970 to 9999; parts of a second are dropped. */
export function sipDateText(wallMs: number): string {
  let left = Math.floor(wallMs / dayMs);
  const weekday = (left + 3) % 7;
  let year = 1970;
  for (let length = yearLength(year); left >= length; length = yearLength(year)) {
    left -= length;
    year++;
  }
  let month = 0;
  while (left >= monthLength(year, month)) left -= monthLength(year, month++);
  const second = Math.floor((wallMs - Math.floor(wallMs / dayMs) * dayMs) / 1000);
  const date = two(left + 1) + " " + months.substring(month * 3, month * 3 + 3) + " " + year;
  const time = two(Math.floor(second / 3600)) + ":" + two(Math.floor(second / 60) % 60) + ":" + two(second % 60);
  return days.substring(weekday * 3, weekday * 3 + 3) + ", " + date + " " + time + " GMT";
}

function nameIndex(names: string, name: string): number {
  const at = names.indexOf(name);
  return at >= 0 && at % 3 === 0 ? at / 3 : -1;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function yearLength(year: number): number {
  return isLeap(year) ? 366 : 365;
}

function monthLength(year: number, month: number): number {
  if (month === 1) return isLeap(year) ? 29 : 28;
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
}

/** Days from 1 January 1970 to the given day; `month` counts from 0. */
function daysBefore(year: number, month: number, day: number): number {
  const past = year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 477;
  let count = (year - 1970) * 365 + leaps + day - 1;
  for (let i = 0; i < month; i++) count += monthLength(year, i);
  return count;
}

function two(value: number): string {
  return value < 10 ? "0" + value : "" + value;
}
