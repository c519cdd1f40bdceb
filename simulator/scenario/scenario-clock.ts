/**
 * Swedish local time by the rule of directive 2000/84/EC (summer time from the last Sunday of March to the last Sunday of
 * October, both at 01:00 UTC), in integers, so that scenario files and reports read the same on every machine.
 */
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Milliseconds that Swedish local time is ahead of UTC. */
export function swedishOffsetMs(utcMs: number): number {
  const year = new Date(utcMs).getUTCFullYear();
  const summer = utcMs >= lastSundayAtOne(year, 2) && utcMs < lastSundayAtOne(year, 9);
  return summer ? 2 * hourMs : hourMs;
}

function lastSundayAtOne(year: number, month: number): number {
  const lastDay = Date.UTC(year, month + 1, 0);
  return lastDay - new Date(lastDay).getUTCDay() * dayMs + hourMs;
}

/** The instant of a local date and time; undefined where the calendar or the spring change has no such time. */
export function fromSwedish(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
): number | undefined {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  for (const offset of [2 * hourMs, hourMs]) {
    const utcMs = asUtc - offset;
    if (
      swedishOffsetMs(utcMs) === offset &&
      localDate(utcMs) === `${year}-${two(month)}-${two(day)}` &&
      hour < 24 &&
      minute < 60
    )
      return utcMs;
  }
  return undefined;
}

/** The first instant at or after `fromMs` at which Swedish clocks show that time of day. */
export function nextSwedishClock(fromMs: number, msOfDay: number): number {
  const local = fromMs + swedishOffsetMs(fromMs);
  let candidate = local - (local % dayMs) + msOfDay;
  if (candidate < local) candidate += dayMs;
  return candidate - swedishOffsetMs(candidate - swedishOffsetMs(fromMs));
}

/** "2026-01-14". */
export function localDate(utcMs: number): string {
  return new Date(utcMs + swedishOffsetMs(utcMs)).toISOString().slice(0, 10);
}

/** "08:00:05". */
export function localTime(utcMs: number): string {
  return new Date(utcMs + swedishOffsetMs(utcMs)).toISOString().slice(11, 19);
}

/** "08:00". */
export function localMinute(utcMs: number): string {
  return localTime(utcMs).slice(0, 5);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
