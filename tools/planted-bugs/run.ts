/**
 * Plants each bug of the list in a test run of its own, two at a time, and writes down which test caught it and how soon, in
 * the table of firmware/README.md. Ends with 1 where a bug was not caught within a minute, and then leaves the table as it was.
 * With words behind it, only bugs whose names hold them are planted, and nothing is written.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plantedBugs } from "./list.ts";
import { type Caught, withTable } from "./table.ts";
import { type Outcome, root, runTests } from "./trial.ts";

const readme = join(root, "firmware", "README.md");
const longestMs = 60_000;
const soundMs = 900_000;
const lanes = 2;

const words = process.argv.slice(2).join(" ");
const bugs = plantedBugs.filter(({ name }) => name.includes(words));

/** Without a bug all must be green: a test that is red anyway catches nothing. */
async function isSound(folder: string): Promise<boolean> {
  const filters = new Set(bugs.flatMap(({ tests }) => tests));
  const outcome = await runTests(undefined, [...filters], folder, soundMs, lanes);
  if (outcome.kind !== "green") console.error(`without any bug the tests are not green: ${wordsOf(outcome)}`);
  return outcome.kind === "green";
}

function wordsOf(outcome: Outcome): string {
  if (outcome.kind === "red") return outcome.test;
  return outcome.kind === "broken" ? `broken, ${outcome.why}` : outcome.kind;
}

/** The rows of the table, undefined where a bug was not caught. */
async function plantAll(folder: string): Promise<(Caught | undefined)[]> {
  const rows: (Caught | undefined)[] = bugs.map(() => undefined);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < bugs.length; i = next++) {
      const bug = bugs[i] as (typeof bugs)[number];
      const began = performance.now();
      const outcome = await runTests(bug.name, bug.tests, folder, longestMs, 1);
      const seconds = (performance.now() - began) / 1000;
      if (outcome.kind === "red") rows[i] = { bug: bug.name, test: outcome.test, seconds };
      const head = outcome.kind === "red" ? `${seconds.toFixed(1)} s` : "NOT CAUGHT";
      console.info(`${head}  ${bug.name}: ${wordsOf(outcome)}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return rows;
}

const folder = mkdtempSync(join(tmpdir(), "livlina-bugs-"));
try {
  const rows = (await isSound(folder)) ? await plantAll(folder) : [];
  const caught = rows.filter((row) => row !== undefined);
  console.info(`${caught.length} of ${bugs.length} planted bugs were caught`);
  const all = caught.length === bugs.length;
  if (all && words === "") writeFileSync(readme, withTable(readFileSync(readme, "utf8"), caught));
  process.exitCode = all ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
