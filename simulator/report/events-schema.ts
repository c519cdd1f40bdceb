/** The published shape of the lines of `events.jsonl`: by the lane that a line belongs to, keys are added and never renamed. */
import { z } from "zod";
import { buttonSignals, lampSignals } from "../record/signal-book.ts";
import { hidden } from "./run-log.ts";

const atMs = z.number().int().nonnegative();
const ofUnit = { atMs, lane: z.templateLiteral(["unit ", z.string()]) };
const ofReceiver = { atMs, lane: z.templateLiteral(["receiver ", z.string()]) };
const number = z.number().int();
const path = z.strictObject({ route: z.enum(["mobile", "broadband"]), receiver: number });

const pressed = z.strictObject({ ...ofUnit, type: z.literal("pressed"), button: number });
const buttonShowed = z.strictObject({
  ...ofUnit,
  type: z.literal("button-showed"),
  button: number,
  signal: z.enum(buttonSignals),
});
const unitShowed = z.strictObject({ ...ofUnit, type: z.literal("unit-showed"), signal: z.enum(lampSignals) });
/** A line of the device's own log about a report: its number in the unit, its session, the way and the try. */
const logged = z.strictObject({
  ...ofUnit,
  type: z.enum(["stored", "accepted", "refused", "gave-up-path", "held", "withdrawn", "dropped"]),
  number,
  part: number,
  path: path.optional(),
  attempt: number,
});
/** What service people and tools did in a home. */
const visited = z.looseObject({ ...ofUnit, type: z.string() });

const heard = z.strictObject({
  ...ofReceiver,
  type: z.enum(["alarm", "update", "reset", "heartbeat", "registered", "rejected"]),
  t: z.number().int(),
  cid: z.string(),
  ref: z.string(),
  mty: z.string(),
  dty: number.optional(),
  stc: number.optional(),
  did: z.string().optional(),
  ite: z.string().optional().describe(`the instant that a text begins with; "${hidden}" stands for the rest`),
  from: z.string().describe(`"${hidden}", or address and port where nothing is hidden`),
  transport: z.enum(["udp", "tcp", "tls"]),
  answer: z.string(),
  case: number.optional(),
  again: z.boolean(),
  reused: z.boolean(),
  why: z.string().optional(),
});

const notice = z.strictObject({
  atMs,
  lane: z.literal("monitor"),
  type: z.literal("notice"),
  phase: z.enum(["suspected", "confirmed", "updated", "closed"]),
  cause: z.string(),
  subject: z.string(),
  units: number,
  evidence: z.string(),
  outage: number,
});
const fault = z.strictObject({
  atMs,
  lane: z.literal("world"),
  type: z.literal("fault"),
  object: z.string(),
  name: z.string(),
  fault: z.string(),
  what: z.enum(["begins", "ends"]),
});
const full = z.strictObject({ atMs, lane: z.literal("log"), type: z.literal("log-full"), dropped: number });

/** One line. */
export const eventSchema = z.union([pressed, buttonShowed, unitShowed, logged, heard, notice, fault, full, visited]);

/** JSON Schema (2020-12) of one line. */
export function eventJsonSchema(): object {
  return z.toJSONSchema(eventSchema);
}
