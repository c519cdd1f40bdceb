/**
 * The run log, `events.jsonl`: one JSON object per line, in the order of the run. Memory is bounded by one buffer, the file
 * by a limit, after which only a count is kept and the last line says so.
 */
import { WholeFile } from "./files.ts";

export const logBufferChars = 256 * 1024;
export const defaultLogLimitBytes = 2_000_000_000;
/** Stands for what is not told. */
export const hidden = "redacted";
/** What a text may begin with that tells of nobody: when it happened. */
const instantText = /^(?:pressed|at|from) [\dT:Z-]+(?: s)?/;

export class RunLog {
  private readonly file: WholeFile | undefined;
  private readonly limit: number;
  private readonly hides: boolean;
  private buffer: string;
  private size: number;
  private dropped: number;
  private lastMs: number;

  /**
   * Without a path nothing is kept: for tests and for shards that are judged elsewhere. Unless `hides` is false, network
   * addresses and free texts stay out of the file. Throws UnwritableError.
   */
  constructor(path: string | undefined, limitChars: number = defaultLogLimitBytes, hides = true) {
    this.file = path === undefined ? undefined : new WholeFile(path);
    this.limit = limitChars;
    this.hides = hides;
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
    this.add(`${JSON.stringify({ atMs, lane, ...event, ...(this.hides ? hiddenParts(event) : undefined) })}\n`);
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

/** Keys of an event that may speak of a person, with what is told in their place. */
function hiddenParts({ from, ite }: { readonly from?: unknown; readonly ite?: unknown }): object | undefined {
  if (from === undefined && ite === undefined) return undefined;
  const address = from === undefined ? {} : { from: hidden };
  if (typeof ite !== "string") return address;
  const [instant = ""] = instantText.exec(ite) ?? [];
  return { ...address, ite: instant === ite ? ite : `${instant} ${hidden}`.trim() };
}
