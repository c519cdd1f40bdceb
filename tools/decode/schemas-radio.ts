/** What `livlina decode radio --json` prints: sealed frames with or without the key, and the open frames of pairing (radio 3, 7.1). */
import { z } from "zod";
import { checkInKinds } from "../../protocol/radio/accessory-check-in.ts";
import { accessoryTypes, happenings } from "../../protocol/radio/accessory-types.ts";
import { alarmSteps } from "../../protocol/radio/acknowledge.ts";
import { bondOrderKinds, bondPhases } from "../../protocol/radio/bond-frame.ts";
import { buttonForms } from "../../protocol/radio/button-flags.ts";
import { fallPhases } from "../../protocol/radio/fall.ts";
import { rejectReasons } from "../../protocol/radio/pairing.ts";
import { hex, whole, word } from "./schemas-parts.ts";

const u8 = () => whole(0, 255);
const u16 = () => whole(0, 65_535);
const u32 = () => whole(0, 4_294_967_295);
const batteryMv = whole(0, 5_100);
const named = { nameDistance: u16(), ageS: u16(), batteryMv };
const form = word(buttonForms);
const button = { low: z.boolean(), form };
const condition = z.strictObject({ alarm: z.boolean(), fault: z.boolean(), tamper: z.boolean() });
const accessory = { type: word(accessoryTypes), condition, batteryMv, low: z.boolean() };
const answer = z.strictObject({ name: u32(), step: word(alarmSteps) });
const temperatureC = whole(-128, 127).describe("-128 stands for not measured.");

const toUnit = "device-to-unit";
const toDevice = "unit-to-device";

/** Of each sealed type its direction and its message. */
const messages: Readonly<Record<string, { readonly direction: string; readonly message: z.ZodType }>> = {
  press: {
    direction: toUnit,
    message: z.strictObject({ ...named, presses: whole(1, 255), reason: word(["call", "cancel", "fall"]), ...button }),
  },
  report: {
    direction: toUnit,
    message: z.strictObject({
      kind: word(["check-in", "battery-low", "battery-ok", "started"]),
      batteryMv,
      temperatureC,
      versionMajor: u8(),
      versionMinor: u8(),
      pressCount: u16(),
      ...button,
    }),
  },
  "status-request": { direction: toUnit, message: z.strictObject({ name: u32(), batteryMv, ...button }) },
  fall: {
    direction: toUnit,
    message: z.strictObject({ ...named, falls: whole(1, 255), phase: word(fallPhases), ...button }),
  },
  "accessory-event": {
    direction: toUnit,
    message: z.strictObject({ ...named, ...accessory, happening: word(happenings), times: whole(1, 7) }),
  },
  "accessory-check-in": {
    direction: toUnit,
    message: z.strictObject({
      ...accessory,
      kind: word(checkInKinds),
      temperatureC,
      nextWithinH: whole(1, 15),
      activations: u16(),
      version: u8(),
    }),
  },
  "bond-told": {
    direction: toUnit,
    message: z.strictObject({
      phase: word(bondPhases),
      batteryMv,
      low: z.boolean(),
      form: whole(0, 47).describe("0 to 2 the forms of a button, from 16 on an accessory's type."),
      holds: u32(),
    }),
  },
  acknowledge: { direction: toDevice, message: answer },
  status: { direction: toDevice, message: answer },
  "bond-order": { direction: toDevice, message: z.strictObject({ answers: u32(), order: word(bondOrderKinds) }) },
};

/** Sealed without the key, opened with it. */
function sealed([type, { direction, message }]: [string, (typeof messages)[string]]): z.ZodType[] {
  const open = {
    type: z.literal(type),
    direction: z.literal(direction),
    address: u32(),
    counter: u32(),
    tag: hex(8),
  };
  return [
    z.strictObject({ ...open, proven: z.literal(false), sealed: hex() }),
    z.strictObject({ ...open, proven: z.literal(true), message }),
  ];
}

function pairing(type: string, direction: string, more: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const open = { type: z.literal(type), direction: z.literal(direction), address: u32(), proof: hex(8) };
  return z.strictObject({ ...open, proven: z.boolean(), ...more });
}

export const radioSchema = z.union([
  ...Object.entries(messages).flatMap(sealed),
  pairing("pairing-request", toUnit, { random: hex(8) }),
  pairing("pairing-offer", toDevice, { random: hex(8), person: whole(1, 255) }),
  pairing("pairing-confirm", toUnit, {}),
  pairing("pairing-cancel", toUnit, {}),
  pairing("pairing-reject", toDevice, { reason: word(rejectReasons) }),
]);
