/** Nights as runs leave them, for the tests of history and page. */
import type { Verdict } from "../run/case.ts";
import type { CaseRecord, RunRecord } from "../run/results.ts";
import { type Night, nightOf } from "./nights.ts";

const day = 86_400_000;

export function record(id: string, verdict: Verdict, ms: number): CaseRecord {
  const why = verdict === "pass" ? "" : `it was ${verdict} <here>\nand more`;
  const at = { file: "hil-tests/suites/press.ts", line: 1 };
  return {
    id,
    proves: "it holds",
    at,
    verdict,
    attempts: [],
    why,
    ms,
    quarantine: undefined,
    repeat: "",
    artefacts: undefined,
  };
}

export function run(number: number, commit: string, cases: readonly CaseRecord[], board = "virtual"): RunRecord {
  const startedAt = new Date(Date.parse("2026-11-01T01:30:00Z") + number * day).toISOString();
  return {
    format: 1,
    run: startedAt.replace(/:/g, "-"),
    rig: "bench",
    board,
    commit,
    isNightly: true,
    isDry: false,
    seed: 1,
    startedAt,
    wallMs: 1_000,
    checks: [],
    images: [],
    cases,
    ends: "restored",
    trouble: "",
    verdict: cases.some(({ verdict }) => verdict === "fail") ? "failed" : "passed",
  };
}

export function night(number: number, commit: string, verdict: Verdict): Night {
  return nightOf(run(number, commit, [record("press/accepted", verdict, 1_000)]));
}
