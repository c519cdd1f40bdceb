/** The way of one alarm as text: lifelines and arrows for a terminal, or a Mermaid sequence diagram for a document. */
import type { Hop, Ladder, Lane } from "../report/ladder.ts";
import { hopText } from "../report/page/hop-text.ts";
import type { Texts } from "../report/page/texts.ts";
import { localTime } from "../scenario/scenario-clock.ts";
import { durationText } from "../scenario/scenario-units.ts";

export interface LadderStyle {
  readonly texts: Texts;
  /** Wall clock at virtual 0, ms since 1970 (UTC). */
  readonly startWallMs: number;
}

/** "08:12:03.512" and two blanks. */
const timeWidth = 14;

/** Lines of at most `width` columns, each ended; `width` is at least 60. A label that finds no room beside its arrow stands on the line before it. */
export function ladderText({ lanes, hops }: Ladder, { texts, startWallMs }: LadderStyle, width: number): string {
  const gap = Math.floor((width - timeWidth) / lanes.length);
  const columnOf = (lane: Lane): number => timeWidth + Math.floor(gap / 2) + gap * lanes.indexOf(lane);
  const lifelines = (): string[] => {
    const line = new Array<string>(width).fill(" ");
    for (const lane of lanes) line[columnOf(lane)] = "│";
    return line;
  };
  const lines: string[] = [headText(lanes, texts, columnOf, width)];
  for (const hop of hops) {
    const row = lifelines();
    put(row, 0, timeText(startWallMs + hop.atMs));
    const [from, to] = [columnOf(hop.from), columnOf(hop.to)];
    drawWay(row, from, to, hop);
    const label = ` ${labelOf(hop, texts)} `.slice(0, width - timeWidth);
    const at = placeOf(label.length, from, to, width);
    if (at === undefined) {
      const above = lifelines();
      put(above, Math.min(Math.max(timeWidth, Math.min(from, to) + 1), width - label.length), label);
      lines.push(above.join("").trimEnd());
    } else put(row, at, label);
    lines.push(row.join("").trimEnd());
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** https://mermaid.js.org/syntax/sequenceDiagram.html */
export function ladderMermaid({ lanes, hops }: Ladder, { texts, startWallMs }: LadderStyle): string {
  const lines = ["sequenceDiagram", ...lanes.map((lane) => `  participant ${lane} as ${plain(texts.lanes[lane])}`)];
  for (const hop of hops) {
    const label = plain(`${timeText(startWallMs + hop.atMs)} ${labelOf(hop, texts)}`);
    if (hop.from === hop.to) lines.push(`  Note over ${hop.from}: ${label}`);
    else lines.push(`  ${hop.from} ${hop.fate === "lost" ? "-x" : "->>"} ${hop.to}: ${label}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function headText(lanes: readonly Lane[], texts: Texts, columnOf: (lane: Lane) => number, width: number): string {
  const row = new Array<string>(width).fill(" ");
  for (const lane of lanes) {
    const name = texts.lanes[lane];
    put(row, Math.max(timeWidth, columnOf(lane) - Math.floor(name.length / 2)), name);
  }
  return row.join("").trimEnd();
}

/** `●` where it happened at one place; an arrow that ends in `×` where it did not arrive. */
function drawWay(row: string[], from: number, to: number, { fate }: Hop): void {
  if (from === to) {
    row[from] = "●";
    return;
  }
  const step = to > from ? 1 : -1;
  const stroke = fate === "lost" ? "╌" : "─";
  for (let at = from + step; at !== to; at += step) row[at] = stroke;
  row[from] = step > 0 ? "├" : "┤";
  row[to - step] = fate === "lost" ? "×" : step > 0 ? "▶" : "◀";
}

/** Inside the arrow, behind its right end, or before its left end; undefined: there is no room. */
function placeOf(length: number, from: number, to: number, width: number): number | undefined {
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  const inside = right - left - 3;
  if (length <= inside) return left + 2 + Math.floor((inside - length) / 2);
  if (right + 1 + length <= width) return right + 1;
  return left - length >= timeWidth ? left - length : undefined;
}

function labelOf(hop: Hop, texts: Texts): string {
  const { tookMs, fate } = hop;
  const took = tookMs === null || tookMs === 0 ? "" : ` (${durationText(tookMs)})`;
  return `${hopText(hop, texts)}${took}${fate === "lost" ? `, ${texts.lost}` : ""}`;
}

function timeText(wallMs: number): string {
  return `${localTime(wallMs)}.${String(wallMs % 1_000).padStart(3, "0")}`;
}

function put(row: string[], at: number, text: string): void {
  for (const [index, letter] of [...text].entries()) if (at + index < row.length) row[at + index] = letter;
}

/** What has a meaning of its own to Mermaid. */
function plain(text: string): string {
  return text.replace(/[;#\n]/g, ",");
}
