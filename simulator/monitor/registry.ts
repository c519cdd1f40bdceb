/**
 * The registry of units: who has what, and what they share, so that many silences can be one outage. A CSV file (RFC 4180) as
 * municipalities keep it, with `,` or `;` between the cells; every run writes its own.
 */
import { longestProofS } from "../../firmware/settings.ts";
import { csvRow, csvRows } from "../report/csv.ts";
import type { Resident } from "../residents.ts";
import { seldomMs } from "../scenario/fleet.ts";

export interface RegistryUnit {
  readonly unit: string;
  /** Account number (SCAIP `cid`). */
  readonly cid: string;
  /** Who looks after these people. */
  readonly provider: string;
  /** First choice first; empty: not known. */
  readonly receivers: readonly string[];
  /** Mobile operator, "" where it has no mobile route or nobody knows. So with the next ones. */
  readonly operator: string;
  readonly cell: string;
  /** Whether it may be served by another operator's network. */
  readonly roams: boolean;
  readonly broadband: string;
  /** Area that loses its mains as one. */
  readonly power: string;
  /** Whether its broadband router lives on without mains for hours. */
  readonly routerBackup: boolean;
  /** Somebody is to be sent at night too. */
  readonly night: boolean;
  /** Its heartbeat, in ms. */
  readonly beatMs: number;
}

export interface RegistryFault {
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

export type RegistryRead =
  | { readonly ok: true; readonly units: readonly RegistryUnit[] }
  | { readonly ok: false; readonly faults: readonly RegistryFault[] };

/** A unit that is asked for fewer heartbeats proves its path in between all the same, unless something else was agreed. */
export const usualBeatMs = 180_000;
const minuteMs = 60_000;

/** A unit that no registry names: known from its first message on. */
export function learnedUnit(cid: string, receiver: string): RegistryUnit {
  return {
    unit: cid,
    cid,
    provider: "",
    receivers: [receiver],
    operator: "",
    cell: "",
    roams: false,
    broadband: "",
    power: "",
    routerBackup: false,
    night: false,
    beatMs: usualBeatMs,
  };
}
/** More units than any centre has. */
export const registryLimit = 200_000;
/** A router that lives this long without mains tells nothing of a power cut. */
const backupMs = 3_600_000;
const faultLimit = 20;
const longestBeatS = longestProofS;
const columns = [
  "unit",
  "cid",
  "provider",
  "receivers",
  "operator",
  "cell",
  "roams",
  "broadband",
  "power",
  "router_backup",
  "night",
  "beat_s",
] as const;
type Column = (typeof columns)[number];

export function registryCsv(units: readonly RegistryUnit[]): string {
  return [csvRow(columns), ...units.map((unit) => csvRow(columns.map((column) => cellOf(unit, column))))].join("");
}

/** Other columns than ours are left alone; only `cid` must be there. */
export function readRegistry(text: string): RegistryRead {
  const rows = csvRows(text);
  const head = rows[0]?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const places = new Map(columns.map((column) => [column, head.indexOf(column)]));
  if ((places.get("cid") ?? -1) < 0)
    return { ok: false, faults: [{ line: 1, why: `no column "cid"; the columns are ${columns.join(",")}` }] };
  const faults: RegistryFault[] = [];
  const units: RegistryUnit[] = [];
  const lines = new Map<string, number>();
  for (const { line, cells } of rows.slice(1)) {
    if (cells.every((cell) => cell.trim() === "")) continue;
    const value = (column: Column): string => plain(cells[places.get(column) ?? -1] ?? "");
    const cid = value("cid");
    const before = lines.get(cid);
    const why =
      cid === ""
        ? "no cid"
        : before !== undefined
          ? `cid ${cid} stands on line ${before} already`
          : units.length >= registryLimit
            ? `more than ${registryLimit} units`
            : beatFault(value("beat_s"));
    if (why === undefined) units.push(unitOf(value));
    else if (faults.length < faultLimit) faults.push({ line, why });
    lines.set(cid, before ?? line);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, units };
}

/** What the people who run a scenario's fleet would have in theirs. `beatMinOf`: the minutes that a receiver asks for, if it does. */
export function registryOf(
  residents: readonly Resident[],
  beatMinOf: (receiver: string) => number | undefined,
): readonly RegistryUnit[] {
  return residents.map(({ name, cid, group }) => {
    const mobile = group.policy === "broadband-only" ? undefined : group.mobile;
    const broadband = group.policy === "mobile-only" ? undefined : group.broadband;
    return {
      unit: name,
      cid,
      provider: group.provider,
      receivers: group.receivers,
      operator: mobile?.operator ?? "",
      cell: mobile?.cell ?? "",
      roams: (mobile?.roamsTo.length ?? 0) > 0,
      broadband: broadband ?? "",
      power: group.power ?? "",
      routerBackup: group.routerBatteryMs >= backupMs,
      night: false,
      beatMs: Math.min(
        usualBeatMs + seldomMs(group),
        (beatMinOf(group.receivers[0] ?? "") ?? Number.POSITIVE_INFINITY) * minuteMs,
      ),
    };
  });
}

function unitOf(value: (column: Column) => string): RegistryUnit {
  const cid = value("cid");
  return {
    unit: value("unit") === "" ? cid : value("unit"),
    cid,
    provider: value("provider"),
    receivers: value("receivers")
      .split(" ")
      .filter((name) => name !== ""),
    operator: value("operator"),
    cell: value("cell"),
    roams: isYes(value("roams")),
    broadband: value("broadband"),
    power: value("power"),
    routerBackup: isYes(value("router_backup")),
    night: isYes(value("night")),
    beatMs: value("beat_s") === "" ? usualBeatMs : Number(value("beat_s")) * 1_000,
  };
}

function cellOf(unit: RegistryUnit, column: Column): string {
  switch (column) {
    case "receivers":
      return unit.receivers.join(" ");
    case "roams":
      return yes(unit.roams);
    case "router_backup":
      return yes(unit.routerBackup);
    case "night":
      return yes(unit.night);
    case "beat_s":
      return String(Math.floor(unit.beatMs / 1_000));
    default:
      return unit[column];
  }
}

function beatFault(text: string): string | undefined {
  const seconds = Number(text === "" ? usualBeatMs / 1_000 : text);
  return Number.isSafeInteger(seconds) && seconds >= 1 && seconds <= longestBeatS
    ? undefined
    : `beat_s must be 1 to ${longestBeatS}, not "${text}"`;
}

/** Swedish and English, and what spreadsheets make of it. */
function isYes(text: string): boolean {
  return ["yes", "ja", "true", "1", "x"].includes(text.toLowerCase());
}

function yes(value: boolean): string {
  return value ? "yes" : "no";
}

/** Our own writing puts an apostrophe before what a spreadsheet would run. */
function plain(cell: string): string {
  const text = cell.trim();
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}
