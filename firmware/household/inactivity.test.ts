/** Nobody stirs: asked aloud first, then an alarm; never while away, and never for somebody who lives. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Bench, dayMs, hourMs, minuteMs, startS } from "../power/test-bench.ts";
import type { InactivitySettings } from "./household-settings.ts";
import { householdDefaults } from "./household-settings.ts";
import { Inactivity } from "./inactivity.ts";

const rolling: InactivitySettings = { ...householdDefaults.inactivity, mode: "rolling", periodMs: 12 * hourMs };
/** 06:00 to 10:00; the bench begins at 06:00 UTC. */
const morning: InactivitySettings = {
  ...householdDefaults.inactivity,
  mode: "window",
  windowStart: 360,
  windowEnd: 600,
};
let shiftMinutes = 0;
const localMinute = (wallS: number): number => (Math.floor(wallS / 60) + shiftMinutes) % 1_440;

function watching(bench: Bench, settings: InactivitySettings): Inactivity {
  const inactivity = new Inactivity(bench.context, settings, localMinute);
  inactivity.pause(false);
  return inactivity;
}

test("twelve hours without a sign of life: a question, and two minutes later an alarm, once", () => {
  const bench = new Bench();
  const inactivity = watching(bench, rolling);
  bench.pass(hourMs);
  inactivity.active();
  bench.pass(12 * hourMs - 1);
  expect(bench.said).toEqual([]);
  bench.pass(1);
  expect(bench.said).toEqual(["inactivity-warning"]);
  bench.pass(2 * minuteMs - 1);
  expect(bench.raised).toEqual([]);
  bench.pass(1);
  expect(bench.raised).toMatchObject([{ kind: "life-safety", dty: 10, stc: 9, stt: "no activity for 12 h" }]);
  bench.pass(5 * dayMs);
  expect(bench.raised).toHaveLength(1);
  inactivity.active();
  bench.pass(12 * hourMs + 2 * minuteMs);
  expect(bench.raised).toHaveLength(2);
});

test("a sign of life after the question ends it", () => {
  const bench = new Bench();
  const inactivity = watching(bench, rolling);
  bench.pass(12 * hourMs + minuteMs);
  expect(bench.said).toHaveLength(1);
  inactivity.active();
  bench.pass(12 * hourMs - 1);
  expect(bench.raised).toEqual([]);
  expect(bench.said).toHaveLength(1);
});

test("while paused nothing is asked and nothing told, and afterwards it counts from anew", () => {
  const bench = new Bench();
  const inactivity = watching(bench, rolling);
  bench.pass(12 * hourMs + minuteMs);
  inactivity.pause(true);
  bench.pass(10 * dayMs);
  inactivity.active();
  bench.pass(10 * dayMs);
  expect(bench.raised).toEqual([]);
  inactivity.pause(false);
  bench.pass(12 * hourMs - 1);
  expect(bench.said).toHaveLength(1);
  bench.pass(1);
  expect(bench.said).toHaveLength(2);
});

test("off is off", () => {
  const bench = new Bench();
  watching(bench, householdDefaults.inactivity);
  bench.pass(30 * dayMs);
  expect(bench.wakeUps).toBe(0);
});

test("a window asks at its end when nothing stirred within it, whatever was before", () => {
  const bench = new Bench();
  bench.setWall();
  const inactivity = watching(bench, morning);
  bench.pass(hourMs);
  inactivity.active();
  bench.pass(4 * hourMs);
  expect(bench.said).toEqual([]);
  bench.pass(18 * hourMs);
  inactivity.active();
  bench.pass(5 * hourMs - minuteMs);
  expect(bench.said).toEqual([]);
  bench.pass(2 * minuteMs);
  expect(bench.said).toEqual(["inactivity-warning"]);
  bench.pass(2 * minuteMs);
  expect(bench.codes).toEqual([9]);
});

test("one sign of life in each window is enough for ever, through both changes of summer time", () => {
  for (const shift of [60, -60]) {
    const bench = new Bench();
    bench.setWall();
    const inactivity = watching(bench, morning);
    shiftMinutes = 0;
    for (let day = 0; day < 6; day++) {
      if (day === 3) shiftMinutes = shift;
      const minute = localMinute(startS + Math.floor(bench.worldMs / 1000));
      bench.pass(((570 - minute + 1_440) % 1_440) * minuteMs);
      inactivity.active();
      bench.pass(hourMs);
    }
    shiftMinutes = 0;
    expect(bench.said).toEqual([]);
    expect(bench.wakeUps).toBeLessThanOrEqual(7);
  }
});

test("a window without a clock goes by the period", () => {
  const bench = new Bench();
  watching(bench, morning);
  bench.pass(24 * hourMs);
  expect(bench.said).toEqual(["inactivity-warning"]);
});

test("an alarm comes only after a whole period without a sign of life, and always then", () => {
  const anyGaps = fc.array(fc.integer({ min: 1, max: 30 * 60 }), { maxLength: 20 });
  fc.assert(
    fc.property(anyGaps, (gaps) => {
      const bench = new Bench();
      const inactivity = watching(bench, rolling);
      let expected = 0;
      for (const gap of gaps) {
        bench.pass(gap * minuteMs);
        if (gap >= 12 * 60 + 2) expected++;
        expect(bench.raised).toHaveLength(expected);
        inactivity.active();
      }
    }),
  );
});
