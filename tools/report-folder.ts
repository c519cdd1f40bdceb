/** Plays into a report folder: log, traffic and report appear together when the run is over, and not at all when it breaks off. */
import { execFileSync } from "node:child_process";
import type { RunResult } from "../simulator/record/run-result.ts";
import { UnwritableError } from "../simulator/report/files.ts";
import { RunFolder } from "../simulator/report/run-folder.ts";
import { RunLog } from "../simulator/report/run-log.ts";
import { writeReport } from "../simulator/report/write-report.ts";
import { Capture } from "../simulator/trace/capture.ts";
import { UserError } from "./user-error.ts";

/** A folder that one run writes into. Whatever cannot be written is a UserError with exit code 3. */
export class ReportFolder {
  readonly log: RunLog;
  readonly capture: Capture;
  private readonly folder: RunFolder;
  private readonly out: string;

  constructor(out: string) {
    this.out = out;
    this.folder = this.explained(() => new RunFolder(out));
    [this.log, this.capture] = this.explained(() => {
      try {
        return [new RunLog(this.folder.file("events.jsonl")), new Capture(this.folder.file("traffic.pcapng"))];
      } catch (thrown) {
        this.folder.abandon();
        throw thrown;
      }
    });
  }

  /** Plays, and puts the report in its place. Nothing is left of a run that breaks off, whose error goes on. */
  async fill(play: (log: RunLog, capture: Capture) => Promise<RunResult>): Promise<RunResult> {
    try {
      const result = await play(this.log, this.capture);
      this.log.close();
      this.capture.close();
      for (const { lane, packets } of this.capture.dropped)
        process.stderr.write(`traffic.pcapng has no room for more of "${lane}": ${packets} packets are not in it\n`);
      writeReport(this.folder.staging, result, { commit: commitName() });
      this.folder.commit();
      return result;
    } catch (thrown) {
      this.abandon();
      return this.explained(() => {
        throw thrown;
      });
    }
  }

  /** Leaves the folder as it was before. */
  abandon(): void {
    this.log.abandon();
    this.capture.abandon();
    this.folder.abandon();
  }

  private explained<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof UnwritableError)) throw thrown;
      // People know the folder that they named, not the one inside it.
      const message = thrown.message.replace(this.folder?.staging ?? this.out, this.out);
      throw new UserError(message, "another folder with --out, or make room", 3);
    }
  }
}

/** Undefined outside a clone, or without git. */
export function commitName(): string | undefined {
  const here = new URL("../", import.meta.url).pathname;
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", here, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const commit = git("rev-parse", "HEAD");
    return git("status", "--porcelain", "--untracked-files=no") === "" ? commit : `${commit} with changes`;
  } catch {
    return undefined;
  }
}
