/** The keys of a scenario's homes and of the people in them: groups of units, wearers, and what people do at given times. */
import { z } from "zod";
import { relativeLimit } from "../../firmware/voice/voice-settings.ts";
import { holds, keyNames, routePolicies, telephones } from "./fleet.ts";
import { hoursPattern } from "./scenario-units.ts";
import { instant, list, name, prose, telephoneNumber, text, whole, word } from "./schema-parts.ts";

export const group = z.strictObject({
  name: name().describe(
    "Name of the group, and of its unit where there is only one; else units are called name-001, name-002 ...",
  ),
  count: whole(1, 100_000).describe("How many units."),
  provider: prose(80)
    .describe("Who looks after these people, for the call-and-visit list; the group's name unless said.")
    .optional(),
  policy: word(routePolicies).describe("Which route is used first, mobile-first unless said.").optional(),
  mobile: name().describe("Operator or cell that the units use; left out: no mobile route.").optional(),
  broadband: name().describe("Broadband provider; left out: no broadband route.").optional(),
  power: name()
    .describe("Power area of the units and of their broadband routers; left out: their mains never goes.")
    .optional(),
  receivers: list(name(), 1, 2).describe("Receivers, first choice first."),
  buttons: whole(1, 32).describe("Wrist buttons of each unit, 1 unless said.").optional(),
  telephone: word(telephones).describe("What the units call and are called over, none unless said.").optional(),
  "mobile-calls": word(["instead-of-data", "beside-data"])
    .describe("Whether a call over mobile stops its data, instead-of-data unless said.")
    .optional(),
  "fallback-number": telephoneNumber().describe("Called where no receiver accepts.").optional(),
  relatives: list(telephoneNumber(), 1, relativeLimit)
    .describe("Called in turn after it, until one of them presses 0.")
    .optional(),
});

export const wearers = z.strictObject({
  "presses-per-unit-and-day": z
    .number({ error: "a number from 0 to 200" })
    .min(0, { error: "a number from 0 to 200" })
    .max(200, { error: "a number from 0 to 200" })
    .describe("Mean number of presses of one unit in a day. All of them fall into the hours below."),
  hours: text(hoursPattern, 'hours of the day such as "06:00-22:00"')
    .describe("Local time, 00:00-24:00 unless said.")
    .optional(),
});

const whichButton = {
  at: instant().describe("When."),
  button: whole(1, 32).describe("Which of its buttons, 1 unless said.").optional(),
};
const pressStep = z.strictObject({ press: name().describe("The unit whose button is pressed."), ...whichButton });
const keyStep = z.strictObject({
  at: instant().describe("When."),
  key: word(keyNames).describe("The key on the unit itself that is pressed."),
  unit: name().describe("The unit."),
  held: word(holds).describe("Whether it is pressed or held on; short unless said.").optional(),
});
const buttonBatteryStep = z.strictObject({
  "button-battery": name().describe("The unit one of whose buttons gets a new battery."),
  ...whichButton,
});

export const timelineStep = z.union([pressStep, keyStep, buttonBatteryStep]);
