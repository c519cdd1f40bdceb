import { expect, test } from "vitest";
import { layoutOf, unitAt, unitBeside } from "./map-layout.ts";

const names = Array.from({ length: 5_000 }, (_, index) => `mast-${index % 7}`);

test("five thousand units have a place each, none on another, in blocks of their names", () => {
  const layout = layoutOf(names, 800);
  const places = new Set(names.map((_, index) => `${layout.x[index]} ${layout.y[index]}`));
  expect(places.size).toBe(5_000);
  expect(layout.blocks.map(({ name, count }) => `${name} ${count}`)).toEqual(
    [715, 715, 714, 714, 714, 714, 714].map((count, index) => `mast-${index} ${count}`),
  );
  expect(Math.max(...layout.x) + layout.size).toBeLessThanOrEqual(800);
  expect(Math.max(...layout.y) + layout.size).toBeLessThanOrEqual(layout.height);
});

test("a click finds the unit whose cell is there, and none beside the cells", () => {
  const layout = layoutOf(names, 800);
  for (const index of [0, 17, 4_999]) {
    const left = (layout.x[index] as number) + layout.size / 2;
    expect(unitAt(layout, left, (layout.y[index] as number) + layout.size / 2)).toBe(index);
  }
  expect(unitAt(layout, 5, 2)).toBe(-1);
});

test("arrow keys go to the neighbour, over the edge of a block too, and stay at the end of the map", () => {
  const layout = layoutOf(["a", "a", "a", "b", "b"], 52);
  expect(layout.size).toBe(26);
  expect(unitBeside(layout, 0, "ArrowRight")).toBe(1);
  expect(unitBeside(layout, 0, "ArrowDown")).toBe(2);
  expect(unitBeside(layout, 2, "ArrowDown")).toBe(3);
  expect(unitBeside(layout, 3, "ArrowUp")).toBe(2);
  expect(unitBeside(layout, 0, "ArrowLeft")).toBe(0);
  expect(unitBeside(layout, -1, "ArrowRight")).toBe(0);
  expect(unitBeside(layoutOf([], 52), -1, "ArrowRight")).toBe(-1);
});
