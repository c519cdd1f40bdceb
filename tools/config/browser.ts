/** A real browser for tests of pages: skipped, and said so, where there is none; gone with its profile when the test ends. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, launch, type Page } from "puppeteer-core";
import { onTestFinished, type TestContext } from "vitest";
import { needs, pathOf } from "./requires.ts";

/** No sandbox, since a forge runs it as root; no calls home, since it must need no network. */
const alone = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

/** A browser takes a while to come up on a machine that has other things to do. */
const startMs = 90_000;

/** Skips the test where Chromium is not installed. Closes it, and its pages, when the test is over. */
export async function openBrowser(context: TestContext): Promise<Browser> {
  needs(context, "chromium");
  const profile = mkdtempSync(join(tmpdir(), "livlina-browser-"));
  onTestFinished(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const browser = await launch({
    executablePath: pathOf("chromium") ?? "chromium",
    args: alone,
    userDataDir: profile,
    timeout: startMs,
    protocolTimeout: startMs,
  });
  onTestFinished(() => browser.close());
  return browser;
}

export interface OpenedReport {
  readonly page: Page;
  /** What the page complained of, and what it asked for beside itself. */
  readonly complaints: string[];
}

/** A report from disk, without a network, in English. */
export async function openReport(context: TestContext, html: string): Promise<OpenedReport> {
  const browser = await openBrowser(context);
  const folder = mkdtempSync(join(tmpdir(), "livlina-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "report.html");
  writeFileSync(path, html);
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

/** A browser takes its time on a machine that has other things to do: for tests that open one. */
export const patient = { timeout: 120_000 };

/** What a reader sees of the first element that fits. */
export function textIn(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => (element as unknown as { innerText: string }).innerText);
}

interface AxeAnswer {
  readonly passes: readonly { readonly id: string }[];
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What keeps people from reading the page, by axe, in light and English and in dark and Swedish. Throws where it did not look at colours. */
export async function seriousOf(page: Page): Promise<readonly string[]> {
  const serious: string[] = [];
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
  for (const [scheme, language] of [
    ["light", "en"],
    ["dark", "sv"],
  ] as const) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.click(`[data-language="${language}"]`);
    const { passes, violations } = (await page.evaluate("axe.run()")) as AxeAnswer;
    if (!passes.some(({ id }) => id === "color-contrast")) throw new Error("axe has not looked at the page's colours");
    for (const { id, impact, nodes } of violations)
      if (impact === "serious" || impact === "critical") serious.push(`${scheme}: ${id} ${nodes[0]?.html ?? ""}`);
  }
  return serious;
}
