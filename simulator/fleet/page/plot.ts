/** The plots of a fleet: faults above, and one curve of all towns together. */
import { html, type Markup } from "../../report/html.ts";
import {
  type Frame,
  insideFrom,
  label,
  linear,
  path,
  round,
  roundSteps,
  steps,
  svg,
  timeAxis,
  valueAxis,
} from "../../report/page/drawing.ts";
import type { FleetTexts } from "./texts.ts";
import type { FleetView } from "./view.ts";

const mostFaultRows = 14;
const faultRowPx = 32;
const curvePx = 190;

export interface Curve {
  readonly points: readonly (readonly [atMs: number, value: number])[];
  readonly axis: string;
  readonly legend: string;
  /** Whether faults have rows with their names above; their bands are always there. */
  readonly hasFaults: boolean;
}

export function curvePlot(view: FleetView, texts: FleetTexts, curve: Curve, width: number): Markup {
  const { durationMs } = view.fleet;
  const faults = curve.hasFaults ? view.faults.slice(0, mostFaultRows) : [];
  const top = faults.length * faultRowPx + 8;
  const frame: Frame = { left: 62, right: 14, width, height: top + curvePx + 30, top, bottom: 24 };
  const x = linear(durationMs, frame.left, width - frame.right);
  const most = curve.points.reduce((high, [, value]) => Math.max(high, value), 0);
  const values = roundSteps(Math.max(4, most));
  const ground = frame.height - frame.bottom;
  const y = linear(values.at(-1) ?? most, ground, top + 22);
  const endX = x(durationMs);
  const d = steps(curve.points, x, y, endX);
  const bands = view.faults.map(
    ({ fromMs, toMs }) =>
      html`<rect class="band" x="${round(x(fromMs))}" y="${top}" width="${round(Math.max(1, x(toMs) - x(fromMs)))}" height="${ground - top}"/>`,
  );
  const bars = faults.map(({ object, name, fault, fromMs, toMs }, row) => {
    const from = x(fromMs);
    const span = Math.max(3, x(toMs) - from);
    const at = row * faultRowPx;
    const text = texts.fault(object, name, fault);
    return html`${label(insideFrom(from, text, frame), at + 14, text)}
<rect class="fault" x="${round(from)}" y="${at + 19}" width="${round(span)}" height="8"/>
${path("fault-end", `M${round(from)} ${at + 16}v14M${round(from + span)} ${at + 16}v14`)}`;
  });
  return svg(frame, curve.legend, [
    ...bands,
    ...timeAxis(view.ticks, x, { ...frame, top: 0 }),
    ...valueAxis(values, y, frame, texts.format.count),
    ...bars,
    path("area", `${d}V${round(ground)}H${round(x(0))}Z`),
    path("ink-line", d),
    label(frame.left + 6, top + 14, curve.axis, "soft"),
  ]);
}
