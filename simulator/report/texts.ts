/** The answer of a run in the project's language, for the terminal. The page has it in every language. */
import type { RunResult } from "../record/run-result.ts";
import { brokenOf } from "./page/answer.ts";
import { english } from "./page/english.ts";
import { answerOf, promisesOf } from "./view-of.ts";

/** Beginning with yes or no, or saying that there is no answer. */
export function answerText(result: RunResult): string {
  const answer = answerOf(result);
  const text = english.answer(result.verdict, answer, brokenOf(promisesOf(result)), result.scenario.durationMs);
  return text.replace(/\u00a0/g, " ");
}
