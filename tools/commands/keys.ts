/** `livlina keys`: unit keys, button labels and certificates in one encrypted file, and the labels for people to read. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { buttonForms } from "../../protocol/radio/button-flags.ts";
import { makeCertificate } from "../provision/certificates.ts";
import { openDesk } from "../provision/desk.ts";
import { writeWhole } from "../provision/files.ts";
import {
  bytesOf,
  type CertificateKeys,
  emptyKeys,
  type KeysContent,
  passphraseOf,
  readKeys,
  writeKeys,
} from "../provision/keys-file.ts";
import { labelCode } from "../provision/label-code.ts";
import { print, printJson, wholeOf } from "../provision/unit-flags.ts";
import { systemReason } from "../system-reason.ts";
import { unknownChoice } from "../unknown-choice.ts";
import { UserError } from "../user-error.ts";

interface FileFlags {
  readonly into: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

export interface MakeFlags extends FileFlags {
  readonly units: string;
  readonly buttons: string;
  readonly form: string;
  readonly prefix: string;
}

export interface CertificateFlags extends FileFlags {
  readonly role: string;
  readonly days: string;
  readonly out: string;
}

const unitLimit = 10_000;
const serialDigits = 6;
const longestDays = 3_650;

export function register(program: Command): void {
  const keys = program
    .command("keys")
    .description("unit keys, button labels and certificates in one encrypted file")
    .addHelpText("after", "\nExample:\n  livlina keys make --into keys.json --units 10 --buttons 12\n");
  withFile(keys.command("make"), "the keys' file; made where there is none, added to where there is one")
    .description("make keys for units and labels for buttons")
    .option("--units <count>", "so many units", "0")
    .option("--buttons <count>", "so many buttons", "0")
    .option("--form <form>", buttonForms.join(" | "), "wrist")
    .option("--prefix <text>", "before the number of a serial", "U")
    .option("--dry-run", "say what would be made, and write nothing")
    .addHelpText(
      "after",
      "\nExample:\n  livlina keys make --units 10 --buttons 12 --into keys.enc --passphrase-file secret\n",
    )
    .action(make);
  withFile(keys.command("labels"), "the keys' file")
    .description("print the labels: a unit's serial, a button's address and the 40 characters that pair it")
    .addHelpText(
      "after",
      "\nA label's key pairs the button: whoever reads it can take the button into another unit.\n\nExample:\n  livlina keys labels --into keys.enc\n",
    )
    .action(labels);
  withFile(keys.command("list"), "the keys' file")
    .description("what is in it, without any key")
    .addHelpText("after", "\nExample:\n  livlina keys list --into keys.enc\n")
    .action(list);
  withFile(keys.command("secret <name>"), "the keys' file")
    .description("keep a password or PIN under a name, read from standard input; settings name it as secret:NAME")
    .addHelpText("after", "\nExample:\n  livlina keys secret receiver-1 --into keys.enc < password\n")
    .action(secret);
  withFile(keys.command("certificate <name>"), "the keys' file; it keeps the authority that signs")
    .description("make a certificate for a unit's serial or a receiver's name; needs openssl")
    .option("--role <role>", "unit | receiver", "unit")
    .option("--days <count>", "valid for so long", "825")
    .requiredOption("--out <folder>", "NAME.pem, NAME.key and ca.pem are written there")
    .addHelpText(
      "after",
      "\nExample:\n  livlina keys certificate larm.example --role receiver --into keys.enc --out lab\n",
    )
    .action(certificate);
}

function withFile(command: Command, means: string): Command {
  return command
    .requiredOption("--into <file>", means)
    .option("--passphrase-file <path>", "file whose first line opens the keys; or LIVLINA_PASSPHRASE")
    .option("--json", "one JSON object on stdout");
}

function make(flags: MakeFlags): void {
  const units = wholeOf("--units", flags.units, 0, unitLimit);
  const buttons = wholeOf("--buttons", flags.buttons, 0, unitLimit);
  const form = buttonForms.find((each) => each === flags.form);
  if (form === undefined) throw unknownChoice("--form", flags.form, buttonForms);
  if (!/^[A-Za-z]{1,8}$/.test(flags.prefix))
    throw new UserError(`--prefix ${flags.prefix} is not 1 to 8 letters`, "--prefix U", 2);
  if (units + buttons === 0) throw new UserError("nothing to make", "--units 10 --buttons 12", 2);
  const before = opened(flags, true);
  const made = new Date().toISOString();
  const first = highestSerial(before, flags.prefix) + 1;
  const newUnits = Array.from({ length: units }, (_, at) => ({
    serial: `${flags.prefix}-${String(first + at).padStart(serialDigits, "0")}`,
    serviceKey: randomBytes(16).toString("hex"),
    made,
  }));
  const taken = new Set(before.buttons.map(({ address }) => address));
  const newButtons = Array.from({ length: buttons }, () => ({
    address: freeAddress(taken),
    form,
    key: randomBytes(16).toString("hex"),
    made,
  }));
  const serials = newUnits.map(({ serial }) => serial);
  if (flags.dryRun !== true)
    sealed(flags, { ...before, units: [...before.units, ...newUnits], buttons: [...before.buttons, ...newButtons] });
  print(
    flags,
    `${flags.dryRun === true ? "would make" : "made"} ${units} units${units > 0 ? ` (${serials[0]} to ${serials.at(-1)})` : ""} and ${buttons} buttons`,
  );
  printJson(flags, { units: serials, buttons: newButtons.map(({ address }) => address) });
}

function labels(flags: FileFlags): void {
  const { units, buttons } = opened(flags, false);
  const codes = buttons.map(({ address, form, key }) => ({
    address,
    form,
    code: labelCode({ address: Number.parseInt(address, 16), form, key: bytesOf(key) }),
  }));
  printJson(flags, { units: units.map(({ serial }) => serial), buttons: codes });
  for (const { serial } of units) print(flags, `Livlina unit ${serial}\n`);
  for (const { address, form, code } of codes) {
    const groups = code.split(" ");
    print(
      flags,
      `Livlina button ${address} (${form})\n  ${groups.slice(0, 4).join(" ")}\n  ${groups.slice(4).join(" ")}\n`,
    );
  }
}

function list(flags: FileFlags): void {
  const { units, buttons, certificates, secrets } = opened(flags, false);
  const shown = {
    units: units.map(({ serial, made }) => ({ serial, made })),
    buttons: buttons.map(({ address, form, made }) => ({ address, form, made })),
    certificates: certificates.map(({ name, role, made }) => ({ name, role, made })),
    secrets: Object.keys(secrets),
  };
  printJson(flags, shown);
  for (const { serial, made } of shown.units) print(flags, `unit        ${serial.padEnd(20)} ${made}`);
  for (const { address, form, made } of shown.buttons)
    print(flags, `button      ${`${address} ${form}`.padEnd(20)} ${made}`);
  for (const { name, role, made } of shown.certificates)
    print(flags, `certificate ${`${name} (${role})`.padEnd(20)} ${made}`);
  for (const name of shown.secrets) print(flags, `secret      ${name}`);
}

async function secret(name: string, flags: FileFlags): Promise<void> {
  if (!/^[A-Za-z0-9.-]{1,40}$/.test(name))
    throw new UserError(`${name} is no name for a secret`, "letters, digits, full stops and hyphens", 2);
  const keys = opened(flags, true);
  const desk = openDesk();
  const value = await desk.ask(`${name}:`).finally(() => desk.close());
  if (value === "") throw new UserError("an empty secret", "one line on standard input", 2);
  sealed(flags, { ...keys, secrets: { ...keys.secrets, [name]: value } });
  print(flags, `secret:${name} is kept in ${flags.into}`);
}

function certificate(name: string, flags: CertificateFlags): void {
  const role = (["unit", "receiver"] as const).find((each) => each === flags.role);
  if (role === undefined) throw new UserError(`--role ${flags.role} is unknown`, "--role unit, or --role receiver", 2);
  const days = wholeOf("--days", flags.days, 1, longestDays);
  const keys = opened(flags, true);
  const made = new Date().toISOString();
  const kept = keys.certificates.find((each) => each.role === "authority");
  const authority =
    kept ??
    makeCertificate({ role: "authority", name: "Livlina authority", days: longestDays, authority: undefined }, made);
  const leaf = makeCertificate({ role, name, days, authority }, made);
  const others = keys.certificates.filter((each) => each !== kept && !(each.name === name && each.role === role));
  sealed(flags, { ...keys, certificates: [authority, ...others, leaf] });
  writeOut(flags.out, name, leaf, authority);
  print(flags, `${join(flags.out, `${name}.pem`)}: valid for ${days} days, signed by ${authority.name}`);
  printJson(flags, { name, role, days });
}

function writeOut(folder: string, name: string, leaf: CertificateKeys, authority: CertificateKeys): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw new UserError(`${folder}: ${systemReason(thrown)}`, "a folder that this user may make", 3);
  }
  const stem = name.replaceAll(/[^A-Za-z0-9.-]/g, "-");
  writeWhole(join(folder, `${stem}.pem`), leaf.certificate);
  writeWhole(join(folder, `${stem}.key`), leaf.key, 0o600);
  writeWhole(join(folder, "ca.pem"), authority.certificate);
}

function opened(flags: FileFlags, mayBeNew: boolean): KeysContent {
  if (mayBeNew && !existsSync(flags.into)) return emptyKeys();
  return readKeys(flags.into, passphrase(flags));
}

function sealed(flags: FileFlags, keys: KeysContent): void {
  writeKeys(flags.into, keys, passphrase(flags));
}

function passphrase(flags: FileFlags): string {
  return passphraseOf(flags.passphraseFile, process.env["LIVLINA_PASSPHRASE"]);
}

function highestSerial({ units }: KeysContent, prefix: string): number {
  const numbers = units.map(({ serial }) =>
    serial.startsWith(`${prefix}-`) ? Number(serial.slice(prefix.length + 1)) : 0,
  );
  return Math.max(0, ...numbers.filter((number) => Number.isSafeInteger(number)));
}

function freeAddress(taken: Set<string>): string {
  for (;;) {
    const address = randomBytes(4).toString("hex").toUpperCase();
    if (address === "00000000" || taken.has(address)) continue;
    taken.add(address);
    return address;
  }
}
