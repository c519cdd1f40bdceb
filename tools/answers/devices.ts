/** What `livlina build`, `devices`, `flash`, `verify`, `doctor` and `explain` print with `--json`. */
import { z } from "zod";
import type { FlashResult } from "../flash/flash-run.ts";
import type { PortFound } from "../flash/ports.ts";
import type { Probed } from "../flash/probe.ts";
import type { Finding } from "../help/machine.ts";
import { type Answers, answerOf, count } from "./answer.ts";

const probed = answerOf<Probed>()(
  z.union([
    z.strictObject({ is: z.literal("unit"), unit: z.string(), version: z.string() }),
    z.strictObject({
      is: z.literal("espruino"),
      target: z.string(),
      engine: z.string(),
      serial: z.string(),
      board: z.string(),
      firmware: z.string(),
    }),
    z.strictObject({ is: z.literal("silent") }),
    z.strictObject({ is: z.literal("closed"), why: z.string() }),
  ]),
);
const port = answerOf<PortFound>()(
  z.strictObject({
    path: z.string(),
    serialNumber: z.string(),
    vendor: z.string(),
    product: z.string(),
    socket: z.string().describe("Where it is plugged in; empty where nobody knows."),
    kind: z.enum(["board", "bridge", "probe", "modem", "unknown"]),
    what: z.string(),
    answers: probed.optional(),
  }),
);
const built = z.strictObject({
  board: z.string(),
  role: z.enum(["unit", "button"]),
  path: z.string(),
  bytes: count,
  budgetBytes: count,
  fits: z.boolean(),
  sha256: z.string(),
  version: z.string(),
  commit: z.string(),
  changed: z.boolean(),
  largest: z.array(z.strictObject({ path: z.string(), bytes: count })),
});
const flashed = answerOf<FlashResult>()(
  z.strictObject({
    board: z.string(),
    path: z.string(),
    chip: z.string(),
    version: z.string(),
    region: z.string(),
    kept: count.describe("Bytes that were there already."),
    written: count,
    repeats: count,
    forced: z.string(),
    overruled: z.string(),
    isDryRun: z.boolean(),
  }),
);
const verified = z.strictObject({
  board: z.string(),
  path: z.string(),
  version: z.string(),
  there: z.string(),
  same: z.boolean(),
  wrong: z.array(z.string()),
});

export const buildAnswers: Answers = { build: z.array(built) };
export const devicesAnswers: Answers = { devices: z.array(port) };
export const flashAnswers: Answers = { flash: flashed };
export const verifyAnswers: Answers = { verify: verified };

const finding = answerOf<Finding>()(
  z.strictObject({
    name: z.string(),
    here: z.boolean(),
    needed: z.boolean().describe("Whether nothing works without it."),
    use: z.string(),
    found: z.string(),
    get: z.string(),
  }),
);
const meaning = z.strictObject({ kind: z.string(), code: z.string(), means: z.string() });

export const doctorAnswers: Answers = { doctor: z.array(finding) };
export const explainAnswers: Answers = { explain: z.array(meaning) };
