/** The faults of a scenario file to their plain form: which objects, how, from when to when; one for each object and burst. */
import type { ScenarioFault } from "./fault.ts";
import type { FleetGroup } from "./fleet.ts";
import { linkEffect } from "./scenario-link-faults.ts";
import { resolveLoad } from "./scenario-load.ts";
import { generationsOf } from "./scenario-mobile.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { type RunTimes, resolveInstant } from "./scenario-timeline.ts";
import { checkUnitsApart, isUnitFault, resolveUnitFault, type UnitFaultEntry } from "./scenario-unit-faults.ts";
import { parseDurationMs, parseSharePpm } from "./scenario-units.ts";

export type FaultEntry = NonNullable<ScenarioFile["faults"]>[number];

/** More would be a storm of their own, and a calendar holds 1,024. */
const mostBursts = 1_000;

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

export function resolveFaults(
  file: ScenarioFile,
  names: Names,
  fleet: readonly FleetGroup[],
  times: RunTimes,
  complain: Complain,
): readonly ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  const planned: Planned[] = [];
  const buildings = fleet.flatMap(({ building, units }) => (building === undefined ? units : [building]));
  const known: Known = { ...names, buildings, groups: fleet.map(({ name }) => name), file };
  (file.faults ?? []).forEach((entry, index) => {
    const at: FilePath = ["faults", index];
    const window = windowOf(entry, times, file.duration, at, complain);
    const bursts = burstsOf(entry, window, at, complain);
    if (isUnitFault(entry)) {
      const one = resolveUnitFault(entry, fleet, window, at, complain);
      checkUnitsApart(one, faults, at, complain);
      for (const burst of bursts) faults.push({ ...one, ...burst });
      return;
    }
    for (const { name, path } of namesOf(entry, at)) {
      const one = resolveFault(entry, name, window, path, at, known, complain);
      checkApart(
        { object: one.object, name, generation: "generation" in entry ? entry.generation : undefined, ...window },
        planned,
        at,
        complain,
      );
      for (const burst of bursts) faults.push({ ...one, ...burst });
    }
  });
  return faults.sort((a, b) => a.fromMs - b.fromMs);
}

interface Known extends Names {
  readonly buildings: readonly string[];
  readonly groups: readonly string[];
  readonly file: ScenarioFile;
}

interface Planned extends Window {
  readonly object: ScenarioFault["object"];
  readonly name: string;
  readonly generation: string | undefined;
}

function checkApart(fault: Planned, planned: Planned[], at: FilePath, complain: Complain): void {
  const same = (other: Planned): boolean =>
    other.object === fault.object &&
    other.name === fault.name &&
    (other.generation === undefined || fault.generation === undefined || other.generation === fault.generation);
  if (planned.some((other) => same(other) && other.fromMs < fault.toMs && fault.fromMs < other.toMs))
    complain(
      [...at, "from"],
      `${fault.object} "${fault.name}" already has a fault at that time`,
      "let one end where the other begins",
    );
  planned.push(fault);
}

function windowOf(entry: FaultEntry, times: RunTimes, duration: string, at: FilePath, complain: Complain): Window {
  const { durationMs } = times;
  const fromMs = resolveInstant(entry.from, times);
  const toMs = entry.to === undefined ? durationMs : resolveInstant(entry.to, times);
  if (fromMs >= durationMs)
    complain([...at, "from"], "the fault begins after the run has ended", `the run lasts ${duration}`);
  else if (toMs > durationMs)
    complain([...at, "to"], "the fault ends after the run has ended", 'leave out "to", or make the run longer');
  else if (toMs <= fromMs) complain([...at, "to"], "the fault ends before it begins");
  return { fromMs, toMs };
}

/** A fault that flaps is on again and again, the first time at its beginning. */
function burstsOf(entry: FaultEntry, window: Window, at: FilePath, complain: Complain): readonly Window[] {
  if (entry.every === undefined && entry.on === undefined) return [window];
  const everyMs = parseDurationMs(entry.every ?? "") ?? 0;
  const onMs = parseDurationMs(entry.on ?? "") ?? 0;
  if (entry.every === undefined) complain([...at, "on"], '"on" needs "every"');
  else if (entry.on === undefined) complain([...at, "every"], '"every" needs "on"', 'such as "every: 20m, on: 5m"');
  else if (onMs === 0 || onMs >= everyMs) complain([...at, "on"], 'expected a time above 0 and below "every"');
  else if (entry.fault === "gone") complain([...at, "every"], "what is gone does not come back", 'write "fault: down"');
  else if ((window.toMs - window.fromMs) / everyMs > mostBursts)
    complain([...at, "every"], `more than ${mostBursts} times until it ends`);
  else {
    const bursts: Window[] = [];
    for (let fromMs = window.fromMs; fromMs < window.toMs; fromMs += everyMs)
      bursts.push({ fromMs, toMs: Math.min(fromMs + onMs, window.toMs) });
    return bursts;
  }
  return [window];
}

const objects = ["receiver", "operator", "cell", "broadband", "power", "building", "strangers"] as const;

function namesOf(entry: FaultEntry, at: FilePath): readonly { readonly name: string; readonly path: FilePath }[] {
  for (const object of objects) {
    const named = (entry as { readonly [key in (typeof objects)[number]]?: string | readonly string[] })[object];
    if (typeof named === "string") return [{ name: named, path: [...at, object] }];
    if (named !== undefined) return named.map((name, each) => ({ name, path: [...at, object, each] }));
  }
  return [];
}

/** The fault as it hits one of its objects, over its whole window. */
function resolveFault(
  entry: Exclude<FaultEntry, UnitFaultEntry>,
  name: string,
  window: Window,
  path: FilePath,
  at: FilePath,
  known: Known,
  complain: Complain,
): ScenarioFault {
  const share = "share" in entry ? shareOf(entry, name, window, at, complain) : undefined;
  const some = share === undefined ? { name, ...window } : { name, ...window, share };
  if ("receiver" in entry) {
    checkName("receiver", name, known.receivers, path, complain);
    if (entry.fault === "loaded") return { ...resolveLoad(entry), name, ...window };
    return { object: "receiver", fault: entry.fault, over: entry.over, ...some };
  }
  if ("power" in entry) {
    checkName("power area", name, known.power, path, complain);
    return { object: "power", fault: entry.fault, ...some };
  }
  if ("building" in entry) {
    checkName("building", name, known.buildings, path, complain);
    const lossPpm = parseSharePpm(entry.loss ?? "100 %");
    if (lossPpm === undefined) complain([...at, "loss"], "expected a share from 0 % to 100 %");
    return { object: "building", fault: entry.fault, lossPpm: lossPpm ?? 0, name, ...window };
  }
  if ("strangers" in entry) {
    checkName("group", name, known.groups, path, complain);
    return { object: "strangers", fault: entry.fault, name, ...window };
  }
  const effect = { ...some, ...linkEffect(entry, at, complain) };
  if ("operator" in entry) {
    checkName("operator", name, known.operators, path, complain);
    checkGeneration(entry, name, known.file, at, complain);
    return { object: "operator", fault: entry.fault, generation: entry.generation, ...effect };
  }
  if ("cell" in entry) {
    checkName("cell", name, known.cells, path, complain);
    return { object: "cell", fault: entry.fault, ...effect };
  }
  checkName("broadband provider", name, known.broadband, path, complain);
  return { object: "broadband", fault: entry.fault, ...effect };
}

function checkGeneration(
  { generation, share }: Extract<FaultEntry, { readonly operator: string | string[] }>,
  name: string,
  file: ScenarioFile,
  at: FilePath,
  complain: Complain,
): void {
  if (generation === undefined) return;
  const runs = generationsOf({ operator: name, cell: undefined }, file);
  if (!runs.includes(generation)) complain([...at, "generation"], `"${name}" runs ${runs.join(", ")}`);
  if (share !== undefined) complain([...at, "share"], "a generation fails for all who use it");
}

function shareOf(
  entry: FaultEntry & { readonly share?: string | undefined },
  name: string,
  window: Window,
  at: FilePath,
  complain: Complain,
): ScenarioFault["share"] {
  if (entry.share === undefined) return undefined;
  const ppm = parseSharePpm(entry.share);
  if (ppm === undefined || ppm === 0) complain([...at, "share"], "expected a share above 0 % and up to 100 %");
  return { ppm: ppm ?? 0, key: `${name} ${entry.fault} ${window.fromMs}` };
}
