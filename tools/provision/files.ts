/** Files of an installation: read with an error that names them, written whole or not at all. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { ZodType } from "zod";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";

/** Throws UserError (2). */
export function readText(path: string, hint = "an existing file"): string {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    throw new UserError(`${path} cannot be read: ${systemReason(thrown)}`, hint, 2);
  }
}

/** Throws UserError (2) with the place of what is wrong. */
export function readJson<T>(path: string, schema: ZodType<T>, hint: string): T {
  const text = readText(path, hint);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new UserError(`${path}: no JSON: ${(thrown as Error).message}`, hint, 2);
  }
  return checked(path, value, schema, hint);
}

/** Throws UserError (2): each line names a place in the value, such as `receivers.0.port`. */
export function checked<T>(path: string, value: unknown, schema: ZodType<T>, hint: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const lines = read.error.issues.map((issue) => `${path}: ${issue.path.join(".") || "the file"}: ${issueText(issue)}`);
  throw new UserError(lines.join("\n"), hint, 2);
}

/** What the library says of a value that is not there reads like a riddle. */
function issueText({ message }: { readonly message: string }): string {
  return message.endsWith("received undefined") ? "is missing" : message.replace(/^Invalid (input|option): /, "");
}

/** Beside it first, then renamed into its place. `mode` such as 0o600. Throws UserError (3). */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  const fresh = `${path}.${randomUUID()}`;
  try {
    writeFileSync(fresh, text, { mode, flag: "wx" });
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw new UserError(`${path} cannot be written: ${systemReason(thrown)}`, "a folder that this user may write", 3);
  }
}

/** Throws UserError (2) where something stands there already. */
export function refuseExisting(path: string, hint: string): void {
  if (existsSync(path)) throw new UserError(`${path} is there already`, hint, 2);
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
