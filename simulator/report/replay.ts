/** The file `replay`: everything that is needed to play a run again and to know that it came out the same. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RunResult } from "../record/run-result.ts";

/** What it takes to play the run again and to know that it was the same. */
export interface Replay {
  readonly formatVersion: 1;
  readonly command: string;
  readonly seed: number;
  readonly scenario: string;
  /** Of the scenario file when the report was written; null where it could not be read. */
  readonly scenarioSha256: string | null;
  readonly commit: string | null;
  readonly digest: string;
}

export function replayOf(result: RunResult, commit: string | undefined): Replay {
  return {
    formatVersion: 1,
    command: replayCommand(result),
    seed: result.seed,
    scenario: result.scenario.path,
    scenarioSha256: sha256(result.scenario.path),
    commit: commit ?? null,
    digest: result.digest,
  };
}

export function replayCommand(result: RunResult): string {
  const { path } = result.scenario;
  const quoted = /^[\p{L}\p{N}_./-]+$/u.test(path) ? path : `'${path.replace(/'/g, "'\\''")}'`;
  return `npx livlina sim run ${quoted} --seed ${result.seed}`;
}

function sha256(path: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return null;
  }
}
