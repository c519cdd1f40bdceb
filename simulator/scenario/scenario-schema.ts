/**
 * The vocabulary of scenario files: every key, what it means and which values it takes. The JSON Schema for editors is
 * made from this table, so the two cannot differ. Closed: a key that is not here is an error.
 */
import { z } from "zod";
import { startPattern } from "./scenario-units.ts";
import { expectation } from "./schema-expect.ts";
import { anyFault } from "./schema-faults.ts";
import { group, timelineStep, wearers } from "./schema-fleet.ts";
import { duration, list, prose, text } from "./schema-parts.ts";
import { world } from "./schema-world.ts";

export const scenarioSchema = z
  .strictObject({
    $schema: z.string().describe("Where editors find this schema.").optional(),
    name: prose(80).describe("Name of the story; also the name of the report's folder."),
    question: prose(500).describe("What the run shall answer, one sentence.").optional(),
    source: prose(500).describe("Where the story comes from.").optional(),
    starts: text(startPattern, 'a date and time such as "2026-01-14 06:00"')
      .describe("Swedish local time at which the run begins, 2026-01-14 06:00 unless said.")
      .optional(),
    duration: duration().describe("How long the run lasts in virtual time, at most 400d."),
    world: world.describe("Everything outside the units."),
    fleet: list(group, 1, 1_000).describe("The units, in groups that are set up alike."),
    wearers: wearers.describe("People who press at chance. Left out: only the timeline presses.").optional(),
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

/** JSON Schema (draft 2020-12) of scenario files, for editors and other programs. */
export function scenarioJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(scenarioSchema, { io: "input" });
  return { $schema, title: "Livlina scenario", ...rest };
}
