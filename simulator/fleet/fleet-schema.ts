/**
 * The vocabulary of fleet files: many towns of one kind, each a world of its own. The JSON Schema for editors is made from this
 * table, so the two cannot differ. Closed: a key that is not here is an error.
 */
import { z } from "zod";
import { parameters, schemaAddress } from "../scenario/schema-file.ts";
import { duration, list, prose, share, text, whole } from "../scenario/schema-parts.ts";

/** A digest of each is kept in memory while a fleet is put together: 32 bytes. */
export const mostTowns = 100_000;
const townPattern = /^[^\\:]{1,200}\.ya?ml$/;

const within = z.strictObject({
  accepted: share().describe("At least this share of all presses that a unit heard, in all towns together ..."),
  within: duration().describe("... was accepted within this time."),
});
const withoutPath = z.strictObject({
  "without-path-at-most": share().describe("Of the time of all units, at most this share without a proven path."),
});
export const fleetSchema = z
  .strictObject({
    $schema: schemaAddress.optional(),
    name: prose(80).describe("Name of the fleet; also the name of the report's folder."),
    question: prose(500).describe("What the run shall answer, one sentence.").optional(),
    source: prose(500).describe("Where the figures come from.").optional(),
    town: text(townPattern, 'a path from this file on, such as "town.yaml"').describe(
      "The scenario that every town plays, with a seed and with receivers of its own; what it says of hours hits all towns at once.",
    ),
    parameters: parameters.describe("Values of the scenario's parameters.").optional(),
    towns: whole(1, mostTowns).describe("How many towns there are."),
    expect: list(z.union([within, withoutPath]), 0, 50)
      .describe("What must hold of all towns together, beside what the scenario asks of each.")
      .optional(),
  })
  .describe("A Livlina fleet.");

/** A fleet file as written. */
export type FleetFile = z.infer<typeof fleetSchema>;
export type FleetPromise = NonNullable<FleetFile["expect"]>[number];

/** JSON Schema (draft 2020-12) of fleet files, for editors and other programs. */
export function fleetJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(fleetSchema, { io: "input" });
  return { $schema, title: "Livlina fleet", ...rest };
}
