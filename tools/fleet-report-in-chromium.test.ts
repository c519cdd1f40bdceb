/** A fleet's report as a reader's browser shows it: from disk, without a network, in both languages and widths, and for those who cannot see it. */
import { expect, type TestContext, test } from "vitest";
import { played, shard, smallPlan } from "../simulator/fleet/fleet-bench.ts";
import { FleetBook } from "../simulator/fleet/fleet-book.ts";
import { CostBook } from "../simulator/fleet/fleet-cost.ts";
import { fleetPage } from "../simulator/fleet/fleet-page.ts";
import type { ShardResult } from "../simulator/fleet/shard-result.ts";
import { type OpenedReport, openReport, patient, seriousOf, textIn } from "./config/browser.ts";

const towns = 6;
const lossy: Partial<ShardResult> = {
  lost: 1,
  waits: [],
  expectations: [{ text: "no alarm is lost", held: false, found: "1" }],
};

/** Of one fleet; in its fourth town an alarm is lost, if so told. */
function open(context: TestContext, isLossy: boolean): Promise<OpenedReport> {
  const plan = smallPlan(towns);
  const book = new FleetBook(plan);
  const costs = new CostBook();
  for (let town = 1; town <= towns; town++) {
    const result = shard(plan, town, isLossy && town === 4 ? lossy : {});
    book.add(result);
    costs.add(played(result).cost);
  }
  return openReport(context, fleetPage(book.value(), costs.value(1_000)));
}

test(
  "a browser opens a fleet's report from disk, says first what came of it, and keeps the reader's language",
  patient,
  async (context) => {
    const { page, complaints } = await open(context, false);
    expect(await textIn(page, ".answer")).toMatch(/^✓ Passed/);
    expect(await textIn(page, "ul.tiles")).toMatch(/^6\s+towns/);
    expect(await page.$$eval("svg", (plots) => plots.length)).toBe(2);

    await page.focus('[data-language="sv"]');
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.documentElement.lang")).toBe("sv");
    expect(await page.evaluate("document.activeElement.dataset.language")).toBe("sv");
    expect(await textIn(page, ".answer")).toMatch(/^✓ Godkänd/);
    await page.reload();
    expect(await page.evaluate("document.documentElement.lang")).toBe("sv");
    expect(complaints).toEqual([]);
  },
);

test(
  "a fleet that failed names its town before any figure, with the command that plays it alone",
  patient,
  async (context) => {
    const { page, complaints } = await open(context, true);
    expect(await textIn(page, ".answer")).toMatch(/^✗ Failed/);
    const order = await page.$$eval("section", (parts) =>
      parts.map((part) => (part as unknown as { getAttribute(name: string): string }).getAttribute("aria-labelledby")),
    );
    expect(order.slice(0, 3)).toEqual(["promises", "failed", "hours"]);
    const failed = await textIn(page, 'section[aria-labelledby="failed"]');
    expect(failed).toContain("sim run");
    expect(failed).toMatch(/--seed \d+/);
    expect(complaints).toEqual([]);
  },
);

test("a fleet's report fits a telephone, and drawings are made anew for its width", patient, async (context) => {
  const { page, complaints } = await open(context, true);
  await page.setViewport({ width: 400, height: 800 });
  await page.waitForFunction("document.querySelector('svg').width.baseVal.value < 400");
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
  expect(complaints).toEqual([]);
});

test(
  "a check of a fleet's report for accessibility finds nothing serious, in light and in dark",
  patient,
  async (context) => {
    const { page } = await open(context, true);
    expect(await seriousOf(page)).toEqual([]);
  },
);
