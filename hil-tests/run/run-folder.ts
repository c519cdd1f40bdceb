/**
 * The folder of results: the log grows line by line, logs of attempts that did not pass are kept with the command that repeats
 * them, all else appears whole. A disk that takes no more spoils the run's verdict, never its end.
 */
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder, UnwritableError, writeWhole } from "../../simulator/report/files.ts";
import { UserError } from "../../tools/user-error.ts";
import type { CaseRecord } from "./results.ts";
import type { RunEvent } from "./run-events.ts";

/** Runs whose failures are kept. */
export const mostKeptRuns = 30;
/** Lines of the log; a case that notes without end must not fill the disk. */
const mostLines = 100_000;

export class RunFolder {
  readonly path: string;
  readonly run: string;
  /** What could not be written first; "" while all could. */
  trouble: string;
  private lines: number;

  /** Throws UserError (3) where nothing can be written. The former run's log goes, its failures stay. */
  constructor(path: string, run: string) {
    this.path = path;
    this.run = run;
    this.trouble = "";
    this.lines = 0;
    try {
      openFolder(path);
      rmSync(join(path, "attempts"), { recursive: true, force: true });
      writeFileSync(join(path, "events.jsonl"), "");
    } catch (thrown) {
      const error = thrown instanceof UnwritableError ? thrown : new UnwritableError(path, thrown);
      throw new UserError(error.message, "another folder with --out, or make room", 3);
    }
    this.attempt(() => dropOldest(join(path, "failures")));
  }

  log(event: RunEvent, at: Date): void {
    this.lines++;
    if (this.lines > mostLines && event.event !== "ended") return;
    this.attempt(() =>
      appendFileSync(join(this.path, "events.jsonl"), `${JSON.stringify({ at: at.toISOString(), ...event })}\n`),
    );
  }

  /** A new, empty folder for an attempt's logs. Throws UnwritableError. */
  openAttempt(id: string, number: number): string {
    const folder = join(this.path, "attempts", `${fileName(id)}-${number}`);
    openFolder(folder);
    return folder;
  }

  /** Keeps the logs of all attempts at a case, what was wrong and how to repeat it. Answers where, from this folder; undefined where the disk took none. */
  keep(record: CaseRecord): string | undefined {
    const place = join("failures", this.run, fileName(record.id));
    const to = join(this.path, place);
    const isKept = this.attempt(() => {
      mkdirSync(to, { recursive: true });
      for (let number = 1; number <= record.attempts.length; number++) {
        const from = join(this.path, "attempts", `${fileName(record.id)}-${number}`);
        if (existsSync(from)) cpSync(from, join(to, `attempt-${number}`), { recursive: true });
      }
      writeFileSync(join(to, "case.json"), `${JSON.stringify({ ...record, artefacts: place }, null, 2)}\n`);
      writeFileSync(join(to, "repeat.sh"), `#!/bin/sh\n# ${oneLine(record.why)}\n${record.repeat}\n`, { mode: 0o755 });
    });
    return isKept ? place : undefined;
  }

  write(name: string, text: string): void {
    this.attempt(() => writeWhole(join(this.path, name), text));
  }

  /** Logs of attempts that nobody keeps. */
  clear(): void {
    this.attempt(() => rmSync(join(this.path, "attempts"), { recursive: true, force: true }));
  }

  private attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (thrown) {
      const { message } = thrown instanceof UnwritableError ? thrown : new UnwritableError(this.path, thrown);
      if (this.trouble === "") this.trouble = message;
      return false;
    }
  }
}

/** "press/accepted" as a name that a folder can have. */
export function fileName(id: string): string {
  return id.replace(/[^a-z0-9-]+/gi, "-");
}

/** Names sort by time. Room is made for the run that begins. */
function dropOldest(failures: string): void {
  if (!existsSync(failures)) return;
  const runs = readdirSync(failures).sort();
  for (const run of runs.slice(0, Math.max(0, runs.length - mostKeptRuns + 1)))
    rmSync(join(failures, run), { recursive: true, force: true });
}

function oneLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
