/** The flags of every command that talks to a unit over its service line, and the line that they open. */
import type { Command } from "commander";
import { UserError } from "../user-error.ts";
import { bytesOf, type KeysContent, passphraseOf, readKeys, unitKeysOf } from "./keys-file.ts";
import { openServiceLink, type ServiceLink } from "./service-link.ts";

export interface UnitFlags {
  readonly port: string;
  readonly keys: string;
  readonly unit?: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

export interface OpenUnit {
  readonly link: ServiceLink;
  /** Serial, as on its label. */
  readonly serial: string;
  readonly serviceKey: Uint8Array;
  readonly keys: KeysContent;
}

/** `--port`, `--keys`, `--passphrase-file`, `--json`, and `--unit` where no plan names the unit. */
export function withUnitFlags(command: Command, named: "flag" | "plan" = "flag"): Command {
  const flags = withKeysFlags(command.requiredOption("--port <path>", "the unit's service line, such as /dev/ttyUSB0"));
  return named === "plan"
    ? flags
    : flags.option("--unit <serial>", "which unit of the keys' file; the only one unless said");
}

/** `--keys`, `--passphrase-file` and `--json`. */
export function withKeysFlags(command: Command): Command {
  return command
    .requiredOption("--keys <file>", "keys of units and labels, made by `livlina keys make`")
    .option("--passphrase-file <path>", "file whose first line opens the keys; or LIVLINA_PASSPHRASE")
    .option("--json", "one JSON object on stdout");
}

/** `--dry-run` and `--yes`. */
export function withChangeFlags(command: Command): Command {
  return command
    .option("--dry-run", "say what would be done, and change nothing")
    .option("--yes", "do not ask whether to go on");
}

/** Throws UserError. */
export function keysIn(flags: Pick<UnitFlags, "keys" | "passphraseFile">): KeysContent {
  return readKeys(flags.keys, passphraseOf(flags.passphraseFile, process.env["LIVLINA_PASSPHRASE"]));
}

/** Opens line and lock. Rejects with UserError. */
export async function openUnit(flags: UnitFlags, keys: KeysContent = keysIn(flags)): Promise<OpenUnit> {
  const { serial, serviceKey } = unitKeysOf(flags.keys, keys, flags.unit);
  const key = bytesOf(serviceKey);
  return { link: await openServiceLink(flags.port, key), serial, serviceKey: key, keys };
}

/** Runs with the line open, and lets it go whatever happens. */
export async function withUnit<T>(flags: UnitFlags, run: (unit: OpenUnit) => Promise<T>): Promise<T> {
  const unit = await openUnit(flags);
  try {
    return await run(unit);
  } finally {
    unit.link.close();
  }
}

/** A whole number of a flag within borders. Throws UserError (2). */
export function wholeOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
  throw new UserError(`${flag} ${text} is not a number from ${least} to ${most}`, `${flag} ${least}`, 2);
}

/** Words for people; nothing where a program reads. */
export function print(flags: { readonly json?: boolean }, text: string): void {
  if (flags.json !== true) process.stdout.write(`${text}\n`);
}

export function printJson(flags: { readonly json?: boolean }, value: unknown): void {
  if (flags.json === true) process.stdout.write(`${JSON.stringify(value)}\n`);
}
