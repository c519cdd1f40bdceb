/** The keys of what people do at given times: wearers, those who find a button, and service people. Each step is named by a key of its own. */
import { z } from "zod";
import { duration, instant, name, share, whole, word } from "./schema-parts.ts";
import { accessoryActs, handlings, holds, keyNames, orderedLives } from "./timeline.ts";

const at = () => instant().describe("When.");
const whichButton = { at: at(), button: whole(1, 32).describe("Which of its buttons, 1 unless said.").optional() };
const unit = () => name().describe("The unit.");

const pressStep = z.strictObject({ press: name().describe("The unit whose button is pressed."), ...whichButton });
const keyStep = z.strictObject({
  at: at(),
  key: word(keyNames).describe("The key on the unit itself that is pressed."),
  unit: unit(),
  held: word(holds).describe("Whether it is pressed or held on; short unless said.").optional(),
});
const buttonBatteryStep = z.strictObject({
  "button-battery": name().describe("The unit one of whose buttons gets a new battery."),
  ...whichButton,
});
const fallStep = z.strictObject({
  fall: name().describe("The unit whose wearer falls, with a button that feels it."),
  ...whichButton,
  "taken-back-after": duration().describe("The wearer says so long after the fall that no help is needed.").optional(),
});
const rangeStep = z.strictObject({
  range: word(["out", "home"]).describe("Whether its wearer walks out of the radio's range, or comes home."),
  unit: unit(),
  ...whichButton,
});
const loseStep = z.strictObject({
  "lose-button": name().describe("The unit one of whose buttons is lost: far away, and nobody presses it."),
  ...whichButton,
});
const findStep = z.strictObject({
  "find-button": name().describe("The unit one of whose lost buttons lies in the home again."),
  ...whichButton,
});
const revokeStep = z.strictObject({
  "revoke-button": name().describe("The unit at which service people take one of its buttons out of use."),
  ...whichButton,
});
const replaceStep = z.strictObject({
  "replace-button": name().describe(
    "The unit at which service people pair a new button for this button's wearer and press it; it has the next free number.",
  ),
  ...whichButton,
});
const installStep = z.strictObject({
  install: name().describe(
    "The unit that an installer puts into service: each button and accessory is paired and proven by a test that is accepted.",
  ),
  at: at(),
});
const lifeStep = z.strictObject({
  life: word(orderedLives).describe("The state of its life that service people order, where the unit may go there."),
  unit: unit(),
  at: at(),
});
const handleStep = z.strictObject({
  handle: word(handlings).describe("What somebody does to the unit's case, plug or switch."),
  unit: unit(),
  at: at(),
});
const accessoryStep = z.strictObject({
  accessory: name().describe("The accessory, by its name in the group or by its kind."),
  unit: unit(),
  happens: word(accessoryActs).describe(
    "What happens there: alarm (a door opens, smoke comes), restored (it is over) ...",
  ),
  at: at(),
});
const accessoryBatteryStep = z.strictObject({
  "accessory-battery": name().describe(
    "The accessory that gets a new battery, by its name in the group or by its kind.",
  ),
  unit: unit(),
  at: at(),
});

const roomStep = z.strictObject({
  room: whole(-30, 60).describe("So warm it is in the home a minute later, in degrees Celsius; 21 from the start."),
  unit: unit(),
  at: at(),
});
const chargeStep = z.strictObject({
  charge: share().describe("The unit's backup battery is found with so much of its charge."),
  unit: unit(),
  at: at(),
});

const announceStep = z.strictObject({
  announce: name().describe("The unit that service people tell of planned work on a network or a receiver."),
  in: duration().describe("The work begins so long afterwards, at once unless said.").optional(),
  for: duration().describe("How long it lasts, at most 24h."),
  at: at(),
});

export const timelineStep = z.union([
  pressStep,
  keyStep,
  buttonBatteryStep,
  fallStep,
  rangeStep,
  loseStep,
  findStep,
  revokeStep,
  replaceStep,
  installStep,
  lifeStep,
  handleStep,
  accessoryStep,
  accessoryBatteryStep,
  announceStep,
  roomStep,
  chargeStep,
]);
