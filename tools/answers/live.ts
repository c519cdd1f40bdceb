/** What live units, receivers, monitors and modems print with `--json`: one object a line. */
import { z } from "zod";
import type { CallNews as UnitCall } from "../../simulator/live/live-calls.ts";
import type { ModemNews } from "../../simulator/live/live-modem.ts";
import type { CallNews, ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { type Answers, answerOf, count, ms, route, transport, whole } from "./answer.ts";

const callEnd = z.enum(["over", "silent", "lost", "busy", "no-answer", "failed"]);
const wallMs = ms.describe("In ms since 1970.");
const sinceStart = ms.describe("In ms since the start.");

const unitReport = z.strictObject({
  type: z
    .string()
    .describe(
      "pressed, stored, carried, accepted, refused, gave-up-path, held, withdrawn, dropped; report-… for what the unit itself tells.",
    ),
  t: sinceStart,
  stem: z.string().nullable().describe("Twelve characters that name the report."),
  ref: z.string().nullable(),
  route: route.nullable(),
  receiver: whole.nullable().describe("From 1, in the order of preference."),
  attempt: whole.nullable(),
});
const unitCall = answerOf<UnitCall>()(
  z.strictObject({
    type: z.literal("call"),
    what: z.enum(["promised", "dialling", "ringing", "refused", "answered", "key", "told", "ended", "closed"]),
    t: sinceStart,
    medium: z.enum(["mobile", "sip"]).nullable(),
    number: z.string().nullable(),
    mode: z.enum(["duplex", "listen", "talk"]).nullable(),
    key: z.string().nullable(),
    reason: z.union([callEnd, z.literal("hung-up")]).nullable(),
    text: z.string().nullable(),
    stems: z.array(z.string()),
  }),
);

const name = z.string().optional().describe("The receiver's --name.");
const receiverEvent = answerOf<Omit<ReceiverEvent, "dty" | "stc" | "did" | "ite" | "case" | "why">>()(
  z.strictObject({
    type: z.enum(["alarm", "update", "reset", "heartbeat", "registered", "rejected"]),
    t: wallMs,
    cid: z.string(),
    ref: z.string(),
    mty: z.string(),
    dty: whole.optional(),
    stc: whole.optional(),
    did: z.string().optional(),
    ite: z.string().optional(),
    from: z.string(),
    transport,
    answer: z.string().describe("snu N where an mrs follows, otherwise sip N; closed."),
    case: whole.optional(),
    again: z.boolean(),
    reused: z.boolean(),
    why: z.string().optional(),
    name,
  }),
);
const receiverCall = answerOf<Omit<CallNews, "key" | "why">>()(
  z.strictObject({
    type: z.literal("call"),
    t: wallMs,
    what: z.enum(["rung", "engaged", "called", "answered", "key-sent", "key-heard", "hung-up", "ended"]),
    operator: count,
    cid: z.string(),
    from: z.string(),
    transport,
    key: z.string().optional(),
    why: callEnd.optional(),
    name,
  }),
);
/** With `--signs`. */
const receiverSign = z.strictObject({
  type: z.enum(["heard", "carried", "refused", "answered", "probed"]),
  t: wallMs,
  id: whole.optional(),
  cid: z.string().optional(),
  ref: z.string().optional(),
  status: whole.optional(),
  snu: whole.optional(),
  name,
});

const monitorNotice = z.strictObject({
  type: z.literal("notice"),
  t: wallMs,
  outage: count,
  phase: z.enum(["suspected", "confirmed", "updated", "closed"]),
  cause: z.enum(["server", "operator", "area-power", "broadband", "single-unit", "button"]),
  subject: z.string(),
  units: count,
  evidence: z.strictObject({ sv: z.string(), en: z.string() }),
  to: z.string().optional(),
  text: z.strictObject({ sv: z.string(), en: z.string() }).optional(),
});
const monitorAlive = z.strictObject({
  type: z.literal("alive"),
  t: wallMs,
  units: count,
  silent: count,
  open: count,
  visits: count,
  lines: count,
  badLines: count,
});

const modemNews = answerOf<ModemNews | { readonly type: "ready" }>()(
  z.union([
    z.strictObject({ type: z.literal("ready"), t: sinceStart, link: z.string(), address: z.string() }),
    z.strictObject({ type: z.enum(["heard", "said"]), t: sinceStart, text: z.string() }),
    z.strictObject({ type: z.literal("text"), t: sinceStart, to: z.string(), text: z.string() }),
    z.strictObject({ type: z.literal("dropped"), t: sinceStart, host: z.string() }),
    z.strictObject({ type: z.literal("port-refused"), t: sinceStart, port: count, code: z.string() }),
  ]),
);

const button = { button: count };
const standNews = z.union([
  z.strictObject({ type: z.literal("started"), t: sinceStart, cause: z.string() }),
  z.strictObject({ type: z.literal("stopped"), t: sinceStart }),
  z.strictObject({ type: z.literal("pressed"), t: sinceStart, ...button }),
  z.strictObject({ type: z.literal("button-showed"), t: sinceStart, ...button, signal: z.string() }),
  z.strictObject({ type: z.literal("unit-showed"), t: sinceStart, signal: z.string() }),
  z.strictObject({ type: z.literal("spoke"), t: sinceStart, utterance: z.looseObject({ text: z.string() }) }),
]);

export const unitAnswers: Answers = { unit: z.union([unitReport, unitCall]) };
export const receiverAnswers: Answers = { receiver: z.union([receiverEvent, receiverCall, receiverSign]) };
export const monitorAnswers: Answers = { monitor: z.union([monitorNotice, monitorAlive]) };
export const modemAnswers: Answers = { modem: modemNews };
export const standAnswers: Answers = { stand: standNews };
