/** The file `replay`: everything that is needed to play a run again and to know that it came out the same. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { isCoarse, type ModemLevel, modemLevels } from "../coarse/modem-level.ts";
import type { RunResult, RunScenario } from "../record/run-result.ts";

const replay = z.object({
  formatVersion: z.literal(1),
  command: z.string(),
  seed: z.number().int().nonnegative(),
  modem: z.enum(modemLevels).default("bytes"),
  /** Path as given on the command line. */
  scenario: z.string(),
  /** Parameters as given there: "homes=400". */
  set: z.array(z.string()),
  /** The scenario file and what it includes, as they were when the report was written; null where one could not be read. */
  files: z.array(z.object({ path: z.string(), sha256: z.string().nullable() })),
  commit: z.string().nullable(),
  /** Where somebody stopped it; null: it was played to its end. */
  interruptedMs: z.number().int().nonnegative().nullable(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
/** What it takes to play the run again and to know that it was the same. */
export type Replay = z.infer<typeof replay>;

export function replayOf(result: RunResult, commit: string | undefined): Replay {
  const { path, files, set } = result.scenario;
  return {
    formatVersion: 1,
    command: replayCommand(result),
    seed: result.seed,
    modem: result.modem,
    scenario: path,
    set: [...set],
    files: files.map((each) => ({ path: each, sha256: sha256(each) })),
    commit: commit ?? null,
    interruptedMs: result.interruptedMs,
    digest: result.digest,
  };
}

/** Of a run, or of one that somebody may play. */
export function replayCommand(result: {
  readonly seed: number;
  readonly scenario: Pick<RunScenario, "path" | "set">;
  readonly modem: ModemLevel;
}): string {
  const { path, set } = result.scenario;
  const given = set.map((each) => ` --set ${quoted(each)}`).join("");
  const level = isCoarse(result) ? ` --modem ${result.modem}` : "";
  return `npx livlina sim run ${quoted(path)} --seed ${result.seed}${given}${level}`;
}

/** From the text of such a file; undefined where it is none. */
export function parseReplay(text: string): Replay | undefined {
  try {
    return replay.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Files that are not what they were when the run was played. */
export function changedFiles({ files }: Replay): readonly string[] {
  return files.filter(({ path, sha256: was }) => was === null || sha256(path) !== was).map(({ path }) => path);
}

/** A word that a shell takes as it is. */
export function quoted(text: string): string {
  return /^[\p{L}\p{N}_./=-]+$/u.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

function sha256(path: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return null;
  }
}
