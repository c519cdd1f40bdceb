/** What is left of a load, and as a file for people (HTML) or for a spreadsheet (CSV). */
import { writeFileSync } from "node:fs";
import { csvRow } from "../../simulator/report/csv.ts";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";
import { loadPage } from "./load-page.ts";
import type { Found, Played } from "./play-load.ts";
import type { LoadSecond } from "./tally.ts";

export interface LoadResult {
  readonly profile: string;
  readonly units: number;
  /** `udp:127.0.0.1:5060`. */
  readonly to: string;
  /** It has what it had by then. */
  readonly interrupted: boolean;
  /** Of a search, else null. */
  readonly cleanRate: number | null;
  readonly limit: Found["limit"] | null;
  /** One for each rate that was played. */
  readonly steps: readonly Played[];
  /** Of the last rate. */
  readonly seconds: readonly LoadSecond[];
}

export type OutKind = "html" | "csv";

/** By the end of the file's name. Throws UserError. */
export function outKindOf(path: string): OutKind {
  const kind = /\.(html|csv)$/.exec(path)?.[1];
  if (kind === "html" || kind === "csv") return kind;
  throw new UserError(`--out ${path} is neither .html nor .csv`, "--out load.html", 2);
}

/** Throws UserError where it cannot be written. */
export function writeLoad(path: string, result: LoadResult): void {
  try {
    writeFileSync(path, outKindOf(path) === "html" ? loadPage(result) : loadCsv(result));
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(`--out ${path}: ${systemReason(thrown)}`, "a file in a folder that this user may write", 3);
  }
}

const waitColumns = ["median_ms", "p90_ms", "p99_ms", "most_ms"] as const;
const sumColumns = ["sent", "again", "carried", "accepted", "refused", "lost", "unsent"] as const;

/** A row for each second of the last rate. */
export function loadCsv({ seconds }: LoadResult): string {
  const waits = ["carried", "accepted"].flatMap((what) => waitColumns.map((column) => `${what}_${column}`));
  const rows = seconds.map(({ second, carriedIn, acceptedIn, ...sums }) => [
    second,
    ...sumColumns.map((column) => sums[column]),
    ...[carriedIn, acceptedIn].flatMap(({ medianMs, p90Ms, p99Ms, mostMs }) => [medianMs, p90Ms, p99Ms, mostMs]),
  ]);
  return [["second", ...sumColumns, ...waits], ...rows.map((row) => row.map(String))].map(csvRow).join("");
}
