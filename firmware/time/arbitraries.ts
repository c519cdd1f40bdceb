/** Random lives of a unit's clock: days on which the clocks change, leaps forth and back, restarts, time that passes. */
import fc from "fast-check";
import { dayNumber } from "./civil-date.ts";

export type ClockStep =
  | { readonly type: "pass"; readonly ms: number }
  /** Somebody tells a time so much later (or earlier) than the one that was going on. */
  | { readonly type: "leap"; readonly byMs: number }
  /** The power is off for so long; then the time is unknown until it is told. */
  | { readonly type: "restart"; readonly offMs: number };

const hourMs = 3_600_000;
const pass: fc.Arbitrary<ClockStep> = fc
  .integer({ min: 1, max: 30 * 60 })
  .map((minutes) => ({ type: "pass", ms: minutes * 60_000 }));
const leap: fc.Arbitrary<ClockStep> = fc.integer({ min: -30, max: 30 }).map((hours) => ({
  type: "leap",
  byMs: hours * hourMs + 60_000,
}));
const restart: fc.Arbitrary<ClockStep> = fc
  .integer({ min: 0, max: 40 })
  .map((hours) => ({ type: "restart", offMs: hours * hourMs }));

/** At most four leaps: a job remembers eight dates. */
export const clockLife: fc.Arbitrary<readonly ClockStep[]> = fc
  .tuple(
    fc.array(fc.oneof({ arbitrary: pass, weight: 4 }, { arbitrary: restart, weight: 1 }), { maxLength: 10 }),
    fc.array(fc.tuple(fc.nat(10), leap), { maxLength: 4 }),
  )
  .map(([steps, leaps]) => {
    const life = steps.concat();
    for (const [at, step] of leaps) life.splice(at, 0, step);
    return life;
  });

/** Midnight UTC of a day before or after a change of the clocks, or of any other day. */
export const startMs: fc.Arbitrary<number> = fc
  .tuple(fc.integer({ min: 2026, max: 2060 }), fc.constantFrom(3, 3, 10, 10, 12), fc.integer({ min: 23, max: 31 }))
  .map(([year, month, day]) => dayNumber(year, month, day) * 24 * hourMs);

/** Minutes of the day, most of them where the clocks change. */
export const jobMinute = fc.oneof(fc.integer({ min: 100, max: 200 }), fc.integer({ min: 0, max: 1439 }));
