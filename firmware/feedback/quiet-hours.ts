/** Hours in which the unit does not speak by itself. Lamp, tone and button go on telling; an unknown time is never quiet. */
import { daySeconds, localTimeOf } from "../time/stockholm.ts";

/** Local seconds of the day; they may begin in the evening and end in the morning. Equal ends: never quiet. */
export interface QuietHours {
  readonly fromS: number;
  readonly toS: number;
}

/** 22:00 to 07:00. */
export const quietByNight: QuietHours = { fromS: 79_200, toS: 25_200 };

/** Whether it is quiet at `wallS` (UTC seconds, -1 while unknown). */
export function isQuiet(hours: QuietHours, wallS: number): boolean {
  return quietForS(hours, wallS) > 0;
}

/** Seconds on the clock's face until the quiet hours end, 0 where it is not quiet. */
export function quietForS(hours: QuietHours, wallS: number): number {
  if (wallS < 0) return 0;
  const lengthS = (hours.toS - hours.fromS + daySeconds) % daySeconds;
  const passedS = (localTimeOf(wallS).secondOfDay - hours.fromS + daySeconds) % daySeconds;
  return Math.max(0, lengthS - passedS);
}

/** What is wrong with the hours, in words, or undefined. */
export function quietHoursFault(hours: QuietHours): string | undefined {
  return isTimeOfDay(hours.fromS) && isTimeOfDay(hours.toS) ? undefined : "quiet hours are times of the day";
}

function isTimeOfDay(second: number): boolean {
  return second >= 0 && second < daySeconds && second === Math.floor(second);
}
