/** The folder that a run leaves: every file there, whole, offline, and safe whatever names are in it. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { unitOf } from "../monitor/monitor-bench.ts";
import { type RunFacts, type RunResult, tallyOf } from "../record/run-result.ts";
import { callList, callsCsv } from "./calls.ts";
import { csvRow } from "./csv.ts";
import { mostMarks, mostSteps, pendingOf, ticksOf, waitsOf } from "./figures.ts";
import { openFolder, UnwritableError, writeWhole } from "./files.ts";
import { junitXml } from "./junit.ts";
import { reportPage } from "./page.ts";
import { RunLog } from "./run-log.ts";
import { sampleRun } from "./sample-run.ts";
import { delaysOf, percentile } from "./statistics.ts";
import { writeReport } from "./write-report.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-report-"));
afterAll(() => rmSync(place, { recursive: true }));

const facts = sampleRun();
const result: RunResult = {
  verdict: "passed",
  ...facts,
  expectations: [{ text: "no alarm is lost", held: true, found: "0" }],
};
const failed: RunResult = {
  ...result,
  verdict: "failed",
  expectations: [{ text: "no alarm is late", held: false, found: "3 were" }],
};

test("a run leaves its files, and nothing half-written", () => {
  const folder = join(place, "run");
  writeReport(folder, result, { commit: "abc" });
  expect(readdirSync(folder).sort()).toEqual([
    "calls.csv",
    "events.schema.json",
    "junit.xml",
    "outages.json",
    "registry.csv",
    "replay",
    "report.html",
    "report.json",
    "report.schema.json",
    "statistics.csv",
    "trace.json",
  ]);
  expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toEqual(result);
  expect(JSON.parse(readFileSync(join(folder, "replay"), "utf8"))).toMatchObject({
    seed: 1,
    commit: "abc",
    digest: result.digest,
    command: "npx livlina sim run simulator/scenarios/staffanstorp-server-fault.yaml --seed 1",
  });
});

test("the page opens without a network and says the answer before anything else", () => {
  const page = reportPage(result);
  expect(page).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//i);
  expect(page).not.toMatch(/<(?:link|img|iframe|object)\b|@import|fetch\(|XMLHttpRequest/);
  expect(page).toContain("Yes: all 206 presses were accepted, none was lost, and nobody was told wrongly.");
  expect(page.indexOf("Yes: all 206")).toBeLessThan(page.indexOf("<main"));
  expect(reportPage(failed)).toContain(
    "No: 1 of 4 promises did not hold. First: no alarm is late; found 3 were. All 206 presses were accepted",
  );
});

test("text out of a run cannot become markup, in the page or in the JUnit file", () => {
  const evil = '</script><img src=x onerror="alert(1)">&\u0000';
  const dangerous: RunResult = {
    ...failed,
    scenario: { ...failed.scenario, name: evil, question: evil },
    units: failed.units.map((unit) => ({ ...unit, provider: evil })),
    expectations: [{ text: evil, held: false, found: evil }],
    faults: failed.faults.map((fault) => ({ ...fault, name: evil })),
  };
  const page = reportPage(dangerous);
  expect(page).not.toContain("<img");
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  const junit = junitXml(dangerous);
  expect(junit).not.toContain("<img");
  expect(junit).not.toContain("\u0000");
  expect(junit).toContain('tests="4" failures="1"');
});

test("the call list has pending alarms first, oldest first, then the longest silence", () => {
  const [a, b, c, d] = facts.units;
  const press = facts.presses[0];
  if (a === undefined || b === undefined || c === undefined || d === undefined || press === undefined)
    throw new Error("sample");
  const hourMs = 3_600_000;
  const gap = { fromMs: 0.5 * hourMs, toMs: 1.5 * hourMs, why: "silent" };
  const run: RunFacts = {
    ...facts,
    virtualMs: 2 * hourMs,
    registry: [unitOf(c.cid, { unit: c.id, night: true })],
    presses: [
      { ...press, unit: b.id, pressedMs: 0.9 * hourMs, acceptedMs: null },
      { ...press, unit: c.id, pressedMs: 0.2 * hourMs, acceptedMs: 1.2 * hourMs },
      { ...press, unit: a.id, pressedMs: hourMs - 30_000, acceptedMs: hourMs + 30_000 },
    ],
    pathless: [
      { ...gap, unit: a.id, lastProofMs: 0.4 * hourMs },
      { ...gap, unit: b.id, lastProofMs: 0.1 * hourMs },
      { ...gap, unit: d.id, lastProofMs: 0.3 * hourMs },
    ],
  };
  expect(callList(run).calls.map((call) => [call.hourMs / hourMs, call.unit.id])).toEqual([
    [1, c.id],
    [1, b.id],
    [1, d.id],
    [1, a.id],
    [2, b.id],
  ]);
  const lines = callsCsv(run).split("\r\n");
  expect(lines[0]).toBe("hour,unit,larmkod,group,pending_alarm,pending_since,silent_since,why,night,rung,visited,by");
  expect(lines[1]).toBe(
    `2026-01-14 07:00,${c.id},${c.cid},Äldreomsorg,yes,2026-01-14 06:12,,alarm not accepted,yes,,,`,
  );
  expect(lines[2]).toBe(
    `2026-01-14 07:00,${b.id},${b.cid},Äldreomsorg,yes,2026-01-14 06:54,2026-01-14 06:06,silent,no,,,`,
  );
});

test("cells with commas, quotes, breaks and formulas come out as text", () => {
  expect(csvRow(["a,b", 'say "x"', "two\nlines", "=1+1", "plain"])).toBe(
    '"a,b","say ""x""","two\nlines",\'=1+1,plain\r\n',
  );
});

test("percentiles are values that occurred, and nothing has none", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([50, 95, 99, 100, 0].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100, 1]);
  expect(delaysOf("none", []).maxMs).toBeNull();
});

test("plots are thinned to their bounds, and a peak of waiting alarms stays", () => {
  const [press] = facts.presses;
  if (press === undefined) throw new Error("sample");
  const many = Array.from({ length: 50_001 }, (_, index) => ({ ...press, pressedMs: index, acceptedMs: index + 5 }));
  const pending = many.map((_, index) => ({ atMs: index * 700, count: index % 1_000 === 500 ? 99 : 1 }));
  const thinned = { ...facts, presses: many, pending };
  const shown = waitsOf(thinned).reduce((sum, { marks }) => sum + marks.length, 0);
  expect(shown).toBeGreaterThan(mostMarks / 4);
  expect(shown).toBeLessThanOrEqual(mostMarks);
  const steps = pendingOf(thinned);
  expect(steps.length).toBeLessThanOrEqual(mostSteps + 2);
  expect(steps.filter(([, count]) => count === 99)).toHaveLength(50);
  expect(ticksOf(facts)[0]).toEqual({ atMs: 0, label: "06:00" });
});

test("the log appears when it is closed, keeps its limit, and says what it left out", () => {
  const path = join(place, "events.jsonl");
  const log = new RunLog(path, 100);
  for (let index = 0; index < 10; index++) log.write(index, "unit a", { type: "pressed", index });
  expect(existsSync(path)).toBe(false);
  log.close();
  const lines = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toEqual({ atMs: 0, lane: "unit a", type: "pressed", index: 0 });
  expect(lines).toHaveLength(3);
  expect(lines[2]).toEqual({ atMs: 9, lane: "log", type: "log-full", dropped: 8 });
  const broken = new RunLog(join(place, "broken.jsonl"));
  broken.write(0, "x", {});
  broken.abandon();
  expect(readdirSync(place).filter((file) => file.includes("broken"))).toEqual([]);
  expect(new RunLog(undefined).keeps).toBe(false);
});

test("more than one buffer of log is written in order", () => {
  const path = join(place, "long.jsonl");
  const log = new RunLog(path);
  for (let index = 0; index < 20_000; index++) log.write(index, "unit å", { type: "beat" });
  log.close();
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(20_000);
  expect(lines[19_999]).toBe('{"atMs":19999,"lane":"unit å","type":"beat"}');
});

test("a place that takes no folders is told as such, at once", () => {
  expect(() => openFolder("/proc/nowhere/run")).toThrow(UnwritableError);
});

test("a folder that cannot be written is told as such, and a failed write keeps the old file", () => {
  writeFileSync(join(place, "file"), "");
  expect(() => writeReport(join(place, "file", "under"), result)).toThrow(UnwritableError);
  mkdirSync(join(place, "report.json"));
  writeFileSync(join(place, "report.json", "old"), "old");
  expect(() => writeWhole(join(place, "report.json"), "new")).toThrow(UnwritableError);
  expect(readdirSync(place).filter((file) => file.endsWith(".part"))).toEqual([]);
  expect(readFileSync(join(place, "report.json", "old"), "utf8")).toBe("old");
});

test("the seven numbers come from the presses and the checkers", () => {
  const all = { presses: 206, accepted: 206, pending: 0, lost: 0, falseAccepted: 0, duplicates: 0, unheard: 0 };
  expect(tallyOf(facts)).toEqual(all);
  const nobody = { storedMs: null, acceptedMs: null, unheard: "unit-off" } as const;
  const presses = facts.presses.map((press, index) => (index < 3 ? { ...press, ...nobody } : press));
  expect(tallyOf({ ...facts, presses })).toEqual({ ...all, accepted: 203, unheard: 3 });
});
