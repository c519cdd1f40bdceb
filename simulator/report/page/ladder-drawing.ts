/** One alarm's way as a drawing with a column for each who had a part in it, and the same as a table for screen readers. */
import { html, type Markup } from "../html.ts";
import type { Hop, Ladder, Lane } from "../ladder.ts";
import { insideFrom, label, line, linear, path, round, svg, textWidth } from "./drawing.ts";
import { clockOf } from "./format.ts";
import { hopText } from "./hop-text.ts";
import type { Texts } from "./texts.ts";

const linePx = 14;
const arrowPx = 20;
const timePx = 96;
const headPx = 40;

/** What one alarm's drawing needs: its hops, and when was pressed. */
export interface LadderDrawing extends Pick<Ladder, "lanes" | "hops"> {
  readonly pressedMs: number;
}

/** `startWallMs`: wall clock at virtual 0. */
export function drawLadder(ladder: LadderDrawing, texts: Texts, startWallMs: number, width: number): Markup {
  const { lanes, hops, pressedMs } = ladder;
  const column = linear(Math.max(1, lanes.length - 1), timePx + 34, width - 40);
  const x = (lane: Lane): number => round(column(Math.max(0, lanes.indexOf(lane))));
  const rungs: Markup[] = [];
  let top = headPx;
  for (const hop of hops) {
    const captions = wrapped(captionOf(hop, texts), width - timePx);
    const times = [exactClock(startWallMs + hop.atMs), sinceText(hop.atMs - pressedMs, texts)] as const;
    rungs.push(rung(hop, captions, times, { top, x, width }));
    top += captions.length * linePx + arrowPx;
  }
  const height = top + 8;
  const poles = lanes.map((lane) => line(x(lane), headPx, x(lane), height, "pole"));
  const parts = [...poles, ...headsOf(lanes, x, texts, width), ...rungs];
  const drawing = html`<div aria-hidden="true">${svg({ width, height }, texts.ladder, parts)}</div>`;
  return html`${drawing}${hopTable(hops, texts, startWallMs)}`;
}

/** Where there is little room every second head stands lower. */
function headsOf(lanes: readonly Lane[], x: (lane: Lane) => number, texts: Texts, width: number): readonly Markup[] {
  const apart = lanes.length > 1 ? x(lanes[1] as Lane) - x(lanes[0] as Lane) : width;
  const isTight = lanes.some((lane) => textWidth(texts.lanes[lane]) > apart - 8);
  return lanes.map((lane, index) => {
    const y = isTight && index % 2 === 1 ? 32 : 16;
    const half = textWidth(texts.lanes[lane]) / 2;
    return label(Math.min(x(lane), width - half - 2), y, texts.lanes[lane], "head", "middle");
  });
}

function captionOf(hop: Hop, texts: Texts): string {
  const { tookMs, fate } = hop;
  const took = tookMs === null || tookMs === 0 ? "" : ` · ${texts.format.duration(tookMs)}`;
  return `${hopText(hop, texts)}${took}${fate === "lost" ? ` · ${texts.lost}` : ""}`;
}

/** In lines that fit. */
function wrapped(text: string, roomPx: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`) < roomPx) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

interface Place {
  readonly top: number;
  readonly x: (lane: Lane) => number;
  readonly width: number;
}

function rung(
  { from, to, fate }: Hop,
  captions: readonly string[],
  [clock, since]: readonly [string, string],
  { top, x, width }: Place,
): Markup {
  const y = top + captions.length * linePx + 9;
  const start = Math.min(x(from), x(to)) + 6;
  const frame = { left: timePx, width };
  const marks =
    from === to ? [html`<circle class="ink" cx="${x(from)}" cy="${y}" r="4"/>`] : arrow(x(from), x(to), y, fate);
  const kind = fate === "arrived" ? "caption" : "caption bad";
  const texts = captions.map((text, index) =>
    label(insideFrom(start, text, frame), top + (index + 1) * linePx, text, kind),
  );
  return html`${label(0, top + linePx, clock, "soft")}${label(0, top + linePx + 13, since, "soft small")}${marks}${texts}`;
}

function arrow(from: number, to: number, y: number, fate: Hop["fate"]): readonly Markup[] {
  const ahead = to > from ? 1 : -1;
  if (fate === "lost") {
    const end = to - ahead * 6;
    return [path("lost", `M${from} ${y}H${end}`), path("cross", `M${end - 5} ${y - 5}l10 10m0 -10l-10 10`)];
  }
  const head = `M${to} ${y}l${-ahead * 9} -5v10z`;
  return [path("way", `M${from} ${y}H${to - ahead * 8}`), path(fate === "refused" ? "head-open" : "head-full", head)];
}

/** "08:10:05.033". */
function exactClock(wallMs: number): string {
  return `${clockOf(wallMs, 0, 0)}.${String(wallMs % 1_000).padStart(3, "0")}`;
}

function sinceText(sinceMs: number, texts: Texts): string {
  return sinceMs === 0 ? "" : `${sinceMs < 0 ? "−" : "+"}${texts.format.duration(Math.abs(sinceMs))}`;
}

function hopTable(hops: readonly Hop[], texts: Texts, startWallMs: number): Markup {
  const rows = hops.map((hop) => {
    const { atMs, tookMs, from, to, fate } = hop;
    const way = from === to ? texts.lanes[from] : `${texts.lanes[from]} → ${texts.lanes[to]}`;
    const took = fate === "lost" ? texts.lost : tookMs === null ? "" : texts.format.duration(tookMs);
    return html`<tr><td>${exactClock(startWallMs + atMs)}</td><td>${hopText(hop, texts)}</td><td>${way}</td><td>${took}</td></tr>`;
  });
  const heads = [texts.time, texts.hop, texts.way, texts.took].map((head) => html`<th scope="col">${head}</th>`);
  return html`<div class="unseen"><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
