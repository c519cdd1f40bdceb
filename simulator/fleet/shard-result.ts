/**
 * What one town leaves of its day: small, bounded, and such that many of them put together in any order are one fleet. Nothing
 * in it depends on who played it, or when.
 */
import { z } from "zod";

/** Grows whenever the form of a shard's result changes. */
export const shardVersion = 1;
export const mostSlowest = 10;
/** Sentences kept of what a checker or a promise found. */
export const mostFound = 10;

const count = z.int().min(0);
const instant = count;

/** A time and how often it came. */
const times = z.array(z.tuple([count, count.min(1)]));
/** A step of the run, from 0, and a sum of milliseconds in it; steps with none are left out. */
const steps = z.array(z.tuple([count, count.min(1)]));

export const slowPress = z.strictObject({
  town: count.min(1),
  unit: z.string(),
  pressedMs: instant,
  /** Null: not by the end. */
  acceptedMs: instant.nullable(),
});

export const shardResult = z.strictObject({
  /** From 1. */
  town: count.min(1),
  seed: count,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  virtualMs: count,
  events: count,
  units: count,
  presses: count,
  accepted: count,
  pending: count,
  lost: count,
  falseAccepted: count,
  duplicates: count,
  unheard: count,
  byRoute: z.strictObject({ mobile: count, broadband: count }),
  beats: z.strictObject({ sent: count, answered: count, missed: count }),
  /** From press to acceptance, by time: see `waits.ts`. */
  waits: times,
  /** Those that waited longest, longest first. */
  slowest: z.array(slowPress).max(mostSlowest),
  /** Milliseconds that units were without a proven path, all units together, in each step of the run. */
  withoutPath: steps,
  /** Milliseconds that alarms waited in a unit for their acceptance, in each step of the run. */
  waiting: steps,
  checks: z.array(
    z.strictObject({
      checker: z.string(),
      rule: z.string(),
      violations: count,
      found: z.array(z.string()).max(mostFound),
    }),
  ),
  expectations: z.array(z.strictObject({ text: z.string(), held: z.boolean(), found: z.string() })),
  /** Outages that the monitor told of, by what failed; those of single units by their number alone. */
  outages: z.array(
    z.strictObject({
      cause: z.string(),
      subject: z.string(),
      outages: count.min(1),
      firstMs: instant,
      lastMs: instant,
    }),
  ),
  /** The same town at the bytes of its modems, and what came out otherwise; null where it is none of the sample. */
  sample: z
    .strictObject({ digest: z.string(), differing: count, found: z.array(z.string()).max(mostFound) })
    .nullable(),
});
export type ShardResult = z.infer<typeof shardResult>;
export type SlowPress = z.infer<typeof slowPress>;

/** What it cost to play: told beside the result, never in it. */
export const shardCost = z.strictObject({
  cpuMs: z.number().min(0),
  wallMs: z.number().min(0),
  /** The most that the process has had so far. */
  peakBytes: count,
  /** Machine and process. */
  by: z.string(),
});
export type ShardCost = z.infer<typeof shardCost>;

export const playedShard = z.strictObject({ result: shardResult, cost: shardCost });
export type PlayedShard = z.infer<typeof playedShard>;
