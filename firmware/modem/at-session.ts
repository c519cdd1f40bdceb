/**
 * Driver of one AT line: says one exchange at a time and sorts what is heard into answers and news. It decides nothing
 * and times nothing: whoever starts an exchange keeps its patience.
 */
import { errorNumberOf } from "../../protocol/at/answers.ts";
import type { Exchange } from "../../protocol/at/commands.ts";
import { abortingFinals } from "../../protocol/at/commands.ts";
import { LineBuffer } from "../../protocol/text/lines.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import type { OpenSerial, Serial } from "../ports/serial.ts";

/** How an exchange ended. */
export interface Answer {
  readonly ok: boolean;
  /** The number of a +CME ERROR, 0 without one, -1 when it went well. */
  readonly error: number;
  /** The result code that ended it. */
  readonly final: string;
  /** The last line that began with the promised prefix, "" without one. */
  readonly line: string;
  /** The raw data behind that line. */
  readonly data: Uint8Array | undefined;
}

export interface SessionListener {
  /** The running exchange has ended. */
  readonly onAnswer: (answer: Answer) => void;
  /** A line that ends nothing: part of the answer, or news that nobody asked for. */
  readonly onLine: (line: string) => void;
}

const lineLimit = 256;
const rawLimit = 1_500;
const nothing = new Uint8Array(0);

export class AtSession {
  /** The exchange that waits for its end. */
  asked: Exchange | undefined;
  /** Result codes that no exchange waited for: late answers. */
  strayCount: number;
  private readonly listener: SessionListener;
  private readonly failures: readonly string[];
  private readonly lines: LineBuffer;
  private readonly serial: Serial;
  private payload: Uint8Array;
  private line: string;
  private data: Uint8Array | undefined;

  constructor(open: OpenSerial, failures: readonly string[], listener: SessionListener) {
    this.listener = listener;
    this.failures = failures;
    this.asked = undefined;
    this.strayCount = 0;
    this.payload = nothing;
    this.line = "";
    this.data = undefined;
    this.lines = new LineBuffer(lineLimit, rawLimit, {
      onLine: (text) => this.hear(text),
      onRaw: (bytes) => this.hearData(bytes),
      onPrompt: () => this.serial.write(this.payload),
    });
    this.serial = open({ baud: 115_200, onReadable: () => this.drain() });
  }

  /** Says it. Starting a second exchange before the first has ended is a mistake in the caller, and throws. */
  start(exchange: Exchange, payload: Uint8Array | undefined): void {
    if (this.asked !== undefined) throw new Error("at-session: one exchange at a time");
    this.asked = exchange;
    this.payload = payload === undefined ? nothing : payload;
    this.line = "";
    this.data = undefined;
    this.lines.expectPrompt(exchange.prompt);
    this.serial.write(ascii(exchange.text + "\r"));
  }

  /**
   * Gives the running exchange up; nothing is reported. A modem that still waits for a payload gets as many blanks as
   * were promised: as data they are a datagram that nobody takes, as a command line they are nothing.
   */
  abandon(): void {
    const asked = this.asked;
    this.asked = undefined;
    this.lines.reset();
    if (asked === undefined || asked.prompt === "") return;
    const blanks = new Uint8Array(this.payload.length + 1);
    blanks.fill(32);
    blanks[this.payload.length] = 13;
    this.serial.write(blanks);
  }

  /** Ends an abortable exchange early (V.250 5.6.1): its answer is still to come. */
  interrupt(): void {
    this.serial.write(ascii("\r"));
  }

  private drain(): void {
    for (let chunk = this.serial.read(); chunk !== undefined; chunk = this.serial.read()) this.lines.push(chunk);
  }

  private hear(line: string): void {
    // Echo, on until ATE0 has been heard; no modem's own line begins so.
    if (line.startsWith("AT")) return;
    const asked = this.asked;
    if (this.isFinal(line, asked)) {
      if (asked === undefined) this.strayCount++;
      else this.end(line, asked);
      return;
    }
    if (asked !== undefined && asked.prefix !== "" && line.startsWith(asked.prefix)) {
      this.line = line;
      if (asked.dataLength !== undefined) this.lines.expectRaw(asked.dataLength(line));
    }
    this.listener.onLine(line);
  }

  private isFinal(line: string, asked: Exchange | undefined): boolean {
    if (line === "OK" || line === "ERROR" || (asked !== undefined && line === asked.final)) return true;
    if (line.startsWith("+CM") && errorNumberOf(line) >= 0) return true;
    return abortingFinals.indexOf(line) >= 0 || this.failures.indexOf(line) >= 0;
  }

  private end(line: string, asked: Exchange): void {
    const ok = line === asked.final;
    if (ok && asked.prefix !== "" && this.line === "") {
      this.strayCount++;
      return;
    }
    if (!ok && line === "OK") {
      // An OK where another final is promised, such as SEND OK, belongs to an older command.
      this.strayCount++;
      return;
    }
    this.asked = undefined;
    this.lines.expectPrompt("");
    const error = ok ? -1 : Math.max(0, errorNumberOf(line));
    this.listener.onAnswer({ ok, error, final: line, line: this.line, data: this.data });
  }

  private hearData(bytes: Uint8Array): void {
    this.data = bytes;
  }
}
