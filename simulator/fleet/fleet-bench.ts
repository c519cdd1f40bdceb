/** Fleets and shards to test with. */
import fc from "fast-check";
import { type FleetPlan, seedOfTown } from "./fleet-plan.ts";
import type { PlayedShard, ShardResult } from "./shard-result.ts";

const story = {
  name: "A short day",
  duration: "20m",
  world: { receivers: { primary: {} }, operators: { alfa: null } },
  fleet: [{ name: "hem", count: 2, policy: "mobile-only", mobile: "alfa", receivers: ["primary"] }],
  faults: [{ from: "6m", to: "9m", operator: "alfa", fault: "down" }],
  timeline: [{ at: "5m", press: "hem-001" }],
  expect: [{ lost: 0 }, { alarms: "all", "accepted-within": "1m" }],
};

export const mostTownsOfBench = 9;

/** A fleet of small towns that are played in a blink. */
export function smallPlan(towns = mostTownsOfBench): FleetPlan {
  return {
    name: "Small towns",
    question: "",
    source: "",
    path: "small.yaml",
    town: "short-day.yaml",
    set: [],
    story: JSON.stringify(story),
    towns,
    seed: 7,
    modem: "bytes",
    sample: [],
    promises: [{ accepted: "90 %", within: "1m" }, { "without-path-at-most": "5 %" }],
  };
}

/** What a town might have come to, without playing it. */
export function shard(plan: FleetPlan, town: number, more: Partial<ShardResult> = {}): ShardResult {
  return {
    town,
    seed: seedOfTown(plan, town),
    digest: town.toString(16).padStart(64, "0"),
    virtualMs: 1_200_000,
    events: 100,
    units: 2,
    presses: 1,
    accepted: 1,
    pending: 0,
    lost: 0,
    falseAccepted: 0,
    duplicates: 0,
    unheard: 0,
    byRoute: { mobile: 1, broadband: 0 },
    beats: { sent: 10, answered: 9, missed: 1 },
    waits: [[2_000, 1]],
    slowest: [{ town, unit: "hem-001", pressedMs: 300_000, acceptedMs: 302_000 }],
    withoutPath: [],
    waiting: [],
    checks: [],
    expectations: [],
    outages: [],
    sample: null,
    ...more,
  };
}

export function played(result: ShardResult, by = "a:1"): PlayedShard {
  return { result, cost: { cpuMs: 10, wallMs: 12, peakBytes: 1_000, by } };
}

const few = fc.integer({ min: 0, max: 3 });
const word = fc.constantFrom("one", "two", "three");

/** Any town of that fleet. */
export function anyShard(plan: FleetPlan, town: number): fc.Arbitrary<ShardResult> {
  return fc
    .record({
      events: few,
      lost: few,
      waits: fc.array(fc.tuple(fc.integer({ min: 0, max: 2_000_000 }), fc.integer({ min: 1, max: 3 })), {
        maxLength: 5,
      }),
      slowest: fc.array(
        fc.record({
          town: fc.constant(town),
          unit: word,
          pressedMs: fc.integer({ min: 0, max: 3 }),
          acceptedMs: fc.option(fc.integer({ min: 3, max: 9 })),
        }),
        { maxLength: 4 },
      ),
      withoutPath: fc.array(fc.tuple(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 1, max: 60_000 })), {
        maxLength: 4,
      }),
      checks: fc.tuple(...["a", "b"].map((checker) => checked(checker))),
      expectations: fc.tuple(fc.record({ text: fc.constant("a promise"), held: fc.boolean(), found: word })),
      outages: fc.array(
        fc.record({ cause: word, subject: word, outages: fc.integer({ min: 1, max: 3 }), firstMs: few, lastMs: few }),
        { maxLength: 3 },
      ),
    })
    .map((more) => shard(plan, town, more));
}

function checked(checker: string): fc.Arbitrary<ShardResult["checks"][number]> {
  return fc
    .array(word, { maxLength: 10 })
    .map((found) => ({ checker, rule: `rule ${checker}`, violations: found.length, found }));
}
