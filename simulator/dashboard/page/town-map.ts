/** The town on a canvas: each unit a cell, in blocks by what it hangs on. Keys and clicks choose a unit. */
import { type Arrow, layoutOf, type MapLayout, unitAt, unitBeside } from "../map-layout.ts";
import type { Mark, StoryUnit } from "../messages.ts";
import { shapesOf } from "./mark-shapes.ts";

export interface MapOptions {
  readonly units: readonly StoryUnit[];
  readonly label: string;
  /** The heading of units that hang on nothing of that kind. */
  readonly ungrouped: string;
  readonly onChoose: (unit: string) => void;
}

export type Grouping = keyof StoryUnit["on"] | "group";

/** Of the User Timing entries that tell how long drawing the whole town took. */
const redrawMeasure = "town redrawn";

export class TownMap {
  readonly canvas: HTMLCanvasElement;
  private readonly options: MapOptions;
  private grouping: Grouping;
  private layout: MapLayout;
  private shapes: ReadonlyMap<string, HTMLCanvasElement>;
  private marks: string[];
  private chosen: number;
  private waiting: boolean;

  constructor(options: MapOptions, grouping: Grouping) {
    this.options = options;
    this.grouping = grouping;
    this.layout = layoutOf([], 1);
    this.shapes = new Map();
    this.marks = [];
    this.chosen = -1;
    this.waiting = false;
    this.canvas = document.createElement("canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", options.label);
    this.canvas.addEventListener("click", (event) => this.clicked(event));
    this.canvas.addEventListener("mousemove", (event) => this.named(event));
    this.canvas.addEventListener("keydown", (event) => this.keyed(event));
    new ResizeObserver(() => this.later()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.later());
  }

  group(grouping: Grouping): void {
    this.grouping = grouping;
    this.later();
  }

  /** The marks of all units. */
  show(marks: string): void {
    this.marks = [...marks];
    this.redraw();
  }

  change(changed: readonly (readonly [number, Mark])[]): void {
    const pen = this.canvas.getContext("2d");
    if (pen === null) return;
    for (const [index, mark] of changed) {
      this.marks[index] = mark;
      this.cell(pen, index);
    }
  }

  choose(index: number): void {
    const before = this.chosen;
    if (before === index) return;
    this.chosen = index;
    const pen = this.canvas.getContext("2d");
    if (pen === null) return;
    // The frame of a chosen unit reaches into its neighbours.
    this.redraw();
  }

  /** Draws everything. */
  redraw(): void {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    performance.mark("town begins");
    const { units, ungrouped } = this.options;
    const { grouping } = this;
    const names = units.map((unit) => (grouping === "group" ? unit.group : unit.on[grouping]) || ungrouped);
    this.layout = layoutOf(names, width);
    const ratio = devicePixelRatio;
    this.shapes = shapesOf(this.layout.size, ratio);
    this.canvas.height = Math.ceil(this.layout.height * ratio);
    this.canvas.width = Math.round(width * ratio);
    const pen = this.canvas.getContext("2d");
    if (pen === null) return;
    pen.scale(ratio, ratio);
    const style = getComputedStyle(this.canvas);
    pen.font = `600 13px ${style.fontFamily}`;
    pen.fillStyle = style.color;
    for (const { name, count, x, y } of this.layout.blocks) pen.fillText(`${name} (${count})`, x, y);
    for (let i = 0; i < this.marks.length; i++) this.cell(pen, i);
    performance.measure(redrawMeasure, "town begins");
  }

  private cell(pen: CanvasRenderingContext2D, index: number): void {
    const { size, x, y } = this.layout;
    const shape = this.shapes.get(this.marks[index] ?? "");
    const left = x[index] as number;
    const top = y[index] as number;
    pen.clearRect(left, top, size, size);
    if (shape !== undefined) pen.drawImage(shape, left, top, size, size);
    if (index !== this.chosen) return;
    pen.strokeStyle = getComputedStyle(this.canvas).color;
    pen.lineWidth = 2;
    pen.strokeRect(left + 1, top + 1, size - 2, size - 2);
  }

  private later(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.redraw();
    });
  }

  private under(event: MouseEvent): number {
    const { left, top } = this.canvas.getBoundingClientRect();
    return unitAt(this.layout, event.clientX - left, event.clientY - top);
  }

  private named(event: MouseEvent): void {
    const unit = this.options.units[this.under(event)];
    this.canvas.title = unit?.id ?? "";
  }

  private clicked(event: MouseEvent): void {
    const unit = this.options.units[this.under(event)];
    if (unit !== undefined) this.options.onChoose(unit.id);
  }

  private keyed(event: KeyboardEvent): void {
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const unit = this.options.units[unitBeside(this.layout, this.chosen, event.key as Arrow)];
    if (unit !== undefined) this.options.onChoose(unit.id);
  }
}
