import type { Profiler } from "node:inspector";
import { expect, test } from "vitest";
import { sharesIn } from "./profile.ts";
import { cutScenario, quietTown } from "./sim.ts";
import { figure, tableText } from "./table.ts";

test("the cut scenario has 40 units of every group over 2 hours, and the fault in its second", () => {
  const scenario = cutScenario();
  expect(scenario.fleet.reduce((sum, group) => sum + group.units.length, 0)).toBe(40);
  for (const group of scenario.fleet) expect(group.units.length).toBeGreaterThan(0);
  expect(scenario.durationMs).toBe(7_200_000);
  expect(scenario.faults).toMatchObject([{ fromMs: 3_600_000, fault: "silent-after-200" }]);
});

test("the quiet town has its default beats over both routes, and nothing happens in it", () => {
  const { fleet, faults, durationMs } = quietTown();
  expect(fleet.reduce((sum, group) => sum + group.units.length, 0)).toBe(42);
  expect([faults, durationMs]).toEqual([[], 14_400_000]);
  expect(fleet.map(({ mobile, broadband }) => [mobile === undefined, broadband === undefined])).toContainEqual([
    false,
    false,
  ]);
});

test("time is summed by folder, idle time left out", () => {
  const root = new URL("../../", import.meta.url).href;
  const node = (id: number, functionName: string, url: string) => ({
    id,
    callFrame: { functionName, url, scriptId: "1", lineNumber: 0, columnNumber: 0 },
  });
  const profile: Profiler.Profile = {
    nodes: [
      node(1, "decodeSip", `${root}protocol/sip/message.ts`),
      node(2, "(garbage collector)", ""),
      node(3, "(idle)", ""),
      node(4, "readFileSync", "node:fs"),
      node(5, "", `${root}simulator/world.ts`),
      node(6, "parse", `${root}node_modules/yaml/index.js`),
    ],
    startTime: 0,
    endTime: 100,
    samples: [1, 1, 2, 3, 4, 5, 6],
    timeDeltas: [20, 20, 10, 1000, 5, 30, 15],
  };
  expect(sharesIn(profile)).toEqual([
    { part: "protocol/sip", share: 0.4 },
    { part: "simulator", share: 0.3 },
    { part: "packages", share: 0.15 },
    { part: "collector", share: 0.1 },
    { part: "node", share: 0.05 },
  ]);
});

test("tables stand in columns, and figures keep what can be told apart", () => {
  expect(
    tableText({
      title: "t",
      columns: ["", "median/s"],
      rows: [
        ["one", "1"],
        ["other", "22"],
      ],
    }),
  ).toBe(
    "t\n         median/s\n  one           1\n  other        22\n"
      .replace("  one           1", "  one    1")
      .replace("  other        22", "  other  22"),
  );
  expect(
    tableText({
      title: "t",
      columns: ["", "a/s", "b"],
      rows: [
        ["one", "1", "2"],
        ["long name", "not installed"],
      ],
    }),
  ).toBe("t\n             a/s  b\n  one          1  2\n  long name  not installed\n");
  expect([figure(12345.6), figure(1.2345), figure(99.96), figure(0)]).toEqual(["12,346", "1.23", "100", "0"]);
});
