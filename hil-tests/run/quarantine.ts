/**
 * Cases that are known to fail, each with an owner, a reason and a last day. They are run each time all the same; past its day an
 * entry has no effect but to be named, and one that names no case is an error, so that the list cannot rot.
 */
import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../../tools/user-error.ts";
import type { Quarantine } from "./results.ts";

/** Nobody puts a case away for longer. */
export const longestDays = 90;
const dayMs = 86_400_000;
const mostEntries = 100;

const listSchema = z
  .array(
    z.strictObject({
      case: z.string().min(1),
      owner: z.string().trim().min(1),
      reason: z.string().trim().min(8),
      until: z.iso.date(),
    }),
  )
  .max(mostEntries);

/** Reads the list; none where the usual file is not there. Throws UserError (2). */
export function readQuarantine(path: string, isNamed: boolean, today: string): readonly Quarantine[] {
  const hint = '- { case: press/accepted, owner: anna, reason: "issue 12: …", until: 2026-12-31 }';
  if (!isNamed && !existsSync(path)) return [];
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8")) ?? [];
  } catch (thrown) {
    throw new UserError(`${path}: ${(thrown as Error).message.split("\n", 1)[0]}`, hint, 2);
  }
  const parsed = listSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${path}: ${issue?.path.join(".")}: ${issue?.message}`, hint, 2);
  }
  const last = new Date(Date.parse(today) + longestDays * dayMs).toISOString().slice(0, 10);
  for (const { case: id, until } of parsed.data)
    if (until > last)
      throw new UserError(`${path}: ${id} until ${until} is over ${longestDays} days`, `until: ${last}`, 2);
  return parsed.data;
}

/** Throws UserError (2) where an entry names no case. */
export function checkNames(path: string, list: readonly Quarantine[], ids: readonly string[]): void {
  const stray = list.find(({ case: id }) => !ids.includes(id));
  if (stray !== undefined)
    throw new UserError(`${path}: ${stray.case} is no case`, "livlina hil run --dry-run lists them", 2);
}

/** The entry of a case while it lasts. */
export function quarantineOf(list: readonly Quarantine[], id: string, today: string): Quarantine | undefined {
  return list.find((each) => each.case === id && today <= each.until);
}

/** Entries past their day. */
export function expired(list: readonly Quarantine[], today: string): readonly Quarantine[] {
  return list.filter(({ until }) => today > until);
}
