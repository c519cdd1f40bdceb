/** Many units at once into a registry: what would be new, what would change, and what cannot be, before anything is written. */
import { buttonsOf, type RegistryFault, type RegistryFile, type RegistryRow } from "./registry-file.ts";
import { type Difference, differences } from "./settings-file.ts";

export interface ChangedRow {
  readonly unit: string;
  readonly cid: string;
  readonly fields: readonly Difference[];
}

export interface ImportPlan {
  /** As it would be. */
  readonly registry: RegistryFile;
  readonly added: readonly RegistryRow[];
  readonly changed: readonly ChangedRow[];
  readonly same: number;
  /** Rows of the import that contradict the registry. */
  readonly faults: readonly RegistryFault[];
}

/** Takes a value away; an empty cell leaves it as it is. */
const nothing = "-";

/** Rows are the same unit by `unit`, or by `cid` where one of the two names no unit. Numbers may change hands within one import. */
export function planImport(registry: RegistryFile, incoming: RegistryFile): ImportPlan {
  const rows = [...registry.rows];
  const lines = [...registry.lines];
  const byUnit = indexOf(rows, "unit");
  const byCid = indexOf(rows, "cid");
  const added: RegistryRow[] = [];
  const changed: ChangedRow[] = [];
  let same = 0;
  const places = incoming.rows.map((given) => {
    const { unit = "", cid = "" } = given;
    const withCid = byCid.get(cid);
    const isFree = withCid !== undefined && (unit === "" || (rows[withCid]?.["unit"] ?? "") === "");
    const known = byUnit.get(unit) ?? (isFree ? withCid : undefined);
    const place = known ?? rows.length;
    const before = rows[place] ?? {};
    const after = { ...before, ...filledOf(given) };
    const fields = differences(before, after);
    if (known === undefined) {
      lines.push(rows.length + 2);
      added.push(after);
    } else if (fields.length === 0) same++;
    else changed.push({ unit: after["unit"] ?? "", cid: after["cid"] ?? "", fields });
    rows[place] = after;
    if (unit !== "") byUnit.set(unit, place);
    if (cid !== "" && known === undefined && !byCid.has(cid)) byCid.set(cid, place);
    return place;
  });
  const { columns: known } = registry;
  const columns = [...known, ...incoming.columns.filter((column) => !known.includes(column))];
  return {
    registry: { ...registry, columns, rows, lines },
    added,
    changed,
    same,
    faults: faultsOf(rows, incoming, places),
  };
}

/** What may stand only once and would stand twice, by the line of the import that makes it so. */
function faultsOf(
  rows: readonly RegistryRow[],
  incoming: RegistryFile,
  places: readonly number[],
): readonly RegistryFault[] {
  const owners = new Map<string, number>();
  const faults: RegistryFault[] = [];
  const marks = rows.map((row) => [`cid ${row["cid"] ?? ""}`, ...buttonsOf(row).map((button) => `button ${button}`)]);
  const isImported = new Set(places);
  marks.forEach((own, place) => {
    if (!isImported.has(place)) for (const mark of own) owners.set(mark, place);
  });
  places.forEach((place, at) => {
    for (const mark of marks[place] ?? []) {
      const other = mark === "cid " ? undefined : owners.get(mark);
      if (other === undefined) owners.set(mark, place);
      else if (other !== place) {
        const owner = rows[other]?.["unit"] ?? "";
        faults.push({
          line: incoming.lines[at] ?? at + 1,
          why: `${mark} belongs to ${owner === "" ? "another unit" : `unit ${owner}`} in the registry`,
        });
      }
    }
  });
  return faults;
}

/** For people: `+` new, `~` changed, field by field. */
export function importLines(plan: ImportPlan): readonly string[] {
  return [
    ...plan.added.map((row) => `+ ${row["unit"] ?? ""} ${row["cid"] ?? ""}`.trimEnd()),
    ...plan.changed.flatMap(({ unit, cid, fields }) => [
      `~ ${unit} ${cid}`.trimEnd(),
      ...fields.map(({ path, before, after }) => `    ${path}: ${before ?? '""'} -> ${after ?? '""'}`),
    ]),
    `${plan.added.length} new, ${plan.changed.length} changed, ${plan.same} as before`,
  ];
}

function filledOf(row: RegistryRow): RegistryRow {
  const filled = Object.entries(row).filter(([, value]) => value !== "");
  return Object.fromEntries(filled.map(([column, value]) => [column, value === nothing ? "" : value]));
}

function indexOf(rows: readonly RegistryRow[], column: string): Map<string, number> {
  const places = new Map<string, number>();
  rows.forEach((row, at) => {
    const value = row[column] ?? "";
    if (value !== "") places.set(value, at);
  });
  return places;
}
