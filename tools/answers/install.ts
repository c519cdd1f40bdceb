/** What `livlina keys`, `registry`, `config` and the commands of an installation print with `--json`. */
import { z } from "zod";
import type { Difference } from "../provision/settings-file.ts";
import type { WalkedRoom } from "../provision/walk.ts";
import type { StateSummary } from "../release/ring-files.ts";
import { type Answers, answerOf, count, ms, route, whole } from "./answer.ts";

const words = z.array(z.string());
const made = z.string().describe("Date.");
const row = z.record(z.string(), z.string()).describe("A unit by the columns of the registry.");
const difference = answerOf<Omit<Difference, "before" | "after">>()(
  z.strictObject({
    path: z.string(),
    before: z.string().optional().describe("As JSON; absent where there is none."),
    after: z.string().optional(),
  }),
);
const changedRow = z.strictObject({ unit: z.string(), cid: z.string(), fields: z.array(difference) });

export const keysAnswers: Answers = {
  "keys make": z.strictObject({ units: words, buttons: words }),
  "keys labels": z.strictObject({
    units: words,
    buttons: z.array(z.strictObject({ address: z.string(), form: z.string(), code: z.string() })),
  }),
  "keys list": z.strictObject({
    units: z.array(z.strictObject({ serial: z.string(), made })),
    buttons: z.array(z.strictObject({ address: z.string(), form: z.string(), made })),
    certificates: z.array(z.strictObject({ name: z.string(), role: z.string(), made })),
    secrets: words.describe("Names alone."),
  }),
  "keys certificate": z.strictObject({ name: z.string(), role: z.string(), days: count }),
};

export const registryAnswers: Answers = {
  "registry import": z.strictObject({
    added: z.array(row),
    changed: z.array(changedRow),
    same: count,
    written: z.boolean(),
  }),
  "registry diff": z.strictObject({ added: z.array(row), changed: z.array(changedRow), gone: z.array(row) }),
  "registry check": z.strictObject({
    units: count,
    faults: z.array(z.strictObject({ line: count, why: z.string() })),
  }),
  "registry list": z.strictObject({ units: z.array(row) }),
  "registry sheet": row,
};

const changes = z.array(difference);
export const configAnswers: Answers = {
  "config set": z.strictObject({
    changes,
    sent: z.boolean(),
    end: z.string().optional().describe("first, proven or taken-back, once sent."),
    version: whole.optional(),
  }),
  "config diff": z.strictObject({ changes }),
};

const room = answerOf<WalkedRoom>()(
  z.strictObject({
    name: z.string(),
    presses: count,
    margin: z.number().describe("In dB, of the weakest; 0 where none was heard."),
    each: z.array(z.number()),
    result: z.enum(["passed", "failed", "unheard"]),
  }),
);
export const installAnswers: Answers = {
  "range-walk": z.strictObject({ rooms: z.array(room) }),
  "path-test": z.strictObject({
    paths: z.array(z.strictObject({ route, receiver: whole, result: z.string() })),
  }),
  "test-alarm": z.looseObject({ number: whole, part: whole, receiver: whole, route, afterMs: ms, ref: z.string() }),
};

const written = z.strictObject({ out: z.string(), events: count });
export const serviceAnswers: Answers = {
  export: written,
  "repair-bundle": written,
  "return-test": z.strictObject({
    serial: z.string(),
    verdict: z.enum(["pass", "repair"]),
    returned: z.boolean(),
    parts: z.array(z.strictObject({ what: z.string(), passed: z.boolean(), found: z.string() })),
  }),
  wipe: z.strictObject({ serial: z.string(), wiped: z.literal(true), before: z.string(), after: z.string() }),
  "battery-replaced": z.strictObject({ serial: z.string(), battery: z.literal("replaced") }),
};

const release = answerOf<StateSummary>()(
  z.strictObject({
    version: z.string(),
    verdict: z.enum(["stopped", "done", "under way"]),
    why: z.string(),
    rings: z.array(
      z.strictObject({
        name: z.string(),
        units: count,
        waiting: count,
        offered: count,
        kept: count,
        failed: count,
        opened: z.string(),
        through: z.string(),
      }),
    ),
    failed: z.array(z.strictObject({ cid: z.string(), why: z.string() })),
  }),
);
export const otaAnswers: Answers = { "ota status": release, "ota stop": release, "ota go-on": release };
