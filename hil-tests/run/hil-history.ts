/** `livlina hil history`: makes the page anew from what nights have left, and says what is bad since when. */
import { join } from "node:path";
import type { HilHistoryFlags } from "../../tools/commands/hil.ts";
import { UserError } from "../../tools/user-error.ts";
import { type Trend, trendsOf } from "../history/nights.ts";
import { historyName, pageName, writeHistoryPage } from "../history/write-history.ts";

/** Answers the exit code: 1 where a case is bad now. Throws UserError (3) without a history. */
export function hilHistory({ out, json }: HilHistoryFlags): number {
  const nights = writeHistoryPage(out);
  if (nights.length === 0)
    throw new UserError(`${join(out, historyName)} has no runs`, "livlina hil run first, or its folder with --out", 3);
  const trends = trendsOf(nights);
  const bad = trends.filter(({ regression }) => regression !== undefined);
  if (json === true)
    process.stdout.write(`${JSON.stringify({ page: join(out, pageName), trends: trends.map(told) })}\n`);
  else {
    for (const { id, board, regression } of bad) {
      const { firstBad, lastGood, badRuns } = regression as NonNullable<typeof regression>;
      const since = `${firstBad.commit} (${firstBad.at.slice(0, 10)})`;
      const before = lastGood === undefined ? "it never passed" : `last good ${lastGood.commit}`;
      process.stdout.write(`✗ ${id} on ${board}: bad since ${since}, ${badRuns} runs; ${before}\n`);
    }
    process.stdout.write(`${nights.length} runs, ${trends.length} cases, ${bad.length} bad: ${join(out, pageName)}\n`);
  }
  return bad.length === 0 ? 0 : 1;
}

function told({ id, board, passPercent, blocked, middleMs, regression }: Trend): object {
  const commits = regression && {
    firstBad: regression.firstBad.commit,
    lastGood: regression.lastGood?.commit ?? null,
    badRuns: regression.badRuns,
    isSameCommit: regression.isSameCommit,
  };
  return {
    id,
    board,
    passPercent: passPercent ?? null,
    blocked,
    middleMs: middleMs ?? null,
    regression: commits ?? null,
  };
}
