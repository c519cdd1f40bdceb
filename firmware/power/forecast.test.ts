import fc from "fast-check";
import { expect, test } from "vitest";
import { daysLeft, Forecasts, withReading } from "./forecast.ts";
import { Bench, dayMs, startS } from "./test-bench.ts";

const dayS = 86_400;
const own = { low: false, failed: false, old: false, fittedS: startS };

test("a cell that fell by a tenth in a hundred days lasts as its rate says", () => {
  const history = { firstS: startS, firstPermille: 1_000, lastS: startS + 100 * dayS, lastPermille: 900 };
  expect(daysLeft(history)).toBe(780);
  expect(daysLeft({ ...history, lastPermille: 500 })).toBe(76);
  expect(daysLeft({ ...history, lastPermille: 120 })).toBe(0);
});

test("a new cell is given its usual life until its own rate is known", () => {
  expect(daysLeft({ firstS: startS, firstPermille: 1_000, lastS: startS + dayS, lastPermille: 1_000 })).toBe(730);
});

test("a much higher reading is a new cell, a slightly higher one is not", () => {
  const old = { firstS: startS, firstPermille: 900, lastS: startS + dayS, lastPermille: 200 };
  expect(withReading(old, startS + 2 * dayS, 950).firstS).toBe(startS + 2 * dayS);
  expect(withReading(old, startS + 2 * dayS, 250)).toEqual({ ...old, lastS: startS + 2 * dayS });
});

test("a forecast is never below 0 and never above two usual lives", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ days: fc.nat(400), permille: fc.nat(1_000) }), { minLength: 1, maxLength: 30 }),
      (readings) => {
        let history: ReturnType<typeof withReading> | undefined;
        let wallS = startS;
        for (const reading of readings) {
          wallS += reading.days * dayS;
          history = withReading(history, wallS, reading.permille);
          expect(daysLeft(history)).toBeGreaterThanOrEqual(0);
          expect(daysLeft(history)).toBeLessThanOrEqual(1_460);
        }
      },
    ),
  );
});

test("the unit's own battery goes by its age, and at once by its faults", () => {
  const bench = new Bench();
  const forecasts = new Forecasts(bench.context);
  expect(forecasts.all(own, 1_095)).toEqual([{ bond: -1, days: -1 }]);
  bench.setWall();
  expect(forecasts.all(own, 1_095)).toEqual([{ bond: -1, days: 1_095 }]);
  bench.pass(95 * dayMs);
  expect(forecasts.all(own, 1_095)).toEqual([{ bond: -1, days: 1_000 }]);
  expect(forecasts.all({ ...own, failed: true }, 1_095)).toEqual([{ bond: -1, days: 0 }]);
});

test("buttons are forecast from their frames, through restarts, and readings that say nothing new are not written", () => {
  const bench = new Bench();
  bench.setWall();
  let forecasts = new Forecasts(bench.context);
  for (let hour = 0; hour < 24; hour++) {
    forecasts.heard(3, 3_000);
    bench.pass(3_600_000);
  }
  expect(bench.context.records.counters.writes).toBe(1);
  bench.pass(99 * dayMs);
  forecasts.heard(3, 2_950);
  expect(bench.context.records.counters.writes).toBe(2);
  bench.newLife();
  bench.setWall();
  forecasts = new Forecasts(bench.context);
  expect(forecasts.all(own, 1_095)[1]).toEqual({ bond: 3, days: 780 });
  bench.pass(80 * dayMs);
  expect(forecasts.all(own, 1_095)[1]?.days).toBe(700);
  forecasts.forget(3);
  expect(forecasts.all(own, 1_095)).toHaveLength(1);
});

test("while the time is unknown nothing is noted", () => {
  const bench = new Bench();
  new Forecasts(bench.context).heard(1, 3_000);
  expect(bench.context.records.counters.writes).toBe(0);
});
