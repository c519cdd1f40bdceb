/** What a swarm found, as data and as text: failures with the command that replays each, and which faults met which states. */
import { createHash } from "node:crypto";
import { addCounts, alarmStates, type PairCount, type SeenState, uplinkStates } from "./coverage.ts";
import type { Failure, Outcome } from "./play-story.ts";

/** Other programs read this: keys are never renamed. */
export interface SwarmSummary {
  readonly verdict: "passed" | "failed";
  readonly firstSeed: number;
  readonly seeds: number;
  /** Over the digests of all runs, by seed. */
  readonly digest: string;
  readonly virtualMs: number;
  readonly wallMs: number;
  readonly events: number;
  readonly presses: number;
  readonly accepted: number;
  readonly failed: readonly FailedSeed[];
  readonly pairs: readonly PairCount[];
}

export interface FailedSeed {
  readonly seed: number;
  readonly failures: readonly Failure[];
  /** The scenario file as small as it could be made, or as it was drawn. */
  readonly file: string;
  /** Faults and steps in it. */
  readonly size: number;
  readonly isShrunk: boolean;
  readonly command: string;
}

export function summaryOf(
  firstSeed: number,
  outcomes: readonly Outcome[],
  failed: readonly FailedSeed[],
  wallMs: number,
): SwarmSummary {
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, each) => total + of(each), 0);
  return {
    verdict: failed.length === 0 ? "passed" : "failed",
    firstSeed,
    seeds: outcomes.length,
    digest: digestOf(outcomes),
    virtualMs: sum(({ virtualMs }) => virtualMs),
    wallMs,
    events: sum(({ events }) => events),
    presses: sum(({ presses }) => presses),
    accepted: sum(({ accepted }) => accepted),
    failed,
    pairs: addCounts(outcomes.map(({ pairs }) => pairs)),
  };
}

export function digestOf(outcomes: readonly Outcome[]): string {
  const hash = createHash("sha256");
  for (const { seed, digest } of outcomes) hash.update(`${seed} ${digest}\n`);
  return hash.digest("hex");
}

/** A row for each kind of fault, a column for each state: how many faults met it; a point where none has. */
export function coverageTable(kinds: readonly string[], pairs: readonly PairCount[]): string {
  const states: readonly SeenState[] = [...alarmStates, ...uplinkStates];
  const counts = new Map(pairs.map(({ fault, state, count }) => [`${fault} ${state}`, count]));
  const width = Math.max(...kinds.map((kind) => kind.length), 5);
  const row = (head: string, cells: readonly string[]): string =>
    `${head.padEnd(width)}${cells.map((cell, index) => cell.padStart((states[index]?.length ?? 0) + 2)).join("")}`;
  let never = 0;
  const rows = kinds.map((kind) =>
    row(
      kind,
      states.map((state) => {
        const count = counts.get(`${kind} ${state}`);
        if (count === undefined) never++;
        return count === undefined ? "." : String(count);
      }),
    ),
  );
  const all = kinds.length * states.length;
  return [row("fault", states), ...rows, `${all - never} of ${all} pairs of a fault and a state have met`].join("\n");
}
