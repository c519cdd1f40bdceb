/** The keys of what must hold at the end of a run. */
import { z } from "zod";
import { duration, name, whole, word } from "./schema-parts.ts";

const percentileExpected = "a percentile above 0 and up to 100";
const count = () => whole(0, 1_000_000);
const alarms = z.strictObject({
  alarms: word(["all", "with-second-receiver", "without-second-receiver"]).describe("Which alarms this speaks of."),
  group: name().describe("Only of this group of the fleet.").optional(),
  pressed: word(["any-time", "during-faults", "outside-faults"])
    .describe("Only those pressed while a fault was on, or only the others; any-time unless said.")
    .optional(),
  percentile: z
    .number({ error: percentileExpected })
    .gt(0, { error: percentileExpected })
    .max(100, { error: percentileExpected })
    .describe("Share of these alarms that must keep the limit, 100 (all of them) unless said.")
    .optional(),
  "accepted-within": duration().describe("From the press to the receiver's acceptance.").optional(),
  "accepted-after-repair-within": duration()
    .describe("The same, but counted from the end of the fault for those pressed during one.")
    .optional(),
  "told-within": duration().describe("The wearer of an alarm not accepted by then has been told so.").optional(),
  route: word(["mobile", "broadband"]).describe("The route over which they were accepted.").optional(),
  "count-at-least": count().describe("So many such alarms at least.").optional(),
  "count-at-most": count().describe("So many such alarms at most.").optional(),
});
const noticed = {
  "suspected-within": duration()
    .describe("From the start of each of its faults to the monitor's suspicion.")
    .optional(),
  "closed-within": duration().describe("From the end of each of its faults to the monitor's closing note.").optional(),
};
export const expectation = z.union([
  alarms,
  z.strictObject({ lost: count().describe("Alarms heard by a unit and neither accepted nor pending.") }),
  z.strictObject({ "falsely-accepted": count().describe("Alarms shown as accepted that no receiver accepted.") }),
  z.strictObject({ "pending-at-end": count().describe("Alarms not accepted when the run ends, at most.") }),
  z.strictObject({
    "cases-per-alarm": whole(1, 10).describe("Cases that each accepted alarm leaves at the receivers."),
  }),
  z.strictObject({ "suspicions-at-most": count().describe("Times that the monitor suspects anything.") }),
  z.strictObject({ receiver: name().describe("A receiver."), ...noticed }),
  z.strictObject({ operator: name().describe("An operator."), ...noticed }),
  z.strictObject({ broadband: name().describe("A broadband provider."), ...noticed }),
] as const);
