/**
 * Local time in Sweden from UTC, in integers: CET, and CEST from 01:00 UTC of the last Sunday in March to 01:00 UTC of the last
 * Sunday in October (Directive 2000/84/EC; these dates hold since 1996).
 */
import { dayNumber, weekdayOf, yearOf } from "./civil-date.ts";

/** What a clock on the wall shows. */
export interface LocalTime {
  /** The local date as a day's number (0 is 1970-01-01). */
  readonly day: number;
  /** 0 to 86,399: what the clock face says, not the seconds that have passed. */
  readonly secondOfDay: number;
}

export const daySeconds = 86_400;
const hourSeconds = 3_600;

/** Seconds that local time is ahead of UTC at `utcS`: 3,600 or 7,200. */
export function stockholmOffsetS(utcS: number): number {
  const year = yearOf(Math.floor(utcS / daySeconds));
  const summer = utcS >= changeS(year, 3) && utcS < changeS(year, 10);
  return summer ? 2 * hourSeconds : hourSeconds;
}

export function localTimeOf(utcS: number): LocalTime {
  const localS = utcS + stockholmOffsetS(utcS);
  const day = Math.floor(localS / daySeconds);
  return { day, secondOfDay: localS - day * daySeconds };
}

/** Minute of the local day, or -1 where `utcS` is -1: the time is not known. */
export function localMinuteOf(utcS: number): number {
  return utcS < 0 ? -1 : Math.floor(localTimeOf(utcS).secondOfDay / 60);
}

/**
 * The instant (UTC seconds) at which the clocks show `secondOfDay` on the local date `day`. A time that the spring leaves
 * out moves on by that hour; of one that the autumn has twice it is the first.
 */
export function utcOfLocal(day: number, secondOfDay: number): number {
  const midnightOffsetS = stockholmOffsetS(day * daySeconds - hourSeconds);
  const asBeforeS = day * daySeconds + secondOfDay - midnightOffsetS;
  const offsetS = stockholmOffsetS(asBeforeS);
  const asAfterS = day * daySeconds + secondOfDay - offsetS;
  return stockholmOffsetS(asAfterS) === offsetS ? asAfterS : asBeforeS;
}

/** When the clocks change in that month. */
function changeS(year: number, month: 3 | 10): number {
  const last = dayNumber(year, month, 31);
  return (last - (weekdayOf(last) % 7)) * daySeconds + hourSeconds;
}
