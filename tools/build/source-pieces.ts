/** Text made of pieces of another text, and the source map that leads from it to where the other text's own map leads. */
import { SourceMap, type SourceMapPayload } from "node:module";
import type { Piece } from "./sinking.ts";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export interface MappedText {
  readonly code: string;
  readonly map: SourceMapPayload;
}

/** The pieces of `text` one behind the other; line by line the new map says what `map` says of the old place. */
export function joinedPieces(text: string, map: SourceMapPayload, pieces: readonly Piece[]): MappedText {
  const places = new SourceMap(map);
  const starts = lineStarts(text);
  const lines: string[] = [];
  let code = "";
  let segments: string[] = [];
  let column = 0;
  let last = { column: 0, source: 0, line: 0, origin: 0 };
  for (const piece of pieces)
    for (let at = piece.start; at < piece.end; ) {
      const newline = text.indexOf("\n", at);
      const end = newline < 0 || newline >= piece.end ? piece.end : newline + 1;
      const place = placeOf(starts, at);
      const entry = places.findEntry(place.line, place.column + blanks(text, at));
      if ("originalSource" in entry) {
        const next = {
          column,
          source: map.sources.indexOf(entry.originalSource),
          line: entry.originalLine,
          origin: entry.originalColumn,
        };
        segments.push(
          [next.column - last.column, next.source - last.source, next.line - last.line, next.origin - last.origin]
            .map(encoded)
            .join(""),
        );
        last = next;
      }
      code += text.slice(at, end);
      column += end - at;
      if (text[end - 1] === "\n") {
        lines.push(segments.join(","));
        segments = [];
        column = 0;
        last = { ...last, column: 0 };
      }
      at = end;
    }
  lines.push(segments.join(","));
  return { code, map: { ...map, mappings: lines.join(";") } };
}

function blanks(text: string, at: number): number {
  let count = 0;
  while (text[at + count] === " ") count++;
  return count;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function placeOf(starts: readonly number[], at: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return { line: low, column: at - (starts[low] ?? 0) };
}

/** Base 64 VLQ (ECMA-426). */
function encoded(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += digits[rest > 0 ? digit + 32 : digit] ?? "";
  } while (rest > 0);
  return text;
}
