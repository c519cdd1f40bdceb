/** Runs a swarm for a command or a script: plays the seeds, shrinks what fails, and leaves each failure as a scenario file. */
import { join } from "node:path";
import { openFolder, UnwritableError, writeWhole } from "../simulator/report/files.ts";
import { durationText } from "../simulator/scenario/scenario-units.ts";
import { drawStory } from "../simulator/swarm/draw-story.ts";
import { faultWords } from "../simulator/swarm/fault-words.ts";
import { Pool, PoolError } from "../simulator/swarm/live-pool.ts";
import type { Failure, Outcome } from "../simulator/swarm/play-story.ts";
import { eventCount, mostRuns } from "../simulator/swarm/shrink.ts";
import { type Story, storyText } from "../simulator/swarm/story.ts";
import { coverageTable, type FailedSeed, type SwarmSummary, summaryOf } from "../simulator/swarm/summary.ts";
import { UserError } from "./user-error.ts";

export interface SwarmOptions {
  readonly firstSeed: number;
  readonly count: number;
  readonly workers: number;
  readonly batch: number;
  /** Where failures go. */
  readonly out: string;
  /** Whether each run leaves a report there too. */
  readonly reports: boolean;
  /** No story is begun after this time; undefined: all are played. */
  readonly minutes: number | undefined;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** A run of an hour is played in less than a second: one that takes so long does not end. */
export const longestStoryMs = 120_000;
/** Failures that are made smaller: beyond, they are saved as they were drawn. */
const mostShrunk = 10;

/** Reads TypeScript as the `livlina` command does. */
export const readsTypeScript: readonly string[] = ["--import", new URL("./read-typescript.js", import.meta.url).href];

/** Throws UserError where the folder cannot be written. */
export async function runSwarm(options: SwarmOptions): Promise<SwarmSummary> {
  const { firstSeed, count, workers, batch, out, minutes, onOutcome } = options;
  const began = performance.now();
  const isEnough = (): boolean => minutes !== undefined && performance.now() - began >= minutes * 60_000;
  const pool = new Pool({ workers, execArgv: readsTypeScript, longestMs: longestStoryMs });
  try {
    openFolder(out);
    const reports = options.reports ? join(out, "runs") : undefined;
    const outcomes = await pool.play({ firstSeed, count, batch, reports, isEnough, onOutcome });
    const failing = outcomes.filter(({ failures }) => failures.length > 0);
    const failed: FailedSeed[] = [];
    for (const outcome of failing)
      failed.push(await saved(pool, outcome, out, failed.length < mostShrunk ? mostRuns : 0));
    const summary = summaryOf(firstSeed, outcomes, failed, Math.round(performance.now() - began));
    writeWhole(join(out, "swarm.json"), `${JSON.stringify(summary)}\n`);
    return summary;
  } catch (thrown) {
    if (thrown instanceof UnwritableError) throw new UserError(thrown.message, "another folder with --out", 3);
    if (thrown instanceof PoolError) throw new Error(`swarm: ${thrown.message}`, { cause: thrown });
    throw thrown;
  } finally {
    pool.close();
  }
}

/** The story as it was drawn, and as small as it could be made, each in a file of its own. */
async function saved(pool: Pool, outcome: Outcome, out: string, runs: number): Promise<FailedSeed> {
  const { seed, failures } = outcome;
  const drawn = drawStory(seed);
  const whole = join(out, `seed-${seed}.yaml`);
  writeStory(whole, drawn, failures);
  const hangs = failures.some(({ kind }) => kind === "stuck" || kind === "died");
  const shrunk = runs === 0 || hangs ? undefined : await pool.shrink(seed, runs);
  const file = shrunk === undefined ? whole : join(out, `seed-${seed}-small.yaml`);
  if (shrunk !== undefined) writeStory(file, shrunk.story, shrunk.outcome.failures);
  return {
    seed,
    failures: shrunk?.outcome.failures ?? failures,
    file,
    size: eventCount(shrunk?.story ?? drawn),
    isShrunk: shrunk !== undefined,
    command: `npx livlina sim run ${file} --seed ${seed}`,
  };
}

function writeStory(path: string, story: Story, failures: readonly Failure[]): void {
  const comments = failures.map(({ kind, text }) => `${kind}: ${text.replaceAll("\n", " ")}`);
  writeWhole(path, storyText(story, [`Play it with: npx livlina sim run ${path} --seed ${story.seed}`, ...comments]));
}

/** Ends with a line break. */
export function swarmText(summary: SwarmSummary): string {
  const { seeds, firstSeed, failed, digest, virtualMs, wallMs, events, presses, accepted } = summary;
  const last = firstSeed + seeds - 1;
  return [
    "",
    coverageTable([...faultWords.keys()], summary.pairs),
    "",
    `${seeds} stories, seeds ${firstSeed} to ${last}: ${durationText(virtualMs)} in ${durationText(wallMs)}, ${events} events`,
    `${presses} presses, ${accepted} accepted; digest ${digest}`,
    failed.length === 0 ? "all well" : `${failed.length} failed:`,
    ...failed.flatMap((one) => [
      `  seed ${one.seed}, ${one.size} faults and steps${one.isShrunk ? "" : " (not shrunk)"}`,
      ...one.failures.map(({ kind, text }) => `    ${kind}: ${text}`),
      `    ${one.command}`,
    ]),
    "",
  ].join("\n");
}
