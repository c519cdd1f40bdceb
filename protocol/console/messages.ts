/**
 * What is said on the service line: a tool's commands and a unit's events as plain values, and one table of both, from
 * which they are read, written and documented. There is no command that raises an alarm: a press is an act of the body.
 */
import { bad, ok, type Result } from "../result.ts";
import {
  type ConsoleField,
  type ConsoleRow,
  hexField,
  numberField,
  readValue,
  textField,
  valueText,
  wordField,
} from "./fields.ts";
import { installEventRows, installOrderRows } from "./install-orders.ts";
import { type ConsoleOrder, type OrderEvent, orderEventRows, orderRows } from "./orders.ts";

export type Lock = "locked" | "open";

export type LampSignal = "ready" | "one-path-lost" | "no-path" | "sending" | "accepted" | "not-accepted" | "fault";

export type ConsoleCommand =
  | { readonly type: "hello" }
  | { readonly type: "status" }
  /** Without a proof (no bytes) it asks for a challenge. */
  | { readonly type: "unlock"; readonly proof: Uint8Array }
  | ConsoleOrder;

/** `to` is the number of the command that is answered. */
export type ConsoleEvent =
  | OrderEvent
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
      readonly why: "command" | "proof" | "wait" | "no-key" | "silence" | "order";
      readonly tries: number;
    }
  | {
      readonly type: "error";
      readonly why: "too-long" | "truncated" | "malformed" | "not-authentic" | "unknown-value" | "missing";
      readonly bad: number;
    };

/** Counters of a line stop here. */
export const countLimit = 65_535;

/** Bytes of a challenge and of a proof. */
export const proofLength = 16;

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

function joined(first: readonly ConsoleRow[], then: readonly ConsoleRow[]): readonly ConsoleRow[] {
  const rows: ConsoleRow[] = [];
  for (const row of first) rows.push(row);
  for (const row of then) rows.push(row);
  return rows;
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

const plainCommandRows: readonly ConsoleRow[] = [
  { type: "hello", fields: [], means: "Who is there? Answered also while locked: `identity`" },
  { type: "status", fields: [], means: "How does it stand? `answer`" },
  {
    type: "unlock",
    fields: [hexField("proof", proofLength, "AES-CMAC over the challenge, or - to ask for a challenge")],
    means: "Without a proof: `challenge`. With it: `unlocked` or `locked`",
  },
];

const plainEventRows: readonly ConsoleRow[] = [
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
    fields: [to, hexField("bytes", proofLength, "good for one proof")],
    means: "Answer to `unlock` without a proof",
  },
  { type: "unlocked", fields: [to, tries], means: "The proof was right" },
  {
    type: "locked",
    fields: [
      to,
      wordField(
        "why",
        ["command", "proof", "wait", "no-key", "silence", "order"],
        "what was refused or came too soon, 30 min without a command, or the order to lock",
      ),
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

/** A row keeps its place for ever: the log names an order by it. */
export const commandRows: readonly ConsoleRow[] = joined(joined(plainCommandRows, orderRows), installOrderRows);

export const eventRows: readonly ConsoleRow[] = joined(joined(plainEventRows, orderEventRows), installEventRows);
