/** Towns put together: the order does not matter, nothing is counted twice, and what is told is bounded. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyShard, mostTownsOfBench, shard, smallPlan } from "./fleet-bench.ts";
import { FleetBook } from "./fleet-book.ts";
import { fleetResult } from "./fleet-result.ts";
import { mostFound, type ShardResult } from "./shard-result.ts";

const plan = smallPlan();
const towns = Array.from({ length: mostTownsOfBench }, (_, index) => index + 1);

function told(shards: readonly ShardResult[]): string {
  const book = new FleetBook(plan);
  for (const each of shards) book.add(each);
  return JSON.stringify(book.value());
}

test("a fleet comes to the same whichever town came first", () => {
  const all = fc.tuple(...towns.map((town) => anyShard(plan, town)));
  const orders = fc.shuffledSubarray(towns, { minLength: towns.length });
  fc.assert(
    fc.property(all, orders, (shards, order) => {
      const shuffled = order.map((town) => shards[town - 1] as ShardResult);
      expect(told(shuffled)).toBe(told(shards));
    }),
    { numRuns: 60 },
  );
});

test("what is told of a fleet holds to its schema", () => {
  fc.assert(
    fc.property(fc.tuple(...towns.map((town) => anyShard(plan, town))), (shards) => {
      expect(fleetResult.safeParse(JSON.parse(told(shards))).error?.message).toBeUndefined();
    }),
    { numRuns: 20 },
  );
});

test("a town that comes twice is counted once, and one that comes out otherwise is an error", () => {
  const book = new FleetBook(plan);
  expect(book.add(shard(plan, 3))).toBe(true);
  expect(book.add(shard(plan, 3))).toBe(false);
  expect(book.value()).toMatchObject({ towns: 1, presses: 1, events: 100 });
  expect(() => book.add(shard(plan, 3, { digest: "f".repeat(64) }))).toThrow("town 3 was played twice");
});

test("a town of another seed, or beyond the last, is none of the fleet", () => {
  const book = new FleetBook(plan);
  expect(() => book.add(shard(plan, 1, { seed: 1 }))).toThrow("none of this fleet");
  expect(() => book.add(shard(plan, mostTownsOfBench + 1))).toThrow("none of this fleet");
});

test("every town counts: the digest of a fleet changes with that of any town, and with which town it was", () => {
  const digests = towns.map(
    (town) =>
      JSON.parse(told(towns.map((each) => shard(plan, each, each === town ? { digest: "e".repeat(64) } : {})))).digest,
  );
  expect(new Set(digests).size).toBe(towns.length);
});

test("a town that was given up fails the fleet by name, and is none any more once somebody has played it", () => {
  const book = new FleetBook(plan);
  for (const town of towns.slice(1)) book.add(shard(plan, town));
  expect(book.missing).toEqual([1]);
  book.giveUp(1, "its process ended with SIGKILL");
  expect(book.missing).toEqual([]);
  expect(book.value()).toMatchObject({
    verdict: "failed",
    broken: [{ town: 1, why: "its process ended with SIGKILL" }],
  });
  book.add(shard(plan, 1));
  expect(book.value()).toMatchObject({ verdict: "passed", broken: [] });
});

test("of what a checker found the first towns' finds are kept, and all are counted", () => {
  const found = ["x", "y", "z"];
  const checks = [{ checker: "lost-alarms", rule: "no press is lost", violations: 5, found }];
  const book = new FleetBook(plan);
  for (const town of [...towns].reverse()) book.add(shard(plan, town, { checks }));
  const [check] = book.value().checks;
  expect(check).toMatchObject({ held: false, violations: 45, towns: 9 });
  expect(check?.found).toHaveLength(mostFound);
  expect(check?.found.slice(0, 4)).toEqual([
    { town: 1, text: "x" },
    { town: 1, text: "y" },
    { town: 1, text: "z" },
    { town: 2, text: "x" },
  ]);
});

test("towns in which something did not hold are named with the command that plays them alone", () => {
  const book = new FleetBook({ ...plan, set: ["homes=4"] });
  book.add(shard(plan, 2, { expectations: [{ text: "a promise", held: false, found: "not so" }] }));
  const { failed, verdict } = book.value();
  const { seed } = shard(plan, 2);
  expect(verdict).toBe("failed");
  expect(failed).toEqual([
    { town: 2, seed, command: `npx livlina sim run short-day.yaml --seed ${seed} --set homes=4` },
  ]);
});

test("promises of a fleet are judged over all towns together", () => {
  const judged = (waits: ShardResult["waits"], withoutPath: ShardResult["withoutPath"]) => {
    const book = new FleetBook(plan);
    book.add(shard(plan, 1, { presses: 10, waits, withoutPath }));
    return book.value().promises.map(({ held, found }) => [held, found]);
  };
  expect(judged([[60_000, 9]], [[0, 120_000]])).toEqual([
    [true, "9 of 10, 90.0000 %"],
    [true, "5.0000 %"],
  ]);
  expect(judged([[60_001, 9]], [[0, 120_001]])).toEqual([
    [false, "0 of 10, 0.0000 %"],
    [false, "5.0000 %"],
  ]);
});
