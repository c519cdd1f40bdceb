/** The homes of a scenario file and the people in them to their plain form: units named, routes and telephones that fit. */
import { longestProofS, usualProofS } from "../../firmware/settings.ts";
import { mostInBuilding } from "../air/air.ts";
import type { FleetGroup, GroupTelephone, RoutePolicy } from "./fleet.ts";
import { resolveHome } from "./scenario-home.ts";
import { resolveMobile } from "./scenario-mobile.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseDurationMs } from "./scenario-units.ts";
import { resolveWearers } from "./scenario-wearers.ts";

export const mostUnits = 100_000;

export function resolveFleet(file: ScenarioFile, names: Names, complain: Complain): readonly FleetGroup[] {
  const taken = new Set<string>();
  let unitCount = 0;
  checkBuildings(file, complain);
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
    const mobile = resolveMobile(group, file, names, at, complain);
    if (group.broadband !== undefined)
      checkName("broadband provider", group.broadband, names.broadband, [...at, "broadband"], complain);
    if (group.power !== undefined) checkName("power area", group.power, names.power, [...at, "power"], complain);
    const routerBatteryMs = resolveRouterBattery(group, at, complain);
    const { name, provider = name, broadband, power, receivers, buttons = 1 } = group;
    const telephone = resolveTelephone(group, policy, at, complain);
    const routes = { mobile, broadband, routerBatteryMs, building: group.building };
    return {
      name,
      provider,
      units,
      policy,
      ...routes,
      provenWithinS: resolveProof(group, at, complain),
      power,
      receivers,
      buttons,
      telephone,
      wearers: resolveWearers(group.wearers, [...at, "wearers"], complain),
      home: resolveHome(group, at, complain),
    };
  });
}

/** The air of one building carries so many devices and no more. */
function checkBuildings(file: ScenarioFile, complain: Complain): void {
  const devices = new Map<string, number>();
  file.fleet.forEach(({ building, count, buttons = 1, accessories = [] }, index) => {
    if (building === undefined) return;
    const sum = (devices.get(building) ?? 0) + count * (1 + buttons + accessories.length);
    devices.set(building, sum);
    if (sum > mostInBuilding)
      complain(
        ["fleet", index, "building"],
        `"${building}" has ${sum} units, buttons and accessories, more than ${mostInBuilding}`,
        "spread the homes over several buildings",
      );
  });
}

function resolveProof(group: ScenarioFile["fleet"][number], path: FilePath, complain: Complain): number | undefined {
  const text = group["proven-within"];
  if (text === undefined) return undefined;
  const provenWithinS = (parseDurationMs(text) ?? 0) / 1000;
  if (!Number.isInteger(provenWithinS) || provenWithinS < usualProofS || provenWithinS > longestProofS)
    complain([...path, "proven-within"], "a route is proven within whole seconds, 3m to 25h", "such as 25h");
  return provenWithinS;
}

function resolveRouterBattery(group: ScenarioFile["fleet"][number], path: FilePath, complain: Complain): number {
  const text = group["router-battery"];
  if (text === undefined) return 0;
  const at = [...path, "router-battery"];
  if (group.broadband === undefined) complain(at, "the group has no broadband router", 'add "broadband:"');
  else if (group.power === undefined) complain(at, "its mains never goes", 'add "power:", or leave this out');
  return parseDurationMs(text) ?? 0;
}

/** Each telephone hangs on its route, and each number on a telephone. */
function resolveTelephone(
  group: ScenarioFile["fleet"][number],
  policy: RoutePolicy,
  path: FilePath,
  complain: Complain,
): GroupTelephone | undefined {
  const { telephone = "none", relatives = [], voicemail = [] } = group;
  const sip = telephone === "sip" || telephone === "both";
  const mobile = telephone === "mobile" || telephone === "both";
  const has = (route: "mobile" | "broadband"): boolean =>
    group[route] !== undefined && (policy === `${route}-only` || policy.endsWith("-first"));
  if (sip && !has("broadband")) complain([...path, "telephone"], `telephone ${telephone} needs a broadband route`);
  if (mobile && !has("mobile")) complain([...path, "telephone"], `telephone ${telephone} needs a mobile route`);
  for (const key of ["mobile-calls", "fallback-number", "relatives"] as const)
    if (!mobile && group[key] !== undefined)
      complain([...path, key], `"${key}" needs calls over mobile`, 'add "telephone: mobile" or "telephone: both"');
  for (const [index, number] of voicemail.entries())
    if (number !== group["fallback-number"] && !relatives.includes(number))
      complain(
        [...path, "voicemail", index],
        `nobody calls ${number}`,
        "name a number that stands in fallback-number or relatives",
      );
  if (telephone === "none") return undefined;
  const mobileCalls = mobile ? (group["mobile-calls"] ?? "instead-of-data") : "none";
  return { sip, mobile: mobileCalls, fallbackNumber: group["fallback-number"] ?? "", relatives, voicemail };
}
