/** What `livlina decode at --json` prints: the lines of a talk with a modem, and what each says. */
import { z } from "zod";
import { whole, word } from "./schemas-parts.ts";

const socket = whole(-1);
const generation = word(["2g", "3g", "4g", "unknown"]);

const said = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("started") }),
  z.strictObject({ type: z.literal("powered-down") }),
  z.strictObject({ type: z.literal("sim"), sim: word(["ready", "pin", "puk", "absent", "faulty"]) }),
  z.strictObject({
    type: z.literal("registration"),
    domain: word(["packet", "circuit"]),
    registration: word(["none", "home", "searching", "denied", "roaming"]),
    generation,
  }),
  z.strictObject({ type: z.literal("signal"), signal: whole(0, 99) }),
  z.strictObject({ type: z.literal("operator"), operator: z.string(), generation }),
  z.strictObject({ type: z.literal("context"), active: z.boolean(), address: z.string() }),
  z.strictObject({ type: z.literal("context-lost") }),
  z.strictObject({ type: z.literal("clock"), wallMs: whole(0) }),
  z.strictObject({ type: z.literal("clock-set") }),
  z.strictObject({ type: z.literal("socket-opened"), socket, error: whole(0) }),
  z.strictObject({ type: z.literal("socket-chosen"), socket }),
  z.strictObject({ type: z.literal("name-resolved"), address: z.string() }),
  z.strictObject({ type: z.literal("socket-readable"), socket }),
  z.strictObject({ type: z.literal("socket-closed"), socket }),
  z.strictObject({ type: z.literal("datagram-origin"), host: z.string(), port: whole(0, 65_535) }),
  z.strictObject({ type: z.literal("ringing"), voice: z.boolean() }),
  z.strictObject({ type: z.literal("caller"), number: z.string() }),
  z.strictObject({ type: z.literal("second-caller") }),
  z.strictObject({ type: z.literal("call-begun") }),
  z.strictObject({
    type: z.literal("call-moved"),
    state: word(["active", "held", "dialing", "alerting", "incoming", "waiting"]),
  }),
  z.strictObject({
    type: z.literal("call-ended"),
    reason: word(["no-carrier", "busy", "no-answer", "no-dialtone", "unsaid"]),
  }),
  z.strictObject({ type: z.literal("key"), key: z.string() }),
  z.strictObject({
    type: z.literal("call"),
    index: whole(1),
    incoming: z.boolean(),
    state: word(["active", "held", "dialing", "alerting", "incoming", "waiting"]),
    voice: z.boolean(),
    number: z.string(),
  }),
  z.strictObject({ type: z.literal("sms-stored"), memory: z.string(), index: whole(0) }),
  z.strictObject({ type: z.literal("sms-follows"), report: z.boolean(), length: whole(0) }),
  z.strictObject({
    type: z.literal("sms-header"),
    index: whole(-1).describe("-1 where the line does not tell it."),
    status: word(["unread", "read", "unsent", "sent"]),
    length: whole(0),
  }),
]);

export const atSchema = z.strictObject({
  dialect: z.string(),
  lines: z
    .array(
      z.strictObject({
        at: whole(0).describe("Byte offset in the input."),
        kind: word(["command", "result", "fact", "data", "other"]),
        text: z.string().describe("The line; of data its bytes in hexadecimal."),
        ok: z.boolean().describe("Of a result: whether all went well.").optional(),
        fact: said.describe("What the line says.").optional(),
        length: whole(1).describe("Of data: its bytes.").optional(),
      }),
    )
    .min(1),
});
