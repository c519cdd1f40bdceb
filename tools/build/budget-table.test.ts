/** The rows of the table of budgets; that the README has them is told where the images are made (`make-image.test.ts`). */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readBoard } from "../boards.ts";
import { budgetTable, scriptBytes } from "./budget-table.ts";

test("a row shows size and budget, and what was measured where it was", async () => {
  const measured = {
    how: "on a desk",
    jsVars: { boot: 900, peak: 1_500 },
    events: { "press-to-radio": { computrons: 111_465, statements: 9_000 } },
  };
  const board = { ...readBoard("puck-js"), measured };
  const [, , row] = (await budgetTable([board], async () => 20_481)).split("\n");
  expect(row).toContain("| puck-js | button, Espruino | 21 of 24 | 2,630 JsVars, 1,000 to stay free |");
  expect(row).toContain("| 1,500 JsVars | 111,465 computrons, 9,000 statements |");
});

test("a script is weighed whatever the commit", async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  expect(await scriptBytes(readBoard("puck-js"), root)).toBeGreaterThan(10_000);
});
