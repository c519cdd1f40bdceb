/**
 * Driver of one AT line: says one exchange at a time and sorts what is heard into answers and news. It decides nothing
 * and times nothing: whoever starts an exchange keeps its patience.
 */
import { errorNumberOf } from "../../protocol/at/answers.ts";
import type { Exchange } from "../../protocol/at/commands.ts";
import { abortingFinals, callFinals } from "../../protocol/at/commands.ts";
import { LineBuffer } from "../../protocol/text/lines.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import type { OpenSerial, Serial } from "../ports/serial.ts";

/** How an exchange ended. */
export interface Answer {
  readonly ok: boolean;
  /** Whether it was the exchange's own failure that ended it: the modem tried, and could not. */
  readonly tried: boolean;
  /** The number of a +CME ERROR, 0 without one, -1 when it went well. */
  readonly error: number;
  /** The result code that ended it. */
  readonly final: string;
  /** The last line that began with the promised prefix, "" without one. */
  readonly line: string;
  /** The raw data behind or inside that line; undefined where there is none, or where what follows shows that its length was wrong. */
  readonly data: Uint8Array | undefined;
}

export interface SessionListener {
  /** The running exchange has ended. */
  readonly onAnswer: (answer: Answer) => void;
  /** A line that says something: part of the answer, its result, or news that nobody asked for. */
  readonly onLine: (line: string) => void;
  /** The modem asks for the payload: `sayPayload` is due, not sooner than the running exchange's `payloadAfterMs`. */
  readonly onPrompt: () => void;
}

/** The longest short message as hexadecimal has 352 characters (3GPP 27.005 3.1). */
const lineLimit = 512;
const rawLimit = 1_500;
const plus = 43;
const endOfMessage = 26;
const escapeKey = 27;
const nothing = new Uint8Array(0);

export class AtSession {
  /** The exchange that waits for its end. */
  asked: Exchange | undefined;
  /** Result codes that no exchange waited for: late answers. */
  strayCount: number;
  private readonly listener: SessionListener;
  private readonly lines: LineBuffer;
  private readonly serial: Serial;
  private payload: Uint8Array;
  private prompted: boolean;
  /** Its payload was not said yet. */
  private isPayloadDue: boolean;
  /** What calls off a payload that the modem may still wait for. */
  private owed: Uint8Array;
  private line: string;
  private data: Uint8Array | undefined;

  constructor(open: OpenSerial, listener: SessionListener) {
    this.listener = listener;
    this.asked = undefined;
    this.strayCount = 0;
    this.payload = nothing;
    this.prompted = false;
    this.isPayloadDue = false;
    this.owed = nothing;
    this.line = "";
    this.data = undefined;
    this.lines = new LineBuffer(lineLimit, rawLimit, {
      onLine: (text) => this.hear(text),
      onRaw: (bytes) => this.hearData(bytes),
      onPrompt: () => {
        this.prompted = true;
        this.listener.onPrompt();
      },
    });
    this.serial = open({ baud: 115_200, onReadable: () => this.drain() });
  }

  /** Says it. Starting a second exchange before the first has ended is a mistake in the caller, and throws. */
  start(exchange: Exchange, payload: Uint8Array | undefined): void {
    if (this.asked !== undefined) throw new Error("at-session: one exchange at a time");
    this.asked = exchange;
    this.payload = payload === undefined ? nothing : payload;
    this.prompted = false;
    this.isPayloadDue = exchange.prompt !== "";
    this.line = "";
    this.data = undefined;
    this.lines.expectPrompt(exchange.prompt);
    this.lines.expectInline(exchange.inlineLength);
    this.serial.write(ascii(exchange.text + "\r"));
  }

  /** Says what the prompt asked for; nothing where the exchange has ended since, or it was said already. */
  sayPayload(): void {
    if (this.asked === undefined || !this.prompted) return;
    this.prompted = false;
    this.isPayloadDue = false;
    this.serial.write(this.payload);
  }

  /**
   * Gives the running exchange up; nothing is reported. What calls off a payload is said again with each that is given up until the
   * modem has answered one: while it was silent it may have missed it, and it would take all that follows for its payload.
   */
  abandon(): void {
    const asked = this.asked;
    this.asked = undefined;
    this.lines.reset();
    if (asked === undefined) return;
    if (asked.prompt !== "") this.callOff();
    else if (this.owed.length > 0) this.serial.write(this.owed);
  }

  /** Ends an abortable exchange early (V.250 5.6.1): its answer is still to come. */
  interrupt(): void {
    this.serial.write(ascii("\r"));
  }

  /**
   * A modem that may still wait for a payload gets as many blanks as were promised: as data they are a datagram that nobody takes,
   * as a command line they are nothing. A short message that is waited for is called off (27.005 3.5.1).
   */
  private callOff(): void {
    const count = this.payload.length;
    if (count > 0 && this.payload[count - 1] === endOfMessage) this.owed = new Uint8Array([escapeKey]);
    else {
      this.owed = new Uint8Array(count + 1);
      this.owed.fill(32);
      this.owed[count] = 13;
    }
    this.serial.write(this.owed);
  }

  private drain(): void {
    for (let chunk = this.serial.read(); chunk !== undefined; chunk = this.serial.read()) this.lines.push(chunk);
  }

  private hear(line: string): void {
    // Echo, on until ATE0 has been heard; no modem's own line begins so.
    if (line.startsWith("AT")) return;
    const asked = this.asked;
    if (asked !== undefined && isResultOf(asked, line)) {
      this.listener.onLine(line);
      // The result of a payload that was not said yet is that of an older one.
      if (this.isPayloadDue) this.strayCount++;
      // What it said may have made its owner give the exchange up.
      else if (this.asked === asked) this.finish(line, asked, line.startsWith(asked.final));
      return;
    }
    if (callFinals.indexOf(line) >= 0) {
      this.listener.onLine(line);
      if (asked !== undefined && this.asked === asked && isCall(asked)) this.end(line, asked);
      return;
    }
    if (isCommonFinal(line)) {
      if (asked === undefined) this.strayCount++;
      else this.end(line, asked);
      return;
    }
    if (asked !== undefined && !this.isPayloadDue && asked.prefix !== "" && line.startsWith(asked.prefix)) {
      this.line = line;
      // Between its quotes the line holds nothing but the data that was taken out.
      if (asked.inlineLength !== undefined && this.data !== undefined && !line.endsWith('""')) this.data = undefined;
      if (asked.dataLength !== undefined) this.lines.expectRaw(asked.dataLength(line));
    }
    // No news is as short as this: it is what the promised length has left over.
    if (line.length === 1 && asked !== undefined && asked.dataLength !== undefined) this.data = undefined;
    this.listener.onLine(line);
  }

  private end(line: string, asked: Exchange): void {
    const ok = line === "OK";
    // An OK before the promised line, or where another result is promised, such as SEND OK, belongs to an older command or
    // says only that the command was read.
    if (ok && (asked.final !== "OK" || (asked.prefix !== "" && this.line === ""))) this.strayCount++;
    else {
      // A refusal that is a late one of an older command leaves the modem waiting for the payload.
      if (this.isPayloadDue) this.callOff();
      this.finish(line, asked, ok);
    }
  }

  private finish(line: string, asked: Exchange, ok: boolean): void {
    this.asked = undefined;
    this.owed = nothing;
    this.lines.expectPrompt("");
    this.lines.expectInline(undefined);
    const error = ok ? -1 : Math.max(0, errorNumberOf(line));
    const tried = !ok && asked.failure !== "" && line.startsWith(asked.failure);
    this.listener.onAnswer({ ok, tried, error, final: line, line: this.line, data: this.data });
  }

  private hearData(bytes: Uint8Array): void {
    this.data = bytes;
  }
}

/** Whether the line is the exchange's own result, good or bad, other than those that end every exchange. */
function isResultOf(asked: Exchange, line: string): boolean {
  if (asked.failure !== "" && line.startsWith(asked.failure)) return true;
  return asked.final.charCodeAt(0) === plus
    ? line.startsWith(asked.final)
    : asked.final !== "OK" && line === asked.final;
}

/** Whether it dials or answers a call (V.250 6.3). */
function isCall(asked: Exchange): boolean {
  return asked.text.startsWith("ATD") || asked.text === "ATA";
}

function isCommonFinal(line: string): boolean {
  if (line === "OK" || abortingFinals.indexOf(line) >= 0) return true;
  return line.startsWith("+CM") && errorNumberOf(line) >= 0;
}
