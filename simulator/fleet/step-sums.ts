/** Times spread over the steps of a run: sums of milliseconds, so that those of two towns may be added and nothing short is missed. */

/** A report draws no more points than this. */
export const mostSteps = 1_440;
const minuteMs = 60_000;

/** Length of a step: whole minutes, one for anything up to a day. */
export function stepMsOf(durationMs: number): number {
  return Math.max(1, Math.ceil(durationMs / mostSteps / minuteMs)) * minuteMs;
}

export class StepSums {
  private readonly stepMs: number;
  private readonly sums: Float64Array;

  constructor(durationMs: number) {
    this.stepMs = stepMsOf(durationMs);
    this.sums = new Float64Array(Math.ceil(durationMs / this.stepMs));
  }

  /** `times` things, from one instant to another. */
  addSpan(fromMs: number, toMs: number, times = 1): void {
    const { stepMs, sums } = this;
    for (let step = Math.floor(fromMs / stepMs); step < sums.length && step * stepMs < toMs; step++)
      this.add(step, (Math.min(toMs, (step + 1) * stepMs) - Math.max(fromMs, step * stepMs)) * times);
  }

  addAll(steps: readonly (readonly [step: number, ms: number])[]): void {
    for (const [step, ms] of steps) this.add(step, ms);
  }

  /** Steps with none are left out. */
  value(): [step: number, ms: number][] {
    return [...this.sums].flatMap((ms, step): [number, number][] => (ms === 0 ? [] : [[step, ms]]));
  }

  private add(step: number, ms: number): void {
    if (step >= this.sums.length) throw new Error(`step sums: ${step} lies beyond the run`);
    this.sums[step] = (this.sums[step] ?? 0) + ms;
  }
}
