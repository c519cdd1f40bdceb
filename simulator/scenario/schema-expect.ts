/** The keys of what must hold at the end of a run. */
import { z } from "zod";
import { alarmSteps, unitLists } from "./expectation.ts";
import { clockPattern, durationPattern } from "./scenario-units.ts";
import { duration, instant, list, name, prose, share, text, whole, word } from "./schema-parts.ts";

const bare = (pattern: RegExp): string => pattern.source.slice(1, -1);
const instantText = `(?:${bare(durationPattern)}|${bare(clockPattern)})`;
const betweenPattern = new RegExp(`^${instantText} to (?:${instantText}|end)$`);
const untilEndPattern = new RegExp(`^(?:${instantText}|end)$`);
const reportPattern = /^(?:[a-z][a-z-]{1,39}|\d{1,4}\/\d{1,4})$/;
const percentileExpected = "a percentile above 0 and up to 100";

const count = () => whole(0, 1_000_000);
const untilEnd = () => text(untilEndPattern, 'a time such as "5m", "08:00" or "end"');
const reportWord = () =>
  text(reportPattern, 'a report such as "mains-lost", a kind such as "technical", or SCAIP numbers such as "2/85"');
const percentile = () =>
  z
    .number({ error: percentileExpected })
    .gt(0, { error: percentileExpected })
    .max(100, { error: percentileExpected })
    .describe("Share of them that must keep the limit, 100 (all of them) unless said.")
    .optional();
const units = {
  group: name().describe("Only of this group of the fleet.").optional(),
  unit: name().describe("Only of this unit.").optional(),
};
const between = {
  between: text(betweenPattern, 'two times such as "08:00 to 09:30" or "5m to end"')
    .describe("Only from the first of two times to before the second.")
    .optional(),
};
const counts = {
  exactly: count().describe("So many of them.").optional(),
  "count-at-least": count().describe("So many of them at least.").optional(),
  "count-at-most": count().describe("So many of them at most.").optional(),
};
const seen = word(["accepted", "raised"])
  .describe("At the instant of a receiver's acceptance, or when it stood in the unit's journal; accepted unless said.")
  .optional();
const statusText = prose(32).describe("Only those whose status text holds this.").optional();
const signal = name().describe("A signal of the lamp or of a button, or a sentence of the unit's voice, by its name.");
const signalBy = word(["lamp", "voice", "button"]).describe("What told it; any of them unless said.").optional();
const phase = word(["suspected", "confirmed", "updated", "closed"]).describe("What the monitor said.");
const notice = {
  cause: word(["server", "operator", "area-power", "broadband", "single-unit", "button"])
    .describe("Only of this class of causes.")
    .optional(),
  subject: prose(60).describe("Only about this receiver, operator, provider, power area or unit.").optional(),
};

const alarms = z.strictObject({
  alarms: word(["all", "heard", "unheard", "with-second-receiver", "without-second-receiver"]).describe(
    "Which alarms this speaks of; unheard are those that no unit could hear.",
  ),
  ...units,
  ...between,
  pressed: word(["any-time", "during-faults", "outside-faults"])
    .describe("Only those pressed while a fault was on, or only the others; any-time unless said.")
    .optional(),
  percentile: percentile(),
  "heard-within": duration().describe("From the press until it stands in the unit's journal.").optional(),
  "sent-within": duration().describe("From the press until its first message has left the unit.").optional(),
  "carried-within": duration().describe("From the press to the first SIP 200 of a receiver.").optional(),
  "accepted-within": duration().describe("From the press to the receiver's acceptance.").optional(),
  "accepted-after-repair-within": duration()
    .describe("The same, but counted from the end of the fault for those pressed during one.")
    .optional(),
  "told-within": duration().describe("The wearer of an alarm not accepted by then has been told so.").optional(),
  route: word(["mobile", "broadband"]).describe("The route over which they were accepted.").optional(),
  receiver: name().describe("The receiver by which they were accepted.").optional(),
  ...counts,
});

/** What every set of happenings can be held to. */
const set = {
  ...units,
  ...between,
  ...counts,
  "units-at-least": count().describe("From so many different units at least.").optional(),
  "units-at-most": count().describe("From so many different units at most.").optional(),
  "per-unit": count().describe("So many from each unit that is meant.").optional(),
  "per-unit-at-least": count().describe("So many at least from each unit that is meant.").optional(),
  "per-unit-at-most": count().describe("So many at most from each unit that is meant.").optional(),
  after: instant().describe("Only from this time on, and limits count from it.").optional(),
  "first-within": duration().describe("The first comes so soon after that time.").optional(),
  within: duration()
    .describe("All come so soon after that time; reports without one, after they were raised.")
    .optional(),
  percentile: percentile(),
};

const steps = [
  { report: reportWord().describe("A report of a unit that is no press."), seen, text: statusText },
  { told: signal, by: signalBy },
  { alarm: word(alarmSteps).describe("How far a press has come.") },
] as const;
const ofUnit = { unit: name().describe("Of this unit; of any unless said.").optional() };
const noticeStep = { notice: phase, ...notice };
const step = z.union([
  z.strictObject({ ...ofUnit, ...steps[0] }),
  z.strictObject({ ...ofUnit, ...steps[1] }),
  z.strictObject({ ...ofUnit, ...steps[2] }),
  z.strictObject(noticeStep),
] as const);
const due = {
  deadline: untilEnd().describe("The last instant at which it is in time."),
  after: instant().describe("Only what happens from this time on counts.").optional(),
};

const noticed = {
  "suspected-within": duration()
    .describe("From the start of each of its faults to the monitor's suspicion.")
    .optional(),
  "closed-within": duration().describe("From the end of each of its faults to the monitor's closing note.").optional(),
};
const someUnits = () => list(name(), 0, 1_000);

export const expectation = z.union([
  alarms,
  z.strictObject({ ...due, ...ofUnit, ...steps[0] }),
  z.strictObject({ ...due, ...ofUnit, ...steps[1] }),
  z.strictObject({ ...due, ...ofUnit, ...steps[2] }),
  z.strictObject({ ...due, ...noticeStep }),
  z.strictObject({
    reports: reportWord().describe("What units have to tell beside presses: by name, by kind, by numbers, or any."),
    seen,
    text: statusText,
    ...set,
  }),
  z.strictObject({ told: signal, by: signalBy, ...set }),
  z.strictObject({ notices: phase, ...notice, ...set }),
  z.strictObject({ order: list(step, 2, 50).describe("What must happen in this order.") }),
  z.strictObject({
    units: word(unitLists).describe("Which list of units."),
    at: untilEnd().describe("When it is looked at."),
    group: units.group,
    are: someUnits().describe("Exactly these; the name of a group stands for all its units.").optional(),
    include: someUnits().describe("These, and perhaps others.").optional(),
    exclude: someUnits().describe("None of these.").optional(),
    ...counts,
  }),
  z.strictObject({
    traffic: name().describe('A receiver, or "all".'),
    over: word(["mobile", "broadband"]).describe("Only what came over this route.").optional(),
    "messages-a-second-at-most": count()
      .describe("New messages that its front hears in its busiest second.")
      .optional(),
    "alarms-at-least": count().describe("So many alarms accepted at least.").optional(),
    "alarms-at-most": count().describe("So many alarms accepted at most.").optional(),
    "share-at-least": share().describe("Share of all accepted alarms, at least.").optional(),
    "share-at-most": share().describe("Share of all accepted alarms, at most.").optional(),
  }),
  z.strictObject({ lost: count().describe("Alarms heard by a unit and neither accepted nor pending, at most.") }),
  z.strictObject({
    "falsely-accepted": count().describe("Alarms shown as accepted that no receiver accepted, at most."),
  }),
  z.strictObject({ "pending-at-end": count().describe("Alarms not accepted when the run ends, at most.") }),
  z.strictObject({ unheard: count().describe("Presses that no unit could hear, at most.") }),
  z.strictObject({ "duplicate-cases": count().describe("Alarms that stand as more than one case, at most.") }),
  z.strictObject({
    "cases-per-alarm": whole(1, 10).describe("Cases that each accepted alarm leaves at the receivers."),
  }),
  z.strictObject({ "suspicions-at-most": count().describe("Times that the monitor suspects anything.") }),
  z.strictObject({ receiver: name().describe("A receiver."), ...noticed }),
  z.strictObject({ operator: name().describe("An operator."), ...noticed }),
  z.strictObject({ cell: name().describe("A cell."), ...noticed }),
  z.strictObject({ broadband: name().describe("A broadband provider."), ...noticed }),
  z.strictObject({ power: name().describe("A power area."), ...noticed }),
] as const);
