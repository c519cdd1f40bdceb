import { expect, test } from "vitest";
import type { LoadUnits } from "./load-units.ts";
import { isClean, isSenderLimited, type Played, playLoad, searchCleanRate } from "./play-load.ts";
import { Tally } from "./tally.ts";

const never = (): boolean => false;

/** Accepts at once. */
class Prompt implements LoadUnits {
  readonly openCount = 0;
  closed = false;
  private readonly tally: Tally;
  constructor(tally: Tally) {
    this.tally = tally;
  }
  send(): void {
    this.tally.count("sent");
    this.tally.carried(1);
    this.tally.accepted(2);
  }
  tick(): void {}
  close(): void {
    this.closed = true;
  }
}

const played = new Tally().totals();
const clean = (rate: number): Played => ({ ...played, rate, offeredRate: rate, tookMs: 1 });

test("as many are sent as the rate and the time ask for, and the seconds add up to the sums", async () => {
  const tally = new Tally();
  const units = new Prompt(tally);
  const told: number[] = [];
  const onSecond = ({ sent }: { sent: number }): number => told.push(sent);
  const result = await playLoad(units, tally, { rate: 900, forMs: 1_500, isStopped: never, onSecond });
  expect(result).toMatchObject({ sent: 1_350, carried: 1_350, accepted: 1_350, lost: 0 });
  expect(isClean(result)).toBe(true);
  expect(units.closed).toBe(true);
  expect(told.reduce((sum, each) => sum + each, 0)).toBe(1_350);
  expect(tally.seconds.map(({ sent }) => sent)).toEqual(told);
});

test("once it is stopped nothing more is sent, and what there is by then is told", async () => {
  const tally = new Tally();
  const units = new Prompt(tally);
  const isStopped = (): boolean => tally.totals().sent >= 10;
  const result = await playLoad(units, tally, { rate: 100, forMs: 3_600_000, isStopped, onSecond: () => {} });
  expect(result.sent).toBeGreaterThanOrEqual(10);
  expect(result.sent).toBeLessThan(100_000);
  expect(units.closed).toBe(true);
});

test("a search ends at the first rate that is not clean in two tries, and one hiccup does not end it", async () => {
  const tried: number[] = [];
  const play = async (rate: number): Promise<Played> => {
    tried.push(rate);
    const hiccup = rate === 200 && tried.filter((each) => each === 200).length === 1;
    return { ...clean(rate), lost: hiccup || rate >= 400 ? 1 : 0 };
  };
  const found = await searchCleanRate({ rates: [100, 200, 300, 400, 500], play, isStopped: never });
  expect(tried).toEqual([100, 200, 200, 300, 400, 400]);
  expect(found).toMatchObject({ cleanRate: 300, limit: "receiver" });
});

test.each(["lost", "refused", "again", "unsent"] as const)("a message that is %s makes a rate unclean", (word) => {
  expect(isClean({ ...clean(100), [word]: 1 })).toBe(false);
});

test("a sender that cannot offer a rate says nothing of the receiver: the search ends with what it could", async () => {
  const play = async (rate: number): Promise<Played> => ({ ...clean(rate), offeredRate: Math.min(rate, 250.4) });
  const found = await searchCleanRate({ rates: [100, 200, 300, 400], play, isStopped: never });
  expect(found).toMatchObject({ cleanRate: 250, limit: "sender" });
  expect(isSenderLimited({ ...clean(100), offeredRate: 98 })).toBe(false);
});

test("a search without an unclean rate says so, and one that is interrupted keeps what was clean", async () => {
  const play = async (rate: number): Promise<Played> => clean(rate);
  expect(await searchCleanRate({ rates: [1, 2], play, isStopped: never })).toMatchObject({
    cleanRate: 2,
    limit: "last-rate",
  });
  let asked = 0;
  const isStopped = (): boolean => ++asked > 1;
  expect(await searchCleanRate({ rates: [1, 2, 3], play, isStopped })).toMatchObject({
    cleanRate: 1,
    limit: "stopped",
  });
});
