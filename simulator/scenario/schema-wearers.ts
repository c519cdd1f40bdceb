/** The keys of people's habits. */
import { z } from "zod";
import { hoursPattern } from "./scenario-units.ts";
import { share, span, text, whole } from "./schema-parts.ts";

function rate(most: number) {
  const error = `a number from 0 to ${most}`;
  return z.number({ error }).min(0, { error }).max(most, { error });
}

export const wearers = z.strictObject({
  "presses-per-unit-and-day": rate(200)
    .describe("Mean number of presses of one unit in a day, 0 unless said. They fall into the hours below.")
    .optional(),
  hours: text(hoursPattern, 'hours of the day such as "06:00-22:00"')
    .describe(
      "Local time, 00:00-24:00 unless said. Tests are made, and people leave and come home, at these hours too.",
    )
    .optional(),
  "at-night": share().describe("Share of the presses that falls outside the hours, 0 % unless said.").optional(),
  "test-press": z
    .strictObject({
      "every-days": whole(1, 365)
        .describe("Days from one test to the next, 30 unless said; each unit has days of its own.")
        .optional(),
      forgotten: share().describe("Share of the tests that are not made, 0 % unless said.").optional(),
    })
    .describe("Everybody presses now and then to test the alarm; left out: nobody does.")
    .optional(),
  "heeds-reminders": share()
    .describe("Share of the unit's spoken requests for a test that are followed within the hour, 0 % unless said.")
    .optional(),
  "falls-per-unit-and-year": rate(100).describe("Falls that the first button feels, 0 unless said.").optional(),
  away: z
    .strictObject({
      "times-per-year": rate(100).describe("How often somebody goes away."),
      for: span().describe("For how long; nobody presses or falls at home meanwhile."),
      "says-so": share()
        .describe("Share of those who press the away key before and after, 100 % unless said.")
        .optional(),
    })
    .describe("People who leave home with their buttons; left out: nobody does.")
    .optional(),
  "changes-button-battery": z
    .strictObject({
      after: span().describe("From the acceptance of the report that it is low."),
      forgotten: share().describe("Share that is never changed, 0 % unless said.").optional(),
    })
    .describe("Somebody puts a new battery into a button that is low; left out: nobody does.")
    .optional(),
});
