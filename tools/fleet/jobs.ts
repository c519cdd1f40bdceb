/**
 * Fleets as BullMQ flows over Redis: a fleet is a parent, each of its towns a child in one queue that all workers of the same
 * code share. Jobs are a number and a name; what to play lies once beside them; results come back compressed.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import { codeVersion } from "../../simulator/fleet/code-version.ts";
import { type FleetPlan, fleetPlan } from "../../simulator/fleet/fleet-plan.ts";
import { type PlayedShard, playedShard } from "../../simulator/fleet/shard-result.ts";

/** Of all our keys. */
export const prefix = "livlina";
/** Code of the workers that each open fleet waits for, by its id. */
export const openFleets = `${prefix}:open`;
/** A plan that nobody has asked for so long is of a fleet that nobody plays. */
export const planKeptS = 30 * 86_400;
/** Times that a town is given to a worker before it is reported. */
export const mostAttempts = 3;

/**
 * A worker says each half of `lockMs` that it lives. Others look each `lookMs`: at one look a town that nobody vouches for is
 * noted, at the next it is taken over. So after its worker's death it waits at most lockMs + 2 × lookMs, which is 12 s.
 */
export const lockMs = 6_000;
export const lookMs = 3_000;

/** Other code gives other results: its towns are in another queue, and no worker of this code ever sees them. */
export function townsQueue(): string {
  return `towns-${codeVersion()}`;
}

export function fleetQueue(id: string): string {
  return `fleet-${id}`;
}

export function planKey(id: string): string {
  return `${prefix}:plan:${id}`;
}

export function jobIdOf(id: string, town: number): string {
  return `${id}-${town}`;
}

/** The town of a job, or of a key that ends with its id; undefined where it is of another fleet. */
export function townIn(id: string, jobId: string): number | undefined {
  const [, fleet, town] = /([0-9a-f]+)-(\d+)$/.exec(jobId) ?? [];
  return fleet === id ? Number(town) : undefined;
}

export const townJob = z.strictObject({
  fleet: z.string().regex(/^[0-9a-f]{24}$/),
  code: z.string(),
  town: z.int().min(1),
});
export type TownJob = z.infer<typeof townJob>;

/** Unpacked, a plan or a result is never larger. */
const mostBytes = 64 * 1_024 * 1_024;

export function packed(value: FleetPlan | PlayedShard): string {
  return deflateRawSync(JSON.stringify(value)).toString("base64");
}

/** Throws where it is none. */
export function unpackedPlan(text: string): FleetPlan {
  return fleetPlan.parse(unpacked(text));
}

/** Throws where it is none. */
export function unpackedShard(text: string): PlayedShard {
  return playedShard.parse(unpacked(text));
}

function unpacked(text: string): unknown {
  return JSON.parse(inflateRawSync(Buffer.from(text, "base64"), { maxOutputLength: mostBytes }).toString("utf8"));
}
