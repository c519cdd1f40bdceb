/** The plots of the report: what failed when, how long people waited, what receivers had to take. */
import { html, type Markup } from "../html.ts";
import {
  type Frame,
  insideFrom,
  label,
  line,
  linear,
  logarithmic,
  path,
  round,
  roundSteps,
  steps,
  svg,
  timeAxis,
  valueAxis,
} from "./drawing.ts";
import type { Texts } from "./texts.ts";
import type { DelayRow, FaultView, IntakeView, ReportView } from "./view.ts";

const mostFaultRows = 14;
const faultRowPx = 32;
const noticeRowPx = 22;
const pendingPx = 190;
const margins = { left: 52, right: 14 };

/** Faults as bars with their names, the monitor's words as marks, and under them how many alarms waited. */
export function timelinePlot(view: ReportView, texts: Texts, width: number): Markup {
  const faults = view.faults.slice(0, mostFaultRows);
  const top = faults.length * faultRowPx + (view.notices.length > 0 ? noticeRowPx : 0) + 8;
  const frame: Frame = { ...margins, width, height: top + pendingPx + 30, top, bottom: 24 };
  const x = linear(view.run.virtualMs, frame.left, width - frame.right);
  const most = view.pending.reduce((high, [, count]) => Math.max(high, count), 0);
  const values = roundSteps(Math.max(4, most));
  const y = linear(values.at(-1) ?? most, frame.height - frame.bottom, top + 22);
  const d = steps(view.pending, x, y, x(view.run.virtualMs));
  const ground = frame.height - frame.bottom;
  const bands = view.faults.map(
    ({ fromMs, toMs }) =>
      html`<rect class="band" x="${round(x(fromMs))}" y="${top}" width="${round(Math.max(1, x(toMs) - x(fromMs)))}" height="${ground - top}"/>`,
  );
  return svg(frame, texts.timelineLegend, [
    ...bands,
    ...timeAxis(view.ticks, x, { ...frame, top: 0 }),
    ...valueAxis(values, y, frame, texts.format.count),
    ...faults.map((fault, row) => faultBar(fault, row, x, frame, texts)),
    ...view.notices.map(({ atMs }) => {
      const at = round(x(atMs));
      const from = round(top - noticeRowPx + 4);
      return path("notice", `M${at - 5} ${from}h10l-5 9z`);
    }),
    path("area", `${d}V${round(ground)}H${round(x(0))}Z`),
    path("ink-line", d),
    label(frame.left + 6, top + 14, texts.pendingAxis, "soft"),
  ]);
}

function faultBar(fault: FaultView, row: number, x: (ms: number) => number, frame: Frame, texts: Texts): Markup {
  const from = x(fault.fromMs);
  const span = Math.max(3, x(fault.toMs) - from);
  const y = row * faultRowPx;
  const text = texts.fault(fault.object, fault.name, fault.fault);
  return html`${label(insideFrom(from, text, frame), y + 14, text)}
<rect class="fault" x="${round(from)}" y="${y + 19}" width="${round(span)}" height="8"/>
${path("fault-end", `M${round(from)} ${y + 16}v14M${round(from + span)} ${y + 16}v14`)}`;
}

const waitTicksMs = [100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 14_400_000, 86_400_000, 864_000_000];

/** One mark a press, its wait on a logarithmic scale. */
export function waitPlot(view: ReportView, texts: Texts, width: number): Markup {
  const frame: Frame = { left: 62, right: 14, width, height: 320, top: 10, bottom: 24 };
  const x = linear(view.run.virtualMs, frame.left, width - frame.right);
  const longest = view.waits.reduce(
    (most, { marks }) => marks.reduce((high, [, ms]) => Math.max(high, ms), most),
    60_000,
  );
  const y = logarithmic(100, longest * 1.6, frame.height - frame.bottom, frame.top);
  const ticks = waitTicksMs.filter((ms) => ms <= longest * 1.6);
  const bands = view.faults.map(
    ({ fromMs, toMs }) =>
      html`<rect class="band" x="${round(x(fromMs))}" y="${frame.top}" width="${round(Math.max(1, x(toMs) - x(fromMs)))}" height="${frame.height - frame.top - frame.bottom}"/>`,
  );
  const marks = view.waits.map(({ kind, marks: points }) => {
    let d = "";
    for (const [atMs, waitMs] of points) d += markAt(kind, round(x(atMs)), round(y(waitMs)));
    return path(`mark-${kind}`, d);
  });
  return svg(frame, texts.waitsLegend, [
    ...bands,
    ...timeAxis(view.ticks, x, frame),
    ...valueAxis(ticks, y, frame, texts.format.duration),
    line(frame.left, y(60_000), width - frame.right, y(60_000), "late-line"),
    ...marks,
  ]);
}

/** A dot, a ring, a diamond. */
function markAt(kind: "two" | "one" | "never", x: number, y: number): string {
  if (kind === "never") return `M${x} ${round(y - 5)}l5 5l-5 5l-5 -5z`;
  const r = kind === "two" ? 2.6 : 3.6;
  return `M${round(x - r)} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

/** What one receiver's front had to take in a second, and what its application accepted. */
export function intakePlot(intake: IntakeView, view: ReportView, texts: Texts, width: number): Markup {
  const frame: Frame = { ...margins, width, height: 190, top: 10, bottom: 24 };
  const x = linear(view.run.virtualMs, frame.left, width - frame.right);
  const most = intake.marks.reduce((high, [, peak]) => Math.max(high, peak), intake.limit ?? 0);
  const values = roundSteps(Math.max(2, most));
  const y = linear(values.at(-1) ?? most, frame.height - frame.bottom, frame.top + 18);
  const endX = x(view.run.virtualMs);
  const series = (place: 1 | 2): string =>
    steps(
      intake.marks.map((mark) => [mark[0], mark[place]]),
      x,
      y,
      endX,
    );
  const { limit } = intake;
  const above =
    limit === null ? [] : [-1.5, 1.5].map((by) => line(frame.left, y(limit) + by, endX, y(limit) + by, "limit"));
  return svg(
    frame,
    `${texts.receiver} ${intake.name}: ${texts.intakeLegend(limit === null ? texts.intakeNoLimit : texts.intakeLimit(limit))}`,
    [
      ...timeAxis(view.ticks, x, frame),
      ...valueAxis(values, y, frame, texts.format.count),
      path("ink-line", series(1)),
      path("two-dashed", series(2)),
      ...above,
      label(frame.left + 6, frame.top + 12, texts.perSecond, "soft"),
    ],
  );
}

/** Half, 95 %, 99 % and the slowest of one row, on the scale of all rows. */
export function delayScale(row: DelayRow, longestMs: number, text: string): Markup {
  const frame = { width: 130, height: 22 };
  const x = logarithmic(100, Math.max(10_000, longestMs), 6, frame.width - 6);
  const { p50Ms, p95Ms, p99Ms, maxMs } = row;
  if (p50Ms === null || p95Ms === null || p99Ms === null || maxMs === null) return html``;
  const diamond = round(x(p95Ms));
  const triangle = round(x(p99Ms));
  const end = round(x(maxMs));
  const grid: Markup[] = [];
  for (let ms = 100; ms <= Math.max(10_000, longestMs); ms *= 10) grid.push(line(x(ms), 2, x(ms), 20, "grid"));
  return svg(frame, text, [
    ...grid,
    line(x(p50Ms), 11, x(maxMs), 11, "ink-line"),
    html`<circle class="ink" cx="${round(x(p50Ms))}" cy="11" r="4"/>`,
    path("ink", `M${diamond} 6l5 5l-5 5l-5 -5z`),
    path("ink", `M${triangle} 5l5 9h-10z`),
    path("ink-line", `M${end} 4v14`),
  ]);
}
