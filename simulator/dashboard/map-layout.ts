/** Where each unit of a town stands on its map: in blocks by what it hangs on, as large as the space allows. Pure, for the page and its tests. */

interface Block {
  readonly name: string;
  readonly count: number;
  /** Left and base line of its heading. */
  readonly x: number;
  readonly y: number;
}

export interface MapLayout {
  /** Edge of a cell. */
  readonly size: number;
  /** Left and top of each unit's cell, in the order of the units. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly blocks: readonly Block[];
  readonly height: number;
}

/** Cells as large as a finger at most, and as small as a shape can still be told apart. */
const sizes = [26, 22, 18, 15, 12, 10, 9, 8, 7];
const headingPx = 22;
const gapPx = 14;
const wantedHeightPx = 420;

/** `names`: of each unit's block. `width` in CSS pixels, at least one cell. */
export function layoutOf(names: readonly string[], width: number): MapLayout {
  const blocks = new Map<string, number[]>();
  names.forEach((name, index) => {
    const known = blocks.get(name);
    if (known === undefined) blocks.set(name, [index]);
    else known.push(index);
  });
  const sorted = [...blocks].sort(([a], [b]) => (a < b ? -1 : 1));
  const heightOf = (size: number): number =>
    sorted.reduce(
      (sum, [, units]) => sum + headingPx + gapPx + Math.ceil(units.length / columnsOf(width, size)) * size,
      0,
    );
  const size = sizes.find((each) => heightOf(each) <= wantedHeightPx) ?? (sizes.at(-1) as number);
  const columns = columnsOf(width, size);
  const x = new Float32Array(names.length);
  const y = new Float32Array(names.length);
  const placed: Block[] = [];
  let top = 0;
  for (const [name, units] of sorted) {
    placed.push({ name, count: units.length, x: 0, y: top + headingPx - 7 });
    top += headingPx;
    units.forEach((unit, at) => {
      x[unit] = (at % columns) * size;
      y[unit] = top + Math.floor(at / columns) * size;
    });
    top += Math.ceil(units.length / columns) * size + gapPx;
  }
  return { size, x, y, blocks: placed, height: top };
}

/** The unit whose cell is there; -1 where none is. */
export function unitAt({ size, x, y }: MapLayout, left: number, top: number): number {
  for (let i = 0; i < x.length; i++) {
    const dx = left - (x[i] as number);
    const dy = top - (y[i] as number);
    if (dx >= 0 && dy >= 0 && dx < size && dy < size) return i;
  }
  return -1;
}

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/** The unit beside `from` in that direction, as the eye goes; `from` itself where there is none. */
export function unitBeside({ x, y, size }: MapLayout, from: number, arrow: Arrow): number {
  const x0 = x[from];
  const y0 = y[from];
  if (x0 === undefined || y0 === undefined) return x.length === 0 ? -1 : 0;
  const along = arrow === "ArrowLeft" || arrow === "ArrowRight";
  const sign = arrow === "ArrowLeft" || arrow === "ArrowUp" ? -1 : 1;
  let best = from;
  let bestFar = Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - x0;
    const dy = (y[i] as number) - y0;
    const ahead = (along ? dx : dy) * sign;
    const aside = Math.abs(along ? dy : dx);
    if (ahead <= 0 || (along && aside >= size / 2)) continue;
    const far = along ? ahead : ahead * 1_000 + aside;
    if (far < bestFar) {
      bestFar = far;
      best = i;
    }
  }
  return best;
}

function columnsOf(width: number, size: number): number {
  return Math.max(1, Math.floor(width / size));
}
