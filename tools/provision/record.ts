/**
 * The record of an installation: every step with its time and its figures, what was tried in vain, and how it was closed. Written whole
 * after each step, so that whoever is interrupted goes on where he stopped.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { z } from "zod";
import type { UnitSettings } from "../../firmware/settings.ts";
import { encodeSettings } from "../../firmware/storage/settings-codec.ts";
import { UserError } from "../user-error.ts";
import { type ChecklistState, type Proof, startChecklist } from "./checklist.ts";
import { jsonText, readJson, writeWhole } from "./files.ts";
import type { InstallationPlan } from "./plan-file.ts";

const when = z.iso.datetime();
const proof = z.strictObject({
  step: z.string(),
  at: when,
  place: z.enum(["bench", "home"]),
  outcome: z.enum(["passed", "failed"]),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});
const missing = z.strictObject({ step: z.string(), why: z.enum(["not done", "failed", "only on the bench"]) });

/** Proofs and vain tries that are remembered in their order; beyond, the oldest go. */
const historyLimit = 500;

export const recordSchema = z.strictObject({
  format: z.literal(1),
  unit: z.string().describe("serial"),
  client: z.string().describe("opaque reference"),
  larmkod: z.string(),
  begun: when,
  /** What the unit calls itself in references; it is another one after a wipe. */
  stem: z.string(),
  firmware: z.string(),
  settings: z.strictObject({ version: z.number().int(), digest: z.string() }).optional(),
  proofs: z.array(proof).describe("the newest of each step"),
  history: z.array(proof).max(historyLimit).describe("everything that was tried, in its order"),
  closing: z
    .strictObject({
      at: when,
      how: z.enum(["verified", "unverified"]),
      by: z.string(),
      why: z.string(),
      missing: z.array(missing),
    })
    .optional(),
});

export type InstallationRecord = z.output<typeof recordSchema>;

export function newRecord(plan: InstallationPlan, at: string): InstallationRecord {
  const { unit, client, larmkod } = plan;
  return { format: 1, unit, client, larmkod, begun: at, stem: "", firmware: "", proofs: [], history: [] };
}

/** The record at `path`, where there is one, as far as it belongs to this plan. Throws UserError (2) where it is another installation's. */
export function readRecord(path: string, plan: InstallationPlan, at: string): InstallationRecord {
  if (!existsSync(path)) return newRecord(plan, at);
  const record = readJson(path, recordSchema, "a record that `livlina provision` has written");
  for (const field of ["unit", "client", "larmkod"] as const)
    if (record[field] !== plan[field])
      throw new UserError(
        `${path} is the record of ${field} ${record[field]}, the plan says ${plan[field]}`,
        "another file for --record; a record is kept and never used again",
        2,
      );
  return record;
}

/** Steps that the plan no longer has are forgotten; those that are new are to be done. */
export function checklistOf(plan: InstallationPlan, record: InstallationRecord): ChecklistState {
  const start = startChecklist(plan.checklist);
  const proofs = record.proofs.filter(({ step }) => start.steps.some(({ name }) => name === step)) as readonly Proof[];
  return { ...start, proofs, closing: record.closing };
}

/** As the checklist stands now. */
export function withState(record: InstallationRecord, state: ChecklistState): InstallationRecord {
  const fresh = state.proofs.filter(
    (each) => !record.proofs.some((old) => old.step === each.step && old.at === each.at),
  );
  const history = [...record.history, ...fresh].slice(-historyLimit);
  const { closing } = state;
  const kept = { ...record, proofs: [...state.proofs], history };
  return (closing === undefined ? kept : { ...kept, closing }) as InstallationRecord;
}

export function writeRecord(path: string, record: InstallationRecord): void {
  writeWhole(path, jsonText(record), 0o600);
}

/** Tells whether two sets of settings are the same, secrets and all, and nothing else of them. */
export function settingsDigest(settings: UnitSettings): string {
  return createHash("sha256")
    .update(encodeSettings(settings) ?? new Uint8Array(0))
    .digest("hex")
    .slice(0, 16);
}
