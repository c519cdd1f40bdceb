/** What a unit remembers of the time while it has no power: how long it was away, and a floor that the clock is never set below. */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { lastTimeKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";

/** Kept each ten minutes at most: flash bears that for decades, and a gap is told too long by no more than that and a beat. */
const keepEachMs = 600_000;
const recordSize = 8;

export class TimeKeeper {
  /** When the former life last kept the time: UTC seconds, or -1. */
  readonly lastSeenS: number;
  private readonly context: UnitContext;
  private firmS: number;
  private keptMs: number;

  constructor(context: UnitContext) {
    this.context = context;
    this.keptMs = -keepEachMs;
    const kept = context.records.read(lastTimeKind, 0);
    const known = kept !== undefined && kept.length === recordSize;
    const from = known ? readerOf(kept) : undefined;
    this.lastSeenS = from === undefined ? -1 : from.u32();
    this.firmS = from === undefined ? 0 : from.u32();
    if (this.firmS > 0) context.wallClock.raiseFloor(this.firmS * 1000);
  }

  /** The unit lives and somebody has answered it: no timer of its own, each beat does. */
  lives(): void {
    if (this.context.clock.nowMs() >= this.keptMs + keepEachMs) this.keep();
  }

  /** At once: before a shutdown, or where the gap should be known exactly. False while the time is unknown. */
  keep(): boolean {
    const nowMs = this.context.clock.nowMs();
    const seconds = this.context.wallClock.seconds(nowMs);
    if (seconds < 0) return false;
    if (this.context.wallClock.firm) this.firmS = Math.max(this.firmS, seconds);
    this.keptMs = nowMs;
    const to = new Writer(new Uint8Array(recordSize));
    to.u32(seconds);
    to.u32(this.firmS);
    return this.context.records.write(lastTimeKind, 0, to.written());
  }

  /** How long the unit was off or without anybody, as far as its start shows it: seconds, or -1 while that is unknown. */
  gapS(): number {
    const nowMs = this.context.clock.nowMs();
    const seconds = this.context.wallClock.seconds(nowMs);
    if (seconds < 0 || this.lastSeenS < 0) return -1;
    return Math.max(0, seconds - Math.floor(nowMs / 1000) - this.lastSeenS);
  }
}
