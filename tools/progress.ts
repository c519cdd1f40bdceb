/**
 * Progress of long work on stderr: one line that is drawn over itself on a terminal, with the time left; plain lines at every
 * tenth otherwise, so that a log stays readable.
 */
import { styleText } from "node:util";

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const redrawMs = 100;
const barWidth = 24;

export class Progress {
  private readonly stream: ProgressStream;
  private readonly total: number;
  /** Words for how far it is, such as "3 h of 10 h". */
  private readonly saysHowFar: (done: number) => string;
  private readonly nowMs: () => number;
  private readonly startMs: number;
  private drawnMs: number;
  private tenth: number;

  constructor(
    stream: ProgressStream,
    total: number,
    saysHowFar: (done: number) => string,
    nowMs: () => number = () => performance.now(),
  ) {
    this.stream = stream;
    this.total = total;
    this.saysHowFar = saysHowFar;
    this.nowMs = nowMs;
    this.startMs = nowMs();
    this.drawnMs = Number.NEGATIVE_INFINITY;
    this.tenth = 0;
  }

  /** `line` is news that stays on the screen. Cheap enough to be called often. */
  update(done: number, line?: string): void {
    const terminal = this.stream.isTTY === true;
    if (line !== undefined) this.stream.write(`${terminal ? "\r\x1b[K" : ""}${line}\n`);
    const nowMs = this.nowMs();
    if (terminal) {
      if (line === undefined && nowMs - this.drawnMs < redrawMs) return;
      this.drawnMs = nowMs;
      this.stream.write(`\r\x1b[K${this.bar(done, nowMs).slice(0, (this.stream.columns ?? 80) - 1)}`);
      return;
    }
    const tenth = Math.floor((done * 10) / this.total);
    if (tenth <= this.tenth || tenth >= 10) return;
    this.tenth = tenth;
    this.stream.write(`${tenth * 10} %, ${this.saysHowFar(done)}, ${this.timeLeft(done, nowMs)}\n`);
  }

  /** Clears the line. */
  end(): void {
    if (this.stream.isTTY === true) this.stream.write("\r\x1b[K");
  }

  private bar(done: number, nowMs: number): string {
    const share = Math.min(1, done / this.total);
    const filled = Math.round(share * barWidth);
    const percent = String(Math.floor(share * 100)).padStart(3);
    return `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${percent} %  ${this.saysHowFar(done)}  ${this.timeLeft(done, nowMs)}`;
  }

  private timeLeft(done: number, nowMs: number): string {
    if (done <= 0) return "time left unknown";
    const leftS = Math.ceil(((nowMs - this.startMs) * (this.total - done)) / done / 1000);
    return leftS < 90 ? `${leftS} s left` : `${Math.ceil(leftS / 60)} min left`;
  }
}

/** Whether colour is wanted there (no-color.org). */
export function wantsColour(stream: ProgressStream, environment: NodeJS.ProcessEnv = process.env): boolean {
  const { NO_COLOR: noColour = "", TERM: terminal } = environment;
  const refused = noColour !== "" || terminal === "dumb";
  return stream.isTTY === true && !refused;
}

/** A painter for that stream: paints, or leaves the text as it is. */
export function painter(stream: ProgressStream): (format: "bold" | "green" | "red" | "dim", text: string) => string {
  return wantsColour(stream)
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_format, text) => text;
}

/** Breaks text at spaces so that no line is wider than `width`; following lines begin with `indent`. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = line === "" ? word : `${line} ${word}`;
    if (line !== "" && room.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = room;
  }
  lines.push(line);
  return lines.join("\n");
}
