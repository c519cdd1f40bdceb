/**
 * What a fleet is, in one piece that any process on any machine can play from: the story of a town as text that stands alone,
 * how many towns there are, and the seed that each town's own is drawn from.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { modemLevels } from "../coarse/modem-level.ts";
import { Stream } from "../core/prng.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { codeVersion } from "./code-version.ts";
import { fleetSchema, mostTowns } from "./fleet-schema.ts";

export const fleetPlan = z.strictObject({
  name: z.string(),
  question: z.string(),
  source: z.string(),
  /** The fleet file as given on the command line, or the scenario file where there is none. */
  path: z.string(),
  /** The scenario file of a town, for people. */
  town: z.string(),
  /** Parameters that are not their defaults: "homes=860". */
  set: z.array(z.string()),
  /** That scenario with all that it includes and its parameters filled in. */
  story: z.string(),
  towns: z.int().min(1).max(mostTowns),
  seed: z.int().min(0).max(0xffff_ffff),
  modem: z.enum(modemLevels),
  /** Towns that are played at the bytes too and compared, where modems are played coarsely; by number. */
  sample: z.array(z.int().min(1)),
  promises: fleetSchema.shape.expect.unwrap(),
});
export type FleetPlan = z.infer<typeof fleetPlan>;

/** The scenario that each town plays. */
export function storyOf(plan: FleetPlan): Scenario {
  return parseScenario(plan.story, plan.town);
}

/** The first town is 1. It can be played alone: `livlina sim run` with this seed. */
export function seedOfTown(plan: Pick<FleetPlan, "seed">, town: number): number {
  return new Stream(plan.seed, "fleet town", town).u32();
}

/** Equal for equal results: same towns, same seed, same code, whatever the file is called. 24 hexadecimal digits. */
export function idOf({ story, towns, seed, modem, sample, promises }: FleetPlan): string {
  const told = JSON.stringify([codeVersion(), story, towns, seed, modem, sample, promises]);
  return createHash("sha256").update(told).digest("hex").slice(0, 24);
}

/** That share of the towns, at least one, drawn from the fleet's seed; by number. `percent`: above 0, up to 100. */
export function sampleOf({ seed, towns }: Pick<FleetPlan, "seed" | "towns">, percent: number): number[] {
  const chance = new Stream(seed, "fleet sample", 0);
  const left = Array.from({ length: towns }, (_, index) => index + 1);
  const drawn: number[] = [];
  for (let count = Math.max(1, Math.ceil((towns * percent) / 100)); count > 0; count--)
    drawn.push(...left.splice(chance.below(left.length), 1));
  return drawn.sort((a, b) => a - b);
}
