/** Looks for one planted bug with a swarm: the first story that fails with it, and not without it, made small. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Pool } from "../../simulator/swarm/live-pool.ts";
import type { Outcome } from "../../simulator/swarm/play-story.ts";
import { eventCount } from "../../simulator/swarm/shrink.ts";
import { longestStoryMs, readsTypeScript } from "../swarm-run.ts";
import { type PlantedBug, plant } from "./bug.ts";
import { root } from "./trial.ts";

export interface Hunt {
  readonly bug: string;
  /** Stories played until it was found, or at all. */
  readonly seeds: number;
  /** Of those, stories that came out otherwise than without the bug: the others never came to its line. */
  readonly changed: number;
  /** Undefined: not found. */
  readonly found: Found | undefined;
}

export interface Found {
  readonly seed: number;
  /** What told it: a checker, `promise`, `thrown`, `stuck` or `died`. */
  readonly by: string;
  readonly text: string;
  /** Faults and steps that are left of the story, or all of them where it could not be made smaller. */
  readonly size: number;
}

export interface HuntOptions {
  readonly firstSeed: number;
  readonly count: number;
  readonly minutes: number;
  /** Only these of the seeds, in rising order: the others are known not to come to the bug's line. Undefined: all. */
  readonly seeds?: readonly number[] | undefined;
  /** Stories played to make the found one small. */
  readonly shrinkRuns: number;
}

const loader = pathToFileURL(new URL("plant-loader.js", import.meta.url).pathname).href;
const batch = 4;

/** The same stories without any bug, by seed. */
export async function soundOutcomes(options: HuntOptions, workers: number): Promise<ReadonlyMap<number, Outcome>> {
  const pool = new Pool({ workers, execArgv: readsTypeScript, longestMs: longestStoryMs });
  try {
    const { firstSeed, count, seeds } = options;
    const outcomes = await pool.play({ firstSeed, count, seeds, batch });
    return new Map(outcomes.map((outcome) => [outcome.seed, outcome]));
  } finally {
    pool.close();
  }
}

/** Throws where the bug's line is not in its file exactly once. */
export async function hunt(bug: PlantedBug, sound: ReadonlyMap<number, Outcome>, options: HuntOptions): Promise<Hunt> {
  const { firstSeed, count, seeds, minutes, shrinkRuns } = options;
  plant(bug, readFileSync(join(root, bug.file), "utf8"));
  const environment = { LIVLINA_PLANT: JSON.stringify({ file: bug.file, line: bug.line, instead: bug.instead }) };
  const pool = new Pool({
    workers: 1,
    execArgv: ["--import", loader, ...readsTypeScript],
    environment,
    longestMs: longestStoryMs,
  });
  const began = performance.now();
  let first: Outcome | undefined;
  try {
    const outcomes = await pool.play({
      firstSeed,
      count,
      seeds,
      batch,
      isEnough: () => first !== undefined || performance.now() - began > minutes * 60_000,
      onOutcome: (outcome) => {
        if (first === undefined && isNew(outcome, sound.get(outcome.seed))) first = outcome;
      },
    });
    const changed = outcomes.filter(({ seed, digest }) => sound.get(seed)?.digest !== digest).length;
    const hit = first as Outcome | undefined;
    if (hit === undefined) return { bug: bug.name, seeds: outcomes.length, changed, found: undefined };
    const hangs = hit.failures.some(({ kind }) => kind === "stuck" || kind === "died");
    const small = hangs ? undefined : await pool.shrink(hit.seed, shrinkRuns);
    const [failure] = hit.failures;
    return {
      bug: bug.name,
      seeds: hit.seed - firstSeed + 1,
      changed,
      found: {
        seed: hit.seed,
        by: failure?.kind ?? "",
        text: failure?.text ?? "",
        size: small === undefined ? 0 : eventCount(small.story),
      },
    };
  } finally {
    pool.close();
  }
}

/** Whether it fails in a way in which it does not fail without the bug. */
function isNew(outcome: Outcome, sound: Outcome | undefined): boolean {
  const known = new Set(sound?.failures.map(({ kind }) => kind));
  return outcome.failures.some(({ kind }) => !known.has(kind));
}
