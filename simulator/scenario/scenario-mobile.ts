/** Where a group's modems can be served: their own place, where they roam to, and the generations that they can. */
import type { Generation } from "./fault.ts";
import type { FleetGroup, MobilePlace } from "./fleet.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";

/** Undefined where the group has no mobile route. */
export function resolveMobile(
  group: ScenarioFile["fleet"][number],
  file: ScenarioFile,
  names: Names,
  at: FilePath,
  complain: Complain,
): FleetGroup["mobile"] {
  const { mobile, "roams-to": roams = [], generations } = group;
  if (mobile === undefined) {
    for (const key of ["roams-to", "generations"] as const)
      if (group[key] !== undefined) complain([...at, key], `"${key}" needs a mobile route`, 'add "mobile:"');
    return undefined;
  }
  const own = resolvePlace(mobile, file, names, [...at, "mobile"], complain);
  const roamsTo = roams.map((name, each) => resolvePlace(name, file, names, [...at, "roams-to", each], complain));
  roamsTo.forEach((place, each) => {
    const path = [...at, "roams-to", each];
    if (place.operator === own.operator) complain(path, `"${roams[each]}" is of its own operator "${own.operator}"`);
    else if (roams.indexOf(roams[each] as string) !== each) complain(path, `"${roams[each]}" is named twice`);
  });
  if (generations !== undefined && !generationsOf(own, file).some((each) => generations.includes(each)))
    complain([...at, "generations"], `"${mobile}" has none of these`, `it has ${generationsOf(own, file).join(", ")}`);
  return { ...own, roamsTo, generations };
}

/** The operator, or the cell and its operator, of that name. */
export function resolvePlace(
  name: string,
  file: ScenarioFile,
  names: Names,
  path: FilePath,
  complain: Complain,
): MobilePlace {
  const cell = names.cells.includes(name) ? file.world.cells?.[name] : undefined;
  if (cell !== undefined) return { operator: cell.operator, cell: name };
  checkName("operator or cell", name, [...names.operators, ...names.cells], path, complain);
  return { operator: name, cell: undefined };
}

/** What an operator runs, or what a cell of it runs. */
export function generationsOf(place: MobilePlace, file: ScenarioFile): readonly Generation[] {
  const operator = file.world.operators?.[place.operator];
  const cell = place.cell === undefined ? undefined : file.world.cells?.[place.cell];
  return cell?.generations ?? operator?.generations ?? [operator?.generation ?? "4g"];
}
