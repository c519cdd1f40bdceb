/** The dashboard as somebody at a desk uses it: a real browser on a real server, and the story that was saved there played again. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Page } from "puppeteer-core";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { LivePlayed } from "../simulator/dashboard/live-played.ts";
import { DashboardServer } from "../simulator/dashboard/live-server.ts";
import { type Frame, type Mark, marks, type Story } from "../simulator/dashboard/messages.ts";
import { pageFiles } from "../simulator/dashboard/page-files.ts";
import { played, townSession } from "../simulator/dashboard/session-bench.ts";
import type { View } from "../simulator/dashboard/view.ts";
import { openBrowser } from "./config/browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Opened {
  readonly page: Page;
  /** What the browser complained of. */
  readonly complaints: string[];
}

/** The page of a view, in a browser that is gone when the test is over. */
async function open(context: TestContext, view: (onChange: () => void) => View): Promise<Opened> {
  const browser = await openBrowser(context);
  const server: DashboardServer = new DashboardServer(
    view(() => server.changed()),
    await pageFiles(),
  );
  onTestFinished(() => server.close());
  const address = await server.listen(0);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  await page.setViewport({ width: 1_360, height: 1_000 });
  await page.goto(address);
  await page.waitForSelector("canvas[role=application]");
  return { page, complaints };
}

/** Presses the button with this text, or of this object. */
async function click(page: Page, name: string): Promise<void> {
  const found = `//button[normalize-space()="${name}" or @data-act="${name}"]`;
  await page.locator(`xpath/${found}`).click();
}

/** Waits until something there says so. */
async function shows(page: Page, selector: string, text: string): Promise<void> {
  const found = `[...document.querySelectorAll(${JSON.stringify(selector)})].some((each) => each.textContent.includes(${JSON.stringify(text)}))`;
  const there = page.waitForFunction(found, { timeout: 60_000 });
  await there.catch(async (thrown) => {
    const said = await page.$$eval(selector, (all) => all.map(({ textContent }) => textContent).join("\n"));
    throw new Error(`${selector} does not show "${text}" but "${said}" (${thrown})`);
  });
}

async function seriousIn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate(`axe.run({ resultTypes: ["violations"] })`)) as AxeResults;
  const found = violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(" ")}`,
  );
  return found.filter((each) => each.startsWith("serious") || each.startsWith("critical"));
}

test("a mast is cut, a button pressed, the alarm accepted over the other route, and the saved story is the same run", {
  timeout: 180_000,
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "livlina-dashboard-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "saved.yaml");
  const save = (text: string): string => {
    writeFileSync(path, text);
    return path;
  };
  const { page, complaints } = await open(
    context,
    (onChange) => new LivePlayed(townSession(), { speed: 0, save, onChange }),
  );
  await click(page, "1 min on");
  await shows(page, ".clock", "06:01:00");
  await click(page, "1 min on");
  await shows(page, ".clock", "06:02:00");
  await page.type("#find", "up-001");
  await page.keyboard.press("Enter");
  await shows(page, ".unit", "mobile: proven (in use)");
  await click(page, "cell north");
  await shows(page, ".shared .broken", "north");
  await click(page, "Press button 1");
  await shows(page, ".unit", "Press of 06:02:00");
  await click(page, "1 min on");
  await shows(page, ".clock", "06:03:00");
  await shows(page, ".unit .press h3", "accepted after");
  expect(await page.$eval(".unit .press table", ({ textContent }) => textContent)).toContain("primary, broadband");
  expect(await seriousIn(page)).toEqual([]);
  await click(page, "Save as a story");
  await shows(page, ".said", `Saved as ${path}`);
  await click(page, "Svenska");
  await shows(page, "h2", "Larm som ingen har tagit emot");
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  expect(await seriousIn(page)).toEqual([]);
  await click(page, "Spela");
  await shows(page, ".said", "Kontrollsumma");
  const said = await page.$eval(".said", ({ textContent }) => textContent ?? "");
  const again = await played(readFileSync(path, "utf8"));
  expect(said).toContain(again.digest);
  expect(again.presses.find(({ unit, acceptedMs }) => unit === "up-001" && acceptedMs !== null)?.route).toBe(
    "broadband",
  );
  expect(complaints).toEqual([]);
});

test("a town of five thousand units is drawn, each marked anew; how long that takes is printed", {
  timeout: 120_000,
}, async (context) => {
  const town = new CrowdedView();
  let changed = (): void => {};
  const { page, complaints } = await open(context, (onChange) => {
    changed = onChange;
    return town;
  });
  await shows(page, ".tiles", "5000");
  for (let round = 0; round < 8; round++) {
    const before = await redraws(page);
    await page.select("#group", round % 2 === 0 ? "operator" : "group");
    town.turn();
    changed();
    await page.waitForFunction(
      (count) => performance.getEntriesByName("town redrawn").length > count,
      {},
      before.length,
    );
  }
  const took = [...(await redraws(page))].sort((a, b) => a - b);
  const middle = took[Math.floor(took.length / 2)] ?? Number.NaN;
  console.log(
    `5,000 units drawn anew: median ${middle.toFixed(1)} ms, worst ${took.at(-1)?.toFixed(1)} ms of ${took.length}`,
  );
  expect(took.length).toBeGreaterThanOrEqual(8);
  expect(complaints).toEqual([]);
});

function redraws(page: Page): Promise<readonly number[]> {
  return page.evaluate(() => performance.getEntriesByName("town redrawn").map(({ duration }) => duration));
}

/** A town in which every unit changes at each look. */
class CrowdedView implements View {
  readonly story: Story;
  private round = 0;

  constructor() {
    const units = Array.from({ length: 5_000 }, (_, index) => ({
      id: `unit-${index}`,
      group: `group-${index % 9}`,
      buttons: 1,
      on: { cell: "", operator: `operator-${index % 3}`, broadband: "", receiver: "", power: "" },
    }));
    const head = { mode: "played" as const, name: "Crowded", question: "", seed: 1, version: 0 };
    this.story = { ...head, startWallMs: 0, durationMs: 60_000, units, shared: [] };
  }

  turn(): void {
    this.round++;
  }

  frame(whole: boolean): Frame {
    const all = Object.values(marks);
    const shown = this.story.units.map((_, index) => all[(index + this.round) % all.length] as Mark);
    return {
      version: 0,
      atMs: this.round,
      running: false,
      speed: 1,
      catchingUp: null,
      marks: whole ? shown.join("") : null,
      changed: whole ? [] : shown.map((mark, index) => [index, mark] as const),
      counts: { presses: 0, accepted: 0, waiting: 0, unheard: 0, onePathLost: 0, noPath: 0, off: 0 },
      waiting: [],
      waits: [],
      broken: [],
      done: [],
      notices: [],
      opened: null,
      digest: null,
    };
  }

  follow(): undefined {}
  close(): void {}
}
