import { expect, test } from "vitest";
import { absencesOf, pressesOf, stepsOf } from "./habits.ts";
import { type Resident, residentsOf } from "./residents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { parseScenario } from "./scenario/scenario-file.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

function town(
  wearers: string,
  count = 200,
  more = "",
): { readonly scenario: Scenario; readonly residents: readonly Resident[] } {
  const scenario = parseScenario(
    `name: town
starts: 2026-01-14 00:00
duration: 60d
world: { receivers: { primary: }, operators: { alfa: } }
fleet: [{ name: u, count: ${count}, mobile: alfa, receivers: [primary], buttons: 2${more} }]
wearers: { ${wearers} }`,
    "town.yaml",
  );
  return { scenario, residents: residentsOf(scenario, 1) };
}

function pressesIn(wearers: string, count?: number, more?: string) {
  const { scenario, residents } = town(wearers, count, more);
  return pressesOf(scenario, 1, residents);
}

function hourOf(atMs: number): number {
  return Math.floor((atMs % dayMs) / hourMs);
}

test("at night come as many presses as said, outside the hours and nowhere else, and the day's presses stay as they were", () => {
  const usual = pressesIn("presses-per-unit-and-day: 1, hours: 06:00-22:00");
  const mixed = pressesIn("presses-per-unit-and-day: 1, hours: 06:00-22:00, at-night: 25 %");
  expect(usual.every(({ atMs }) => hourOf(atMs) >= 6 && hourOf(atMs) < 22)).toBe(true);
  const byDay = mixed.filter(({ atMs }) => hourOf(atMs) >= 6 && hourOf(atMs) < 22);
  const nightShare = 1 - byDay.length / mixed.length;
  expect(nightShare).toBeGreaterThan(0.23);
  expect(nightShare).toBeLessThan(0.27);
  const known = new Set(usual.map(({ atMs, unit, button }) => `${unit} ${button} ${atMs}`));
  expect(byDay.every(({ atMs, unit, button }) => known.has(`${unit} ${button} ${atMs}`))).toBe(true);
});

test("everybody tests once in so many days, each on days of its own, and forgets as often as said", () => {
  const tests = pressesIn("test-press: { every-days: 10, forgotten: 20 % }, hours: 09:00-17:00");
  expect(tests.length).toBeGreaterThan(0.77 * 200 * 6);
  expect(tests.length).toBeLessThan(0.83 * 200 * 6);
  expect(tests.every(({ atMs }) => hourOf(atMs) >= 9 && hourOf(atMs) < 17)).toBe(true);
  const days = new Set(tests.map(({ atMs }) => Math.floor(atMs / dayMs) % 10));
  expect(days.size).toBe(10);
  const one = tests.filter(({ unit }) => unit === "u-001").map(({ atMs }) => Math.floor(atMs / dayMs) % 10);
  expect(new Set(one).size).toBe(1);
});

test("people fall as often as said, at any hour, with the first button", () => {
  const { scenario, residents } = town("falls-per-unit-and-year: 2");
  const falls = stepsOf(scenario, 1, residents);
  const due = (200 * 2 * 60) / 365;
  expect(falls.length).toBeGreaterThan(0.7 * due);
  expect(falls.length).toBeLessThan(1.3 * due);
  expect(falls.every((step) => "fall" in step && step.fall.button === 1)).toBe(true);
  expect(new Set(falls.map(({ atMs }) => hourOf(atMs))).size).toBeGreaterThan(20);
});

test("who is away neither presses nor falls at home, takes all buttons along and brings them back, and tells the unit or does not", () => {
  const habits = "presses-per-unit-and-day: 2, falls-per-unit-and-year: 50";
  const { scenario, residents } = town(`${habits}, away: { times-per-year: 20, for: 1d to 3d, says-so: 50 % }`, 40);
  const steps = stepsOf(scenario, 1, residents);
  const presses = pressesOf(scenario, 1, residents);
  let told = 0;
  let all = 0;
  for (const resident of residents) {
    const absences = absencesOf(scenario, 1, resident);
    for (const { fromMs, toMs, isTold } of absences) {
      all++;
      if (isTold) told++;
      expect(toMs - fromMs).toBeGreaterThanOrEqual(dayMs);
      expect(toMs - fromMs).toBeLessThanOrEqual(3 * dayMs);
      const within = ({ atMs }: { readonly atMs: number }): boolean => atMs > fromMs && atMs < toMs;
      expect(presses.filter((press) => press.unit === resident.name && within(press))).toEqual([]);
      const there = (step: (typeof steps)[number]): boolean => "fall" in step && step.fall.unit === resident.name;
      expect(steps.filter((step) => there(step) && within(step))).toEqual([]);
      const walks = steps.filter(
        (step) => "range" in step && step.range.unit === resident.name && step.atMs === Math.max(fromMs, 60_000),
      );
      expect(walks.map((step) => "range" in step && [step.range.button, step.isOut])).toEqual([
        [1, true],
        [2, true],
      ]);
      const keys = steps.filter(
        (step) => "key" in step && step.key.unit === resident.name && step.atMs === Math.max(fromMs, 60_000),
      );
      expect(keys.length).toBe(isTold ? 1 : 0);
    }
  }
  expect(all).toBeGreaterThan(0.6 * ((40 * 20 * 60) / 365));
  expect(told / all).toBeGreaterThan(0.4);
  expect(told / all).toBeLessThan(0.6);
});

test("one habit more changes no other, and a group's own people take the place of the scenario's", () => {
  const key = ({
    atMs,
    unit,
    button,
  }: {
    readonly atMs: number;
    readonly unit: string;
    readonly button: number;
  }): string => `${unit} ${button} ${atMs}`;
  const alone = pressesIn("presses-per-unit-and-day: 1", 20).map(key);
  const both = new Set(
    pressesIn("presses-per-unit-and-day: 1, test-press: {}, falls-per-unit-and-year: 3", 20).map(key),
  );
  expect(alone.every((press) => both.has(press))).toBe(true);
  expect(both.size).toBeGreaterThan(alone.length);
  expect(pressesIn("presses-per-unit-and-day: 1", 20, ", wearers: { falls-per-unit-and-year: 1 }")).toEqual([]);
});
