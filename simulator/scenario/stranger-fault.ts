/** Strangers who meddle with the homes of a group: what a scenario file says of them, and its plain form. */
import { z } from "zod";
import { duration, instant, name, word } from "./schema-parts.ts";

/**
 * `forged`: whoever overhears a unit's message sends it an acceptance that no receiver has given, from an address of its
 * own. `borrowed`: the same from the address of another receiver of the home than the one that was asked. `replayed`: what buttons and units say by radio is taken down and played again later, unchanged.
 */
export const strangerFaults = ["forged", "borrowed", "replayed"] as const;
export type StrangerFault = (typeof strangerFaults)[number];

export interface StrangerScenarioFault {
  readonly object: "strangers";
  /** Of the group. */
  readonly name: string;
  readonly fault: StrangerFault;
  readonly fromMs: number;
  readonly toMs: number;
  readonly share?: undefined;
}

export const strangerFault = z.strictObject({
  from: instant().describe("When it begins."),
  to: instant().describe("When it ends; left out: it lasts to the end of the run.").optional(),
  every: duration()
    .describe("It comes again and again in that time, so long from one beginning to the next.")
    .optional(),
  on: duration().describe("With `every`: how long it lasts each time.").optional(),
  strangers: name().describe("The group whose homes strangers meddle with."),
  fault: word(strangerFaults).describe(
    "forged: a stranger answers each message of a unit with an acceptance that no receiver gave. borrowed: so " +
      "that it seems to come from another receiver of the home. replayed: radio " +
      "packets of the home are played again within the hour.",
  ),
});
