/** When a press is repeated and when its alarm is asked about: tables and bounds of radio 5, in milliseconds. */

export interface Wait {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** Gap before copy 0, 1 ... 7: copies at about 0, 0.5, 1.1, 2, 6, 15, 30, 55 s. */
const gapsMs: readonly number[] = [0, 500, 600, 900, 4_000, 9_000, 15_000, 25_000];
/** Two units of one building answer within this; closer copies would only collide with the answers. */
const leastGapMs = 450;
/** The eighth copy is out before the first minute is over. */
const eighthBeforeMs = 59_500;

/** A new press during a series brings these back. */
export const firstCopies = 4;
export const scheduledCopies = gapsMs.length;
export const seriesMs = 600_000;

const slowLeastMs = 35_000;
const slowMostMs = 50_000;

/** The wait before copy `index` (1 and up), `sinceMs` after the newest press; `thinned` where air time runs short. */
export function waitBeforeCopy(index: number, sinceMs: number, thinned: boolean): Wait {
  const gapMs = gapsMs[index];
  if (gapMs === undefined) return slowWait(sinceMs, thinned ? 4 : 1);
  const leastMs = Math.max(leastGapMs, Math.floor((gapMs * 4) / 5));
  const mostMs = Math.floor((gapMs * 6) / 5);
  if (index !== scheduledCopies - 1) return { leastMs, mostMs };
  return { leastMs, mostMs: Math.max(leastMs, Math.min(mostMs, eighthBeforeMs - sinceMs)) };
}

/** The wait before a slow copy; it ends no later than the series does. */
export function slowWait(sinceMs: number, factor: number): Wait {
  const leftMs = Math.max(0, seriesMs - sinceMs);
  return { leastMs: Math.min(slowLeastMs * factor, leftMs), mostMs: Math.min(slowMostMs * factor, leftMs) };
}

/** Status requests after the acknowledge: at these instants, then each minute to 10 min, then each 10 min. */
const pollsMs: readonly number[] = [2_000, 4_000, 7_000, 11_000, 16_000, 25_000, 40_000, 60_000];

/** When request `index` (0 and up) is due after the acknowledge. */
export function pollDueMs(index: number): number {
  const dueMs = pollsMs[index];
  if (dueMs !== undefined) return dueMs;
  const minutes = index - pollsMs.length + 2;
  return minutes <= 10 ? minutes * 60_000 : (minutes - 9) * 600_000;
}

/** The wait until request `index`, `sinceMs` after the acknowledge: 5 % of spread, so that two buttons do not ask in step for ever. */
export function waitBeforePoll(index: number, sinceMs: number): Wait {
  const previousMs = index === 0 ? 0 : pollDueMs(index - 1);
  const dueMs = pollDueMs(index);
  const spreadMs = Math.floor((dueMs - previousMs) / 20);
  const leastMs = Math.max(0, dueMs - spreadMs - sinceMs);
  return { leastMs, mostMs: Math.max(leastMs, dueMs + spreadMs - sinceMs) };
}
