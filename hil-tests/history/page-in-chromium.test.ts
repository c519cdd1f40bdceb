import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openBrowser } from "../../tools/config/browser.ts";
import type { Verdict } from "../run/case.ts";
import { nightOf } from "./nights.ts";
import { historyPage } from "./page.ts";
import { record, run } from "./sample-nights.ts";

const verdicts: readonly Verdict[] = ["pass", "flaky", "blocked", "pass", "fail", "fail", "skipped"];

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

test("a browser opens the nights' page without a network, and those who cannot see it well can read it", {
  timeout: 120_000,
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "livlina-nights-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "history.html");
  const nights = verdicts.map((verdict, at) =>
    nightOf(run(at, `c${at}`, [record("press/accepted", verdict, 900 + at), record("boot/starts", "pass", 100)])),
  );
  writeFileSync(path, historyPage(nights));
  const page = await (await openBrowser(context)).newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => asked.push(message.text()));
  await page.setOfflineMode(true);
  await page.goto(`file://${path}`);
  expect(asked).toEqual([`file://${path}`]);
  expect(await page.$eval("h1", (element) => (element as unknown as { innerText: string }).innerText)).toBe(
    "Nights on virtual",
  );
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const { violations } = (await page.evaluate("axe.run()")) as { readonly violations: readonly Violation[] };
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => `${scheme}: ${id} ${nodes[0]?.html ?? ""}`)).toEqual([]);
  }
});
