/** What a run on a rig came to, as it is written down: every attempt, every look at the rig, and one verdict with its exit code. */
import type { Measurement, Place, Verdict } from "./case.ts";
import type { Finding } from "./rig.ts";

export type Outcome = "pass" | "fail" | "blocked" | "skipped";

export interface Attempt {
  readonly outcome: Outcome;
  /** Why it is not a pass; "" for a pass. */
  readonly message: string;
  readonly ms: number;
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
}

/** Somebody knows that a case fails, and has until a day to mend it. It is run all the same. */
export interface Quarantine {
  readonly case: string;
  readonly owner: string;
  readonly reason: string;
  /** Last day, "2026-12-31". */
  readonly until: string;
}

export interface CaseRecord {
  readonly id: string;
  readonly proves: string;
  readonly at: Place;
  readonly verdict: Verdict;
  /** None for a case that was not begun. */
  readonly attempts: readonly Attempt[];
  /** Why it is no pass, or was none at first; "" for a pass. */
  readonly why: string;
  readonly ms: number;
  /** Only while it lasts. */
  readonly quarantine: Quarantine | undefined;
  /** The command that repeats it. */
  readonly repeat: string;
  /** Its artefacts, from the folder of results; undefined where none were kept. */
  readonly artefacts: string | undefined;
}

export interface CheckRecord {
  /** "first", "last", or "after press/accepted". */
  readonly when: string;
  readonly findings: readonly Finding[];
}

export interface FlashRecord {
  readonly board: string;
  readonly from: string;
  readonly to: string;
  readonly isWritten: boolean;
}

export type RunVerdict = "passed" | "failed" | "blocked" | "refused" | "interrupted";

export interface RunRecord {
  readonly format: 1;
  /** Such as "2026-11-22T01-30-00Z": a name that files can have. */
  readonly run: string;
  readonly rig: string;
  readonly board: string;
  readonly commit: string;
  readonly isNightly: boolean;
  readonly isDry: boolean;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly wallMs: number;
  readonly checks: readonly CheckRecord[];
  readonly images: readonly FlashRecord[];
  readonly cases: readonly CaseRecord[];
  /** How the devices were left: in the known state, without power, or nobody knows. */
  readonly ends: "restored" | "off" | "unknown";
  /** What ended the run early or spoils what it found; "" where nothing did. */
  readonly trouble: string;
  readonly verdict: RunVerdict;
}

/** All that have this verdict and are not in quarantine. */
export function counting(cases: readonly CaseRecord[], verdict: Verdict): readonly CaseRecord[] {
  return cases.filter((each) => each.verdict === verdict && each.quarantine === undefined);
}

/** Two attempts at most: one pass among them is no pass, and one failure among them is no matter of the rig alone. */
export function verdictOf(attempts: readonly Attempt[]): Verdict {
  const outcomes = attempts.map(({ outcome }) => outcome);
  const last = outcomes.at(-1);
  if (last === undefined || last === "skipped") return "skipped";
  if (last === "pass") return outcomes.length === 1 ? "pass" : "flaky";
  return outcomes.includes("fail") ? "fail" : "blocked";
}

/** Exit code of each verdict, as every command has them; 130 is what an interrupted program ends with. */
export const exitCodes: Readonly<Record<RunVerdict, number>> = {
  passed: 0,
  failed: 1,
  blocked: 3,
  refused: 4,
  interrupted: 130,
};

/** A run in which nothing passed has proven nothing, whatever did not fail in it. */
export function runVerdictOf(
  run: Pick<RunRecord, "cases" | "ends" | "trouble"> & { readonly ended: "refused" | "interrupted" | "whole" },
): RunVerdict {
  if (run.ended !== "whole") return run.ended;
  if (counting(run.cases, "fail").length > 0) return "failed";
  const passed = run.cases.some(({ verdict }) => verdict === "pass" || verdict === "flaky");
  if (counting(run.cases, "blocked").length > 0 || !passed || run.ends === "unknown" || run.trouble !== "")
    return "blocked";
  return "passed";
}
