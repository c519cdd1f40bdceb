/** Plots as SVG: drawn anew for each width, so that text keeps its size. Nothing is told by colour alone. */
import { html, type Markup, trusted } from "../html.ts";

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** One letter of the page's small text, in pixels, rather too wide than too narrow. */
const letterPx = 7.2;

export function textWidth(text: string): number {
  return text.length * letterPx;
}

/** Where a text begins that should begin at `at`, so that it ends inside. */
export function insideFrom(at: number, text: string, { left, width }: Pick<Frame, "left" | "width">): number {
  return Math.max(left, Math.min(at, width - textWidth(text) - 2));
}

export function svg(frame: Pick<Frame, "width" | "height">, label: string, parts: readonly Markup[]): Markup {
  const { width, height } = frame;
  return html`<svg class="plot" role="img" aria-label="${label}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts}</svg>`;
}

export function label(x: number, y: number, text: string, kind = "", anchor = "start"): Markup {
  return html`<text x="${round(x)}" y="${round(y)}" class="${kind}" text-anchor="${anchor}">${text}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): Markup {
  return html`<path class="${kind}" d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}"/>`;
}

export function path(kind: string, d: string): Markup {
  return html`<path class="${kind}" d="${trusted(d)}"/>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A scale from values to pixels. */
export type Scale = (value: number) => number;

export function linear(most: number, from: number, to: number): Scale {
  return (value) => from + ((to - from) * value) / Math.max(1e-9, most);
}

/** Each factor of ten takes the same room. */
export function logarithmic(least: number, most: number, from: number, to: number): Scale {
  const low = Math.log10(least);
  const span = Math.max(1e-9, Math.log10(most) - low);
  return (value) => from + ((to - from) * (Math.log10(Math.max(least, value)) - low)) / span;
}

/** A few round values from 0 on, the last of them at `most` or above it: the end of an axis. */
export function roundSteps(most: number): readonly number[] {
  const rough = Math.max(1, most) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power);
  const steps: number[] = [];
  for (let value = 0; steps.length === 0 || value < most + step; value += step) steps.push(value);
  return steps;
}

/** A line that keeps its value until the next point. */
export function steps(points: readonly (readonly [number, number])[], x: Scale, y: Scale, endX: number): string {
  let d = "";
  for (const [at, value] of points)
    d += d === "" ? `M${round(x(at))} ${round(y(value))}` : `H${round(x(at))}V${round(y(value))}`;
  return `${d}H${round(endX)}`;
}

/** Grid and labels of the time axis; labels that would touch are left out. */
export function timeAxis(
  ticks: readonly { readonly atMs: number; readonly label: string }[],
  x: Scale,
  { top, height, bottom, width }: Frame,
): readonly Markup[] {
  let free = Number.NEGATIVE_INFINITY;
  return ticks.flatMap(({ atMs, label: text }) => {
    const at = x(atMs);
    const parts = [line(at, top, at, height - bottom, "grid")];
    const half = textWidth(text) / 2;
    if (at - half > free) {
      const isLast = at + half > width;
      parts.push(label(isLast ? width - 1 : at, height - bottom + 16, text, "soft", isLast ? "end" : "middle"));
      free = at + half;
    }
    return parts;
  });
}

export function valueAxis(
  values: readonly number[],
  y: Scale,
  { left, right, width }: Frame,
  text: (value: number) => string,
): readonly Markup[] {
  return values.flatMap((value) => [
    line(left, y(value), width - right, y(value), "grid"),
    label(left - 6, y(value) + 4, text(value), "soft", "end"),
  ]);
}
