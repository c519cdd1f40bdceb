import { expect, test } from "vitest";
import type { RunFacts } from "../../simulator/record/run-result.ts";
import { categories } from "../../simulator/report/page/en50136.ts";
import { keepsCategory, type PathTimes, pathTimesOf, profileTables } from "./categories.ts";

const minuteMs = 60_000;
const fault = (name: string, object: string, fromMin: number, toMin: number) => ({
  fromMs: fromMin * minuteMs,
  toMs: toMin * minuteMs,
  object,
  name,
  fault: "down",
  units: null,
});
const notice = (subject: string, atMin: number, phase = "suspected") => ({ atMs: atMin * minuteMs, phase, subject });
const press = (unit: string, storedMin: number, waitMs: number) => ({
  unit,
  storedMs: storedMin * minuteMs,
  acceptedMs: storedMin * minuteMs + waitMs,
});
const report = (unit: string, name: string, acceptedMin: number) => ({
  unit,
  name,
  acceptedMs: acceptedMin * minuteMs,
});

const facts = (parts: object): RunFacts =>
  ({ registry: [], faults: [], notices: [], reports: [], presses: [], ...parts }) as unknown as RunFacts;

test("of a single path the worst loss counts, and presses without a path do not", () => {
  const run = facts({
    registry: [
      { unit: "a", broadband: "one", operator: "" },
      { unit: "b", broadband: "two", operator: "" },
    ],
    faults: [fault("one", "broadband", 10, 40), fault("two", "broadband", 50, 80)],
    notices: [notice("a", 14), notice("b", 14), notice("a", 20, "confirmed"), notice("b", 59)],
    presses: [press("a", 5, 1_000), press("a", 12, 30 * minuteMs), press("b", 12, 3_000)],
  });
  expect(pathTimesOf([run])).toEqual({
    lostMs: 9 * minuteMs,
    reserveMs: undefined,
    faults: 2,
    presses: 2,
    meanMs: 2_000,
    p95Ms: 3_000,
    maxMs: 3_000,
  });
});

test("of two paths the one in use, both together and the one in reserve are told apart, by the unit's word or the monitor's", () => {
  const registry = ["a", "b", "c"].map((unit) => ({ unit, broadband: `net-${unit}`, operator: `mob-${unit}` }));
  const run = facts({
    registry,
    faults: [
      fault("net-a", "broadband", 10, 40),
      fault("mob-b", "operator", 10, 90),
      fault("net-c", "broadband", 50, 80),
      fault("mob-c", "operator", 50, 80),
    ],
    notices: [notice("c", 57)],
    reports: [
      report("a", "broadband-lost", 15),
      report("b", "broadband-lost", 11),
      report("b", "mobile-lost", 45),
      report("c", "mobile-lost", 85),
    ],
  });
  expect(pathTimesOf([run])).toMatchObject({ lostMs: 7 * minuteMs, reserveMs: 35 * minuteMs, faults: 3 });
});

test("a loss that nobody ever spoke of keeps no category, however many others were noticed", () => {
  const registry = [{ unit: "a", broadband: "one", operator: "" }];
  const faults = [fault("one", "broadband", 10, 40), fault("one", "broadband", 50, 80)];
  const times = pathTimesOf([facts({ registry, faults, notices: [notice("a", 12), notice("a", 81)] })]);
  expect(times.lostMs).toBe(null);
  expect(categories.some((category) => keepsCategory(category, times))).toBe(false);
});

const kept = (times: Partial<PathTimes>): string =>
  categories
    .filter((category) => keepsCategory(category, { ...pathTimesOf([]), ...times }))
    .map(({ name }) => name)
    .join(" ");

test("a category of two paths is kept only where the reserve is noticed in its time too", () => {
  expect(kept({ lostMs: 90_000, reserveMs: 5 * 60 * minuteMs })).toBe("SP1 SP2 SP3 SP4 SP5 DP1 DP2 DP3 DP4");
  expect(kept({ lostMs: 90_001, reserveMs: 5 * 60 * minuteMs })).toBe("SP1 SP2 SP3 SP4 DP1 DP2 DP3");
  expect(kept({ lostMs: 20_000, reserveMs: undefined })).toBe("SP1 SP2 SP3 SP4 SP5 SP6");
  expect(kept({ lostMs: 20_000, reserveMs: null })).toBe("SP1 SP2 SP3 SP4 SP5 SP6");
});

test("the table names all ten categories, each with its limit, what was measured, and whether the limit is public", () => {
  const times = { ...pathTimesOf([]), lostMs: 569_000, reserveMs: 1_837_000 };
  const fleets = (["single-path", "two-paths"] as const).map((scenario) => ({ ...times, scenario, heartbeat: "3m" }));
  const [table] = profileTables({ bench: "profiles", seeds: [1], fleets });
  expect(table?.rows).toHaveLength(10);
  expect(table?.rows[2]).toEqual(["SP3", "30 min", "9 min 29 s kept", "not public"]);
  expect(table?.rows[6]).toEqual(["DP1", "25 h / 50 h", "9 min 29 s / 30 min 37 s kept", "not public"]);
  expect(table?.rows[9]).toEqual(["DP4", "90 s / 5 h", "9 min 29 s / 30 min 37 s not kept", "published"]);
});
