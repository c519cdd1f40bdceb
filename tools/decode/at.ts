/** Shows a recorded talk with a modem, line by line: what each says in 27.007, 27.005 or in the vendor's own words. */
import type { Fact } from "../../protocol/at/answers.ts";
import { errorNumberOf } from "../../protocol/at/answers.ts";
import type { CallNews } from "../../protocol/at/calls.ts";
import { callNewsOf, callOf } from "../../protocol/at/calls.ts";
import { abortingFinals, type Dialect, type Exchange } from "../../protocol/at/commands.ts";
import { quectel } from "../../protocol/at/quectel.ts";
import { simcom } from "../../protocol/at/simcom.ts";
import type { SmsNews } from "../../protocol/at/sms.ts";
import { smsHeaderOf, smsNewsOf } from "../../protocol/at/sms.ts";
import { ublox, ubloxProfile } from "../../protocol/at/ublox.ts";
import { bad, type Fault, ok, type Result } from "../../protocol/result.ts";
import { LineBuffer } from "../../protocol/text/lines.ts";
import { exchangeOf, lengthAsked } from "./at-commands.ts";
import { hexText, type Report, type ReportLine } from "./report.ts";

export const dialects: readonly Dialect[] = [quectel, simcom, ublox, ubloxProfile];

/** The Quectel dialect where there is none of that name. */
export function dialectNamed(name: string | undefined): Dialect {
  return dialects.find((dialect) => dialect.name === name) ?? quectel;
}

/** As long as a unit takes them. */
const lineLimit = 256;
const rawLimit = 1500;

/** What a line says, whoever heeds it: the modem's state, a call, a short message. */
type Said = Fact | CallNews | SmsNews | { readonly type: "call" | "sms-header" };

interface TalkLine {
  readonly at: number;
  /** `other` is a line that says nothing which a unit would heed. */
  readonly kind: "command" | "result" | "fact" | "data" | "other";
  readonly text: string;
  readonly ok?: boolean;
  readonly fact?: Said;
  readonly length?: number;
}

/**
 * Both sides of the talk, or one alone. The values are the lines, with the fact that a line tells. What a device sends at a prompt
 * is data where the prompt stands in the talk; without the modem's side it is lines like any other.
 */
export function reportAt(bytes: Uint8Array, dialect: Dialect): Result<Report> {
  const reader = new TalkReader(dialect);
  const fault = reader.read(bytes);
  if (fault !== undefined) return bad(fault);
  return ok({ values: { dialect: dialect.name, lines: reader.lines }, lines: reader.lines.map(shownLine) });
}

/** The same line buffer as the unit's, fed byte by byte so that offsets are known. */
class TalkReader {
  readonly lines: TalkLine[];
  private readonly dialect: Dialect;
  private readonly buffer: LineBuffer;
  /** Where the line or the data under way began, -1 between lines. */
  private start: number;
  private heard: number;
  private owed: number;
  /** The byte under way, and data inside a line that is still to come. */
  private at: number;
  private inlineOwed: number;
  private inline: TalkLine | undefined;
  /** What the device last asked, where its end is another than OK. */
  private asked: Exchange | undefined;
  /** Bytes that the device will send when the modem has prompted, and has: 0 for none. */
  private announced: number;
  private prompted: boolean;
  /** Whether the next line is a short message in hexadecimal digits (27.005 3.5.1, 4.2). */
  private messageDue: boolean;

  constructor(dialect: Dialect) {
    this.lines = [];
    this.dialect = dialect;
    this.start = -1;
    this.heard = 0;
    this.owed = 0;
    this.at = 0;
    this.inlineOwed = 0;
    this.inline = undefined;
    this.asked = undefined;
    this.announced = 0;
    this.prompted = false;
    this.messageDue = false;
    this.buffer = new LineBuffer(lineLimit, rawLimit, {
      onLine: (text) => this.take(text),
      onRaw: (data) => this.takeData(data),
      onPrompt: () => {
        this.prompted = true;
        this.start = -1;
      },
    });
    const { inlineLength } = dialect.readFrom(0);
    if (inlineLength !== undefined) this.buffer.expectInline((head) => this.expectInline(inlineLength(head)));
  }

  read(bytes: Uint8Array): Fault | undefined {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      this.at = i;
      if (this.prompted && byte !== space) this.sayPayload();
      if (this.start < 0 && (byte > space || this.owed > 0)) this.start = i;
      const before = this.heard;
      this.buffer.push(bytes.subarray(i, i + 1));
      if (this.buffer.overlongCount > 0)
        return { kind: "too-long", at: this.start, what: "the line", limit: lineLimit };
      // A line that a lone CR ends is told only at the first byte of the next line, or of the data behind it.
      const begins = (this.owed > 0 ? byte !== lineFeed : byte > space) && !this.prompted;
      if (this.heard > before && begins) this.start = this.lines.at(-1)?.kind === "data" ? -1 : i;
    }
    const truncated: Fault = { kind: "truncated", at: bytes.length };
    if (this.owed > 0 || this.inlineOwed > 0) return truncated;
    this.buffer.push(lineEnd);
    return this.owed > 0 || this.lines.length === 0 ? truncated : undefined;
  }

  /** A blank behind the prompt's sign belongs to the modem; what follows is the device's. */
  private sayPayload(): void {
    this.prompted = false;
    if (this.buffer.expectRaw(this.announced)) this.owed = this.announced;
    this.announced = 0;
  }

  private take(text: string): void {
    if (this.messageDue && hexLine.test(text)) {
      this.messageDue = false;
      this.add({ kind: "data", text: text.toLowerCase(), length: text.length / 2 });
      return;
    }
    this.add(lineOf(text, this.dialect, this.asked));
    if (this.inline !== undefined) {
      this.lines.push(this.inline);
      this.inline = undefined;
      return;
    }
    if (isCommand(text)) this.ask(text);
    else if (smsHeaderOf(text) !== undefined || smsNewsOf(text)?.type === "sms-follows") this.messageDue = true;
    const { prefix, dataLength } = this.dialect.readFrom(0);
    const length = text.startsWith(prefix) ? (dataLength?.(text) ?? 0) : 0;
    if (this.buffer.expectRaw(length)) this.owed = length;
  }

  private ask(text: string): void {
    this.asked = exchangeOf(text, this.dialect);
    this.messageDue = messageCommand.test(text);
    this.announced = this.asked === undefined ? 0 : lengthAsked(this.asked, this.dialect);
    this.buffer.expectPrompt(this.messageDue ? ">" : (this.asked?.prompt ?? ""));
  }

  private expectInline(length: number): number {
    this.inlineOwed = length <= rawLimit ? length : 0;
    return this.inlineOwed;
  }

  private takeData(data: Uint8Array): void {
    const line = { kind: "data", text: hexText(data), length: data.length } as const;
    if (this.inlineOwed > 0) {
      this.inlineOwed = 0;
      this.inline = { at: this.at + 1 - data.length, ...line };
      return;
    }
    this.owed = 0;
    this.add(line);
  }

  private add(line: Omit<TalkLine, "at">): void {
    this.lines.push({ at: this.start, ...line });
    this.start = -1;
    this.heard++;
  }
}

const space = 32;
const lineFeed = 10;
const lineEnd = new Uint8Array([13, lineFeed]);
const messageCommand = /^AT\+CMGS=\d+$/i;
const hexLine = /^(?:[0-9a-f]{2})+$/i;

function isCommand(text: string): boolean {
  return /^AT/i.test(text);
}

function lineOf(text: string, dialect: Dialect, asked: Exchange | undefined): Omit<TalkLine, "at"> {
  if (isCommand(text)) return { kind: "command", text };
  const fact = saidBy(text, dialect);
  const told = fact === undefined ? {} : { fact };
  const end = endOf(text, asked);
  if (end !== undefined) return { kind: "result", text, ok: end, ...told };
  return fact === undefined ? { kind: "other", text } : { kind: "fact", text, fact };
}

/** Whether a result code says that all went well; undefined where the line is none. */
function endOf(text: string, asked: Exchange | undefined): boolean | undefined {
  if (text === "OK" || text === "SEND OK") return true;
  if (abortingFinals.includes(text) || text === "SEND FAIL" || errorNumberOf(text) >= 0) return false;
  if (asked === undefined || asked.final === "OK") return undefined;
  if (text.startsWith(asked.final)) return true;
  return asked.failure !== "" && text.startsWith(asked.failure) ? false : undefined;
}

function saidBy(text: string, dialect: Dialect): Said | undefined {
  const fact = dialect.factOf(text) ?? callNewsOf(text) ?? smsNewsOf(text);
  if (fact !== undefined) return fact;
  const call = callOf(text);
  if (call !== undefined) return { type: "call", ...call };
  const header = smsHeaderOf(text);
  return header === undefined ? undefined : { type: "sms-header", ...header };
}

function shownLine({ at, kind, text, fact, length }: TalkLine): ReportLine {
  return {
    at,
    depth: 0,
    label: kind,
    text: `${text}${fact === undefined ? "" : `  = ${factText(fact)}`}${length === undefined ? "" : ` (${length} bytes)`}`,
  };
}

function factText(fact: Said): string {
  const { type, ...fields } = fact;
  const shown = Object.entries(fields).map(([name, value]) =>
    name === "wallMs" ? new Date(value as number).toISOString() : `${name} ${value}`,
  );
  return [type, ...shown].join(", ");
}
