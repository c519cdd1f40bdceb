/** The keys of what goes wrong inside units: in one unit, or in a share of a group. */
import { z } from "zod";
import { duration, instant, name, share, span, whole, word } from "./schema-parts.ts";
import { unitFaults } from "./unit-fault.ts";

const keys = {
  from: instant().describe("When it begins."),
  to: instant()
    .describe("When it ends; left out: it lasts to the end of the run. What is dead or worn does not come back.")
    .optional(),
  every: duration()
    .describe("It comes again and again in that time, so long from one beginning to the next.")
    .optional(),
  on: duration().describe("With `every`: how long it lasts each time.").optional(),
  fault: word(unitFaults).describe(
    "dead: no power, for good. power-cuts: mains and battery fail for moments. clock-drift. worn-flash: cells of its " +
      "memory fail one by one. frozen-modem: the modem hears and says nothing. bad-release: a firmware that sends " +
      "nothing over any route is started, and at the end the former one.",
  ),
  "per-day": whole(1, 100_000)
    .describe("For power-cuts: how many in a day, at random instants, 3 unless said; 40000: two within four seconds.")
    .optional(),
  "off-for": span().describe("For power-cuts: how long each lasts, 2s to 2m unless said.").optional(),
  torn: share()
    .describe(
      "For power-cuts: the share that waits for a write to its memory and leaves it half done, none unless said.",
    )
    .optional(),
  ppm: whole(-10_000, 10_000)
    .describe("For clock-drift: how many parts per million its clock runs fast, or slow where below 0.")
    .optional(),
  cells: share()
    .describe("For worn-flash: the share of its sectors that has failed at the end, 10 % unless said.")
    .optional(),
  silently: z
    .boolean({ error: "true or false" })
    .describe("For worn-flash: the memory says that all went well, and only who reads back finds out.")
    .optional(),
};

export const unitFault = z.strictObject({ unit: name().describe("The unit that fails."), ...keys });
export const groupFault = z.strictObject({
  group: name().describe("The group whose units fail."),
  share: share().describe("How many of them, spread evenly over the group, 100 % unless said.").optional(),
  ...keys,
});
