import fc from "fast-check";
import { expect, test } from "vitest";
import { climb, rateAt, type Tried } from "./ladder.ts";

const upTo =
  (limit: number, senderLimit = Number.POSITIVE_INFINITY) =>
  async (rate: number): Promise<Tried | undefined> => {
    const reached = Math.min(rate, senderLimit);
    return reached > limit ? undefined : { rate: reached, senderLimited: reached < rate };
  };

test("wherever the limit is and wherever the round before ended, the highest clean rung is found", () => {
  const anyBefore = fc.option(fc.integer({ min: -1, max: 30 }), { nil: undefined });
  return fc.assert(
    fc.asyncProperty(fc.integer({ min: 250, max: 300_000 }), anyBefore, async (limit, before) => {
      const { rung, clean } = await climb(upTo(limit), before);
      expect(clean?.rate).toBe(rateAt(rung));
      expect(rateAt(rung)).toBeLessThanOrEqual(limit);
      if (rung < 30) expect(rateAt(rung + 1)).toBeGreaterThan(limit);
    }),
  );
});

test("one loss is a hiccup, two are the limit, and below the lowest rung nothing is clean", async () => {
  let calls = 0;
  const hiccup = async (rate: number): Promise<Tried | undefined> =>
    calls++ === 0 || rate > 600 ? undefined : { rate, senderLimited: false };
  expect((await climb(hiccup, undefined)).rung).toBe(3);
  expect(await climb(upTo(100), undefined)).toEqual({ rung: -1, clean: undefined });
});

test("a sender at its end twice ends the climb with what it reached", async () => {
  const { clean } = await climb(upTo(100_000, 1_300), undefined);
  expect(clean).toEqual({ rate: 1_300, senderLimited: true });
});
