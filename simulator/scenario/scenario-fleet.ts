/** The homes of a scenario file and the people in them to their plain form: units named, routes and telephones that fit. */
import type { FleetGroup, GroupTelephone, RoutePolicy, Wearers } from "./fleet.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseHours } from "./scenario-units.ts";

export const mostUnits = 100_000;

export function resolveFleet(file: ScenarioFile, names: Names, complain: Complain): readonly FleetGroup[] {
  const taken = new Set<string>();
  let unitCount = 0;
  return file.fleet.map((group, index): FleetGroup => {
    const at: FilePath = ["fleet", index];
    unitCount += group.count;
    const tooMany = unitCount > mostUnits;
    if (tooMany) complain([...at, "count"], `the fleet has more than ${mostUnits} units`);
    const digits = Math.max(3, String(group.count).length);
    const units =
      group.count === 1
        ? [group.name]
        : Array.from(
            { length: tooMany ? 0 : group.count },
            (_, each) => `${group.name}-${String(each + 1).padStart(digits, "0")}`,
          );
    if (names.groups.indexOf(group.name) !== index)
      complain([...at, "name"], `the fleet already has a group "${group.name}"`);
    else if (units.some((unit) => taken.has(unit)))
      complain([...at, "name"], "two units would have the same name", "rename this group");
    for (const unit of units) taken.add(unit);
    group.receivers.forEach((name, each) => {
      checkName("receiver", name, names.receivers, [...at, "receivers", each], complain);
      if (group.receivers.indexOf(name) !== each) complain([...at, "receivers", each], `"${name}" is named twice`);
    });
    const policy = group.policy ?? "mobile-first";
    const first = policy.startsWith("mobile") ? "mobile" : "broadband";
    if (group[first] === undefined)
      complain(at, `policy ${policy} needs the key "${first}"`, `add "${first}:", or choose another policy`);
    const mobile =
      group.mobile === undefined ? undefined : resolveMobile(group.mobile, file, names, [...at, "mobile"], complain);
    if (group.broadband !== undefined)
      checkName("broadband provider", group.broadband, names.broadband, [...at, "broadband"], complain);
    if (group.power !== undefined) checkName("power area", group.power, names.power, [...at, "power"], complain);
    const { name, provider = name, broadband, power, receivers, buttons = 1 } = group;
    const telephone = resolveTelephone(group, policy, at, complain);
    return { name, provider, units, policy, mobile, broadband, power, receivers, buttons, telephone };
  });
}

/** Each telephone hangs on its route, and each number on a telephone. */
function resolveTelephone(
  group: ScenarioFile["fleet"][number],
  policy: RoutePolicy,
  path: FilePath,
  complain: Complain,
): GroupTelephone | undefined {
  const { telephone = "none", relatives = [] } = group;
  const sip = telephone === "sip" || telephone === "both";
  const mobile = telephone === "mobile" || telephone === "both";
  const has = (route: "mobile" | "broadband"): boolean =>
    group[route] !== undefined && (policy === `${route}-only` || policy.endsWith("-first"));
  if (sip && !has("broadband")) complain([...path, "telephone"], `telephone ${telephone} needs a broadband route`);
  if (mobile && !has("mobile")) complain([...path, "telephone"], `telephone ${telephone} needs a mobile route`);
  for (const key of ["mobile-calls", "fallback-number", "relatives"] as const)
    if (!mobile && group[key] !== undefined)
      complain([...path, key], `"${key}" needs calls over mobile`, 'add "telephone: mobile" or "telephone: both"');
  if (telephone === "none") return undefined;
  const mobileCalls = mobile ? (group["mobile-calls"] ?? "instead-of-data") : "none";
  return { sip, mobile: mobileCalls, fallbackNumber: group["fallback-number"] ?? "", relatives };
}

function resolveMobile(
  name: string,
  file: ScenarioFile,
  names: Names,
  path: FilePath,
  complain: Complain,
): FleetGroup["mobile"] {
  const cell = names.cells.includes(name) ? file.world.cells?.[name] : undefined;
  if (cell !== undefined) return { operator: cell.operator, cell: name };
  checkName("operator or cell", name, [...names.operators, ...names.cells], path, complain);
  return { operator: name, cell: undefined };
}

export function resolveWearers(file: ScenarioFile, complain: Complain): Wearers | undefined {
  if (file.wearers === undefined) return undefined;
  const hours = parseHours(file.wearers.hours ?? "00:00-24:00");
  if (hours === undefined)
    complain(["wearers", "hours"], "expected hours whose end comes after their beginning", 'such as "06:00-22:00"');
  return {
    pressesPerThousandUnitDays: Math.round(file.wearers["presses-per-unit-and-day"] * 1000),
    fromMinute: hours?.fromMinute ?? 0,
    toMinute: hours?.toMinute ?? 0,
  };
}
