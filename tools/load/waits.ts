/** Waiting times counted in steps of 3 % at most, so that a long run takes no more room than a short one. */

/** Steps in each doubling. */
const stepsPerOctave = 32;
const stepBits = 5;
/** The longest that is told apart: 2 to the power of 27 µs, 134 s. */
const octaves = 27 - stepBits;

export interface WaitFigures {
  readonly count: number;
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

export class Waits {
  private readonly counts: Uint32Array;
  private total: number;
  private mostUs: number;

  constructor() {
    this.counts = new Uint32Array((octaves + 1) * stepsPerOctave);
    this.total = 0;
    this.mostUs = 0;
  }

  add(ms: number): void {
    const us = Math.max(0, Math.round(ms * 1000));
    const step = Math.min(stepOf(us), this.counts.length - 1);
    this.counts[step] = (this.counts[step] ?? 0) + 1;
    this.total++;
    if (us > this.mostUs) this.mostUs = us;
  }

  /** As if all of `other` had been added here. */
  addAll(other: Waits): void {
    for (const [step, count] of other.counts.entries()) this.counts[step] = (this.counts[step] ?? 0) + count;
    this.total += other.total;
    this.mostUs = Math.max(this.mostUs, other.mostUs);
  }

  /** All 0 where nothing was added. */
  figures(): WaitFigures {
    return {
      count: this.total,
      medianMs: this.percentileMs(50),
      p90Ms: this.percentileMs(90),
      p99Ms: this.percentileMs(99),
      mostMs: this.mostUs / 1000,
    };
  }

  /** The upper end of the step in which it lies, and never more than the longest. */
  private percentileMs(percent: number): number {
    const wanted = Math.ceil((this.total * percent) / 100);
    let seen = 0;
    for (const [step, count] of this.counts.entries()) {
      seen += count;
      if (seen >= wanted && seen > 0) return Math.min(endOf(step), this.mostUs) / 1000;
    }
    return 0;
  }
}

/** Below one octave each µs has a step of its own. */
function stepOf(us: number): number {
  if (us < stepsPerOctave) return us;
  const octave = 31 - Math.clz32(us) - stepBits;
  return (octave + 1) * stepsPerOctave + ((us >> octave) - stepsPerOctave);
}

/** The last µs of a step. */
function endOf(step: number): number {
  if (step < stepsPerOctave) return step;
  const octave = Math.floor(step / stepsPerOctave) - 1;
  return ((step % stepsPerOctave) + stepsPerOctave + 1) * 2 ** octave - 1;
}
