/** `livlina registry`: many units at once into the registry, and what it says of them. */
import type { Command } from "commander";
import { confirm, openDesk } from "../provision/desk.ts";
import {
  csvText,
  type RegistryFile,
  type RegistryRow,
  readRegistryFile,
  refuseFaults,
  registryFaults,
  writeRegistryFile,
} from "../provision/registry-file.ts";
import { importLines, planImport } from "../provision/registry-import.ts";
import { print, printJson, wholeOf } from "../provision/unit-flags.ts";
import { UserError } from "../user-error.ts";

interface Flags {
  readonly checkDigit: string;
  readonly json?: boolean;
}

export interface ImportFlags extends Flags {
  readonly into: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export interface ListFlags extends Flags {
  readonly state?: string;
  readonly topUp?: string;
  readonly csv?: boolean;
}

export interface SheetFlags extends Flags {
  readonly unit: string;
}

const dayMs = 86_400_000;
const shelfStates: readonly string[] = ["stored", "wiped", "prepared"];
const columnsHelp = `
Columns, in any order, as CSV or JSON: unit (serial), cid (larmkod), client (a number of your list, never a name), state,
installed, verified, buttons, make, model, hardware, firmware, imei, iccid, charged, and those of livlina monitor. Columns that
nobody knows here are kept; columns about persons are refused. An empty cell changes nothing, - takes the value away.
`;

export function register(program: Command): void {
  const registry = program
    .command("registry")
    .description("the registry of units: import many at once, compare, check, list")
    .addHelpText("after", "\nExample:\n  livlina registry list units.json\n");
  withFlags(registry.command("import <file>"))
    .description("take units from a CSV or JSON file")
    .requiredOption("--into <registry>", "the registry; made where there is none")
    .option("--dry-run", "show what would be new and what would change, and write nothing")
    .option("--yes", "do not ask whether to go on")
    .addHelpText(
      "after",
      `${columnsHelp}\nExample:\n  livlina registry import new-units.csv --into units.csv --dry-run\n`,
    )
    .action(importUnits);
  withFlags(registry.command("diff <before> <after>"))
    .description("what one registry has that another has not; ends with 1 where they differ")
    .addHelpText("after", "\nExample:\n  livlina registry diff units.csv units-new.csv\n")
    .action(diff);
  withFlags(registry.command("check <registry>"))
    .description("check digits, and what may stand only once; ends with 1 where something is wrong")
    .addHelpText("after", "\nExample:\n  livlina registry check units.csv\n")
    .action(check);
  withFlags(registry.command("list <registry>"))
    .description("its units, by state, or those whose batteries want charging")
    .option("--state <state>", "in this state alone")
    .option("--top-up <days>", "on the shelf, and not charged for so many days")
    .option("--csv", "as CSV, for livlina monitor")
    .addHelpText(
      "after",
      "\nExamples:\n  livlina registry list units.csv --state in-service --csv > monitor.csv\n  livlina registry list units.csv --top-up 180\n",
    )
    .action(list);
  withFlags(registry.command("sheet <registry>"))
    .description("the identity sheet of one unit, for its label and its paper")
    .requiredOption("--unit <serial>", "which unit")
    .addHelpText("after", "\nExample:\n  livlina registry sheet units.csv --unit U-000001\n")
    .action(sheet);
}

function withFlags(command: Command): Command {
  return command
    .option("--check-digit <kind>", "luhn | none: how larmkods end", "luhn")
    .option("--json", "one JSON object on stdout");
}

async function importUnits(path: string, flags: ImportFlags): Promise<void> {
  const checked = isChecked(flags);
  const incoming = readRegistryFile(path);
  refuseFaults(path, registryFaults(incoming, checked));
  const plan = planImport(readRegistryFile(flags.into, true), incoming);
  refuseFaults(path, plan.faults);
  refuseFaults(flags.into, registryFaults(plan.registry, checked));
  printJson(flags, { added: plan.added, changed: plan.changed, same: plan.same, written: flags.dryRun !== true });
  for (const line of importLines(plan)) print(flags, line);
  if (flags.dryRun === true) return print(flags, "nothing was written");
  if (plan.added.length + plan.changed.length === 0) return;
  const desk = openDesk();
  await confirm(desk, `${flags.into} is written.`, flags.yes === true).finally(() => desk.close());
  writeRegistryFile(plan.registry);
}

function diff(before: string, after: string, flags: Flags): void {
  const old = readRegistryFile(before);
  const fresh = readRegistryFile(after);
  const plan = planImport(old, fresh);
  const gone = old.rows.filter((row) => !isIn(row, fresh));
  printJson(flags, { added: plan.added, changed: plan.changed, gone });
  for (const line of importLines(plan)) print(flags, line);
  for (const row of gone) print(flags, `- ${row["unit"] ?? ""} ${row["cid"] ?? ""}`.trimEnd());
  if (plan.added.length + plan.changed.length + gone.length > 0) process.exitCode = 1;
}

function check(path: string, flags: Flags): void {
  const file = readRegistryFile(path);
  const faults = registryFaults(file, isChecked(flags));
  printJson(flags, { units: file.rows.length, faults });
  for (const { line, why } of faults) print(flags, `${path}:${line}: ${why}`);
  print(flags, `${file.rows.length} units, ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}

function list(path: string, flags: ListFlags): void {
  const file = readRegistryFile(path);
  const days = flags.topUp === undefined ? undefined : wholeOf("--top-up", flags.topUp, 1, 3_650);
  const rows = file.rows.filter(
    (row) => (flags.state === undefined || row["state"] === flags.state) && (days === undefined || isDue(row, days)),
  );
  printJson(flags, { units: rows });
  if (flags.csv === true) {
    if (flags.json !== true) process.stdout.write(csvText({ columns: file.columns, rows }));
    return;
  }
  for (const row of rows)
    print(
      flags,
      [
        (row["unit"] ?? "").padEnd(12),
        (row["cid"] ?? "").padEnd(17),
        (row["state"] ?? "").padEnd(12),
        (row["client"] ?? "").padEnd(12),
        row["verified"] === "no" ? "NOT VERIFIED" : (row["installed"] ?? ""),
      ]
        .join(" ")
        .trimEnd(),
    );
}

/** Make, model and numbers, as a paper or a label has them. */
function sheet(path: string, flags: SheetFlags): void {
  const row = readRegistryFile(path).rows.find((each) => each["unit"] === flags.unit);
  if (row === undefined) throw new UserError(`${path} has no unit ${flags.unit}`, `livlina registry list ${path}`, 2);
  const fields = [
    ["Larmkod", "cid"],
    ["Make", "make"],
    ["Model", "model"],
    ["Serial", "unit"],
    ["IMEI", "imei"],
    ["ICCID", "iccid"],
    ["Hardware", "hardware"],
    ["Firmware", "firmware"],
    ["Buttons", "buttons"],
  ] as const;
  printJson(flags, Object.fromEntries(fields.map(([, column]) => [column, row[column] ?? ""])));
  print(flags, `+${"-".repeat(46)}+`);
  for (const [title, column] of fields)
    print(flags, `| ${title.padEnd(10)} ${(row[column] ?? "").slice(0, 33).padEnd(33)} |`);
  print(flags, `+${"-".repeat(46)}+`);
}

function isIn(row: RegistryRow, file: RegistryFile): boolean {
  return file.rows.some((each) =>
    (row["unit"] ?? "") !== "" ? each["unit"] === row["unit"] : each["cid"] === row["cid"],
  );
}

function isDue(row: RegistryRow, days: number): boolean {
  if (!shelfStates.includes(row["state"] ?? "")) return false;
  const charged = Date.parse(row["charged"] ?? "");
  return Number.isNaN(charged) || Date.now() - charged >= days * dayMs;
}

function isChecked({ checkDigit }: Flags): boolean {
  if (checkDigit === "luhn" || checkDigit === "none") return checkDigit === "luhn";
  throw new UserError(`--check-digit ${checkDigit} is unknown`, "--check-digit luhn, or none", 2);
}
