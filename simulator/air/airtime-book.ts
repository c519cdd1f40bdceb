/** What one transmitter has sent: air time in any hour, to be held against the duty cycle of 0.1 % (ERC/REC 70-03 annex 7). */
const hourMs = 3_600_000;
const compactAbove = 1024;

export interface Airtime {
  readonly totalUs: number;
  readonly packets: number;
  /** Air time of the transmissions that began within the last hour. */
  readonly lastHourUs: number;
  /** The most that any hour has held, and the start of the transmission that filled it. */
  readonly worstHourUs: number;
  readonly worstAtMs: number;
}

export class AirtimeBook {
  private totalUs: number;
  private packets: number;
  private hourUs: number;
  private worstHourUs: number;
  private worstAtMs: number;
  /** Transmissions of the last hour; the physical limit of one channel bounds them. */
  private starts: number[];
  private lengths: number[];
  private first: number;

  constructor() {
    this.totalUs = 0;
    this.packets = 0;
    this.hourUs = 0;
    this.worstHourUs = 0;
    this.worstAtMs = 0;
    this.starts = [];
    this.lengths = [];
    this.first = 0;
  }

  /** A transmission of `lengthUs` begins; calls come in the order of time. */
  book(startMs: number, lengthUs: number): void {
    this.forget(startMs);
    this.starts.push(startMs);
    this.lengths.push(lengthUs);
    this.totalUs += lengthUs;
    this.packets += 1;
    this.hourUs += lengthUs;
    if (this.hourUs <= this.worstHourUs) return;
    this.worstHourUs = this.hourUs;
    this.worstAtMs = startMs;
  }

  read(nowMs: number): Airtime {
    this.forget(nowMs);
    const { totalUs, packets, hourUs, worstHourUs, worstAtMs } = this;
    return { totalUs, packets, lastHourUs: hourUs, worstHourUs, worstAtMs };
  }

  private forget(nowMs: number): void {
    while (this.first < this.starts.length && (this.starts[this.first] as number) <= nowMs - hourMs) {
      this.hourUs -= this.lengths[this.first] as number;
      this.first += 1;
    }
    if (this.first < compactAbove && this.first < this.starts.length) return;
    this.starts.splice(0, this.first);
    this.lengths.splice(0, this.first);
    this.first = 0;
  }
}
