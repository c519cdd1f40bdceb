/** `livlina sim replay`: plays the run of a report folder again and says whether it came out the same, byte for byte. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { changedFiles, parseReplay, type Replay } from "../../simulator/report/replay.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { durationText } from "../../simulator/scenario/scenario-units.ts";
import { Progress } from "../progress.ts";
import { commitName } from "../report-folder.ts";
import { openScenario } from "../scenario-open.ts";
import { UserError } from "../user-error.ts";

interface Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Adds `replay` to the commands of `livlina sim`. */
export function registerReplay(sim: Command): void {
  sim
    .command("replay <dir>")
    .description("play the run of a report folder again, and compare")
    .option("--json", "one JSON object on stdout and nothing else")
    .option("--quiet", "no progress, only the answer")
    .addHelpText("after", "\nExample:\n  livlina sim replay out/staffanstorp-server-fault\n")
    .action((dir: string, flags: Flags) => replayRun(dir, flags));
}

async function replayRun(dir: string, flags: Flags): Promise<void> {
  const replay = readReplay(dir);
  const changed = changedFiles(replay);
  if (changed.length > 0)
    throw new UserError(
      `${changed.join(", ")}: not there as it was when the run was played`,
      "the files of that time, in the folder from which the run was started",
      2,
    );
  const scenario = openScenario(replay.scenario, replay.set);
  const commit = commitName();
  const isSameCommit = replay.commit !== null && replay.commit === commit;
  if (!isSameCommit && flags.quiet !== true)
    process.stderr.write(
      `played by ${replay.commit ?? "an unknown commit"}, replayed by ${commit ?? "an unknown one"}\n`,
    );
  const endMs = replay.interruptedMs ?? scenario.durationMs;
  const progress = new Progress(process.stderr, endMs, (doneMs) => `${durationText(doneMs)} of ${durationText(endMs)}`);
  const { playScenario } = await import("../../simulator/play.ts");
  const result = await playScenario(scenario, {
    seed: replay.seed,
    modem: replay.modem,
    onProgress: flags.quiet === true ? () => {} : (virtualMs) => progress.update(virtualMs),
    log: new RunLog(undefined),
    stop: (reachedMs) => reachedMs >= endMs,
  });
  progress.end();
  const isSame = result.digest === replay.digest;
  const answer = { same: isSame, seed: replay.seed, was: replay.digest, is: result.digest, sameCommit: isSameCommit };
  process.stdout.write(flags.json === true ? `${JSON.stringify(answer)}\n` : answerText(answer));
  if (!isSame) process.exitCode = 1;
}

function answerText(answer: { readonly same: boolean; readonly was: string; readonly is: string }): string {
  if (answer.same) return `the same run, digest ${answer.is}\n`;
  return `another run\n  was ${answer.was}\n  is  ${answer.is}\n`;
}

/** Throws UserError. */
function readReplay(dir: string): Replay {
  const path = join(dir, "replay");
  if (!existsSync(path))
    throw new UserError(`${dir} holds no report`, "a folder that `livlina sim run --out` has made", 2);
  const replay = parseReplay(readFileSync(path, "utf8"));
  if (replay === undefined) throw new UserError(`${path} is no replay file of this version`, "play the run anew", 2);
  return replay;
}
