/** The keys of a scenario's homes and of the people in them: groups of units, wearers, and what people do at given times. */
import { z } from "zod";
import { relativeLimit } from "../../firmware/voice/voice-settings.ts";
import { generations } from "./fault.ts";
import { routePolicies, telephones } from "./fleet.ts";
import { homeKeys } from "./schema-home.ts";
import { duration, list, name, prose, telephoneNumber, whole, word } from "./schema-parts.ts";
import { wearers } from "./schema-wearers.ts";

/** A modem's settings hold eight networks, its own among them; more than this would be searched for an hour. */
const roamsToLimit = 4;

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
  "proven-within": duration()
    .describe(
      "Longest time that the route in use goes unproven, 3m to 25h, as agreed with the receiver; 3m unless said.",
    )
    .optional(),
  "roams-to": list(name(), 1, roamsToLimit)
    .describe("Operators or cells that serve its SIM where its own is not to be had; left out: none.")
    .optional(),
  generations: list(word(generations), 1, generations.length)
    .describe("Radio generations that its modems can; left out: all.")
    .optional(),
  broadband: name().describe("Broadband provider; left out: no broadband route.").optional(),
  "router-battery": duration()
    .describe("How long its broadband routers live without mains, 0s unless said.")
    .optional(),
  building: name()
    .describe(
      "A stairwell whose homes hear each other's buttons; groups may share it. Left out: each home stands alone.",
    )
    .optional(),
  power: name()
    .describe("Power area of the units and of their broadband routers; left out: their mains never goes.")
    .optional(),
  receivers: list(name(), 1, 2).describe("Receivers, first choice first."),
  buttons: whole(1, 32).describe("Wrist buttons of each unit, 1 unless said.").optional(),
  wearers: wearers.describe("The people of this group, in place of the scenario's.").optional(),
  telephone: word(telephones).describe("What the units call and are called over, none unless said.").optional(),
  "mobile-calls": word(["instead-of-data", "beside-data"])
    .describe("Whether a call over mobile stops its data, instead-of-data unless said.")
    .optional(),
  "fallback-number": telephoneNumber().describe("Called where no receiver accepts.").optional(),
  relatives: list(telephoneNumber(), 1, relativeLimit)
    .describe("Called in turn after it, until one of them presses 0.")
    .optional(),
  voicemail: list(telephoneNumber(), 1, relativeLimit + 1)
    .describe("Those of these numbers at which a machine takes every call, and nobody presses a key.")
    .optional(),
  ...homeKeys,
});
