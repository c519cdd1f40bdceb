/** The log file of a device's line: every line that passed, either way, with the bench's time; and the last of them for errors. */
import type { BenchClock, BenchDisk, BenchFile } from "../bench/bench.ts";

/** Lines that a failure shows; all are in the log file. */
const recentLimit = 12;

export class TalkLog {
  readonly path: string;
  readonly recent: string[];
  private readonly clock: BenchClock;
  private readonly file: BenchFile;
  private readonly onFault: (thrown: unknown) => void;
  private isWhole: boolean;

  /** The file is begun anew; `onFault` hears once that it cannot be written any more. Throws RigError. */
  constructor(path: string, disk: BenchDisk, clock: BenchClock, onFault: (thrown: unknown) => void) {
    this.path = path;
    this.recent = [];
    this.clock = clock;
    this.file = disk.create(path);
    this.onFault = onFault;
    this.isWhole = true;
  }

  /** Answers the line as it stands in the file. `mark`: ">" said, "<" heard, "-" a remark. */
  write(mark: ">" | "<" | "-", text: string): string {
    const shown = `+${Math.floor(this.clock.nowMs())} ms ${mark} ${text}`;
    this.recent.push(shown);
    if (this.recent.length > recentLimit) this.recent.shift();
    if (!this.isWhole) return shown;
    try {
      this.file.write(`${shown}\n`);
    } catch (thrown) {
      this.isWhole = false;
      this.onFault(thrown);
    }
    return shown;
  }

  /** An error with what was heard before it; `halfLine` is what came behind the last line end. */
  story(what: string, unread: readonly string[], halfLine = ""): string {
    const half = halfLine === "" ? [] : [`half a line: ${JSON.stringify(halfLine)}`];
    return [
      what,
      ...section("last lines", this.recent),
      ...section(`unread (${unread.length} lines)`, [...unread.slice(-recentLimit), ...half]),
      `  log file: ${this.path}`,
    ].join("\n");
  }

  close(): void {
    this.file.close();
  }
}

function section(title: string, lines: readonly string[]): string[] {
  return [`  ${title}:`, ...(lines.length === 0 ? ["nothing"] : lines).map((line) => `    ${line}`)];
}
