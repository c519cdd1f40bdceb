import { expect, test } from "vitest";
import { benchFleet, fleetTables } from "./fleet.ts";
import { profiles } from "./profiles.ts";
import { tableText } from "./table.ts";

test("every profile is played in small towns and in one, and years are those of all its units", () => {
  const result = benchFleet({ rounds: 1, roundMs: 1, nowMs: () => 0 }, { towns: 2, unitsPerTown: 1 });
  expect(result.rows.map(({ profile, towns, unitsPerTown }) => [profile, towns, unitsPerTown])).toEqual(
    profiles.flatMap(({ name }) => [
      [name, 2, 1],
      [name, 1, 2],
    ]),
  );
  for (const { hours, events, eventsPerSecond, deviceYearsPerMinute } of result.rows) {
    const seconds = events / eventsPerSecond.median;
    expect(events).toBeGreaterThan(100);
    expect(deviceYearsPerMinute).toBeCloseTo((60 * 2 * hours) / 8766 / seconds, 6);
  }
  expect(fleetTables(result).map(tableText)[0]).toMatch(/^2 units from[\s\S]*default, 2 x 1, 1 h /);
});
