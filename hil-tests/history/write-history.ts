/** A run's line in the history and the page made of all lines; bounded, and whole whatever happens meanwhile. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../simulator/report/files.ts";
import { historyWith } from "../../tools/night-history.ts";
import type { RunRecord } from "../run/results.ts";
import { type Night, nightOf, readNights } from "./nights.ts";
import { historyPage } from "./page.ts";

export const historyName = "history.jsonl";
export const pageName = "history.html";

/** Throws UnwritableError; what was there is then still there. */
export function addToHistory(folder: string, run: RunRecord): void {
  const path = join(folder, historyName);
  writeWhole(path, historyWith(existsSync(path) ? readFileSync(path, "utf8") : "", nightOf(run)));
  writeHistoryPage(folder);
}

/** Answers the nights it shows; no page without any. Throws UnwritableError. */
export function writeHistoryPage(folder: string): readonly Night[] {
  const nights = readNights(join(folder, historyName));
  if (nights.length > 0) writeWhole(join(folder, pageName), historyPage(nights));
  return nights;
}
