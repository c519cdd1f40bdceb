/**
 * The run beside the categories of EN 50136-1:2012. The standard's text is not free; each figure bears a mark of where it comes
 * from: one published source, or common knowledge in the trade that nobody here has checked against the standard.
 */
import { html, type Markup } from "../html.ts";
import { table } from "./tables.ts";
import type { Texts } from "./texts.ts";
import type { ReportView } from "./view.ts";

type Confidence = "published" | "memory";

export interface Category {
  readonly name: string;
  /** A lost path is noticed at the far end within this. */
  readonly noticeMs: number;
  /** For two paths: so late may the second one be noticed while the first works; null: there is one path. */
  readonly secondMs: number | null;
  readonly confidence: Confidence;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function category(name: string, noticeMs: number, secondMs: number | null, confidence: Confidence): Category {
  return { name, noticeMs, secondMs, confidence };
}

/** One path (SP) and two (DP), from the mildest to the strictest. */
export const categories: readonly Category[] = [
  category("SP1", 32 * 24 * hourMs, null, "memory"),
  category("SP2", 25 * hourMs, null, "memory"),
  category("SP3", 30 * minuteMs, null, "memory"),
  category("SP4", 3 * minuteMs, null, "memory"),
  category("SP5", 90_000, null, "memory"),
  category("SP6", 20_000, null, "published"),
  category("DP1", 25 * hourMs, 50 * hourMs, "memory"),
  category("DP2", 30 * minuteMs, 25 * hourMs, "memory"),
  category("DP3", 3 * minuteMs, 25 * hourMs, "memory"),
  category("DP4", 90_000, 5 * hourMs, "published"),
];

/** Whether the worst measured time keeps a limit; where a fault was never noticed it keeps none. */
export function keeps(
  { pathFaults, noticed, worstNoticeMs }: ReportView["path"],
  { noticeMs }: Category,
): "yes" | "no" | "unknown" {
  if (pathFaults === 0) return "unknown";
  return noticed === pathFaults && worstNoticeMs !== null && worstNoticeMs <= noticeMs ? "yes" : "no";
}

export function pathSection({ path }: ReportView, texts: Texts): Markup {
  const { duration, percent } = texts.format;
  const time = (ms: number | null): string => (ms === null ? "–" : duration(ms));
  const notice =
    path.pathFaults === 0
      ? texts.pathNoFault
      : `${time(path.worstNoticeMs)} (${texts.pathNoticeSaid(path.noticed, path.pathFaults)})`;
  const measured: readonly (readonly [string, string])[] = [
    [texts.pathNotice, notice],
    [texts.pathMean, time(path.meanMs)],
    [texts.pathP95, time(path.p95Ms)],
    [texts.pathMax, time(path.maxMs)],
    [texts.pathAvailable, percent(path.availablePpm)],
  ];
  const rows = categories.map((each) => {
    const { name, noticeMs, secondMs, confidence } = each;
    const kept = keeps(path, each);
    return html`<tr><th scope="row">${name}</th><td class="number">${duration(noticeMs)}</td><td class="number">${secondMs === null ? "–" : duration(secondMs)}</td>
<td class="number">${time(path.worstNoticeMs)}</td><td class="${kept === "no" ? "broken" : "held"}">${texts.keptWords[kept]}</td><td>${texts.confidenceWords[confidence]}</td></tr>\n`;
  });
  const heads = [texts.category, texts.limit, texts.secondLimit, texts.pathMeasured, texts.kept, texts.confidence];
  return html`<p>${texts.pathLegend}</p>
<dl class="measured">${measured.map(([what, value]) => html`<div><dt>${what}</dt><dd>${value}</dd></div>`)}</dl>
${table(texts.path, heads, rows, [1, 2, 3])}<p>${texts.availabilityNote}</p>`;
}
