/** The report as a reader's browser shows it: from disk, without a network, in both languages, in light and dark, and for those who cannot see it. */
import { expect, type TestContext, test } from "vitest";
import type { RunResult } from "../simulator/record/run-result.ts";
import { reportPage } from "../simulator/report/page.ts";
import { sampleRun } from "../simulator/report/sample-run.ts";
import { type OpenedReport, openReport, patient, seriousOf, textIn } from "./config/browser.ts";

const facts = sampleRun();
const passed: RunResult = {
  ...facts,
  verdict: "passed",
  expectations: [{ text: "no alarm is lost", held: true, found: "0" }],
};
const failed: RunResult = {
  ...passed,
  verdict: "failed",
  expectations: [{ text: "no alarm is late", held: false, found: "97 were" }],
};

const open = (context: TestContext, result: RunResult): Promise<OpenedReport> =>
  openReport(context, reportPage(result));

test(
  "a browser opens the report from disk, changes its language and opens a ladder with the keyboard",
  patient,
  async (context) => {
    const { page, complaints } = await open(context, passed);
    expect(await textIn(page, ".answer")).toMatch(/^✓ Passed Yes: all 206 presses were accepted/);
    expect(await page.$$eval("svg.plot", (plots) => plots.length)).toBeGreaterThanOrEqual(4);

    const opener = '[data-ladder="0"]';
    await page.focus(opener);
    await page.keyboard.press("Enter");
    expect(await page.$eval(opener, (button) => button.getAttribute("aria-expanded"))).toBe("true");
    expect(await textIn(page, "#ladder-0")).toContain("accepted, snu 0");
    expect(await page.$$eval("#ladder-0 tbody tr", (rows) => rows.length)).toBeGreaterThan(8);

    await page.focus('[data-language="sv"]');
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.documentElement.lang")).toBe("sv");
    expect(await page.evaluate("document.activeElement.dataset.language")).toBe("sv");
    expect(await textIn(page, ".answer")).toMatch(/^✓ Godkänd Ja: alla 206 larm kvitterades/);
    // What was open stays open, in the other language.
    expect(await textIn(page, "#ladder-0")).toContain("kvitterat, snu 0");
    await page.reload();
    expect(await page.evaluate("document.documentElement.lang")).toBe("sv");

    await page.click(opener);
    await page.click(opener);
    expect(await textIn(page, "#ladder-0")).toBe("");
    expect(complaints).toEqual([]);
  },
);

test("the report fits a telephone, and drawings are made anew for its width", patient, async (context) => {
  const { page, complaints } = await open(context, passed);
  await page.click('[data-ladder="0"]');
  await page.setViewport({ width: 400, height: 800 });
  await page.waitForFunction("document.querySelector('svg.plot').width.baseVal.value < 400");
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
  expect(await page.$eval("#ladder-0 svg", (drawing) => Number(drawing.getAttribute("width")))).toBeLessThan(400);
  expect(complaints).toEqual([]);
});

test("a check for accessibility finds nothing serious, in light and in dark", patient, async (context) => {
  const { page } = await open(context, failed);
  await page.click('[data-ladder="0"]');
  expect(await seriousOf(page)).toEqual([]);
});
