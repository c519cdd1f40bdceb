/**
 * One event of the log as it stands on flash and as the service line tells it: 32 bytes, big-endian. Format (1 byte),
 * what (1), detail (1), start (2), sequence (4), ms since that start (6), seconds since 1970 in UTC or 0 (4), report
 * number (5), value (4), CRC-32 (4). No text and no person: who a number stands for is known to the receiver alone.
 */
import { crc32 } from "../../protocol/bytes/crc.ts";
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { bad, ok, type Result } from "../../protocol/result.ts";

export interface LogEntry {
  /** One more for each event, over all starts: a gap is a loss. */
  readonly sequence: number;
  /** Which start of the unit it belongs to; wraps at 65,536. */
  readonly start: number;
  readonly uptimeMs: number;
  /** 0 while the time is unknown. */
  readonly utcS: number;
  readonly what: LogWord;
  /** What `detail`, `number` and `value` mean stands in the table of words. */
  readonly detail: number;
  readonly number: number;
  readonly value: number;
}

/** One word of the log. A code, once given out, keeps its meaning in every later version. */
export interface LogRow {
  readonly code: number;
  readonly what: string;
  /** Steps of an alarm and orders of service people have a larger allowance of writes than all else. */
  readonly ample: boolean;
  readonly detail: string;
  readonly number: string;
  readonly value: string;
}

export type LogWord =
  | "started"
  | "heard"
  | "stored"
  | "sent"
  | "carried"
  | "accepted"
  | "refused"
  | "held"
  | "withdrawn"
  | "cancelled"
  | "dropped"
  | "gave-up-path"
  | "voice"
  | "voice-ended"
  | "raised"
  | "route-lost"
  | "route-back"
  | "receiver-lost"
  | "receiver-back"
  | "network"
  | "order"
  | "unlocked"
  | "unlock-failed"
  | "settings-staged"
  | "settings-on-trial"
  | "settings-proven"
  | "settings-rolled-back"
  | "settings-unreadable"
  | "storage"
  | "boot-loop"
  | "boot-loop-over"
  | "update"
  | "suppressed";

export const logEntryLength = 32;
const format = 1;
const crcAt = 28;
const twoTo32 = 0x1_0000_0000;

/** The bytes of an entry, in `into` (32 bytes). Values beyond a field's width are cut to it. */
export function encodeLogEntry(entry: LogEntry, into: Uint8Array): void {
  const to = new Writer(into);
  to.u8(format);
  to.u8(codeOf(entry.what));
  to.u8(entry.detail);
  to.u16(entry.start);
  to.u32(entry.sequence);
  to.u16(Math.floor(entry.uptimeMs / twoTo32));
  to.u32(entry.uptimeMs % twoTo32);
  to.u32(entry.utcS);
  to.u8(Math.floor(entry.number / twoTo32));
  to.u32(entry.number % twoTo32);
  to.u32(entry.value);
  to.u32(crc32(into, 0, crcAt, 0));
}

/** Reads 32 bytes. A word that a later version has added is an unknown value. */
export function decodeLogEntry(bytes: Uint8Array): Result<LogEntry> {
  if (bytes.length < logEntryLength) return bad({ kind: "truncated", at: bytes.length });
  if (bytes.length > logEntryLength)
    return bad({ kind: "too-long", at: logEntryLength, what: "log entry", limit: logEntryLength });
  const from = readerOf(bytes);
  const given = from.u8();
  if (given !== format) return bad({ kind: "unknown-value", at: 0, field: "format", value: given });
  const code = from.u8();
  const detail = from.u8();
  const start = from.u16();
  const sequence = from.u32();
  const uptimeHigh = from.u16();
  const uptimeMs = uptimeHigh * twoTo32 + from.u32();
  const utcS = from.u32();
  const numberHigh = from.u8();
  const number = numberHigh * twoTo32 + from.u32();
  const value = from.u32();
  if (from.u32() !== crc32(bytes, 0, crcAt, 0)) return bad({ kind: "not-authentic", at: crcAt, what: "log entry" });
  for (const row of logRows)
    if (row.code === code)
      return ok({ sequence, start, uptimeMs, utcS, what: row.what as LogWord, detail, number, value });
  return bad({ kind: "unknown-value", at: 1, field: "what", value: code });
}

/** Sequence number of a whole entry of any version's words, or -1: what the ring itself has to know. */
export function sequenceIn(bytes: Uint8Array): number {
  if (bytes[0] !== format) return -1;
  const from = readerOf(bytes.subarray(0, logEntryLength));
  from.view(5);
  const sequence = from.u32();
  from.view(crcAt - 9);
  return from.u32() === crc32(bytes, 0, crcAt, 0) ? sequence : -1;
}

/** The start that a whole entry belongs to. */
export function startIn(bytes: Uint8Array): number {
  return ((bytes[3] as number) << 8) | (bytes[4] as number);
}

export function isAmple(what: LogWord): boolean {
  for (const row of logRows) if (row.what === what) return row.ample;
  return false;
}

function codeOf(what: LogWord): number {
  for (const row of logRows) if (row.what === what) return row.code;
  return 0;
}

const path = "route (1 broadband, 2 mobile) × 16 + receiver from 1, 0 for none";
const session = "session with one receiver, from 0";

/** What the fields mean, word by word; `-` where a field is 0. */
export const logRows: readonly LogRow[] = [
  { code: 1, what: "started", ample: true, detail: "cause of the start", number: "-", value: "starts so far" },
  {
    code: 2,
    what: "heard",
    ample: true,
    detail: "place of the button",
    number: "report",
    value: "age of the press in s",
  },
  { code: 3, what: "stored", ample: true, detail: "-", number: "report", value: session },
  { code: 4, what: "sent", ample: true, detail: path, number: "report", value: session },
  { code: 5, what: "carried", ample: true, detail: path, number: "report", value: session },
  { code: 6, what: "accepted", ample: true, detail: path, number: "report", value: session },
  { code: 7, what: "refused", ample: true, detail: path, number: "report", value: session },
  { code: 8, what: "held", ample: true, detail: path, number: "report", value: session },
  { code: 9, what: "withdrawn", ample: true, detail: path, number: "report", value: session },
  { code: 10, what: "cancelled", ample: true, detail: "-", number: "report", value: "-" },
  { code: 11, what: "dropped", ample: true, detail: "-", number: "report", value: session },
  { code: 12, what: "voice", ample: true, detail: path, number: "report", value: "-" },
  { code: 13, what: "voice-ended", ample: true, detail: "-", number: "report", value: "length in s" },
  { code: 14, what: "gave-up-path", ample: true, detail: path, number: "report", value: session },
  { code: 20, what: "raised", ample: false, detail: "kind of report", number: "report", value: "dty × 65,536 + stc" },
  { code: 21, what: "route-lost", ample: false, detail: path, number: "-", value: "-" },
  { code: 22, what: "route-back", ample: false, detail: path, number: "-", value: "-" },
  { code: 23, what: "receiver-lost", ample: false, detail: path, number: "-", value: "-" },
  { code: 24, what: "receiver-back", ample: false, detail: path, number: "-", value: "-" },
  {
    code: 25,
    what: "network",
    ample: false,
    detail: "generation, and 16 more when roaming",
    number: "-",
    value: "CRC-32 of the operator's name",
  },
  { code: 30, what: "order", ample: true, detail: "number of the order", number: "-", value: "its argument" },
  { code: 31, what: "unlocked", ample: true, detail: "-", number: "-", value: "proofs offered since the start" },
  { code: 32, what: "unlock-failed", ample: false, detail: "-", number: "-", value: "proofs offered since the start" },
  { code: 40, what: "settings-staged", ample: true, detail: "-", number: "-", value: "version" },
  { code: 41, what: "settings-on-trial", ample: true, detail: "starts on trial", number: "-", value: "version" },
  { code: 42, what: "settings-proven", ample: true, detail: "-", number: "-", value: "version" },
  { code: 43, what: "settings-rolled-back", ample: true, detail: "why", number: "-", value: "version that failed" },
  { code: 44, what: "settings-unreadable", ample: true, detail: "what is used instead", number: "-", value: "version" },
  { code: 50, what: "storage", ample: true, detail: "step of giving up", number: "-", value: "records given up" },
  {
    code: 51,
    what: "boot-loop",
    ample: true,
    detail: "cause of the last start",
    number: "-",
    value: "short lives in a row",
  },
  { code: 52, what: "boot-loop-over", ample: true, detail: "-", number: "-", value: "-" },
  {
    code: 55,
    what: "update",
    ample: true,
    detail: "step, as the update counts them",
    number: "-",
    value: "version as a number",
  },
  { code: 60, what: "suppressed", ample: true, detail: "-", number: "-", value: "events that were not written" },
];
