/** What runs came to, a line of JSON each, for the trend over nights; and what can be read from them of one case on one board. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { RunRecord } from "../run/results.ts";

const caseSchema = z.object({
  id: z.string(),
  verdict: z.enum(["pass", "fail", "flaky", "blocked", "skipped"]),
  ms: z.number(),
  /** Its owner; "" where it is in none. */
  quarantine: z.string(),
  why: z.string(),
  /** From the folder of results; "" where nothing was kept. */
  artefacts: z.string(),
});

const nightSchema = z.object({
  run: z.string(),
  at: z.string(),
  commit: z.string(),
  rig: z.string(),
  board: z.string(),
  isNightly: z.boolean(),
  verdict: z.enum(["passed", "failed", "blocked", "refused", "interrupted"]),
  trouble: z.string(),
  wallMs: z.number(),
  cases: z.array(caseSchema),
});

export type Night = z.infer<typeof nightSchema>;
type NightCase = z.infer<typeof caseSchema>;

const whyLength = 200;

export function nightOf(run: RunRecord): Night {
  const { commit, rig, board, isNightly, verdict, trouble, wallMs } = run;
  const cases = run.cases.map((each) => ({
    id: each.id,
    verdict: each.verdict,
    ms: each.ms,
    quarantine: each.quarantine?.owner ?? "",
    why: (each.why.split("\n", 1)[0] ?? "").slice(0, whyLength),
    artefacts: each.artefacts ?? "",
  }));
  return { run: run.run, at: run.startedAt, commit, rig, board, isNightly, verdict, trouble, wallMs, cases };
}

/** Oldest first. Lines that this version does not read, or half ones, are passed over. */
export function readNights(path: string): readonly Night[] {
  if (!existsSync(path)) return [];
  const nights = readFileSync(path, "utf8").split("\n").flatMap(nightIn);
  return nights.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

function nightIn(line: string): Night[] {
  try {
    const parsed = nightSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

/** One case on one board in one run. */
export interface Cell {
  readonly night: Night;
  /** Undefined where the run did not have it. */
  readonly result: NightCase | undefined;
}

export interface Trend {
  readonly id: string;
  readonly board: string;
  /** Oldest first, one per run of that board. */
  readonly cells: readonly Cell[];
  /** Passes of a hundred runs that told something; undefined where none did. Flaky ones are none. */
  readonly passPercent: number | undefined;
  /** Runs that told nothing: blocked. */
  readonly blocked: number;
  /** The middle one of passes and flaky ones; undefined without any. */
  readonly middleMs: number | undefined;
  readonly regression: Regression | undefined;
}

/** It is bad now, and once was good. */
export interface Regression {
  readonly firstBad: Night;
  /** The last run before it in which it passed; undefined where it never did. */
  readonly lastGood: Night | undefined;
  /** Runs from then on in which it was not good. */
  readonly badRuns: number;
  /** The very commit that is bad passed before: it is not the commit. */
  readonly isSameCommit: boolean;
}

/** By case, then by board, over these runs. */
export function trendsOf(nights: readonly Night[]): readonly Trend[] {
  const keys = new Map<string, { readonly id: string; readonly board: string }>();
  for (const { board, cases } of nights) for (const { id } of cases) keys.set(`${id}\n${board}`, { id, board });
  return [...keys.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, key]) => trendOf(nights, key));
}

function trendOf(nights: readonly Night[], { id, board }: { readonly id: string; readonly board: string }): Trend {
  const cells = nights
    .filter((night) => night.board === board)
    .map((night) => ({ night, result: night.cases.find((each) => each.id === id) }));
  const of = (...verdicts: readonly string[]): readonly NightCase[] =>
    cells.flatMap(({ result }) => (result !== undefined && verdicts.includes(result.verdict) ? [result] : []));
  const told = of("pass", "fail", "flaky").length;
  const times = of("pass", "flaky")
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  return {
    id,
    board,
    cells,
    passPercent: told === 0 ? undefined : (100 * of("pass").length) / told,
    blocked: of("blocked").length,
    middleMs: times[Math.floor((times.length - 1) / 2)],
    regression: regressionOf(cells),
  };
}

/**
 * The newest unbroken row of runs that were not good, if the last run that told something is among them and one of them failed.
 * Blocked and skipped runs tell nothing: they neither begin nor break it.
 */
export function regressionOf(cells: readonly Cell[]): Regression | undefined {
  const told = cells.filter(({ result }) => result !== undefined && ["pass", "fail", "flaky"].includes(result.verdict));
  const lastGood = told.findLastIndex(({ result }) => result?.verdict === "pass");
  const bad = told.slice(lastGood + 1);
  const [first] = bad;
  if (first === undefined || !bad.some(({ result }) => result?.verdict === "fail")) return undefined;
  const good = told[lastGood]?.night;
  return {
    firstBad: first.night,
    lastGood: good,
    badRuns: bad.length,
    isSameCommit: good !== undefined && good.commit === first.night.commit,
  };
}
