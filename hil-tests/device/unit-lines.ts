/**
 * What a unit says, line by line: each event with the time of bench and unit, its number and the life that it was said in. A number
 * that is missing, and a start that nobody meant, are troubles; a broken line is noise, and its number is missing next.
 */
import { type ConsoleFrame, FrameReader, lostBetween } from "../../protocol/console/frame.ts";
import { type ConsoleEvent, decodeEvent } from "../../protocol/console/messages.ts";
import { faultText, type Result } from "../../protocol/result.ts";
import type { BenchClock } from "../bench/bench.ts";
import type { DeviceTrouble } from "./device-error.ts";
import type { TalkLog } from "./talk-log.ts";

/** An event of a unit, and when and where in its talk it was said. */
export interface Stamped<E> {
  readonly event: E;
  readonly sequence: number;
  /** Since the unit's start. */
  readonly unitMs: number;
  /** When the bench heard it, in the bench's time. */
  readonly hostMs: number;
  /** Lives of the unit that were heard to begin before this one's. */
  readonly life: number;
}

export interface HeardLine {
  /** As it stands in the log file. */
  readonly shown: string;
  readonly text: string;
  /** Undefined where it is no line of a unit. */
  readonly stamped: Stamped<ConsoleEvent> | undefined;
}

export interface UnitLinesOptions {
  readonly clock: BenchClock;
  readonly log: TalkLog;
  readonly onLine: (line: HeardLine) => void;
  readonly onTrouble: (trouble: DeviceTrouble, text: string) => void;
}

const halfLineLimit = 200;
/** A number so far behind the last one is that of a new life. */
const restartGap = 0x8000_0000;

export class UnitLines {
  life: number;
  /** What came behind the last line end. */
  halfLine: string;
  /** Whether somebody makes the unit start anew. */
  isBootMeant: boolean;
  private readonly options: UnitLinesOptions;
  private reader: FrameReader;
  private last: number | undefined;

  constructor(options: UnitLinesOptions) {
    this.life = 0;
    this.halfLine = "";
    this.isBootMeant = false;
    this.options = options;
    this.reader = this.newReader();
    this.last = undefined;
  }

  push(bytes: Uint8Array): void {
    const text = this.halfLine + Buffer.from(bytes).toString("latin1");
    this.halfLine = text.slice(text.lastIndexOf("\n") + 1).slice(-halfLineLimit);
    this.reader.push(bytes);
  }

  /** What was said so far is nobody's loss any more. */
  forget(): void {
    this.last = undefined;
    this.halfLine = "";
    this.reader = this.newReader();
  }

  private newReader(): FrameReader {
    return new FrameReader((line, frame) => this.hear(line, frame));
  }

  private hear(text: string, frame: Result<ConsoleFrame>): void {
    const { log, clock, onLine } = this.options;
    if (!frame.ok) {
      onLine({ shown: log.write("<", `${text} (${faultText(frame.fault)})`), text, stamped: undefined });
      return;
    }
    const shown = log.write("<", text);
    const { speaker, sequence, atMs } = frame.value;
    if (speaker === "tool") return; // a terminal that sends back what we say
    const event = decodeEvent(frame.value.text);
    this.count(sequence, event.ok && event.value.type === "boot");
    const { life } = this;
    const stamped = event.ok ? { event: event.value, sequence, unitMs: atMs, hostMs: clock.nowMs(), life } : undefined;
    onLine({ shown, text, stamped });
  }

  /** What was said before the first line that we heard is nobody's loss. */
  private count(sequence: number, isBoot: boolean): void {
    const before = this.last;
    this.last = sequence;
    if (isBoot && sequence === 0) {
      this.life++;
      if (before !== undefined && !this.isBootMeant)
        this.options.onTrouble("unexpected-reboot", "it started anew, and nobody meant it to");
      return;
    }
    if (before === undefined) return;
    const lost = lostBetween(before, sequence);
    if (lost === 0) return;
    const what = lost >= restartGap ? "it restarted and its boot was lost" : `${lost} between were lost`;
    this.options.onTrouble("lost-line", `lost line: line ${sequence} came after line ${before}, ${what}`);
  }
}
