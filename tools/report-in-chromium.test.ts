/** The report as a reader's browser shows it: from disk, without a network, in both languages, in light and dark, and for those who cannot see it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import type { RunResult } from "../simulator/record/run-result.ts";
import { reportPage } from "../simulator/report/page.ts";
import { sampleRun } from "../simulator/report/sample-run.ts";
import { openBrowser } from "./config/browser.ts";

/** A browser takes its time on a machine that has other things to do. */
const patient = { timeout: 120_000 };

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

interface Opened {
  readonly page: Page;
  /** What the page complained of, and what it asked for beside itself. */
  readonly complaints: string[];
}

async function open(context: TestContext, result: RunResult): Promise<Opened> {
  const browser = await openBrowser(context);
  const folder = mkdtempSync(join(tmpdir(), "livlina-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "report.html");
  writeFileSync(path, reportPage(result));
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().endsWith("/report.html")) complaints.push(request.url());
  });
  await page.setOfflineMode(true);
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(`file://${path}`);
  await page.click('[data-language="en"]');
  return { page, complaints };
}

const text = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as unknown as { innerText: string }).innerText);

test(
  "a browser opens the report from disk, changes its language and opens a ladder with the keyboard",
  patient,
  async (context) => {
    const { page, complaints } = await open(context, passed);
    expect(await text(page, ".answer")).toMatch(/^✓ Passed Yes: all 206 presses were accepted/);
    expect(await page.$$eval("svg.plot", (plots) => plots.length)).toBeGreaterThanOrEqual(4);

    const opener = '[data-ladder="0"]';
    await page.focus(opener);
    await page.keyboard.press("Enter");
    expect(await page.$eval(opener, (button) => button.getAttribute("aria-expanded"))).toBe("true");
    expect(await text(page, "#ladder-0")).toContain("accepted, snu 0");
    expect(await page.$$eval("#ladder-0 tbody tr", (rows) => rows.length)).toBeGreaterThan(8);

    await page.focus('[data-language="sv"]');
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.documentElement.lang")).toBe("sv");
    expect(await page.evaluate("document.activeElement.dataset.language")).toBe("sv");
    expect(await text(page, ".answer")).toMatch(/^✓ Godkänd Ja: alla 206 larm kvitterades/);
    // What was open stays open, in the other language.
    expect(await text(page, "#ladder-0")).toContain("kvitterat, snu 0");
    await page.reload();
    expect(await page.evaluate("document.documentElement.lang")).toBe("sv");

    await page.click(opener);
    await page.click(opener);
    expect(await text(page, "#ladder-0")).toBe("");
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
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
  await page.click('[data-ladder="0"]');
  for (const [scheme, language] of [
    ["light", "en"],
    ["dark", "sv"],
  ] as const) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.click(`[data-language="${language}"]`);
    const found = (await page.evaluate("axe.run()")) as AxeAnswer;
    const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => `${scheme}: ${id} ${nodes[0]?.html ?? ""}`)).toEqual([]);
    expect(found.passes.map(({ id }) => id)).toContain("color-contrast");
  }
});

interface AxeAnswer {
  readonly passes: readonly { readonly id: string }[];
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
