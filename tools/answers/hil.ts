/** What `livlina hil` prints with `--json`. Its own types stand in hil-tests, whose tests hold what is printed against these tables. */
import { z } from "zod";
import { type Answers, count, ms } from "./answer.ts";

const run = z.string().describe("Name of the run: when it began.");
const id = z.string().describe('Suite and name, such as "press/accepted".');
const caseVerdict = z.enum(["pass", "fail", "flaky", "blocked", "skipped"]);
const findings = z.array(
  z.strictObject({ name: z.string(), isHeld: z.boolean(), found: z.string().describe("What was found instead.") }),
);

const event = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("begun"),
    run,
    rig: z.string(),
    board: z.string().describe("Of the unit under test."),
    commit: z.string(),
    seed: count,
    cases: count,
  }),
  z.strictObject({ event: z.literal("checked"), when: z.string(), findings }).describe("The rig was looked at."),
  z.strictObject({
    event: z.literal("image"),
    board: z.string(),
    from: z.string(),
    to: z.string(),
    isWritten: z.boolean(),
  }),
  z.strictObject({ event: z.literal("case-begun"), id, attempt: count }),
  z.strictObject({ event: z.literal("noted"), id, text: z.string() }),
  z.strictObject({
    event: z.literal("measured"),
    id,
    name: z.string(),
    value: z.number().nullable().describe("Null: no figure."),
    unit: z.string(),
    least: z.number().optional(),
    most: z.number().optional(),
  }),
  z.strictObject({
    event: z.literal("attempted"),
    id,
    attempt: count.describe("1 or 2."),
    outcome: z.enum(["pass", "fail", "blocked", "skipped"]),
    message: z.string(),
    ms,
  }),
  z.strictObject({ event: z.literal("case-ended"), id, verdict: caseVerdict, why: z.string() }),
  z.strictObject({ event: z.literal("troubled"), why: z.string() }).describe("The rig is not as it should be."),
  z.strictObject({
    event: z.literal("ended"),
    verdict: z.enum(["passed", "failed", "blocked", "refused", "interrupted"]).describe("The last one said counts."),
    ends: z.enum(["restored", "off", "unknown"]).describe("How the devices were left."),
    wallMs: ms,
  }),
]);

const bench = z.strictObject({
  name: z.string(),
  file: z.string().nullable().describe("Null: the virtual bench."),
  devices: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(["unit", "button", "rig"]),
      board: z.string(),
      image: z.string().nullable(),
      usb: z.strictObject({ serialNumber: z.string(), socket: z.string() }).nullable(),
    }),
  ),
  actuators: z.array(z.strictObject({ name: z.string(), moves: z.string(), of: z.string(), driver: z.string() })),
  receivers: z.array(z.strictObject({ name: z.string(), uri: z.string(), at: z.string() })),
  modem: z.string().nullable().describe("Its number."),
  allow: z.array(z.string()),
  findings,
});

const history = z.strictObject({
  page: z.string(),
  trends: z.array(
    z.strictObject({
      id,
      board: z.string(),
      passPercent: z.number().nullable().describe("Null: no run told anything."),
      blocked: count,
      middleMs: ms.nullable(),
      regression: z
        .strictObject({
          firstBad: z.string().describe("Commit."),
          lastGood: z.string().nullable(),
          badRuns: count,
          isSameCommit: z.boolean(),
        })
        .nullable(),
    }),
  ),
});

export const hilAnswers = { "hil run": event, "hil benches": bench, "hil history": history } satisfies Answers;
