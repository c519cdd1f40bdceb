/** `livlina sim swarm`: stories that nobody wrote, drawn from seeds and played side by side; what fails is made small and kept. */
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { Progress } from "../progress.ts";
import { UserError } from "../user-error.ts";

interface Flags {
  readonly seeds: string;
  readonly from: string;
  readonly workers?: string;
  readonly batch: string;
  readonly out: string;
  readonly minutes?: string;
  readonly reports?: boolean;
  readonly json?: boolean;
}

const largestSeed = 0xffff_ffff;

/** Adds `swarm` to the commands of `livlina sim`. */
export function registerSwarm(sim: Command): void {
  sim
    .command("swarm")
    .description("play stories drawn from seeds: nothing is lost while it hurts, and all is well after")
    .option("--seeds <n>", "how many stories", "100")
    .option("--from <seed>", "the first seed, 0 to 4294967295", "1")
    .option("--workers <n>", "processes that play side by side (default: one for each processor)")
    .option("--batch <n>", "stories handed to a worker at a time; changes nothing of what comes out", "8")
    .option("--minutes <m>", "begin no story after so many minutes")
    .option("--out <dir>", "folder for what fails, and for swarm.json", "out/swarm")
    .option("--reports", "leave the report of each run in the folder too")
    .option("--json", "one JSON object on stdout and nothing else")
    .addHelpText("after", "\nExample:\n  livlina sim swarm --seeds 1000 --from 5000 --out out/night\n")
    .action((flags: Flags) => swarm(flags));
}

async function swarm(flags: Flags): Promise<void> {
  const count = wholeOf("--seeds", flags.seeds, 1, 10_000_000);
  const firstSeed = wholeOf("--from", flags.from, 0, largestSeed - count + 1);
  const progress = new Progress(process.stderr, count, (done) => `${done} of ${count} stories`);
  let done = 0;
  // The world is loaded when it is needed, and help is not kept waiting for it.
  const { runSwarm, swarmText } = await import("../swarm-run.ts");
  const summary = await runSwarm({
    firstSeed,
    count,
    workers: flags.workers === undefined ? availableParallelism() : wholeOf("--workers", flags.workers, 1, 256),
    batch: wholeOf("--batch", flags.batch, 1, 10_000),
    out: flags.out,
    reports: flags.reports === true,
    minutes: flags.minutes === undefined ? undefined : wholeOf("--minutes", flags.minutes, 1, 100_000),

    onOutcome: ({ seed, failures: [first] }) =>
      progress.update(++done, first === undefined ? undefined : `seed ${seed}: ${first.kind}: ${first.text}`),
  });
  progress.end();
  process.stdout.write(flags.json === true ? `${JSON.stringify(summary)}\n` : swarmText(summary));
  if (summary.verdict === "failed") process.exitCode = 1;
}

function wholeOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
  throw new UserError(
    `${flag} ${text}: expected a whole number from ${least} to ${most}`,
    `such as ${flag} ${least}`,
    2,
  );
}
