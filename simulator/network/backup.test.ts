import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cut, timesWithout, withStart } from "./backup.ts";

const cut = (fromMs: number, toMs: number): Cut => ({ fromMs, toMs });
const none = { batteryMs: 0, generatorAfterMs: undefined };

test("without a battery a cut is felt at once, and as long as it lasts; cuts that touch or overlap are one", () => {
  expect(timesWithout([cut(10, 20)], none)).toEqual([cut(10, 20)]);
  expect(timesWithout([cut(20, 25), cut(10, 20), cut(22, 23)], none)).toEqual([cut(10, 25)]);
});

test("a battery carries to its last millisecond, and a cut that it outlasts is not felt", () => {
  const battery = { batteryMs: 40, generatorAfterMs: undefined };
  expect(timesWithout([cut(100, 140)], battery)).toEqual([]);
  expect(timesWithout([cut(100, 141)], battery)).toEqual([cut(140, 141)]);
});

test("a second cut finds a battery that has been charged for as long as the mains was there", () => {
  const battery = { batteryMs: 40, generatorAfterMs: undefined };
  expect(timesWithout([cut(100, 130), cut(140, 200)], battery)).toEqual([cut(160, 200)]);
  expect(timesWithout([cut(100, 130), cut(1_000, 1_100)], battery)).toEqual([cut(1_040, 1_100)]);
});

test("a generator ends the darkness, and one that comes before the battery is empty spares it", () => {
  expect(timesWithout([cut(100, 200)], { batteryMs: 10, generatorAfterMs: 50 })).toEqual([cut(110, 150)]);
  expect(timesWithout([cut(100, 200)], { batteryMs: 50, generatorAfterMs: 50 })).toEqual([]);
  expect(timesWithout([cut(100, 120)], { batteryMs: 10, generatorAfterMs: 50 })).toEqual([cut(110, 120)]);
});

test("what has to start after a cut is missed for longer, and through a cut that comes before it is ready", () => {
  expect(withStart([cut(10, 20), cut(100, 120)], 15)).toEqual([cut(10, 35), cut(100, 135)]);
  expect(withStart([cut(10, 20), cut(30, 40)], 15)).toEqual([cut(10, 55)]);
  expect(withStart([cut(10, 20)], 0)).toEqual([cut(10, 20)]);
});

test("a longer battery is never dark for longer, and nobody is dark while the mains is there", () => {
  const cuts = fc.array(
    fc.tuple(fc.nat(500), fc.nat(80)).map(([fromMs, forMs]) => cut(fromMs, fromMs + forMs + 1)),
    { maxLength: 8 },
  );
  const sum = (times: readonly Cut[]): number => times.reduce((all, { fromMs, toMs }) => all + toMs - fromMs, 0);
  fc.assert(
    fc.property(cuts, fc.nat(60), fc.nat(60), (planned, batteryMs, moreMs) => {
      const short = timesWithout(planned, { batteryMs, generatorAfterMs: undefined });
      const long = timesWithout(planned, { batteryMs: batteryMs + moreMs, generatorAfterMs: undefined });
      expect(sum(long)).toBeLessThanOrEqual(sum(short));
      for (const { fromMs, toMs } of short)
        for (const atMs of [fromMs, toMs - 1])
          expect(planned.some((one) => one.fromMs <= atMs && atMs < one.toMs)).toBe(true);
    }),
  );
});
