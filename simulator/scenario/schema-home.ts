/** The keys of what stands in each home of a group beside its unit: radio and walls, the charge of buttons, accessories, the state of its life. */
import { z } from "zod";
import { accessoryTypes } from "../../protocol/radio/accessory-types.ts";
import { radios } from "./fleet.ts";
import { hoursPattern } from "./scenario-units.ts";
import { duration, list, name, share, text, word } from "./schema-parts.ts";
import { orderedLives } from "./timeline.ts";

const decibelPattern = /^\d{1,2} dB$/;
/** Places in a unit's table of bonds. */
const placeLimit = 32;

const charge = () => share();

const accessory = z.strictObject({
  kind: word(accessoryTypes).describe("What it is."),
  name: name().describe("What timelines call it; its kind unless said.").optional(),
  hours: text(hoursPattern, 'hours of the day such as "22:00-06:00"')
    .describe(
      "Of a door: opening it in these hours is an alarm after the pre-alarm; left out: each opening is one, at once.",
    )
    .optional(),
  "pre-alarm": duration()
    .describe("Of a door with rules: so long the home is asked first, 30s unless said.")
    .optional(),
  "open-at-most": duration()
    .describe("Of a door with rules: how long it may stand open at any time, 15m unless said; 0s: for ever.")
    .optional(),
  charge: charge().describe("What its battery holds at the start, 100 % unless said.").optional(),
});

/** The group's keys of this file. */
export const homeKeys = {
  "radio-loss": share()
    .describe("Share of radio frames that are lost within these homes; left out: as world.radio says.")
    .optional(),
  radio: word(radios)
    .describe(
      "What unit and devices speak through, direct unless said: the plain port, or the firmware's driver over the model of a chip.",
    )
    .optional(),
  walls: text(decibelPattern, 'an attenuation such as "12 dB"')
    .describe("What walls and distance take off between the unit and all that it hears, 0 dB unless said.")
    .optional(),
  "button-charge": charge().describe("What the buttons' batteries hold at the start, 100 % unless said.").optional(),
  "memory-used": share()
    .describe(
      "How much of the units' memory is full of outdated records at the start, as after months; 0 % unless said.",
    )
    .optional(),
  accessories: list(accessory, 1, placeLimit).describe("What hangs on doors and ceilings of each home.").optional(),
  inactivity: word(["12h", "24h"])
    .describe("After so long without a sign of life the unit asks aloud, and then calls; left out: it does not watch.")
    .optional(),
  life: word(orderedLives.filter((life) => life !== "wiped"))
    .describe("State of the units' lives at the start, in-service unless said.")
    .optional(),
};
