/**
 * How long people waited, as times and how often each came: to the millisecond up to ten minutes, to the second above, always
 * upwards, so that a sum over any number of towns has a bound and no percentile is told too short.
 */
export type Times = readonly (readonly [ms: number, count: number])[];

const exactBelowMs = 600_000;

/** As it is counted. */
export function countedMs(ms: number): number {
  return ms < exactBelowMs ? ms : Math.ceil(ms / 1_000) * 1_000;
}

export class Waits {
  private readonly counts: Map<number, number>;

  constructor() {
    this.counts = new Map();
  }

  add(ms: number, count = 1): void {
    const counted = countedMs(ms);
    this.counts.set(counted, (this.counts.get(counted) ?? 0) + count);
  }

  addAll(times: Times): void {
    for (const [ms, count] of times) this.add(ms, count);
  }

  /** By time. */
  value(): [ms: number, count: number][] {
    return [...this.counts].sort(([a], [b]) => a - b);
  }
}

export function totalOf(times: Times): number {
  return times.reduce((sum, [, count]) => sum + count, 0);
}

/** The shortest time within which that share (1 to 1,000,000 millionths) of them lay; null where there is none. */
export function within(times: Times, ppm: number): number | null {
  const rank = Math.ceil((totalOf(times) * ppm) / 1_000_000);
  let seen = 0;
  for (const [ms, count] of times) {
    seen += count;
    if (seen >= rank) return ms;
  }
  return null;
}

/** How many lay within that time. */
export function countWithin(times: Times, ms: number): number {
  return times.reduce((sum, [each, count]) => (each <= countedMs(ms) ? sum + count : sum), 0);
}
