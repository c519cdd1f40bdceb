/** The published shape of `report.json`: other programs read it, so keys are added and never renamed or taken away. */
import { z } from "zod";
import { modemLevels } from "../coarse/modem-level.ts";
import { reportKinds } from "../record/report-names.ts";
import { type RunResult, runResultVersion } from "../record/run-result.ts";

const instant = z.number().int();
const maybeInstant = instant.nullable();
const count = z.number().int().nonnegative();
const names = z.array(z.string());
const route = z.enum(["mobile", "broadband"]);
const cause = z.enum(["server", "operator", "area-power", "broadband", "single-unit", "button"]);
const phase = z.enum(["suspected", "confirmed", "updated", "closed"]);

const unit = z.strictObject({
  id: z.string(),
  cid: z.string(),
  group: z.string(),
  provider: z.string(),
  policy: z.string(),
  receivers: names,
});

const press = z.strictObject({
  unit: z.string(),
  button: count,
  pressedMs: instant,
  storedMs: maybeInstant,
  sentMs: maybeInstant,
  carriedMs: maybeInstant,
  acceptedMs: maybeInstant,
  acceptedBy: z.string().nullable(),
  route: route.nullable(),
  attempts: count,
  toldNotAcceptedMs: maybeInstant,
  stem: z.string().nullable(),
  reportedTime: z.string().nullable(),
  cases: count,
  unheard: z.enum(["unit-off", "button-dead", "given-up"]).nullable(),
});

const journey = z.strictObject({
  unit: z.string(),
  stem: z.string().nullable(),
  beganMs: instant,
  tries: z.array(
    z.strictObject({
      what: z.enum(["ME", "IN", "RE"]),
      route,
      receiver: z.string(),
      startedMs: instant,
      sentMs: maybeInstant,
      packets: count,
      heardMs: maybeInstant,
      carriedMs: maybeInstant,
      status: z.number().int().nullable(),
      repliedMs: maybeInstant,
      snu: z.number().int().nullable(),
      answeredMs: maybeInstant,
    }),
  ),
  leftOut: count,
});

const report = z.strictObject({
  unit: z.string(),
  name: z.string(),
  kind: z.enum(reportKinds),
  dty: z.number().int(),
  stc: z.number().int(),
  text: z.string(),
  device: z.string(),
  raisedMs: instant,
  acceptedMs: maybeInstant,
  acceptedBy: z.string().nullable(),
  route: route.nullable(),
  stem: z.string().nullable(),
  withdrawn: z.boolean(),
});

const reconciled = z.array(
  z.strictObject({
    unit: z.string(),
    pressedMs: maybeInstant,
    acceptedMs: maybeInstant,
    receiver: z.string().nullable(),
    stem: z.string().nullable(),
  }),
);

const outage = z.strictObject({
  number: count,
  cause,
  subject: z.string(),
  suspectedMs: instant,
  confirmedMs: maybeInstant,
  closedMs: maybeInstant,
  units: z.array(z.strictObject({ unit: z.string(), fromMs: instant, backMs: maybeInstant })),
  unitsLeftOut: count,
  updates: z.array(
    z.strictObject({
      atMs: instant,
      phase,
      units: count,
      evidence: z.string(),
      evidenceSv: z.string(),
      to: z.enum(["office", "on-call"]),
    }),
  ),
  updatesLeftOut: count,
  alarms: z.strictObject({
    inTime: count,
    late: reconciled,
    undelivered: reconciled,
    disputed: reconciled,
    unheard: count,
    leftOut: count,
    hasUnitSide: z.boolean(),
  }),
});

const registryUnit = z.strictObject({
  unit: z.string(),
  cid: z.string(),
  provider: z.string(),
  receivers: names,
  operator: z.string(),
  cell: z.string(),
  roams: z.boolean(),
  broadband: z.string(),
  power: z.string(),
  routerBackup: z.boolean(),
  night: z.boolean(),
  beatMs: count,
});

const receiver = z.strictObject({
  name: z.string(),
  messages: count,
  busiest: z.strictObject({ atMs: instant, messages: count }).nullable(),
  peakPerMinute: z.array(count),
  limitPerThousandSeconds: count.nullable(),
  carriedPerMinute: z.array(count),
  acceptedPerMinute: z.array(count),
});

const scenario = z.strictObject({
  name: z.string(),
  question: z.string(),
  source: z.string(),
  path: z.string(),
  files: names,
  set: names,
  startWallMs: instant,
  durationMs: count,
});

const fault = z.strictObject({
  fromMs: instant,
  toMs: instant,
  object: z.enum(["receiver", "operator", "cell", "broadband", "power", "building", "strangers", "unit", "group"]),
  name: z.string(),
  fault: z.string(),
  units: names.nullable(),
});

const notice = z.strictObject({
  atMs: instant,
  phase,
  cause,
  subject: z.string(),
  units: count,
  evidence: z.string(),
  outage: count,
});

/** Instants are virtual milliseconds since the start of the run; null: that has not happened. */
export const runResultSchema = z.strictObject({
  verdict: z.enum(["passed", "failed", "interrupted"]),
  formatVersion: z.literal(runResultVersion),
  scenario,
  seed: count,
  modem: z.enum(modemLevels),
  digest: z.string(),
  virtualMs: count,
  interruptedMs: maybeInstant,
  wallMs: count,
  events: count,
  units: z.array(unit),
  presses: z.array(press),
  faults: z.array(fault),
  notices: z.array(notice),
  outages: z.array(outage),
  registry: z.array(registryUnit),
  receivers: z.array(receiver),
  pathless: z.array(
    z.strictObject({
      unit: z.string(),
      fromMs: instant,
      toMs: maybeInstant,
      lastProofMs: maybeInstant,
      why: z.string(),
    }),
  ),
  pending: z.array(z.strictObject({ atMs: instant, count })),
  journeys: z.array(journey),
  checks: z.array(
    z.strictObject({ checker: z.string(), rule: z.string(), held: z.boolean(), violations: count, found: names }),
  ),
  reports: z.array(report),
  reportsLeftOut: z.record(z.string(), count),
  signals: z.array(
    z.strictObject({
      atMs: instant,
      unit: z.string(),
      by: z.enum(["lamp", "voice", "button"]),
      button: count,
      what: z.string(),
    }),
  ),
  signalsLeftOut: count,
  off: z.array(z.strictObject({ unit: z.string(), fromMs: instant, toMs: maybeInstant })),
  otherReports: z.record(z.string(), count),
  beats: z.strictObject({ sent: count, answered: count, missed: count }),
  expectations: z.array(z.strictObject({ text: z.string(), held: z.boolean(), found: z.string() })),
}) satisfies z.ZodType<RunResult>;

/** JSON Schema (2020-12) of `report.json`. */
export function resultJsonSchema(): object {
  return z.toJSONSchema(runResultSchema);
}
