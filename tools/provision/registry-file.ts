/**
 * The registry of units as municipalities keep it: a CSV file (RFC 4180) with the columns that `livlina monitor` reads and those of the
 * units themselves, or the same as JSON. Columns that nobody knows here are kept; columns about persons are refused.
 */
import { existsSync } from "node:fs";
import { extname } from "node:path";
import { z } from "zod";
import { lifeNames } from "../../firmware/household/life-states.ts";
import { csvRow, csvRows } from "../../simulator/report/csv.ts";
import { UserError } from "../user-error.ts";
import { jsonText, readJson, readText, writeWhole } from "./files.ts";
import { clientFault, hasCheckDigit, isPersonal, larmkodFault } from "./larmkod.ts";

/** By column. `unit` is the serial, `cid` the larmkod; every value is text. */
export type RegistryRow = Readonly<Record<string, string>>;

export interface RegistryFile {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly RegistryRow[];
  /** Line of each row, from 1, or its place in the JSON list. */
  readonly lines: readonly number[];
}

export interface RegistryFault {
  readonly line: number;
  readonly why: string;
}

/** Columns of our own, in the order in which a new file has them. */
export const ownColumns = [
  "unit",
  "cid",
  "client",
  "state",
  "installed",
  "verified",
  "buttons",
  "make",
  "model",
  "hardware",
  "firmware",
  "imei",
  "iccid",
  "charged",
] as const;

/** More units than any municipality has. */
export const rowLimit = 200_000;
const faultsShown = 20;
const personalColumn =
  /^(name|namn|.*efternamn|.*f(ö|o)rnamn|personnummer|pnr|ssn|address|adress|street|gata|phone|telefon|mobil|e-?mail|e-?post|.*birth.*|f(ö|o)delse.*)$/i;
const date = /^\d{4}-\d{2}-\d{2}$/;

const jsonFile = z.strictObject({
  format: z.literal(1),
  units: z.array(z.record(z.string(), z.string())).max(rowLimit),
});

/** Throws UserError (2), with the line of what is wrong. `mayBeNew`: a file that is not there is an empty registry. */
export function readRegistryFile(path: string, mayBeNew = false): RegistryFile {
  if (mayBeNew && !existsSync(path)) return { path, columns: ownColumns, rows: [], lines: [] };
  const file = isJson(path) ? readJsonRows(path) : readCsvRows(path);
  const personal = file.columns.find((column) => personalColumn.test(column));
  if (personal !== undefined)
    throw new UserError(
      `${path}:1: the column ${personal} is about a person`,
      "leave it out: the registry holds the client's reference alone",
      2,
    );
  if (file.rows.length > rowLimit) throw new UserError(`${path}: more than ${rowLimit} units`, "several files", 2);
  return file;
}

/** Throws UserError (3). */
export function writeRegistryFile(file: RegistryFile): void {
  writeWhole(
    file.path,
    isJson(file.path)
      ? jsonText({ format: 1, units: file.rows.map((row) => shownRow(file.columns, row)) })
      : csvText(file),
  );
}

export function csvText({ columns, rows }: Pick<RegistryFile, "columns" | "rows">): string {
  return [csvRow(columns), ...rows.map((row) => csvRow(columns.map((column) => row[column] ?? "")))].join("");
}

/** What is wrong with it: each row by itself, and what may stand only once. */
export function registryFaults(file: RegistryFile, checked: boolean): readonly RegistryFault[] {
  const faults: RegistryFault[] = [];
  const seen = { unit: new Map<string, number>(), cid: new Map<string, number>(), button: new Map<string, number>() };
  const once = (kind: keyof typeof seen, value: string, line: number): void => {
    if (value === "") return;
    const before = seen[kind].get(value);
    if (before !== undefined) faults.push({ line, why: `${kind} ${value} stands on line ${before} already` });
    else seen[kind].set(value, line);
  };
  file.rows.forEach((row, at) => {
    const line = file.lines[at] ?? at + 1;
    for (const why of rowFaults(row, checked)) faults.push({ line, why });
    once("unit", row["unit"] ?? "", line);
    once("cid", row["cid"] ?? "", line);
    for (const button of buttonsOf(row)) once("button", button, line);
  });
  return faults;
}

/** Throws UserError (2) with the first of them. */
export function refuseFaults(path: string, faults: readonly RegistryFault[]): void {
  if (faults.length === 0) return;
  const lines = faults.slice(0, faultsShown).map(({ line, why }) => `${path}:${line}: ${why}`);
  const more = faults.length > faultsShown ? [`... and ${faults.length - faultsShown} more`] : [];
  throw new UserError([...lines, ...more].join("\n"), "put it right in the file: nothing was written", 2);
}

/** Why this larmkod cannot be the plan's unit's, in words, or undefined. */
export function larmkodTaken(
  file: RegistryFile,
  plan: { readonly unit: string; readonly larmkod: string; readonly client: string },
): string | undefined {
  const other = file.rows.find(
    (row) => row["cid"] === plan.larmkod && row["unit"] !== plan.unit && (row["unit"] ?? "") !== "",
  );
  if (other !== undefined) return `the registry has larmkod ${plan.larmkod} at unit ${other["unit"]}`;
  const own = file.rows.find((row) => row["unit"] === plan.unit || row["cid"] === plan.larmkod);
  if (own === undefined)
    return `the registry has neither unit ${plan.unit} nor larmkod ${plan.larmkod}: livlina registry import`;
  if ((own["cid"] ?? "") !== "" && own["cid"] !== plan.larmkod)
    return `the registry has larmkod ${own["cid"]} for unit ${plan.unit}`;
  if ((own["client"] ?? "") !== "" && own["client"] !== plan.client)
    return `the registry has client ${own["client"]} for larmkod ${plan.larmkod}`;
  return undefined;
}

/** Serial of another unit that has this button, or undefined. */
export function buttonElsewhere(file: RegistryFile, button: string, unit: string): string | undefined {
  return file.rows.find((row) => row["unit"] !== unit && buttonsOf(row).includes(button))?.["unit"];
}

export function buttonsOf(row: RegistryRow): readonly string[] {
  return (row["buttons"] ?? "").split(/[\s,]+/).filter((button) => button !== "");
}

/** The same file with these values in the row of that unit, or of that larmkod where no row names the unit yet; otherwise in a new row. */
export function withRow(file: RegistryFile, values: RegistryRow): RegistryFile {
  const place = placeOf(file.rows, values);
  const columns = [...file.columns, ...Object.keys(values).filter((column) => !file.columns.includes(column))];
  if (place < 0)
    return { ...file, columns, rows: [...file.rows, values], lines: [...file.lines, file.rows.length + 2] };
  return { ...file, columns, rows: file.rows.map((row, at) => (at === place ? { ...row, ...values } : row)) };
}

/** Where that unit stands, or -1. */
export function placeOf(rows: readonly RegistryRow[], { unit = "", cid = "" }: RegistryRow): number {
  const byUnit = unit === "" ? -1 : rows.findIndex((row) => row["unit"] === unit);
  if (byUnit >= 0 || cid === "") return byUnit;
  return rows.findIndex((row) => row["cid"] === cid && (unit === "" || (row["unit"] ?? "") === ""));
}

function rowFaults(row: RegistryRow, checked: boolean): readonly string[] {
  const cell = (column: (typeof ownColumns)[number]): string => row[column] ?? "";
  const faults: (string | undefined)[] = [];
  if (cell("unit") === "" && cell("cid") === "") faults.push("neither unit nor cid");
  if (cell("cid") !== "") faults.push(larmkodFault(cell("cid"), checked));
  if (cell("client") !== "") faults.push(clientFault(cell("client")));
  if (cell("unit") !== "" && !/^[A-Za-z0-9-]{1,20}$/.test(cell("unit")))
    faults.push(`unit "${cell("unit")}" is no serial`);
  if (cell("state") !== "" && !(lifeNames as readonly string[]).includes(cell("state")))
    faults.push(`state "${cell("state")}" is none of ${lifeNames.join(", ")}`);
  if (cell("state") === "in-service" && cell("cid") === "") faults.push("a unit in service without a larmkod");
  if (cell("imei") !== "" && !(/^\d{15}$/.test(cell("imei")) && hasCheckDigit(cell("imei"))))
    faults.push(`imei ${cell("imei")} is wrong`);
  if (cell("iccid") !== "" && !/^\d{18,19}(\d|F)?$/i.test(cell("iccid")))
    faults.push(`iccid ${cell("iccid")} is not 18 to 20 digits`);
  for (const column of ["installed", "charged"] as const)
    if (cell(column) !== "" && !date.test(cell(column)))
      faults.push(`${column} "${cell(column)}" is no date such as 2026-11-22`);
  for (const button of buttonsOf(row))
    if (!/^[0-9A-F]{8}$/.test(button)) faults.push(`button "${button}" is no address such as 0102030A`);
  for (const [column, value] of Object.entries(row))
    if (column !== "cid" && isPersonal(value)) faults.push(`the ${column} is a personal identity number`);
  return faults.filter((fault) => fault !== undefined);
}

function readCsvRows(path: string): RegistryFile {
  const [head, ...body] = csvRows(readText(path, "a CSV file with the columns unit and cid"));
  const columns = (head?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  if (!columns.includes("cid") && !columns.includes("unit"))
    throw new UserError(`${path}:1: no column unit or cid`, `the columns are ${ownColumns.join(",")}`, 2);
  const filled = body.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const rows = filled.map(({ cells }) =>
    Object.fromEntries(columns.map((column, at) => [column, plain(cells[at] ?? "")])),
  );
  return { path, columns, rows, lines: filled.map(({ line }) => line) };
}

function readJsonRows(path: string): RegistryFile {
  const { units } = readJson(
    path,
    jsonFile,
    'a file such as {"format":1,"units":[{"unit":"U-000001","cid":"4600100012"}]}',
  );
  const columns = [...new Set([...ownColumns, ...units.flatMap((unit) => Object.keys(unit))])];
  return { path, columns, rows: units, lines: units.map((_, at) => at + 1) };
}

function shownRow(columns: readonly string[], row: RegistryRow): RegistryRow {
  return Object.fromEntries(
    columns.flatMap((column) => ((row[column] ?? "") === "" ? [] : [[column, row[column] ?? ""]])),
  );
}

function isJson(path: string): boolean {
  return extname(path).toLowerCase() === ".json";
}

/** Our own writing puts an apostrophe before what a spreadsheet would run. */
function plain(cell: string): string {
  const text = cell.trim();
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}
