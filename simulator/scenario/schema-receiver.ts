/** The keys of what a receiver can do: messages in a second, a queue, and people who work in shifts. */
import { z } from "zod";
import { hoursPattern } from "./scenario-units.ts";
import { list, text, whole, word } from "./schema-parts.ts";

const rateExpected = "a number from 0.001 to 10,000";

/** Messages in a second. */
export const rate = () =>
  z.number({ error: rateExpected }).min(0.001, { error: rateExpected }).max(10_000, { error: rateExpected });

export const capacity = z.strictObject({
  "messages-per-second": rate().describe("How many messages its application handles in a second; the others wait."),
  queue: whole(1, 100_000).describe("How many may wait for it, 1000 unless said.").optional(),
  "when-full": word(["busy", "refuse"])
    .describe("What the next one meets. busy: 200 and `mrs` 6. refuse: SIP 503 with a time to come again, unless said.")
    .optional(),
});

export const shifts = list(
  z.strictObject({
    hours: text(hoursPattern, 'hours of the day such as "07:00-16:00"').describe("Local time."),
    count: whole(0, 1_000).describe("How many speak at once at these hours."),
  }),
  1,
  24,
);
