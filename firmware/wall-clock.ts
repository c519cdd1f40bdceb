/** Wall time as a value that may be unknown: set from the network, the modem or SIP, kept as a distance to the monotonic clock. */
export class WallClock {
  private offsetMs: number | undefined;

  constructor() {
    this.offsetMs = undefined;
  }

  /** `wallMs` since 1970 (UTC) at the monotonic instant `nowMs`. A time before `earliestMs` is not believed. */
  set(wallMs: number, nowMs: number): void {
    if (wallMs >= earliestMs) this.offsetMs = wallMs - nowMs;
  }

  /** Whole seconds since 1970 (UTC), or -1 while unknown. */
  seconds(nowMs: number): number {
    return this.offsetMs === undefined ? -1 : Math.floor((this.offsetMs + nowMs) / 1000);
  }
}

/** 2025-01-01: no unit with this firmware existed before. */
const earliestMs = 1_735_689_600_000;
