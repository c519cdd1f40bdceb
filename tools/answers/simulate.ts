/** What `livlina sim`, `livlina fleet` and `livlina trace` print with `--json`. */
import { z } from "zod";
import { modemLevels } from "../../simulator/coarse/modem-level.ts";
import { type OutageReport, outageReportVersion } from "../../simulator/outage/outage-report.ts";
import type { RunPress } from "../../simulator/record/run-result.ts";
import { hopWords, type Ladder, lanes } from "../../simulator/report/ladder.ts";
import type { ScenarioProblem } from "../../simulator/scenario/scenario-error.ts";
import type { SwarmSummary } from "../../simulator/swarm/summary.ts";
import type { FleetSummary } from "../fleet/fleet-summary.ts";
import type { RunSummary } from "../run-summary.ts";
import { type Answers, answerOf, count, digest, ms, route, whole } from "./answer.ts";

/** Null: it has not happened. */
const instant = ms.nullable();
const verdict = z.enum(["passed", "failed", "interrupted"]);
const expectation = z.strictObject({ text: z.string(), held: z.boolean(), found: z.string() });

const run = answerOf<RunSummary>()(
  z.strictObject({
    verdict,
    digest: digest.describe("Equal for equal seed, scenario and commit."),
    seed: count,
    modem: z.enum(modemLevels).describe("sockets: a coarse run, in which datagrams pass beside the modems' lines."),
    presses: count,
    accepted: count,
    pending: count,
    lost: count,
    falseAccepted: count.describe("Shown as accepted although no receiver had."),
    duplicates: count,
    unheard: count.describe("Presses that no unit could hear."),
    events: count,
    virtualMs: ms,
    wallMs: ms,
    out: z.string().describe("The folder of the report."),
    expectations: z.array(expectation),
  }),
);

const problem = answerOf<ScenarioProblem>()(
  z.strictObject({
    path: z.string(),
    line: count.describe("From 1; 0 where the file as a whole is meant."),
    column: count,
    message: z.string(),
    hint: z.string().optional(),
  }) as z.ZodType<ScenarioProblem>,
);

const swarm = answerOf<Omit<SwarmSummary, "pairs">>()(
  z.strictObject({
    verdict: z.enum(["passed", "failed"]),
    firstSeed: count,
    seeds: count,
    digest: z.string(),
    virtualMs: ms,
    wallMs: ms,
    events: count,
    presses: count,
    accepted: count,
    failed: z.array(
      z.strictObject({
        seed: count,
        failures: z.array(z.strictObject({ kind: z.string(), text: z.string() })),
        file: z.string(),
        size: count,
        isShrunk: z.boolean(),
        command: z.string().describe("Plays it again."),
      }),
    ),
    pairs: z
      .array(z.strictObject({ fault: z.string(), state: z.string(), count }))
      .describe("How often a fault met a state of a unit."),
  }),
);

export const simAnswers: Answers = {
  "sim list": z.array(
    z.strictObject({
      name: z.string(),
      path: z.string(),
      title: z.string(),
      question: z.string(),
      source: z.string(),
      durationMs: ms,
      units: count,
    }),
  ),
  "sim run": run,
  "sim check": z.union([
    z.strictObject({ valid: z.literal(true), name: z.string(), path: z.string(), problems: z.array(problem).max(0) }),
    z.strictObject({ valid: z.literal(false), path: z.string(), problems: z.array(problem).min(1) }),
  ]),
  "sim replay": z.strictObject({
    same: z.boolean(),
    seed: count,
    was: digest,
    is: digest,
    sameCommit: z.boolean(),
  }),
  "sim swarm": swarm,
};

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const said = z.strictObject({ sv: z.string(), en: z.string() });
const alarms = z.array(
  z.strictObject({
    unit: z.string(),
    pressedMs: instant.describe("Null: nobody knows; so with the others."),
    acceptedMs: instant,
    receiver: z.string().nullable(),
    stem: z.string().nullable(),
  }),
);
const outages = answerOf<OutageReport>()(
  z.strictObject({
    formatVersion: z.literal(outageReportVersion),
    startWallMs: ms.describe("Wall clock at instant 0 of all that follows, in ms since 1970."),
    atMs: ms,
    outages: z.array(
      z.strictObject({
        number: count,
        cause: z.enum(["server", "operator", "area-power", "broadband", "single-unit", "button"]),
        subject: z.string(),
        suspectedMs: ms,
        confirmedMs: instant,
        closedMs: instant,
        units: z.array(z.strictObject({ unit: z.string(), fromMs: ms, backMs: instant })),
        unitsLeftOut: count,
        updates: z.array(
          z.strictObject({
            atMs: ms,
            phase: z.enum(["suspected", "confirmed", "updated", "closed"]),
            units: count,
            evidence: z.string(),
            evidenceSv: z.string(),
            to: z.enum(["office", "on-call"]),
            text: said,
          }),
        ),
        updatesLeftOut: count,
        alarms: z.strictObject({
          inTime: count,
          late: alarms,
          undelivered: alarms,
          disputed: alarms,
          unheard: count,
          leftOut: count,
          hasUnitSide: z.boolean(),
        }),
      }),
    ),
    visits: z.array(
      z.strictObject({
        unit: z.string(),
        cid: z.string(),
        provider: z.string(),
        night: z.boolean(),
        pendingSinceMs: instant,
        silentSinceMs: instant,
        everProven: z.boolean(),
        ticks: z.array(z.strictObject({ atMs: ms, what: z.enum(["rung", "visited"]), by: z.string() })),
      }),
    ),
  }),
);

const percentiles = z
  .strictObject({ p50Ms: count, p95Ms: count, p99Ms: count, p999Ms: count, maxMs: count })
  .nullable();
const fleet = answerOf<FleetSummary>()(
  z.strictObject({
    verdict: z.enum(["passed", "failed"]),
    digest: digest.describe("Equal for equal fleet, seed and code, whoever played which town."),
    seed: count,
    towns: count.describe("Played to their end."),
    units: count,
    presses: count,
    accepted: count,
    pending: count,
    lost: count,
    falseAccepted: count.describe("Shown as accepted although no receiver had."),
    duplicates: count,
    unheard: count.describe("Presses that no unit could hear."),
    percentiles: percentiles.describe("From press to acceptance."),
    events: count,
    virtualMs: ms.describe("Of all towns together."),
    wallMs: ms,
    cpuMs: ms.describe("Of the processes that played."),
    peakBytes: count.describe("The most that one of them has had."),
    broken: z.array(z.strictObject({ town: count, why: z.string() })).describe("Towns that could not be played."),
    failedTowns: count.describe("In which something did not hold."),
    promises: z.array(expectation),
    sample: z
      .strictObject({
        towns: count,
        differing: count,
        found: z.array(z.strictObject({ town: count, text: z.string() })),
      })
      .nullable()
      .describe("Towns that were played at the bytes of their modems too; null: none was asked for."),
    out: z.string().describe("The folder of the report."),
  }),
);

export const fleetAnswers: Answers = {
  "fleet run": fleet,
  "fleet outages": outages,
  "fleet drill": z.strictObject({
    year: count,
    month: count.min(1).max(12),
    drill: day,
    reminder: day,
    secondReminder: day,
    phoneList: day,
    today: day,
    rows: z.array(
      z.strictObject({
        unit: z.string(),
        cid: z.string(),
        provider: z.string(),
        state: z.string(),
        confirmedWallMs: ms.nullable(),
      }),
    ),
  }),
};

const press = answerOf<RunPress>()(
  z.strictObject({
    unit: z.string(),
    button: count,
    pressedMs: ms,
    storedMs: instant,
    sentMs: instant,
    carriedMs: instant,
    acceptedMs: instant,
    acceptedBy: z.string().nullable(),
    route: route.nullable(),
    attempts: count,
    toldNotAcceptedMs: instant,
    stem: z.string().nullable(),
    reportedTime: z.string().nullable(),
    cases: count,
    unheard: z.enum(["unit-off", "button-dead", "given-up"]).nullable(),
  }),
);
const lane = z.enum(lanes);
const ladder = answerOf<Ladder & { readonly startWallMs: number }>()(
  z.strictObject({
    startWallMs: ms.describe("Wall clock at instant 0, in ms since 1970."),
    press,
    lanes: z.array(lane),
    hops: z.array(
      z.strictObject({
        atMs: ms,
        tookMs: instant.describe("Null: it never came there, or has no way to go."),
        from: lane,
        to: lane,
        what: z.enum(hopWords),
        detail: z.string(),
        fate: z.enum(["arrived", "lost", "refused"]),
      }),
    ),
  }),
);

export const traceAnswers: Answers = {
  "trace list": z.array(
    z.strictObject({
      pressed: z.string().describe("Swedish time of day."),
      unit: z.string(),
      button: whole,
      alarm: z.string().nullable(),
      waitedMs: instant,
      waited: z.string(),
      by: z.string(),
    }),
  ),
  "trace show": ladder,
};
