/**
 * A night of stories that nobody has played before: seeds from the date, as many as fit into the time, failures made small and
 * kept. Ends with 1 and the commands that replay what failed. `npm run night -- --minutes 30`. What each night came to is a line
 * in `history.jsonl`, of which the last 400 stay.
 */
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeWhole } from "../simulator/report/files.ts";
import { localDate } from "../simulator/scenario/scenario-clock.ts";
import type { SwarmSummary } from "../simulator/swarm/summary.ts";
import { firstSeedOf, historyWith, type NightLine } from "./night-history.ts";
import { runSwarm, swarmText } from "./swarm-run.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "120" },
    workers: { type: "string", default: String(availableParallelism()) },
    from: { type: "string" },
    out: { type: "string", default: "out/night" },
  },
});

const date = localDate(Date.now());
const firstSeed = values.from === undefined ? firstSeedOf(date) : Number(values.from);
const out = join(values.out, date);
console.info(`${values.minutes} minutes of seeds from ${firstSeed} on, ${values.workers} workers`);
const summary = await runSwarm({
  firstSeed,
  count: 1_000_000,
  workers: Number(values.workers),
  batch: 8,
  out,
  reports: false,
  minutes: Number(values.minutes),
  onOutcome: ({ seed, failures: [first] }) => {
    if (first !== undefined) console.info(`seed ${seed}: ${first.kind}: ${first.text}`);
  },
});
process.stdout.write(swarmText(summary));
keep(summary);
process.exitCode = summary.verdict === "passed" ? 0 : 1;

function keep({ seeds, verdict, digest, wallMs, events, failed }: SwarmSummary): void {
  const path = join(values.out, "history.jsonl");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const line: NightLine = {
    date,
    firstSeed,
    seeds,
    verdict,
    digest,
    wallMs,
    events,
    failed: failed.map(({ seed, failures, file }) => ({ seed, by: failures[0]?.kind ?? "", file })),
  };
  writeWhole(path, historyWith(before, line));
}
