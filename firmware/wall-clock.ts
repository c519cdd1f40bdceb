/**
 * Wall time as a value that may be unknown: told by the receivers, by SNTP or by the mobile network, kept as a distance to the
 * monotonic clock. What tells the time may lie or be wrong for a moment, so a leap needs two readings that agree, a worse source
 * never contradicts a better one that was heard within a day, and a time below the floor is not believed at all.
 */

/** The `Date` of a SIP answer (RFC 3261 20.17), SNTP (RFC 5905), or the mobile network (3GPP 24.008 9.2.15a, NITZ): the best first. */
export type TimeSource = "sip-date" | "sntp" | "nitz";

/** Readings that differ by less are the same: a SIP `Date` has whole seconds and takes its time on the way. */
const sameMs = 2_000;
/** What differs by more is a leap. */
const leapMs = 60_000;
/** Dates so near to one another may have waited together in the same place: a modem that hung, a queue. */
const apartMs = 30_000;
/** A better source keeps the word for so long after it was last heard. */
const keepsWordMs = 86_400_000;
/** A time is firm when a reading agreed with it so long after it was set. */
const firmAfterMs = 3_600_000;
const watcherLimit = 8;

export class WallClock {
  private offsetMs: number | undefined;
  private source: TimeSource;
  /** When the present time was taken by a leap or for the first time, and when a reading last agreed with it. */
  private takenMs: number;
  private agreedMs: number;
  /** Distance of a leap that one reading told of and none has confirmed. */
  private doubtedMs: number | undefined;
  private doubtedAtMs: number;
  private floorMs: number;
  private readonly watchers: (() => void)[];

  constructor() {
    this.offsetMs = undefined;
    this.source = "nitz";
    this.takenMs = 0;
    this.agreedMs = 0;
    this.doubtedMs = undefined;
    this.doubtedAtMs = 0;
    this.floorMs = builtMs;
    this.watchers = [];
  }

  /**
   * `wallMs` since 1970 (UTC) at the monotonic instant `nowMs`; without a source it came in a SIP answer. Whether it is
   * believed, and when, stands at the head of this file.
   */
  set(wallMs: number, nowMs: number, source?: TimeSource): void {
    const from = source ?? "sip-date";
    if (wallMs < this.floorMs) return;
    const offsetMs = wallMs - nowMs;
    if (this.offsetMs === undefined) this.take(offsetMs, nowMs, from, true);
    else if (distance(offsetMs, this.offsetMs) <= sameMs) this.agree(nowMs, from);
    else if (rankOf(from) > rankOf(this.source) && nowMs < this.agreedMs + keepsWordMs) return;
    else if (this.mayBeLate(offsetMs, this.offsetMs, nowMs, from)) this.doubt(offsetMs, nowMs);
    else if (distance(offsetMs, this.offsetMs) <= leapMs) this.take(offsetMs, nowMs, from, false);
    else if (rankOf(from) < rankOf(this.source) || this.isTwice(offsetMs)) this.take(offsetMs, nowMs, from, true);
    else this.doubt(offsetMs, nowMs);
  }

  /** No time below `wallMs` is believed from now on: it was firm in a former life of the unit. */
  raiseFloor(wallMs: number): void {
    this.floorMs = Math.max(this.floorMs, wallMs);
  }

  /** Whole seconds since 1970 (UTC), or -1 while unknown. */
  seconds(nowMs: number): number {
    return this.offsetMs === undefined ? -1 : Math.floor((this.offsetMs + nowMs) / 1000);
  }

  /** Milliseconds since 1970 (UTC), or -1 while unknown. */
  milliseconds(nowMs: number): number {
    return this.offsetMs === undefined ? -1 : this.offsetMs + nowMs;
  }

  /** The least that the time can be, also while it is unknown: for what must not be fooled by a clock set back. */
  leastSeconds(nowMs: number): number {
    return Math.max(this.seconds(nowMs), Math.floor(this.floorMs / 1000));
  }

  /** Whether two readings an hour apart have agreed, so that the time may become the floor of the next life. */
  get firm(): boolean {
    return this.offsetMs !== undefined && this.agreedMs - this.takenMs >= firmAfterMs;
  }

  /** Calls back, after the change, whenever the time becomes known or moves by more than readings differ; 8 watchers at most. */
  watch(onChange: () => void): void {
    if (this.watchers.length >= watcherLimit) throw new Error("wall clock: too many watchers");
    this.watchers.push(onChange);
  }

  /** A `Date` that was long on its way is behind, never ahead: it counts only when a second one, some time later, says the same. */
  private mayBeLate(offsetMs: number, knownMs: number, nowMs: number, from: TimeSource): boolean {
    if (from !== "sip-date" || offsetMs > knownMs || knownMs - offsetMs > leapMs) return false;
    return !this.isDoubted(offsetMs) || nowMs < this.doubtedAtMs + apartMs;
  }

  private isDoubted(offsetMs: number): boolean {
    return this.doubtedMs !== undefined && distance(offsetMs, this.doubtedMs) <= sameMs;
  }

  private doubt(offsetMs: number, nowMs: number): void {
    if (!this.isDoubted(offsetMs)) this.doubtedAtMs = nowMs;
    this.doubtedMs = offsetMs;
  }

  private isTwice(offsetMs: number): boolean {
    return this.doubtedMs !== undefined && distance(offsetMs, this.doubtedMs) <= leapMs;
  }

  private agree(nowMs: number, source: TimeSource): void {
    this.doubtedMs = undefined;
    if (rankOf(source) > rankOf(this.source) && nowMs < this.agreedMs + keepsWordMs) return;
    this.source = source;
    this.agreedMs = nowMs;
  }

  private take(offsetMs: number, nowMs: number, source: TimeSource, leap: boolean): void {
    this.offsetMs = offsetMs;
    this.source = source;
    this.agreedMs = nowMs;
    this.doubtedMs = undefined;
    if (leap) this.takenMs = nowMs;
    for (let i = 0; i < this.watchers.length; i++) (this.watchers[i] as () => void)();
  }
}

function distance(a: number, b: number): number {
  return Math.abs(a - b);
}

/** 0 is the best. */
function rankOf(source: TimeSource): number {
  return source === "sip-date" ? 0 : source === "sntp" ? 1 : 2;
}

/** 2025-01-01: no unit with this firmware existed before. */
const builtMs = 1_735_689_600_000;
