/** How long each press waited, plotted as it happens: the same plot as in the report. */
import uPlot from "uplot";
import type { Wait, Waiting } from "../messages.ts";
import { timeText } from "./clock.ts";

const ticks = [100, 1e3, 1e4, 6e4, 6e5, 36e5, 144e5, 864e5];
const tickLabels = ["0.1 s", "1 s", "10 s", "1 min", "10 min", "1 h", "4 h", "1 d"];
/** Between two labels of the time axis. */
const timeSteps = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400, 864_000].map((s) => s * 1_000);
const leastMs = 100;
/** Marks that are drawn; of more, the newest. */
const mostMarks = 5_000;
/** The plot is drawn again at most so often. */
const eachMs = 400;

export class WaitPlot {
  readonly place: HTMLElement;
  private readonly startWallMs: number;
  private waits: Wait[];
  private waiting: readonly Waiting[];
  private atMs: number;
  private drawnMs: number;

  constructor(startWallMs: number, label: string) {
    this.startWallMs = startWallMs;
    this.waits = [];
    this.waiting = [];
    this.atMs = 0;
    this.drawnMs = Number.NEGATIVE_INFINITY;
    this.place = document.createElement("div");
    this.place.className = "plot";
    this.place.setAttribute("role", "img");
    this.place.setAttribute("aria-label", label);
    new ResizeObserver(() => this.draw()).observe(this.place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** `whole`: these are all; else they come to those before. */
  show(atMs: number, waits: readonly Wait[], waiting: readonly Waiting[], whole: boolean): void {
    if (whole) this.waits = [];
    this.waits.push(...waits);
    this.waiting = waiting;
    this.atMs = atMs;
    const nowMs = performance.now();
    if (!whole && nowMs - this.drawnMs < eachMs) return;
    this.drawnMs = nowMs;
    this.draw();
  }

  /** The wait that this share of those who were accepted did not exceed, in ms; undefined while there is none. */
  percentile(share: number): number | undefined {
    const sorted = this.waits.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  }

  private draw(): void {
    const { place } = this;
    if (place.clientWidth === 0) return;
    const colour = (name: string): string => getComputedStyle(place).getPropertyValue(name).trim();
    const mark = (stroke: string, fill: string, size: number): uPlot.Series => ({
      stroke,
      paths: () => null,
      points: { show: true, size, stroke, fill, width: 1.5 },
    });
    const common = {
      stroke: colour("--soft"),
      grid: { stroke: colour("--rule"), width: 1 },
      ticks: { stroke: colour("--rule"), width: 1 },
      font: "13px system-ui, sans-serif",
    };
    const [data, longest] = this.rows();
    const shown = ticks.filter((tick) => tick <= longest * 2);
    place.replaceChildren();
    new uPlot(
      {
        width: place.clientWidth,
        height: place.clientHeight,
        padding: [14, 28, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [0, Math.max(this.atMs, 60_000)] },
          y: { distr: 3, range: () => [leastMs, longest * 2] },
        },
        axes: [
          {
            ...common,
            space: 76,
            incrs: timeSteps,
            values: (_plot, splits, _axis, _space, step) =>
              splits.map((at) => timeText(this.startWallMs + at).slice(0, step < 60_000 ? 8 : 5)),
          },
          {
            ...common,
            size: 64,
            splits: () => shown,
            filter: (_plot, all) => all,
            values: (_plot, splits) => splits.map((tick) => tickLabels[ticks.indexOf(tick)] ?? ""),
          },
        ],
        series: [
          {},
          mark(colour("--two"), colour("--two"), 6),
          mark(colour("--one"), colour("--card"), 8),
          mark(colour("--never"), colour("--never"), 10),
        ],
      },
      data,
      place,
    );
  }

  private rows(): readonly [uPlot.AlignedData, number] {
    const marks = [
      ...this.waits
        .slice(-mostMarks)
        .map(({ pressedMs, tookMs, route }) => ({ at: pressedMs, tookMs, row: route === "broadband" ? 2 : 1 })),
      ...this.waiting.map(({ pressedMs }) => ({ at: pressedMs, tookMs: this.atMs - pressedMs, row: 3 })),
    ].sort((a, b) => a.at - b.at);
    const longest = marks.reduce((most, { tookMs }) => Math.max(most, tookMs), 10_000);
    const row = (wanted: number): (number | null)[] =>
      marks.map((mark) => (mark.row === wanted ? Math.max(leastMs, mark.tookMs) : null));
    return [[marks.map(({ at }) => at), row(1), row(2), row(3)], longest];
  }
}
