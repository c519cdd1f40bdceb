/**
 * What is said on the service line: a tool's commands and a unit's events as plain values, and one table of both, from
 * which they are read, written and documented. There is no command that raises an alarm: a press is an act of the body.
 */
import { bad, ok, type Result } from "../result.ts";
import { decimalIn } from "./frame.ts";

export type Lock = "locked" | "open";

export type LampSignal = "ready" | "one-path-lost" | "no-path" | "sending" | "accepted" | "not-accepted" | "fault";

export type ConsoleCommand =
  | { readonly type: "hello" }
  | { readonly type: "status" }
  /** Without a proof (no bytes) it asks for a challenge. */
  | { readonly type: "unlock"; readonly proof: Uint8Array };

/** `to` is the number of the command that is answered. */
export type ConsoleEvent =
  | { readonly type: "boot"; readonly unit: string; readonly version: string; readonly lock: Lock }
  | {
      readonly type: "log";
      readonly what: "stored" | "carried" | "accepted" | "refused" | "gave-up-path" | "held" | "withdrawn" | "dropped";
      readonly number: number;
      readonly part: number;
      readonly route: "none" | "broadband" | "mobile";
      readonly receiver: number;
      readonly attempt: number;
    }
  | { readonly type: "lamp"; readonly signal: LampSignal }
  | {
      readonly type: "identity";
      readonly to: number;
      readonly unit: string;
      readonly version: string;
      readonly lock: Lock;
    }
  | {
      readonly type: "answer";
      readonly to: number;
      readonly reports: number;
      readonly pending: number;
      readonly active: "broadband" | "mobile";
      readonly lamp: "dark" | LampSignal;
      readonly bad: number;
      readonly tries: number;
      readonly dropped: number;
    }
  | { readonly type: "challenge"; readonly to: number; readonly bytes: Uint8Array }
  | { readonly type: "unlocked"; readonly to: number; readonly tries: number }
  | {
      readonly type: "locked";
      readonly to: number;
      readonly why: "command" | "proof" | "no-key" | "silence";
      readonly tries: number;
    }
  | {
      readonly type: "error";
      readonly why: "too-long" | "truncated" | "malformed" | "not-authentic" | "unknown-value" | "missing";
      readonly bad: number;
    };

export interface ConsoleField {
  readonly name: string;
  readonly kind: "number" | "word" | "text" | "hex";
  /** Largest number, longest text in characters, most bytes of hex; 0 for words. */
  readonly most: number;
  readonly words: readonly string[];
  /** For people, in the README's table. */
  readonly means: string;
}

export interface ConsoleRow {
  readonly type: string;
  readonly fields: readonly ConsoleField[];
  readonly means: string;
}

/** Counters of a line stop here. */
export const countLimit = 65_535;

/** Bytes of a challenge and of a proof. */
export const proofLength = 16;

/** Stands for an empty text and for no bytes. */
const nothing = "-";
const hexDigits = "0123456789abcdef";

export function encodeCommand(command: ConsoleCommand): string {
  return encodeBy(commandRows, command);
}

export function decodeCommand(text: string): Result<ConsoleCommand> {
  return decodeBy(commandRows, text) as Result<ConsoleCommand>;
}

export function encodeEvent(event: ConsoleEvent): string {
  return encodeBy(eventRows, event);
}

export function decodeEvent(text: string): Result<ConsoleEvent> {
  return decodeBy(eventRows, text) as Result<ConsoleEvent>;
}

interface AnyMessage {
  readonly [field: string]: unknown;
  readonly type: string;
}

/** A value outside its row is a mistake of the caller and throws. */
function encodeBy(rows: readonly ConsoleRow[], message: ConsoleCommand | ConsoleEvent): string {
  const row = rowOf(rows, message.type);
  if (row === undefined) throw new Error("console: no such message: " + message.type);
  const values = message as unknown as AnyMessage;
  let text = row.type;
  for (const field of row.fields) {
    const written = valueText(field, values[field.name]);
    if (written === undefined) throw new Error("console: " + row.type + " cannot carry this " + field.name);
    text += " " + field.name + "=" + written;
  }
  return text;
}

function decodeBy(rows: readonly ConsoleRow[], text: string): Result<unknown> {
  const words = text.split(" ");
  const type = words[0] as string;
  const row = rowOf(rows, type);
  if (row === undefined) return bad({ kind: "unknown-value", at: 0, field: "message", value: type });
  const message: { [field: string]: unknown } = { type: row.type };
  let at = type.length + 1;
  for (let i = 0; i < row.fields.length; i++) {
    const field = row.fields[i] as ConsoleField;
    const word = words[i + 1];
    if (word === undefined || !word.startsWith(field.name + "="))
      return bad({ kind: "missing", at, field: field.name });
    const written = word.substring(field.name.length + 1);
    const value = readValue(field, written);
    if (value === undefined) return bad({ kind: "unknown-value", at, field: field.name, value: written });
    message[field.name] = value;
    at += word.length + 1;
  }
  if (words.length > row.fields.length + 1) return bad({ kind: "malformed", at, what: "more fields than " + type });
  return ok(message);
}

function rowOf(rows: readonly ConsoleRow[], type: string): ConsoleRow | undefined {
  for (const row of rows) if (row.type === type) return row;
  return undefined;
}

function valueText(field: ConsoleField, value: unknown): string | undefined {
  const text = value instanceof Uint8Array ? hexText(value) : "" + value;
  const written = text === "" ? nothing : text;
  return readValue(field, written) === undefined ? undefined : written;
}

function readValue(field: ConsoleField, written: string): unknown {
  switch (field.kind) {
    case "number": {
      const value = decimalIn(written, 0, written.length, field.most);
      return value < 0 ? undefined : value;
    }
    case "word":
      return field.words.indexOf(written) < 0 ? undefined : written;
    case "text":
      return written === nothing ? "" : isName(written) && written.length <= field.most ? written : undefined;
    case "hex":
      return written === nothing ? new Uint8Array(0) : bytesIn(written, field.most);
  }
}

/** Letters, digits, full stops and hyphens, not a hyphen alone. */
function isName(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    if (!isLetter && !(code >= 0x30 && code <= 0x39) && code !== 0x2d && code !== 0x2e) return false;
  }
  return text !== nothing && text.length > 0;
}

function hexText(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    text += hexDigits.charAt(byte >>> 4) + hexDigits.charAt(byte & 15);
  }
  return text;
}

function bytesIn(text: string, most: number): Uint8Array | undefined {
  if (text.length === 0 || text.length % 2 !== 0 || text.length > 2 * most) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < text.length; i++) {
    const digit = hexDigits.indexOf(text.charAt(i));
    if (digit < 0) return undefined;
    bytes[i >>> 1] = ((bytes[i >>> 1] as number) << 4) | digit;
  }
  return bytes;
}

function numberField(name: string, most: number, means: string): ConsoleField {
  return { name, kind: "number", most, words: [], means };
}

function wordField(name: string, words: readonly string[], means: string): ConsoleField {
  return { name, kind: "word", most: 0, words, means };
}

function textField(name: string, most: number, means: string): ConsoleField {
  return { name, kind: "text", most, words: [], means };
}

function hexField(name: string, means: string): ConsoleField {
  return { name, kind: "hex", most: proofLength, words: [], means };
}

const lampSignals: readonly LampSignal[] = [
  "ready",
  "one-path-lost",
  "no-path",
  "sending",
  "accepted",
  "not-accepted",
  "fault",
];
const highestWord = 0xffffffff;
/** 36 to the power of 7, less one: what the stem of a SCAIP reference can number. */
const highestReport = 78_364_164_095;

const to = numberField("to", highestWord, "number of the command answered");
const unit = textField("unit", 12, "the first characters of its SCAIP references");
const version = textField("version", 16, "of the firmware");
const lock = wordField("lock", ["locked", "open"], "whether commands are taken");
const tries = numberField("tries", countLimit, "proofs offered since the start, good or bad");
const badLines = numberField("bad", countLimit, "lines that were refused since the start");

export const commandRows: readonly ConsoleRow[] = [
  { type: "hello", fields: [], means: "Who is there? Answered also while locked: `identity`" },
  { type: "status", fields: [], means: "How does it stand? `answer`" },
  {
    type: "unlock",
    fields: [hexField("proof", "AES-CMAC over the challenge, or - to ask for a challenge")],
    means: "Without a proof: `challenge`. With it: `unlocked` or `locked`",
  },
];

export const eventRows: readonly ConsoleRow[] = [
  { type: "boot", fields: [unit, version, lock], means: "The unit has started; always its line 0" },
  {
    type: "log",
    fields: [
      wordField(
        "what",
        ["stored", "carried", "accepted", "refused", "gave-up-path", "held", "withdrawn", "dropped"],
        "what became of a report",
      ),
      numberField("number", highestReport, "of the report"),
      numberField("part", 46_655, "the session with one receiver, from 0"),
      wordField("route", ["none", "broadband", "mobile"], "it came or went over"),
      numberField("receiver", 99, "from 1, 0 for none"),
      numberField("attempt", highestWord, "0 for none"),
    ],
    means: "A line of the alarm log",
  },
  {
    type: "lamp",
    fields: [wordField("signal", lampSignals, "what the wearer is shown")],
    means: "The lamp has changed",
  },
  { type: "identity", fields: [to, unit, version, lock], means: "Answer to `hello`" },
  {
    type: "answer",
    fields: [
      to,
      numberField("reports", 99, "kept, of every kind"),
      numberField("pending", 99, "alarms of people that nobody has accepted yet"),
      wordField("active", ["broadband", "mobile"], "route that is used first"),
      wordField(
        "lamp",
        ["dark", "ready", "one-path-lost", "no-path", "sending", "accepted", "not-accepted", "fault"],
        "now",
      ),
      badLines,
      tries,
      numberField("dropped", countLimit, "lines that the line was too slow for"),
    ],
    means: "Answer to `status`",
  },
  {
    type: "challenge",
    fields: [to, hexField("bytes", "good for one proof")],
    means: "Answer to `unlock` without a proof",
  },
  { type: "unlocked", fields: [to, tries], means: "The proof was right" },
  {
    type: "locked",
    fields: [
      to,
      wordField("why", ["command", "proof", "no-key", "silence"], "what was refused, or 30 min without a command"),
      tries,
    ],
    means: "Nothing was done: the line is locked",
  },
  {
    type: "error",
    fields: [
      wordField(
        "why",
        ["too-long", "truncated", "malformed", "not-authentic", "unknown-value", "missing"],
        "what was wrong with a line",
      ),
      badLines,
    ],
    means: "A line was refused and nothing was done",
  },
];
