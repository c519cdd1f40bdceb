/** From the file's words to the plain scenario: names checked, defaults filled in, times as whole milliseconds. */
import type {
  Expectation,
  FleetGroup,
  Scenario,
  ScenarioFault,
  ScenarioWorld,
  Span,
  TimelineStep,
  Wearers,
} from "./scenario.ts";
import { fromSwedish, nextSwedishClock } from "./scenario-clock.ts";
import { resolveExpectation } from "./scenario-expect.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { dayMs, nearest, parseClockMs, parseDurationMs, parseHours, parseSharePpm, parseSpan, startPattern } from "./scenario-units.ts";

export type FilePath = readonly (string | number)[];

/** Takes what is wrong with the value at a place of the file, and what to try. Checking goes on after it. */
export type Complain = (path: FilePath, message: string, hint?: string | (() => string)) => void;

export const longestRunMs = 400 * dayMs;
export const mostUnits = 100_000;
const defaultStart = "2026-01-14 06:00";

/** Everything that later steps look up. */
export interface Names {
  readonly receivers: readonly string[];
  readonly operators: readonly string[];
  readonly cells: readonly string[];
  readonly broadband: readonly string[];
  readonly groups: readonly string[];
}

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
    expectations: (file.expect ?? []).map((entry, index): Expectation => resolveExpectation(entry, names, ["expect", index], report)),
  };
  return sound ? scenario : undefined;
}

/** Says so when `name` is none of `known`, with the nearest one. */
export function checkName(what: string, name: string, known: readonly string[], path: FilePath, complain: Complain): void {
  if (known.includes(name)) return;
  complain(path, `there is no ${what} "${name}"`, () => nameHint(what, name, known));
}

/** Worked out for shown complaints only: a fleet has many names to compare with. */
function nameHint(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  const more = known.length > 8 ? " ..." : "";
  return known.length === 0 ? `the file names no ${what}` : `${what}s here: ${known.slice(0, 8).join(", ")}${more}`;
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
    })),
    operators: Object.entries(world.operators ?? {}).map(([name, operator]) => ({
      name,
      generation: operator?.generation ?? "4g",
      delay: span(operator?.delay, 40, 400, ["world", "operators", name, "delay"]),
      lossPpm: share(operator?.loss, 10_000, ["world", "operators", name, "loss"]),
    })),
    cells: Object.entries(world.cells ?? {}).map(([name, cell]) => ({ name, operator: cell.operator, signal: cell.signal ?? 20 })),
    broadband: Object.entries(world.broadband ?? {}).map(([name, provider]) => ({
      name,
      delay: span(provider?.delay, 10, 40, ["world", "broadband", name, "delay"]),
      lossPpm: share(provider?.loss, 0, ["world", "broadband", name, "loss"]),
    })),
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
        : Array.from({ length: tooMany ? 0 : group.count }, (_, each) => `${group.name}-${String(each + 1).padStart(digits, "0")}`);
    if (names.groups.indexOf(group.name) !== index) complain([...at, "name"], `the fleet already has a group "${group.name}"`);
    else if (units.some((unit) => taken.has(unit))) complain([...at, "name"], "two units would have the same name", "rename this group");
    for (const unit of units) taken.add(unit);
    group.receivers.forEach((name, each) => {
      checkName("receiver", name, names.receivers, [...at, "receivers", each], complain);
      if (group.receivers.indexOf(name) !== each) complain([...at, "receivers", each], `"${name}" is named twice`);
    });
    const policy = group.policy ?? "mobile-first";
    const first = policy.startsWith("mobile") ? "mobile" : "broadband";
    if (group[first] === undefined)
      complain(at, `policy ${policy} needs the key "${first}"`, `add "${first}:", or choose another policy`);
    const mobile = group.mobile === undefined ? undefined : resolveMobile(group.mobile, file, names, [...at, "mobile"], complain);
    if (group.broadband !== undefined) checkName("broadband provider", group.broadband, names.broadband, [...at, "broadband"], complain);
    const { name, provider = name, broadband, receivers, buttons = 1 } = group;
    return { name, provider, units, policy, mobile, broadband, receivers, buttons };
  });
}

function resolveMobile(name: string, file: ScenarioFile, names: Names, path: FilePath, complain: Complain): FleetGroup["mobile"] {
  const cell = file.world.cells?.[name];
  if (cell !== undefined) return { operator: cell.operator, cell: name };
  checkName("operator or cell", name, [...names.operators, ...names.cells], path, complain);
  return { operator: name, cell: undefined };
}

function resolveWearers(file: ScenarioFile, complain: Complain): Wearers | undefined {
  if (file.wearers === undefined) return undefined;
  const hours = parseHours(file.wearers.hours ?? "00:00-24:00");
  if (hours === undefined) complain(["wearers", "hours"], "expected hours whose end comes after their beginning", 'such as "06:00-22:00"');
  return {
    pressesPerThousandUnitDays: Math.round(file.wearers["presses-per-unit-and-day"] * 1000),
    fromMinute: hours?.fromMinute ?? 0,
    toMinute: hours?.toMinute ?? 0,
  };
}

interface Times {
  readonly startWallMs: number;
  readonly durationMs: number;
}

/** A time of day is its first time at or after the start. */
function resolveInstant(text: string, times: Times): number {
  const clockMs = parseClockMs(text);
  if (clockMs === undefined) return parseDurationMs(text) ?? 0;
  return nextSwedishClock(times.startWallMs, clockMs) - times.startWallMs;
}

type FaultEntry = NonNullable<ScenarioFile["faults"]>[number];

function resolveFaults(file: ScenarioFile, names: Names, times: Times, complain: Complain): readonly ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  (file.faults ?? []).forEach((entry, index) => {
    const at: FilePath = ["faults", index];
    const fault = resolveFault(entry, names, times, at, complain);
    const { durationMs } = times;
    if (fault.fromMs >= durationMs) complain([...at, "from"], "the fault begins after the run has ended", `the run lasts ${file.duration}`);
    else if (fault.toMs > durationMs) complain([...at, "to"], "the fault ends after the run has ended", 'leave out "to", or make the run longer');
    else if (fault.toMs <= fault.fromMs) complain([...at, "to"], "the fault ends before it begins");
    for (const other of faults)
      if (other.object === fault.object && other.name === fault.name && other.fromMs < fault.toMs && fault.fromMs < other.toMs) {
        complain([...at, "from"], `${fault.object} "${fault.name}" already has a fault at that time`, "let one end where the other begins");
        break;
      }
    faults.push(fault);
  });
  return faults.sort((a, b) => a.fromMs - b.fromMs);
}

function resolveFault(entry: FaultEntry, names: Names, times: Times, at: FilePath, complain: Complain): ScenarioFault {
  const fromMs = resolveInstant(entry.from, times);
  const toMs = entry.to === undefined ? times.durationMs : resolveInstant(entry.to, times);
  if ("receiver" in entry) {
    checkName("receiver", entry.receiver, names.receivers, [...at, "receiver"], complain);
    return { object: "receiver", name: entry.receiver, fault: entry.fault, fromMs, toMs };
  }
  const { fault } = entry;
  if (fault === "gone" && entry.to !== undefined) complain([...at, "to"], "what is gone does not come back", 'leave out "to", or write "fault: down"');
  if (entry.delay !== undefined && fault !== "slow") complain([...at, "delay"], '"delay" belongs to "fault: slow"');
  if (entry.loss !== undefined && fault !== "lossy") complain([...at, "loss"], '"loss" belongs to "fault: lossy"');
  const lossPpm = parseSharePpm(entry.loss ?? "30 %");
  if (lossPpm === undefined) complain([...at, "loss"], "expected a share from 0 % to 100 %");
  const extraDelayMs = fault === "slow" ? (parseDurationMs(entry.delay ?? "2s") ?? 0) : 0;
  const effect = { fromMs, toMs, extraDelayMs, lossPpm: fault === "lossy" ? (lossPpm ?? 0) : 0 };
  if ("operator" in entry) {
    checkName("operator", entry.operator, names.operators, [...at, "operator"], complain);
    return { object: "operator", name: entry.operator, fault: entry.fault, ...effect };
  }
  if ("cell" in entry) {
    checkName("cell", entry.cell, names.cells, [...at, "cell"], complain);
    return { object: "cell", name: entry.cell, fault: entry.fault, ...effect };
  }
  checkName("broadband provider", entry.broadband, names.broadband, [...at, "broadband"], complain);
  return { object: "broadband", name: entry.broadband, fault: entry.fault, ...effect };
}

function resolveTimeline(file: ScenarioFile, fleet: readonly FleetGroup[], times: Times, complain: Complain): readonly TimelineStep[] {
  const buttonsOf = new Map<string, number>();
  for (const group of fleet) for (const unit of group.units) buttonsOf.set(unit, group.buttons);
  const steps = (file.timeline ?? []).map((step, index): TimelineStep => {
    const at: FilePath = ["timeline", index];
    const atMs = resolveInstant(step.at, times);
    if (atMs >= times.durationMs) complain([...at, "at"], "this is after the run has ended", `the run lasts ${file.duration}`);
    const buttons = buttonsOf.get(step.press);
    const button = step.button ?? 1;
    if (buttons === undefined)
      complain([...at, "press"], `there is no unit "${step.press}"`, () => nameHint("unit", step.press, [...buttonsOf.keys()]));
    else if (button > buttons) complain([...at, "button"], `unit "${step.press}" has only ${buttons}`, `raise "buttons" of its group`);
    return { atMs, press: { unit: step.press, button } };
  });
  return steps.sort((a, b) => a.atMs - b.atMs);
}
