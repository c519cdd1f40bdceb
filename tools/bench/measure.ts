/** Times contenders against each other: rounds in turn, so that a busy machine hurts them alike, and the median of the rounds. */

export interface Contender {
  readonly name: string;
  /** Does the work so many times; the answer is of no use but to keep the work from being optimised away. */
  readonly run: (times: number) => number;
}

export interface Timing {
  /** How often they are timed, each contender once a round. */
  readonly rounds: number;
  /** Least length of one timing. */
  readonly roundMs: number;
  readonly nowMs: () => number;
}

/** Of one contender, over all rounds. */
export interface Figures {
  readonly name: string;
  /** Runs per second. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** How many times as long as the first contender it takes: the median of the rounds' own ratios. */
  readonly ratio: number;
}

/** Figures in the order of the contenders. Each is warmed up for one round first. */
export function measure(contenders: readonly Contender[], timing: Timing): Figures[] {
  const sizes = contenders.map((contender) => warmUp(contender, timing));
  const speeds: number[][] = contenders.map(() => []);
  for (let round = 0; round < timing.rounds; round++)
    for (const [i, contender] of contenders.entries()) speeds[i]?.push(speedOf(contender, sizes[i] ?? 1, timing));
  const first = speeds[0] ?? [];
  return contenders.map(({ name }, i) => {
    const own = speeds[i] ?? [];
    const ratio = median(own.map((speed, round) => (first[round] ?? 0) / speed));
    return { name, median: median(own), least: Math.min(...own), most: Math.max(...own), ratio };
  });
}

/** The middle one, or the mean of the two in the middle; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** However coarse the clock. */
const mostTimes = 1 << 20;

/** A number of runs that takes about a tenth of a round. */
function warmUp(contender: Contender, timing: Timing): number {
  const beganMs = timing.nowMs();
  let times = 1;
  for (;;) {
    const fromMs = timing.nowMs();
    contender.run(times);
    const tookMs = timing.nowMs() - fromMs;
    if (tookMs < timing.roundMs / 10 && times < mostTimes) times *= 2;
    else if (timing.nowMs() - beganMs >= timing.roundMs) return times;
  }
}

function speedOf(contender: Contender, size: number, timing: Timing): number {
  const beganMs = timing.nowMs();
  let times = 0;
  let tookMs = 0;
  while (tookMs < timing.roundMs) {
    contender.run(size);
    times += size;
    tookMs = timing.nowMs() - beganMs;
  }
  return (times * 1000) / tookMs;
}
