/**
 * The instant of a press as the information text (`ite`) of our requests: `pressed 2026-03-02T06:10:05Z`, or `pressed T+07s`
 * while the clock is unknown. SS 91100 has no element for it; the form is RFC 3339 in UTC.
 */

/** Seconds, counted from 1970 (UTC) or, the wall clock being unknown, from the unit's start. */
export interface PressTime {
  readonly clock: "wall" | "start";
  readonly seconds: number;
}

const word = "pressed ";
const dayS = 86400;
/** The first instant with a year of five digits; a text has four. */
const endOfYearsS = 253402300800;
/** Digits of the seconds since the start that a text may have: some three hundred years. */
const secondDigits = 10;

/** The text for `ite`. A wall time before 1970 or after 9999 is a mistake of the caller and throws. */
export function pressedText(clock: PressTime["clock"], seconds: number): string {
  return word + (clock === "wall" ? utcText(seconds) : "T+" + padded(Math.floor(Math.max(seconds, 0)), 2) + "s");
}

/** What an `ite` says about the press, or undefined where it says nothing of the kind. Text behind a blank may follow. */
export function parsePressed(ite: string): PressTime | undefined {
  if (ite.substring(0, word.length) !== word) return undefined;
  const blank = ite.indexOf(" ", word.length);
  const what = ite.substring(word.length, blank < 0 ? ite.length : blank);
  if (what.charAt(0) !== "T") {
    const wallS = parseUtc(what);
    return wallS === undefined ? undefined : { clock: "wall", seconds: wallS };
  }
  if (what.charAt(1) !== "+" || what.charAt(what.length - 1) !== "s" || what.length > secondDigits + 3)
    return undefined;
  const seconds = digitsIn(what, 2, what.length - 1);
  return seconds < 0 ? undefined : { clock: "start", seconds };
}

/** `2026-03-02T06:10:05Z` of an instant from 1970 to 9999, in seconds since 1970; anything else throws. */
export function utcText(wallS: number): string {
  if (!(wallS >= 0 && wallS < endOfYearsS)) throw new Error("pressed: not a wall time: " + wallS);
  const days = Math.floor(wallS / dayS);
  const seconds = Math.floor(wallS - days * dayS);
  const minutes = Math.floor(seconds / 60);
  const clock = padded(Math.floor(minutes / 60), 2) + ":" + padded(minutes % 60, 2) + ":" + padded(seconds % 60, 2);
  return dateText(days) + "T" + clock + "Z";
}

/** The instant of a text as `utcText` writes it, in seconds since 1970, or undefined. */
export function parseUtc(text: string): number | undefined {
  if (text.length !== 20 || text.charAt(4) !== "-" || text.charAt(7) !== "-" || text.charAt(10) !== "T")
    return undefined;
  if (text.charAt(13) !== ":" || text.charAt(16) !== ":" || text.charAt(19) !== "Z") return undefined;
  const year = digitsIn(text, 0, 4);
  const month = digitsIn(text, 5, 7);
  const day = digitsIn(text, 8, 10);
  const hour = digitsIn(text, 11, 13);
  const minute = digitsIn(text, 14, 16);
  const second = digitsIn(text, 17, 19);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(month, year)) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  return (daysBefore(year, month) + day - 1) * dayS + (hour * 60 + minute) * 60 + second;
}

/** The date `days` after 1 January 1970. */
function dateText(days: number): string {
  let year = 1970 + Math.floor(days / 366);
  while (daysBefore(year + 1, 1) <= days) year++;
  let month = 12;
  while (daysBefore(year, month) > days) month--;
  return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(days - daysBefore(year, month) + 1, 2);
}

/** Days from 1 January 1970 to the first of a month. */
function daysBefore(year: number, month: number): number {
  const last = year - 1;
  const leapDays = Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400) - 477;
  let days = (year - 1970) * 365 + leapDays;
  for (let i = 1; i < month; i++) days += daysIn(i, year);
  return days;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function padded(number: number, length: number): string {
  let text = String(number);
  while (text.length < length) text = "0" + text;
  return text;
}

/** The number that the digits from `from` to `to` write, or -1 where anything else stands or nothing. */
function digitsIn(text: string, from: number, to: number): number {
  if (to <= from) return -1;
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}
