/** From the file's words to the plain scenario: names checked, defaults filled in, times as whole milliseconds. */
import type {
  Expectation,
  FleetGroup,
  GroupTelephone,
  RoutePolicy,
  Scenario,
  ScenarioReceiver,
  ScenarioWorld,
  Span,
  Wearers,
} from "./scenario.ts";
import { fromSwedish } from "./scenario-clock.ts";
import { resolveExpectation } from "./scenario-expect.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { resolveFaults, resolveTimeline } from "./scenario-timeline.ts";
import { dayMs, parseDurationMs, parseHours, parseSharePpm, parseSpan, startPattern } from "./scenario-units.ts";

export const longestRunMs = 400 * dayMs;
export const mostUnits = 100_000;
const defaultStart = "2026-01-14 06:00";

/** Undefined when anything was wrong; then `complain` has been called at least once. */
export function resolveScenario(file: ScenarioFile, path: string, complain: Complain): Scenario | undefined {
  let sound = true;
  const report: Complain = (place, message, hint) => {
    sound = false;
    complain(place, message, hint);
  };
  const startWallMs = resolveStart(file.starts ?? defaultStart, report);
  const durationMs = parseDurationMs(file.duration) ?? 0;
  if (durationMs === 0 || durationMs > longestRunMs) report(["duration"], "expected a time above 0 and up to 400d");
  const names: Names = {
    receivers: Object.keys(file.world.receivers),
    operators: Object.keys(file.world.operators ?? {}),
    cells: Object.keys(file.world.cells ?? {}),
    broadband: Object.keys(file.world.broadband ?? {}),
    power: Object.keys(file.world.power ?? {}),
    groups: file.fleet.map((group) => group.name),
  };
  const times = { startWallMs, durationMs };
  const fleet = resolveFleet(file, names, report);
  const scenario: Scenario = {
    name: file.name,
    question: file.question ?? "",
    source: file.source ?? "",
    path,
    ...times,
    world: resolveWorld(file, names, report),
    fleet,
    wearers: resolveWearers(file, report),
    faults: resolveFaults(file, names, times, report),
    timeline: resolveTimeline(file, fleet, times, report),
    expectations: (file.expect ?? []).map(
      (entry, index): Expectation => resolveExpectation(entry, names, ["expect", index], report),
    ),
  };
  return sound ? scenario : undefined;
}

function resolveStart(text: string, complain: Complain): number {
  const [year, month, day, hour, minute] = (startPattern.exec(text) ?? []).slice(1).map(Number);
  const startWallMs = fromSwedish(year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0);
  if (startWallMs === undefined) complain(["starts"], `the Swedish calendar has no "${text}"`);
  return startWallMs ?? 0;
}

function resolveWorld(file: ScenarioFile, names: Names, complain: Complain): ScenarioWorld {
  const { world } = file;
  const span = (text: string | undefined, leastMs: number, mostMs: number, path: FilePath): Span => {
    if (text === undefined) return { leastMs, mostMs };
    const parsed = parseSpan(text);
    if (parsed === undefined) complain(path, `"${text}" goes from long to short`, "write the shorter time first");
    return parsed ?? { leastMs, mostMs };
  };
  const share = (text: string | undefined, usual: number, path: FilePath): number => {
    const ppm = text === undefined ? usual : parseSharePpm(text);
    if (ppm === undefined) complain(path, "expected a share from 0 % to 100 %");
    return ppm ?? usual;
  };
  if (names.receivers.length === 0) complain(["world", "receivers"], "there is no receiver", "name at least one");
  for (const [name, cell] of Object.entries(world.cells ?? {}))
    checkName("operator", cell.operator, names.operators, ["world", "cells", name, "operator"], complain);
  return {
    radioLossPpm: share(world.radio?.loss, 100_000, ["world", "radio", "loss"]),
    receivers: Object.entries(world.receivers).map(([name, receiver], index) => ({
      name,
      host: receiver?.host ?? `192.0.2.${10 + index}`,
      port: receiver?.port ?? 5060,
      latency: span(receiver?.latency, 200, 1_500, ["world", "receivers", name, "latency"]),
      mode: receiver?.mode ?? "normal",
      digest: receiver?.digest ?? true,
      transport: receiver?.transport ?? "udp",
      hostName: receiver?.["host-name"],
      certificate: receiver?.certificate ?? "good",
      ...resolveVoice(receiver),
    })),
    operators: Object.entries(world.operators ?? {}).map(([name, operator]) => ({
      name,
      generation: operator?.generation ?? "4g",
      delay: span(operator?.delay, 40, 400, ["world", "operators", name, "delay"]),
      lossPpm: share(operator?.loss, 10_000, ["world", "operators", name, "loss"]),
    })),
    cells: Object.entries(world.cells ?? {}).map(([name, cell]) => ({
      name,
      operator: cell.operator,
      signal: cell.signal ?? 20,
    })),
    broadband: Object.entries(world.broadband ?? {}).map(([name, provider]) => ({
      name,
      delay: span(provider?.delay, 10, 40, ["world", "broadband", name, "delay"]),
      lossPpm: share(provider?.loss, 0, ["world", "broadband", name, "loss"]),
    })),
    power: names.power,
  };
}

function resolveFleet(file: ScenarioFile, names: Names, complain: Complain): readonly FleetGroup[] {
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

function resolveVoice(
  receiver: ScenarioFile["world"]["receivers"][string],
): Pick<ScenarioReceiver, "call" | "operators"> {
  const { call, operators } = receiver ?? {};
  return {
    call: call && { mre: call.mre, cre: call.cre ?? 61, tnu: call.tnu ?? [] },
    operators: operators && {
      count: operators.count ?? 1,
      voice: operators.voice ?? "answers",
      talkMs: parseDurationMs(operators.talk ?? "20s") ?? 0,
    },
  };
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

function resolveWearers(file: ScenarioFile, complain: Complain): Wearers | undefined {
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
