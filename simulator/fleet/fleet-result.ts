/** What a fleet comes to: plain data, written as `report.json`. Equal for equal fleet, seed and code, whoever played which town when. */
import { z } from "zod";
import { modemLevels } from "../coarse/modem-level.ts";
import { mostFound, mostSlowest, shardResult, slowPress } from "./shard-result.ts";

export const fleetResultVersion = 1;
/** Towns that are named one by one. */
export const mostNamed = 100;

const { digest, byRoute, beats, waits, withoutPath, waiting } = shardResult.shape;
const count = z.int().min(0);
const townNumber = count.min(1);
const inTown = z.strictObject({ town: townNumber, text: z.string() });

export const fleetResult = z.strictObject({
  formatVersion: z.literal(fleetResultVersion),
  fleet: z.strictObject({
    name: z.string(),
    question: z.string(),
    source: z.string(),
    path: z.string(),
    town: z.string(),
    set: z.array(z.string()),
    towns: townNumber,
    seed: count,
    modem: z.enum(modemLevels).describe("At the bytes of their lines, or coarse: datagrams pass beside them."),
    startWallMs: z.int(),
    durationMs: count,
  }),
  code: z.string().describe("Form of the results and hash of the code: equal for equal results."),
  verdict: z.enum(["passed", "failed"]),
  digest: digest.describe("Over number and digest of each town that was played."),
  towns: count.describe("Towns that were played to their end."),
  broken: z
    .array(z.strictObject({ town: townNumber, why: z.string() }))
    .describe("Towns that could not be played, tried as often as it is worth."),
  units: count,
  virtualMs: count.describe("Of all towns together."),
  events: count,
  presses: count,
  accepted: count,
  pending: count,
  lost: count,
  falseAccepted: count,
  duplicates: count,
  unheard: count,
  byRoute,
  beats,
  waits: waits.describe("From press to acceptance: milliseconds and how often."),
  percentiles: z
    .strictObject({ p50Ms: count, p95Ms: count, p99Ms: count, p999Ms: count, maxMs: count })
    .nullable()
    .describe("Of those that were accepted; null where none was."),
  slowest: z.array(slowPress).max(mostSlowest),
  stepMs: count.describe("Length of the steps that follow."),
  withoutPath: withoutPath.describe("Unit-milliseconds without a proven path in each step."),
  waiting: waiting.describe("Alarm-milliseconds from journal to acceptance in each step."),
  checks: z.array(
    z.strictObject({
      checker: z.string(),
      rule: z.string(),
      held: z.boolean(),
      violations: count,
      towns: count.describe("In which it did not hold; so with expectations."),
      found: z.array(inTown).max(mostFound),
    }),
  ),
  expectations: z.array(
    z.strictObject({ text: z.string(), held: z.boolean(), towns: count, found: z.array(inTown).max(mostFound) }),
  ),
  promises: z
    .array(z.strictObject({ text: z.string(), held: z.boolean(), found: z.string() }))
    .describe("What the fleet file asks of all towns together."),
  sample: z
    .strictObject({ towns: count, differing: count, found: z.array(inTown).max(mostFound) })
    .nullable()
    .describe(
      "Towns that were played at the bytes too, and those that came to something else; null: none was asked for.",
    ),
  failed: z
    .array(z.strictObject({ town: townNumber, seed: count, command: z.string() }))
    .max(mostNamed)
    .describe("Towns in which something did not hold, the first ones, and how to play them alone."),
  failedTowns: count,
  outages: z.array(
    z.strictObject({
      cause: z.string(),
      subject: z.string(),
      towns: count,
      outages: count,
      firstMs: count,
      lastMs: count,
    }),
  ),
  faults: z.array(
    z.strictObject({ object: z.string(), name: z.string(), fault: z.string(), fromMs: count, toMs: count }),
  ),
});
export type FleetResult = z.infer<typeof fleetResult>;
