/** What a page may ask for: anything else is refused before it is looked at. Names and words are checked by the story itself. */
import { z } from "zod";
import { offeredFaults, sharedKinds } from "./messages.ts";

const name = z.string().min(1).max(64);
const longestMs = 400 * 86_400_000;
const whole = z.int().min(0).max(longestMs);

const deed = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("press"), unit: name, button: z.int().min(1).max(32) }),
  z.strictObject({ type: z.literal("key"), unit: name, key: z.enum(["help", "cancel"]) }),
  z.strictObject({ type: z.literal("handle"), unit: name, how: z.enum(["unplugged", "plugged-in"]) }),
  z.strictObject({
    type: z.literal("fault"),
    object: z.enum([...sharedKinds, "unit"]),
    name,
    fault: z.enum([...new Set(Object.values(offeredFaults).flat())]),
  }),
]);

export const orderSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["play", "pause", "save"]) }),
  z.strictObject({ type: z.literal("speed"), speed: z.number().min(0).max(10_000) }),
  z.strictObject({ type: z.enum(["step", "seek"]), ms: whole }),
  z.strictObject({ type: z.literal("open"), unit: name.nullable() }),
  z.strictObject({ type: z.literal("do"), deed }),
  z.strictObject({ type: z.literal("mend"), object: name, name }),
]);
