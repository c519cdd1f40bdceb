/**
 * The vocabulary of scenario files: every key, what it means and which values it takes. The JSON Schema for editors is
 * made from this table, so the two cannot differ. Closed: a key that is not here is an error.
 */
import { z } from "zod";
import { startPattern } from "./scenario-units.ts";
import { expectation } from "./schema-expect.ts";
import { anyFault } from "./schema-faults.ts";
import { fileHead, include, parameters, schemaAddress } from "./schema-file.ts";
import { group } from "./schema-fleet.ts";
import { duration, list, prose, text } from "./schema-parts.ts";
import { timelineStep } from "./schema-timeline.ts";
import { wearers } from "./schema-wearers.ts";
import { world } from "./schema-world.ts";

export const scenarioSchema = z
  .strictObject({
    $schema: schemaAddress.optional(),
    name: prose(80).describe("Name of the story; also the name of the report's folder."),
    question: prose(500).describe("What the run shall answer, one sentence.").optional(),
    source: prose(500).describe("Where the story comes from.").optional(),
    starts: text(startPattern, 'a date and time such as "2026-01-14 06:00"')
      .describe("Swedish local time at which the run begins, 2026-01-14 06:00 unless said.")
      .optional(),
    duration: duration().describe("How long the run lasts in virtual time, at most 400d."),
    include: include.optional(),
    parameters: parameters.optional(),
    world: world.describe("Everything outside the units."),
    fleet: list(group, 1, 1_000).describe("The units, in groups that are set up alike."),
    wearers: wearers.describe("People and their habits. Left out: only the timeline presses.").optional(),
    faults: list(anyFault, 0, 1_000)
      .describe("What goes wrong, and when. Faults of one object may not overlap.")
      .optional(),
    timeline: list(timelineStep, 0, 10_000).describe("What people do at given times.").optional(),
    expect: list(expectation, 0, 200)
      .describe("What must hold. No alarm lost, none falsely accepted and no duplicate case are checked in every run.")
      .optional(),
  })
  .describe("A Livlina scenario.");

/** A scenario file as written. */
export type ScenarioFile = z.infer<typeof scenarioSchema>;

/** Keys that say what a run is: the file that includes others has them, an included one has not. */
export const runKeys: readonly string[] = ["name", "question", "source", "starts", "duration"];
const parameterPattern = "\\$\\{[a-z][a-z0-9-]{0,39}\\}";

type Json = Readonly<Record<string, unknown>>;

/** JSON Schema (draft 2020-12) of scenario files, for editors and other programs. What may come from an included file is not required. */
export function scenarioJsonSchema(): object {
  const { $schema, properties, ...rest } = z.toJSONSchema(scenarioSchema, { io: "input" }) as Json;
  const keys = Object.entries(properties as Json).map(([key, value]) => {
    if (Object.hasOwn(fileHead.shape, key)) return [key, value];
    const { required, ...open } = value as Json;
    return [key, withParameters(key === "world" ? open : (value as Json))];
  });
  return {
    $schema,
    title: "Livlina scenario",
    ...rest,
    properties: Object.fromEntries(keys) as Json,
    required: ["name", "duration"],
    $defs: { parameter: { type: "string", pattern: parameterPattern, description: "A parameter, or text with one." } },
  };
}

/** The same for a file that scenarios include; it stands on the other, beside which it lies. */
export function partJsonSchema(): object {
  const keys = Object.keys(scenarioSchema.shape).filter((key) => !runKeys.includes(key));
  const properties = keys.map((key) => [key, { $ref: `scenario.schema.json#/properties/${key}` }]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Part of Livlina scenarios",
    description: "What several scenarios include: a world, a fleet, faults.",
    type: "object",
    properties: Object.fromEntries(properties) as Json,
    additionalProperties: false,
  };
}

/** Wherever one value stands, a parameter may stand too. */
function withParameters(node: Json): Json {
  const each = (value: unknown): Json => withParameters(value as Json);
  const under = (values: unknown): Json =>
    Object.fromEntries(Object.entries(values as Json).map(([key, value]) => [key, each(value)]));
  const { description, ...shape } = node;
  if (isOneValue(node))
    return { ...(description === undefined ? {} : { description }), anyOf: [shape, { $ref: "#/$defs/parameter" }] };
  return {
    ...node,
    ...(Array.isArray(node["anyOf"]) ? { anyOf: node["anyOf"].map(each) } : {}),
    ...(node["properties"] === undefined ? {} : { properties: under(node["properties"]) }),
    ...(typeof node["additionalProperties"] === "object"
      ? { additionalProperties: each(node["additionalProperties"]) }
      : {}),
    ...(node["items"] === undefined ? {} : { items: each(node["items"]) }),
  };
}

function isOneValue(node: Json): boolean {
  return ["string", "integer", "number", "boolean"].includes(String(node["type"])) || node["enum"] !== undefined;
}
