/** The head of a message: from its first line to the empty one, as text, and its lines, folded ones too (RFC 3261 7 and 7.3.1). */
import { ascii, narrowText, textOf } from "../text/utf8.ts";
import { skipBlanks, trimmed } from "./scan.ts";

export interface Head {
  /** Offset of the first line: empty lines before it are passed over (7.5). */
  readonly start: number;
  /** Offset behind the line end of the last header; the empty line follows. -1 where there is none. */
  readonly end: number;
  /** Offset of a CR or LF that stands alone, or -1. */
  readonly loneAt: number;
  /** Whether there is a byte above 0x7F. */
  readonly wide: boolean;
}

/** Finds the head in the bytes of one datagram. */
export function findHead(bytes: Uint8Array): Head {
  let start = 0;
  while (bytes[start] === 0x0d && bytes[start + 1] === 0x0a) start += 2;
  let wide = false;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte > 0x0d) {
      if (byte > 0x7f) wide = true;
      continue;
    }
    if (byte !== 0x0d && byte !== 0x0a) continue;
    if (byte === 0x0a) return { start, end: -1, loneAt: i, wide };
    i++;
    if (i >= bytes.length) break;
    if (bytes[i] !== 0x0a) return { start, end: -1, loneAt: i - 1, wide };
    if (bytes[i + 1] === 0x0d && bytes[i + 2] === 0x0a) return { start, end: i + 1, loneAt: -1, wide };
  }
  return { start, end: -1, loneAt: -1, wide };
}

/** The head as text of one character per byte, so that offsets agree; `lineText` makes UTF-8 of a line that needs it. */
export function headText(bytes: Uint8Array, head: Head): string {
  return narrowText(bytes, head.start, head.end);
}

/** The offset of the line end that closes the header which starts at `at`: a line that starts with a blank continues it. */
export function headerEnd(text: string, at: number): number {
  let end = text.indexOf("\r\n", at);
  for (let next = text.charCodeAt(end + 2); next === 0x20 || next === 0x09; next = text.charCodeAt(end + 2))
    end = text.indexOf("\r\n", end + 2);
  return end;
}

/** The value between two offsets: blanks at its ends gone, folds joined by one blank, UTF-8 decoded where `wide`. */
export function lineText(text: string, start: number, end: number, wide: boolean): string {
  const from = skipBlanks(text, start);
  const fold = text.indexOf("\r", from);
  const value = fold < 0 || fold >= end ? trimmed(text, from, end) : unfolded(text, from, end);
  return wide ? textOf(ascii(value), 0, value.length) : value;
}

function unfolded(text: string, start: number, end: number): string {
  let value = "";
  for (let at = start; at < end; ) {
    const stop = text.indexOf("\r", at); // one stands at `end`, too
    const part = trimmed(text, at, stop);
    if (part !== "") value += value === "" ? part : " " + part;
    at = stop + 2;
  }
  return value;
}
