/**
 * The run log, `events.jsonl`: one JSON object per line, in the order of the run. Memory is bounded by one buffer, the file
 * by a limit, after which only a count is kept and the last line says so.
 */
import { WholeFile } from "./files.ts";

export const logBufferChars = 256 * 1024;
export const defaultLogLimitBytes = 2_000_000_000;

export class RunLog {
  private readonly file: WholeFile | undefined;
  private readonly limit: number;
  private buffer: string;
  private size: number;
  private dropped: number;
  private lastMs: number;

  /** Without a path nothing is kept: for tests and for shards that are judged elsewhere. Throws UnwritableError. */
  constructor(path: string | undefined, limitChars: number = defaultLogLimitBytes) {
    this.file = path === undefined ? undefined : new WholeFile(path);
    this.limit = limitChars;
    this.buffer = "";
    this.size = 0;
    this.dropped = 0;
    this.lastMs = 0;
  }

  /** Whether lines are kept at all, so that a caller may spare the work of making one. */
  get keeps(): boolean {
    return this.file !== undefined;
  }

  /** `lane` says whose event it is ("unit aldre-001", "receiver primary"); the event's own keys follow. */
  write(atMs: number, lane: string, event: object): void {
    if (this.file === undefined) return;
    this.lastMs = atMs;
    if (this.size >= this.limit) {
      this.dropped++;
      return;
    }
    this.add(`${JSON.stringify({ atMs, lane, ...event })}\n`);
  }

  /** The file appears only now. */
  close(): void {
    if (this.file === undefined) return;
    if (this.dropped > 0)
      this.add(`${JSON.stringify({ atMs: this.lastMs, lane: "log", type: "log-full", dropped: this.dropped })}\n`);
    this.file.append(this.buffer);
    this.buffer = "";
    this.file.finish();
  }

  /** The run broke off: no file is left. */
  abandon(): void {
    this.file?.abandon();
  }

  private add(line: string): void {
    this.buffer += line;
    this.size += line.length;
    if (this.buffer.length < logBufferChars) return;
    this.file?.append(this.buffer);
    this.buffer = "";
  }
}
