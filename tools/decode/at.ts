/** Shows a recorded talk with a modem, line by line: what each says in 27.007 or in the vendor's own words. */
import { errorNumberOf, type Fact } from "../../protocol/at/answers.ts";
import { abortingFinals, type Dialect } from "../../protocol/at/commands.ts";
import { quectel } from "../../protocol/at/quectel.ts";
import { simcom } from "../../protocol/at/simcom.ts";
import { ublox } from "../../protocol/at/ublox.ts";
import { bad, type Fault, ok, type Result } from "../../protocol/result.ts";
import { LineBuffer } from "../../protocol/text/lines.ts";
import { hexText, type Report, type ReportLine } from "./report.ts";

export const dialects: readonly Dialect[] = [quectel, simcom, ublox];

/** The Quectel dialect where there is none of that name. */
export function dialectNamed(name: string | undefined): Dialect {
  return dialects.find((dialect) => dialect.name === name) ?? quectel;
}

/** As long as a unit takes them. */
const lineLimit = 256;
const rawLimit = 1500;

interface TalkLine {
  readonly at: number;
  /** `other` is a line that says nothing which a unit would heed. */
  readonly kind: "command" | "result" | "fact" | "data" | "other";
  readonly text: string;
  readonly ok?: boolean;
  readonly fact?: Fact;
  readonly length?: number;
}

/** Both sides of the talk or the modem's alone. The values are the lines, with the fact that a line tells. */
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

  constructor(dialect: Dialect) {
    this.lines = [];
    this.dialect = dialect;
    this.start = -1;
    this.heard = 0;
    this.owed = 0;
    this.buffer = new LineBuffer(lineLimit, rawLimit, {
      onLine: (text) => this.take(text),
      onRaw: (data) => this.takeData(data),
      onPrompt: () => {},
    });
    this.buffer.expectInline(dialect.readFrom(0).inlineLength);
  }

  read(bytes: Uint8Array): Fault | undefined {
    for (let i = 0; i < bytes.length; i++) {
      if (this.start < 0 && ((bytes[i] ?? 0) > 32 || this.owed > 0)) this.start = i;
      const before = this.heard;
      this.buffer.push(bytes.subarray(i, i + 1));
      if (this.buffer.overlongCount > 0)
        return { kind: "too-long", at: this.start, what: "the line", limit: lineLimit };
      // A line that a lone CR ends is told only at the first byte of the next line, or of the data behind it.
      const begins = this.owed > 0 ? bytes[i] !== lineFeed : (bytes[i] ?? 0) > 32;
      if (this.heard > before && begins) this.start = this.lines.at(-1)?.kind === "data" ? -1 : i;
    }
    if (this.owed > 0) return { kind: "truncated", at: bytes.length };
    this.buffer.push(lineEnd);
    if (this.owed > 0) return { kind: "truncated", at: bytes.length };
    return this.lines.length === 0 ? { kind: "truncated", at: bytes.length } : undefined;
  }

  private take(text: string): void {
    this.add(lineOf(text, this.dialect));
    const length = this.dialect.readFrom(0).dataLength?.(text) ?? 0;
    if (this.dialect.datagramOf(text) !== undefined && this.buffer.expectRaw(length)) this.owed = length;
  }

  private takeData(data: Uint8Array): void {
    this.owed = 0;
    this.add({ kind: "data", text: hexText(data), length: data.length });
  }

  private add(line: Omit<TalkLine, "at">): void {
    this.lines.push({ at: this.start, ...line });
    this.start = -1;
    this.heard++;
  }
}

const lineFeed = 10;
const lineEnd = new Uint8Array([13, lineFeed]);

function lineOf(text: string, dialect: Dialect): Omit<TalkLine, "at"> {
  if (/^AT/i.test(text)) return { kind: "command", text };
  if (text === "OK" || text === "SEND OK") return { kind: "result", text, ok: true };
  if (abortingFinals.includes(text) || text === "SEND FAIL" || errorNumberOf(text) >= 0)
    return { kind: "result", text, ok: false };
  const fact = dialect.factOf(text);
  return fact === undefined ? { kind: "other", text } : { kind: "fact", text, fact };
}

function shownLine({ at, kind, text, fact, length }: TalkLine): ReportLine {
  return {
    at,
    depth: 0,
    label: kind,
    text: `${text}${fact === undefined ? "" : `  = ${factText(fact)}`}${length === undefined ? "" : ` (${length} bytes)`}`,
  };
}

function factText(fact: Fact): string {
  const { type, ...fields } = fact;
  const shown = Object.entries(fields).map(([name, value]) =>
    name === "wallMs" ? new Date(value as number).toISOString() : `${name} ${value}`,
  );
  return [type, ...shown].join(", ");
}
