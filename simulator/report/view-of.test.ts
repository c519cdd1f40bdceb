/** What the page is drawn from: true to the run, and so bounded that a town of 5,000 units fits into one small file. */
import { expect, test } from "vitest";
import type { RunReport, RunResult } from "../record/run-result.ts";
import { runOf } from "./expectations-bench.ts";
import { answerOfView } from "./page/answer.ts";
import { body, ladderAt } from "./page/body.ts";
import { categories, keeps } from "./page/en50136.ts";
import { catalogue } from "./page/texts.ts";
import { reportPage } from "./page.ts";
import { noticedAfterMs, pathFiguresOf, takesPath } from "./path-figures.ts";
import { sampleRun } from "./sample-run.ts";
import { delayRows, spreadOf } from "./statistics.ts";
import { unitStateOf } from "./unit-state.ts";
import { viewOf } from "./view-of.ts";

const facts = sampleRun();
const result: RunResult = { verdict: "passed", ...facts, expectations: [] };

test("a run of 5,000 units makes a page of less than a megabyte", () => {
  const town = sampleRun(13);
  expect(town.units.length).toBeGreaterThan(5_000);
  const found = Array.from({ length: 10 }, () => "x".repeat(150));
  const broken = town.checks.map((check) => ({ ...check, held: false, violations: 9, found }));
  const page = reportPage({ verdict: "failed", ...town, checks: broken, expectations: [] });
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  const view = viewOf({ verdict: "failed", ...town, expectations: [] });
  expect([view.late.length, view.lateLeftOut > 0]).toEqual([300, true]);
  expect(page).toContain(`${view.lateLeftOut} more are in report.json.`);
});

test("a run in which everything fails for days stays below that too", () => {
  const days = sampleRun(2);
  const [fault, notice, press, journey] = [days.faults[0], days.notices[0], days.presses[0], days.journeys[0]];
  if (fault === undefined || notice === undefined || press === undefined || journey === undefined)
    throw new Error("sample");
  const virtualMs = 120 * 3_600_000;
  const name = "a-group-with-a-rather-long-name-01234";
  const [oneTry] = journey.tries;
  const tries = Array.from({ length: 7 }, () => ({ ...oneTry, packets: 7 }) as NonNullable<typeof oneTry>);
  const worst: RunResult = {
    ...days,
    verdict: "failed",
    virtualMs,
    units: days.units.map((unit) => ({ ...unit, id: `${name}-${unit.id}` })),
    presses: days.presses.map((each) => ({ ...each, unit: `${name}-${each.unit}`, acceptedMs: null })),
    journeys: days.journeys.map((each) => ({ ...each, unit: `${name}-${each.unit}`, tries })),
    faults: Array.from({ length: 300 }, () => ({ ...fault, name, toMs: virtualMs })),
    notices: Array.from({ length: 2_000 }, () => ({ ...notice, evidence: "x".repeat(200) })),
    pathless: days.units.map(({ id }) => ({
      unit: `${name}-${id}`,
      fromMs: 0,
      toMs: null,
      lastProofMs: null,
      why: name,
    })),
    expectations: Array.from({ length: 60 }, () => ({ text: "y".repeat(150), held: false, found: "z".repeat(300) })),
  };
  const page = reportPage(worst);
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  expect(page.match(/data-ladder="/g)?.length).toBeGreaterThan(100);
});

test("delivery times stand by receivers, by route and by the fault that there was", () => {
  const rows = delayRows(facts);
  expect(rows.map(({ group }) => Object.values(group).join(" "))).toEqual([
    "all",
    "second-receiver",
    "one-receiver",
    "route mobile",
    "no-fault",
    "fault 0",
  ]);
  const [all, , , , calm, during] = rows;
  expect((calm?.presses ?? 0) + (during?.presses ?? 0)).toBe(all?.presses);
  expect(calm?.maxMs).toBeLessThan(during?.maxMs ?? 0);
  const columns = spreadOf(facts.presses);
  expect(columns.reduce((sum, { count }) => sum + count, 0)).toBe(all?.accepted);
  expect(columns.at(-1)?.count).toBeGreaterThan(0);
});

test("every late alarm opens as a ladder that says the same as the run", () => {
  const view = viewOf(result);
  expect(view.late.length).toBe(view.answer.late);
  const waits = view.late.map(({ waitedMs }) => waitedMs);
  expect(waits).toEqual([...waits].sort((a, b) => b - a));
  for (const width of [320, 940]) {
    const drawn = ladderAt(view, 0, catalogue("sv"), width).text;
    expect(drawn).toContain("knapptryck");
    expect(drawn).toContain("ärende öppnat");
    for (const [, x] of drawn.matchAll(/<text x="([\d.-]+)"/g)) expect(Number(x)).toBeLessThan(width);
  }
  expect(ladderAt(view, 10_000, catalogue("en"), 940).text).toBe("");
});

test("both languages draw every section, and none says undefined", () => {
  for (const language of ["en", "sv"] as const) {
    const drawn = body(viewOf(result), catalogue(language), 400).text;
    expect(drawn.match(/<h2 /g)?.length).toBe(12);
    expect(drawn).not.toMatch(/undefined|NaN|null/);
  }
  const empty = {
    ...result,
    presses: [],
    faults: [],
    notices: [],
    pathless: [],
    journeys: [],
    pending: [],
    receivers: [],
  };
  expect(body(viewOf(empty), catalogue("en"), 400).text).not.toMatch(/undefined|NaN|null|Infinity/);
});

test("a state lasts from the report that begins it to the one that ends it", () => {
  const tell = (unit: string, name: string): Partial<RunReport> => ({ unit, name, kind: "technical" });
  const reports = [
    tell("u-001", "battery-low"),
    tell("u-002", "battery-low"),
    tell("u-001", "battery-good"),
    tell("v", "mains-lost"),
    { ...tell("v", "test-over-first-route"), kind: "test", acceptedMs: null } as const,
    { ...tell("u-001", "test-over-first-route"), kind: "test", acceptedMs: 5 } as const,
  ];
  const gap = { unit: "u-003", fromMs: 1, toMs: null, lastProofMs: null, why: "" };
  const state = unitStateOf(runOf({ reports, more: { pathless: [gap, { ...gap, unit: "v", toMs: 9 }] } }));
  expect(state).toMatchObject({
    batteryLow: { count: 1, names: ["u-002"] },
    withoutMains: { count: 1, names: ["v"] },
    missingTests: { count: 1, names: ["v"] },
    unverified: { count: 1, names: ["u-003"] },
    testsAccepted: 1,
    testsOpen: 1,
    testsDue: false,
  });
  const day = unitStateOf(runOf({ reports, more: { virtualMs: 86_400_000 } }));
  expect(day.missingTests.names).toEqual(["u-002", "u-003", "v"]);
});

test("a lost path counts from the moment it died to the monitor's first word, and a limit is kept by the worst", () => {
  const [fault] = facts.faults;
  const [notice] = facts.notices;
  if (fault === undefined || notice === undefined) throw new Error("sample");
  expect(noticedAfterMs(fault, facts.notices)).toBe(240_000);
  expect(noticedAfterMs({ ...fault, name: "secondary" }, facts.notices)).toBeUndefined();
  expect(noticedAfterMs({ ...fault, name: "x", units: ["primary"] }, facts.notices)).toBe(240_000);
  expect([takesPath(fault), takesPath({ ...fault, fault: "slow" })]).toEqual([true, false]);
  const kept = (path: ReturnType<typeof pathFiguresOf>): string =>
    categories.map((each) => `${each.name} ${keeps(path, each)}`).join(", ");
  const figures = pathFiguresOf(facts);
  expect(figures).toMatchObject({ pathFaults: 1, noticed: 1, worstNoticeMs: 240_000 });
  expect(kept(figures)).toBe("SP1 yes, SP2 yes, SP3 yes, SP4 no, SP5 no, SP6 no, DP1 yes, DP2 yes, DP3 no, DP4 no");
  const unseen = pathFiguresOf({ ...facts, faults: [...facts.faults, { ...fault, name: "secondary" }] });
  expect(kept(unseen)).not.toContain("yes");
  expect(kept(pathFiguresOf({ ...facts, faults: [] }))).not.toMatch(/yes|no\b/);
  const half = { unit: "u", fromMs: 0, toMs: facts.virtualMs / 2, lastProofMs: null, why: "" };
  expect(pathFiguresOf({ ...facts, units: facts.units.slice(0, 2), pathless: [half] }).availablePpm).toBe(750_000);
});

test("whoever was told wrongly counts, by a false acceptance or otherwise; a broken check is named before a promise", () => {
  const broken = (checker: string, violations: number) =>
    ({ checker, rule: `rule of ${checker}`, held: false, violations, found: [`${violations} by ${checker}`] }) as const;
  const others = facts.checks.filter(({ checker }) => checker !== "false-accepted");
  const checks = [...others, broken("false-accepted", 2), broken("told-the-truth", 3)];
  const expectations = [{ text: "all is well", held: false, found: "it is not" }];
  const view = viewOf({ ...result, verdict: "failed", checks, expectations });
  expect(view.answer.toldWrongly).toBe(5);
  expect(answerOfView(view, catalogue("en"))).toContain("First: rule of false-accepted; found 2 by false-accepted.");
  expect(answerOfView(view, catalogue("sv"))).toContain("Nej: 3 av 5 löften hölls inte. Först: besked om att larmet");
});
