/** Books the air time of the last hour, so that no transmitter exceeds 0.1 % (ERC/REC 70-03 annex 7; radio 4). */

/** What the channel still has room for: everything; slow ones thinned; first copies and their acknowledges only; nothing. */
export type AirRoom = "free" | "thin" | "reserve" | "none";

/** Limits on the air time booked in the last hour, in µs: 3.6 s is 0.1 %. */
export const thinAboveUs = 2_400_000;
export const reserveAboveUs = 2_800_000;
export const silentAboveUs = 3_600_000;

const minuteMs = 60_000;
/** The minute under way and the 60 before it: what is remembered is never less than one hour. */
const bucketCount = 61;
const tickUs = 100;

export class AirtimeLedger {
  private readonly ticks: Uint16Array;
  private minute: number;
  private total: number;

  constructor() {
    this.ticks = new Uint16Array(bucketCount);
    this.minute = 0;
    this.total = 0;
  }

  /** Adds a transmission that begins now, rounded up to 0.1 ms. Never more than 6.5 s in one minute. */
  book(nowMs: number, airUs: number): void {
    this.advance(nowMs);
    const ticks = Math.floor((airUs + tickUs - 1) / tickUs);
    const at = this.minute % bucketCount;
    this.ticks[at] = (this.ticks[at] as number) + ticks;
    this.total += ticks;
  }

  /** Room for one more frame of `airUs`. */
  roomFor(nowMs: number, airUs: number): AirRoom {
    this.advance(nowMs);
    const bookedUs = this.total * tickUs;
    if (bookedUs + airUs > silentAboveUs) return "none";
    if (bookedUs + airUs > reserveAboveUs) return "reserve";
    return bookedUs > thinAboveUs ? "thin" : "free";
  }

  /** Air time of the last 60 to 61 minutes in µs. */
  bookedUs(nowMs: number): number {
    this.advance(nowMs);
    return this.total * tickUs;
  }

  private advance(nowMs: number): void {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute - this.minute >= bucketCount) {
      this.ticks.fill(0);
      this.total = 0;
      this.minute = minute;
    }
    while (this.minute < minute) {
      this.minute++;
      const at = this.minute % bucketCount;
      this.total -= this.ticks[at] as number;
      this.ticks[at] = 0;
    }
  }
}
