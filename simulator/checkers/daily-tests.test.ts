import { expect, test } from "vitest";
import { HandMade, minuteMs } from "./checker-bench.ts";
import { DailyTests } from "./daily-tests.ts";

const bothRoutes = "mobile: alfa, broadband: fibre";
const [first, second] = [102, 103];

type Message = readonly [at: string, stc: number];

function foundIn(messages: readonly Message[], home = bothRoutes, faults: readonly string[] = []): readonly string[] {
  const scene = new HandMade({ duration: "50h", presses: [], home, faults });
  const checker = new DailyTests(scene.scenario, scene.residents, scene.sight, scene.hindrances);
  for (const [number, [at, stc]] of messages.entries()) {
    const report = { ref: `AB12C000010${number}000`, dty: 2, stc, ite: `at ${at}Z` };
    scene.sends((number + 1) * minuteMs, report);
    // Said again, also to another receiver, it is the same test.
    scene.sends((number + 1) * minuteMs + 500, { ...report, ref: `AB12C000010${number}001` });
  }
  return checker.verdict({ endMs: 50 * 60 * minuteMs }).found;
}

test("a test comes once on each date of the unit's own clock, in Swedish time", () => {
  const twice = foundIn([
    ["2026-01-14T05:00:00", first],
    ["2026-01-14T22:59:00", second],
  ]);
  expect(twice).toEqual(["u: two tests on one date, at 00:00:00 and at 17:59:00"]);
  const nextDay: Message[] = [
    ["2026-01-14T05:00:00", first],
    ["2026-01-14T23:01:00", second],
  ];
  expect(foundIn(nextDay)).toEqual([]);
  const jumps: Message[] = [["2026-01-15T05:00:00", first], ...nextDay];
  expect(foundIn(jumps)).toEqual(["u: two tests on one date, at 18:01:00 and at 24:00:00"]);
});

test("of two routes each has its turn, of one none, and a test in between may have got lost", () => {
  const same: Message[] = [
    ["2026-01-14T05:00:00", first],
    ["2026-01-15T03:00:00", first],
  ];
  expect(foundIn(same)).toEqual(["u: over the first route twice in turn, at 00:00:00 and at 22:00:00"]);
  expect(foundIn(same, `policy: mobile-only, ${bothRoutes}`)).toEqual([]);
  expect(
    foundIn([
      ["2026-01-14T05:00:00", first],
      ["2026-01-16T03:00:00", first],
    ]),
  ).toEqual([]);
});

test("whose flash is worn may not know what it has sent, nor does a turn count where clocks are told wrong times", () => {
  const same: Message[] = [
    ["2026-01-14T05:00:00", first],
    ["2026-01-14T06:00:00", first],
  ];
  expect(foundIn(same, bothRoutes, ["from: 5m, to: 10m, unit: u, fault: worn-flash, cells: 3 %"])).toEqual([]);
  const wrong = "from: 5m, to: 10m, operator: alfa, fault: wrong-time, clock: 1h ahead";
  expect(foundIn(same, bothRoutes, [wrong])).toEqual(["u: two tests on one date, at 00:00:00 and at 01:00:00"]);
});
