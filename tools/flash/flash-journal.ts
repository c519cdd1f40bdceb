/**
 * What this bench has flashed, forced or not: a line of JSON each, appended. It is written before anything is erased and again at
 * the end, so that a flash that was broken off stands there too.
 */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";

export interface JournalLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly what: "begun" | "done" | "failed";
  readonly path: string;
  /** The chip's own number: MAC of an ESP32, serial number of an Espruino board. */
  readonly chip: string;
  /** The engine's own image has versions of its own. */
  readonly image: "firmware" | "interpreter";
  readonly board: string;
  readonly hardware: string;
  readonly region: string;
  readonly version: string;
  readonly commit: string;
  /** Name of the unit that ran there; "" where none did. */
  readonly unit: string;
  /** Why it was forced; "" where it was not. */
  readonly forced: string;
  /** What was overruled; "" where nothing was. */
  readonly overruled: string;
  /** What went wrong; "" where nothing did. */
  readonly error: string;
}

export const usualJournal = "out/flash-journal.jsonl";

/** Throws UserError (3): what cannot be written down is not done. */
export function note(path: string, line: JournalLine): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, `${JSON.stringify(line)}\n`);
  } catch (thrown) {
    throw new UserError(
      `${path} cannot be written: ${systemReason(thrown)}; nothing was erased`,
      "a place that this user may write, with --journal FILE",
      3,
    );
  }
}

/** The last line about that chip's firmware; undefined where the bench has never seen it. Half lines are passed over. */
export function lastOf(path: string, chip: string): JournalLine | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  let last: JournalLine | undefined;
  for (const each of text.split("\n")) {
    const line = lineOf(each);
    if (line !== undefined && line.chip === chip && chip !== "" && line.image === "firmware") last = line;
  }
  return last;
}

function lineOf(text: string): JournalLine | undefined {
  try {
    return JSON.parse(text) as JournalLine;
  } catch {
    return undefined;
  }
}
