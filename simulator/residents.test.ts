import { expect, test } from "vitest";
import { pressesOf } from "./habits.ts";
import { residentsOf } from "./residents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { parseScenario } from "./scenario/scenario-file.ts";

const hourMs = 3_600_000;

function town(count: number): Scenario {
  return parseScenario(
    `name: town
starts: 2026-01-14 06:00
duration: 2d
world: { receivers: { primary: }, operators: { alfa: } }
fleet: [{ name: u, count: ${count}, mobile: alfa, receivers: [primary], buttons: 3 }]
wearers: { presses-per-unit-and-day: 2.5, hours: 08:00-10:00 }`,
    "town.yaml",
  );
}

function pressesIn(count: number, seed = 1) {
  const scenario = town(count);
  return pressesOf(scenario, seed, residentsOf(scenario, seed));
}

test("no two units share an account, no two buttons a key or an address", () => {
  const residents = residentsOf(town(50), 1);
  const bonds = residents.flatMap((resident) => resident.bonds);
  expect(new Set(residents.map(({ cid }) => cid)).size).toBe(50);
  expect(new Set(bonds.map(({ address }) => address)).size).toBe(150);
  expect(new Set(bonds.map(({ key }) => key.join())).size).toBe(150);
});

test("another seed has other keys and other presses", () => {
  expect(residentsOf(town(1), 1)[0]?.bonds[0]?.key).not.toEqual(residentsOf(town(1), 2)[0]?.bonds[0]?.key);
  expect(pressesIn(20, 1)).not.toEqual(pressesIn(20, 2));
});

test("one more unit changes nobody else's day", () => {
  const isOld = ({ unit }: { readonly unit: string }): boolean => unit !== "u-020";
  expect(pressesIn(20).filter(isOld)).toEqual(pressesIn(19));
});

test("people press as often as said, with any of their buttons, and only in the hours said", () => {
  const presses = pressesIn(200);
  // 200 units, two days, 2.5 presses a day: 1,000 are due, of which 200 are left to chance.
  expect(presses.length).toBeGreaterThan(900);
  expect(presses.length).toBeLessThan(1_100);
  expect([...new Set(presses.map(({ button }) => button))].sort()).toEqual([1, 2, 3]);
  for (const { atMs } of presses) {
    const hour = (6 + atMs / hourMs) % 24;
    expect(hour).toBeGreaterThanOrEqual(8);
    expect(hour).toBeLessThan(10);
  }
});

test("a window that has begun before the run is entered in the middle", () => {
  const scenario = town(200);
  const late = { ...scenario, startWallMs: scenario.startWallMs + 3 * hourMs, durationMs: hourMs };
  const presses = pressesOf(late, 1, residentsOf(late, 1));
  expect(presses.length).toBeGreaterThan(150);
  expect(presses.length).toBeLessThan(350);
  for (const { atMs } of presses) expect(atMs).toBeLessThan(hourMs);
});
