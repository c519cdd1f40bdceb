/** A real browser for tests of pages: skipped, and said so, where there is none; gone with its profile when the test ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, launch } from "puppeteer-core";
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
