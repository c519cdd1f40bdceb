/** What a cell can carry: datagrams beyond it wait their turn, and those that find the queue full are lost. Whole numbers only. */

/** A buffer of the network holds so much of its traffic. */
export const longestWaitMs = 5_000;

export class CellLoad {
  /** Datagrams a second. */
  readonly capacityPerSecond: number;
  /** Work that waits, in thousandths of a datagram, as it was at `atMs`. */
  private waiting: number;
  private atMs: number;

  constructor(capacityPerSecond: number) {
    this.capacityPerSecond = capacityPerSecond;
    this.waiting = 0;
    this.atMs = 0;
  }

  /** A datagram comes now: for how long it waits, in ms; undefined where it is lost. */
  take(nowMs: number): number | undefined {
    this.waiting = Math.max(0, this.waiting - (nowMs - this.atMs) * this.capacityPerSecond);
    this.atMs = nowMs;
    const waitMs = Math.floor(this.waiting / this.capacityPerSecond);
    if (waitMs >= longestWaitMs) return undefined;
    this.waiting += 1_000;
    return waitMs;
  }
}
