/**
 * How many events a log may write: two buckets that fill with time, so that a fault which flaps for a year wears no sector
 * out. Steps of alarms and orders have the larger one: 240 at once and one each 10 s; all else 60, and one a minute.
 */
interface Bucket {
  readonly most: number;
  readonly everyMs: number;
  left: number;
  filledMs: number;
}

/** Most events a day that are written, over both: what wear is reckoned from. */
export const writesPerDay = 240 + 8_640 + 60 + 1_440;

export class WriteAllowance {
  /** Events refused since somebody set this to 0. */
  suppressed: number;
  private readonly ample: Bucket;
  private readonly scant: Bucket;

  constructor(nowMs: number) {
    this.suppressed = 0;
    this.ample = { most: 240, everyMs: 10_000, left: 240, filledMs: nowMs };
    this.scant = { most: 60, everyMs: 60_000, left: 60, filledMs: nowMs };
  }

  take(nowMs: number, isAmple: boolean): boolean {
    const bucket = isAmple ? this.ample : this.scant;
    const due = Math.floor((nowMs - bucket.filledMs) / bucket.everyMs);
    bucket.left = Math.min(bucket.most, bucket.left + due);
    bucket.filledMs += due * bucket.everyMs;
    if (bucket.left === 0) {
      this.suppressed++;
      return false;
    }
    bucket.left--;
    return true;
  }
}
