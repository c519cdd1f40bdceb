import { expect, test } from "vitest";
import { privateNames } from "./private-names.ts";

const source = `export class Box {
  private hidden: number;
  private readonly both: number;
  private static first: number;
  private get half(): number {
    return this.hidden / 2;
  }
  private spoken: number;
  readonly open: number;
}
interface Told {
  readonly both: number;
}
`;

test("only what is private everywhere, and never spoken of but by its own object, gets a short name", () => {
  const bundle = "class Box { constructor() { this.hidden = this.half; this.both = 1; this.open = 2; } get half() {} }";
  expect(privateNames([source], bundle)).toEqual(["first", "half", "hidden", "spoken"]);
});

test("a name that a value, another object or a text bears is left alone", () => {
  for (const use of ["box.hidden", "({ hidden: 1 })", "box['hidden']", "'hidden' in box"])
    expect(privateNames([source], `${use};`)).toEqual(["first", "half", "spoken"]);
});
