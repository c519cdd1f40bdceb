/** Faults inside units to their plain form: which units are hit, how hard, and what cannot be at one time. */
import type { ScenarioFault } from "./fault.ts";
import type { FleetGroup } from "./fleet.ts";
import { type Complain, checkName, type FilePath, nameHint } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseSharePpm, parseSpan } from "./scenario-units.ts";
import type { UnitFault, UnitScenarioFault } from "./unit-fault.ts";

type FaultEntry = NonNullable<ScenarioFile["faults"]>[number];
export type UnitFaultEntry = Extract<FaultEntry, { readonly unit: string } | { readonly group: string }>;

const million = 1_000_000;
/** Which key belongs to which fault. */
const owners = {
  "per-day": "power-cuts",
  "off-for": "power-cuts",
  torn: "power-cuts",
  ppm: "clock-drift",
  cells: "worn-flash",
  silently: "worn-flash",
} as const satisfies Record<string, UnitFault>;

export function isUnitFault(entry: FaultEntry): entry is UnitFaultEntry {
  return "unit" in entry || "group" in entry;
}

export function resolveUnitFault(
  entry: UnitFaultEntry,
  fleet: readonly FleetGroup[],
  window: { readonly fromMs: number; readonly toMs: number },
  at: FilePath,
  complain: Complain,
): UnitScenarioFault {
  const { fault } = entry;
  for (const [key, owner] of Object.entries(owners))
    if (entry[key as keyof typeof owners] !== undefined && fault !== owner)
      complain([...at, key], `"${key}" belongs to "fault: ${owner}"`);
  if (fault === "dead" || fault === "worn-flash") {
    if (fault === "dead" && entry.to !== undefined)
      complain([...at, "to"], "what is dead does not come back", 'leave out "to", or write "fault: power-cuts"');
    if (entry.every !== undefined) complain([...at, "every"], `"every" does not fit "fault: ${fault}"`);
  }
  if (fault === "clock-drift" && (entry.ppm ?? 0) === 0)
    complain(at, "how far does the clock drift?", 'add "ppm: 200" for one that runs fast, or a number below 0');
  const span = parseSpan(entry["off-for"] ?? "2s to 2m");
  if (span === undefined)
    complain([...at, "off-for"], `"${entry["off-for"]}" goes from long to short`, "write the shorter time first");
  return {
    ...window,
    ...("unit" in entry
      ? { object: "unit", name: entry.unit, units: oneUnit(entry.unit, fleet, [...at, "unit"], complain) }
      : { object: "group", name: entry.group, units: shareOf(entry, fleet, at, complain) }),
    fault,
    perDay: entry["per-day"] ?? 3,
    offFor: span ?? { leastMs: 0, mostMs: 0 },
    tornPpm: shareText(entry.torn ?? "0 %", [...at, "torn"], complain),
    ppm: entry.ppm ?? 0,
    wornPpm: shareText(entry.cells ?? "10 %", [...at, "cells"], complain),
    isSilent: entry.silently === true,
  };
}

/** Complains where two faults cannot be in one unit at one time: the same fault twice, or anything in one that is dead. */
export function checkUnitsApart(
  fault: UnitScenarioFault,
  planned: readonly ScenarioFault[],
  at: FilePath,
  complain: Complain,
): void {
  const units = new Set(fault.units);
  for (const other of planned) {
    if (!("units" in other)) continue;
    if (other.fromMs >= fault.toMs || fault.fromMs >= other.toMs) continue;
    if (other.fault !== fault.fault && other.fault !== "dead" && fault.fault !== "dead") continue;
    const unit = other.units.find((name) => units.has(name));
    if (unit === undefined) continue;
    complain(
      [...at, "from"],
      `unit "${unit}" has "fault: ${other.fault}" at that time`,
      "let one end where the other begins",
    );
    return;
  }
}

function oneUnit(unit: string, fleet: readonly FleetGroup[], at: FilePath, complain: Complain): readonly string[] {
  if (!fleet.some(({ units }) => units.includes(unit)))
    complain(at, `there is no unit "${unit}"`, () =>
      nameHint(
        "unit",
        unit,
        fleet.flatMap(({ units }) => units),
      ),
    );
  return [unit];
}

/** Every third of a group for 33 %: chance would be no better, since each unit has its own, and files can name who is hit. */
function shareOf(
  entry: Extract<UnitFaultEntry, { readonly group: string }>,
  fleet: readonly FleetGroup[],
  at: FilePath,
  complain: Complain,
): readonly string[] {
  const names = fleet.map(({ name }) => name);
  checkName("group", entry.group, names, [...at, "group"], complain);
  const ppm = shareText(entry.share ?? "100 %", [...at, "share"], complain);
  const all = fleet.find(({ name }) => name === entry.group)?.units ?? [];
  const units = all.filter((_, index) => hitsBefore(index + 1, ppm) > hitsBefore(index, ppm));
  if (all.length > 0 && units.length === 0)
    complain(
      [...at, "share"],
      `of ${all.length} units this share hits none`,
      "raise the share or the count of the group",
    );
  return units;
}

function hitsBefore(index: number, ppm: number): number {
  return Math.floor((index * ppm) / million);
}

function shareText(text: string, at: FilePath, complain: Complain): number {
  const ppm = parseSharePpm(text);
  if (ppm === undefined) complain(at, "expected a share from 0 % to 100 %");
  return ppm ?? 0;
}
