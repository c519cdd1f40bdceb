/**
 * One line of the service line, between a unit and a tool or a rig: text that a person can read, guarded by a CRC and
 * numbered by its speaker, so that noise is refused and a lost line is noticed. The shape stands in README.md beside it.
 */
import { crc32 } from "../bytes/crc.ts";
import { hexWord } from "../bytes/hex.ts";
import { bad, ok, type Result } from "../result.ts";
import { LineBuffer } from "../text/lines.ts";
import { ascii } from "../text/utf8.ts";

/** Longest line in characters, without its line break. */
export const lineLimit = 160;

/** The largest time that a line carries: 15 decimal digits. */
export const latestMs = 999_999_999_999_999;

export interface ConsoleFrame {
  readonly speaker: "tool" | "unit";
  /** Counts the speaker's lines from 0 at its start; 32 bits, then from 0 again. */
  readonly sequence: number;
  /** Milliseconds since the speaker's start, at most `latestMs`. */
  readonly atMs: number;
  /** The message: 1 or more of the characters from blank to tilde, no star, and no blank first. */
  readonly text: string;
}

const highestSequence = 0xffffffff;
const toolMark = "?";
const unitMark = "!";
const checkMark = " *";
/** The mark and eight digits. */
const checkLength = checkMark.length + 8;
const firstPrintable = 0x20;
const lastPrintable = 0x7e;

/** The number of the line that follows. */
export function sequenceAfter(sequence: number): number {
  return (sequence + 1) >>> 0;
}

/** How many lines were lost between two that were heard one after the other; a huge number after a restart. */
export function lostBetween(before: number, now: number): number {
  return (now - before - 1) >>> 0;
}

/** The line with its break (CR LF). A text or a number that the frame cannot carry is a mistake of the caller and throws. */
export function encodeFrame(frame: ConsoleFrame): Uint8Array {
  if (frame.sequence !== frame.sequence >>> 0) throw new Error("console: not a line number: " + frame.sequence);
  if (frame.atMs !== Math.floor(frame.atMs) || frame.atMs < 0 || frame.atMs > latestMs)
    throw new Error("console: not a time: " + frame.atMs);
  if (textFault(frame.text) >= 0) throw new Error("console: not a text: " + frame.text);
  const mark = frame.speaker === "tool" ? toolMark : unitMark;
  const line = mark + frame.sequence + " " + frame.atMs + " " + frame.text;
  if (line.length + checkLength > lineLimit) throw new Error("console: longer than a line: " + frame.text);
  const bytes = ascii(line);
  return ascii(line + checkMark + hexWord(crc32(bytes, 0, bytes.length, 0)) + "\r\n");
}

/** Reads a line without its break, one character per byte. */
export function decodeFrame(line: string): Result<ConsoleFrame> {
  if (line.length > lineLimit) return bad({ kind: "too-long", at: lineLimit, what: "line", limit: lineLimit });
  for (let i = 0; i < line.length; i++)
    if (!isPrintable(line.charCodeAt(i))) return bad({ kind: "malformed", at: i, what: "a character beyond ASCII" });
  const textEnd = line.indexOf(checkMark);
  if (textEnd < 0 || line.length < textEnd + checkLength) return bad({ kind: "truncated", at: line.length });
  if (line.length > textEnd + checkLength)
    return bad({ kind: "malformed", at: textEnd + checkLength, what: "something behind the checksum" });
  const bytes = ascii(line.substring(0, textEnd));
  if (line.substring(textEnd + checkMark.length) !== hexWord(crc32(bytes, 0, bytes.length, 0)))
    return bad({ kind: "not-authentic", at: textEnd, what: "checksum" });
  return readGuarded(line, textEnd);
}

/** What the checksum vouches for: only a speaker of another version can still be wrong here. */
function readGuarded(line: string, textEnd: number): Result<ConsoleFrame> {
  const mark = line.charAt(0);
  if (mark !== toolMark && mark !== unitMark)
    return bad({ kind: "unknown-value", at: 0, field: "speaker", value: mark });
  const sequenceEnd = line.indexOf(" ");
  const sequence = decimalIn(line, 1, sequenceEnd, highestSequence);
  if (sequence < 0) return bad({ kind: "malformed", at: 1, what: "line number" });
  const atEnd = line.indexOf(" ", sequenceEnd + 1);
  const atMs = decimalIn(line, sequenceEnd + 1, atEnd, latestMs);
  if (atMs < 0) return bad({ kind: "malformed", at: sequenceEnd + 1, what: "time" });
  const text = line.substring(atEnd + 1, textEnd);
  const fault = atEnd < textEnd ? textFault(text) : 0;
  if (fault >= 0) return bad({ kind: "malformed", at: atEnd + 1 + fault, what: "message" });
  return ok({ speaker: mark === toolMark ? "tool" : "unit", sequence, atMs, text });
}

/** Whether a line, good or bad, was meant to come from a unit: a unit that hears its own echo must not answer it. */
export function isOfUnit(line: string): boolean {
  return line.charAt(0) === unitMark;
}

/** A whole number in its only decimal form, from `start` to `end`; -1 where it is none or beyond `most`. */
export function decimalIn(text: string, start: number, end: number, most: number): number {
  if (end <= start || end - start > 15) return -1;
  if (end - start > 1 && text.charCodeAt(start) === 0x30) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > most ? -1 : value;
}

/** Where the text cannot be a message, or -1. */
function textFault(text: string): number {
  if (text.length === 0 || text.charAt(0) === " ") return 0;
  for (let i = 0; i < text.length; i++) if (!isPrintable(text.charCodeAt(i)) || text.charAt(i) === "*") return i;
  return -1;
}

function isPrintable(code: number): boolean {
  return code >= firstPrintable && code <= lastPrintable;
}

/** Bytes to frames, however the bytes were cut on their way; the same for both ends of the line. */
export class FrameReader {
  private readonly lines: LineBuffer;
  private readonly onLine: (line: string, frame: Result<ConsoleFrame>) => void;
  private overlongCount: number;

  /** `onLine` hears of every line in order, good or bad; of one that was too long it gets no text. */
  constructor(onLine: (line: string, frame: Result<ConsoleFrame>) => void) {
    this.onLine = onLine;
    this.overlongCount = 0;
    this.lines = new LineBuffer(lineLimit, 0, {
      onLine: (line) => {
        this.tellOverlong();
        this.onLine(line, decodeFrame(line));
      },
      onRaw: () => {},
      onPrompt: () => {},
    });
  }

  push(bytes: Uint8Array): void {
    this.lines.push(bytes);
    this.tellOverlong();
  }

  private tellOverlong(): void {
    while (this.overlongCount < this.lines.overlongCount) {
      this.overlongCount++;
      this.onLine("", bad({ kind: "too-long", at: lineLimit, what: "line", limit: lineLimit }));
    }
  }
}
