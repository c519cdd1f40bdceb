/** The world of a scenario file to its plain form: every omission filled in, every name found. */
import type { Backup, ScenarioReceiver, ScenarioWorld, Span } from "./scenario.ts";
import { resolveCapacity, resolveShifts } from "./scenario-load.ts";
import { generationsOf, resolvePlace } from "./scenario-mobile.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseClockErrorMs, parseDurationMs, parseSharePpm, parseSpan } from "./scenario-units.ts";

export function resolveWorld(file: ScenarioFile, names: Names, complain: Complain): ScenarioWorld {
  const { world } = file;
  const { span, share } = readersOf(complain);
  if (names.receivers.length === 0) complain(["world", "receivers"], "there is no receiver", "name at least one");
  for (const [name, cell] of Object.entries(world.cells ?? {}))
    checkName("operator", cell.operator, names.operators, ["world", "cells", name, "operator"], complain);
  for (const [name, operator] of Object.entries(world.operators ?? {}))
    if (operator?.generation !== undefined && operator.generations !== undefined)
      complain(["world", "operators", name, "generation"], '"generations" says it already', "leave one of them out");
  return {
    radioLossPpm: share(world.radio?.loss, 100_000, ["world", "radio", "loss"]),
    receivers: resolveReceivers(file, complain),
    operators: Object.entries(world.operators ?? {}).map(([name, operator]) => ({
      name,
      generations: generationsOf({ operator: name, cell: undefined }, file),
      delay: span(operator?.delay, 40, 400, ["world", "operators", name, "delay"]),
      lossPpm: share(operator?.loss, 10_000, ["world", "operators", name, "loss"]),
      clockErrorMs: networkTimeOf(operator?.["network-time"] ?? "right"),
    })),
    cells: Object.entries(world.cells ?? {}).map(([name, cell]) => ({
      name,
      operator: cell.operator,
      generations: generationsOf({ operator: cell.operator, cell: name }, file),
      signal: cell.signal ?? 20,
      mains: resolveMains(cell, names, ["world", "cells", name], complain),
      capacityPerSecond: cell.capacity,
    })),
    broadband: Object.entries(world.broadband ?? {}).map(([name, provider]) => ({
      name,
      delay: span(provider?.delay, 10, 40, ["world", "broadband", name, "delay"]),
      lossPpm: share(provider?.loss, 0, ["world", "broadband", name, "loss"]),
      routerStart:
        provider?.["router-start"] === undefined
          ? undefined
          : span(provider["router-start"], 0, 0, ["world", "broadband", name, "router-start"]),
      uplink:
        provider?.uplink === undefined
          ? undefined
          : resolvePlace(provider.uplink, file, names, ["world", "broadband", name, "uplink"], complain),
      mains: resolveMains(provider ?? {}, names, ["world", "broadband", name], complain),
    })),
    power: names.power,
  };
}

function resolveReceivers(file: ScenarioFile, complain: Complain): readonly ScenarioReceiver[] {
  const { span } = readersOf(complain);
  return Object.entries(file.world.receivers).map(([name, receiver], index) => ({
    name,
    host: receiver?.host ?? `192.0.2.${10 + index}`,
    port: receiver?.port ?? 5060,
    latency: span(receiver?.latency, 200, 1_500, ["world", "receivers", name, "latency"]),
    mode: receiver?.mode ?? "normal",
    digest: receiver?.digest ?? true,
    transport: receiver?.transport ?? "udp",
    hostName: receiver?.["host-name"],
    certificate: receiver?.certificate ?? "good",
    ...resolveHeartbeat(receiver?.heartbeat, ["world", "receivers", name, "heartbeat"], complain),
    capacity: resolveCapacity(receiver),
    ...resolveVoice(receiver, ["world", "receivers", name, "operators", "shifts"], complain),
  }));
}

const minuteMs = 60_000;
const longestHeartbeatMin = 1_440;

/** Whole minutes, as an `mrs` has them (SS 91100 table 2). */
function resolveHeartbeat(
  text: string | undefined,
  path: FilePath,
  complain: Complain,
): Pick<ScenarioReceiver, "heartbeatMin"> {
  if (text === undefined) return {};
  const heartbeatMin = (parseDurationMs(text) ?? 0) / minuteMs;
  if (Number.isInteger(heartbeatMin) && heartbeatMin >= 1 && heartbeatMin <= longestHeartbeatMin)
    return { heartbeatMin };
  complain(path, `"${text}" is not a whole number of minutes from 1m to 24h`);
  return {};
}

/** How small texts are read here: what does not fit is told, and the usual stands in its place. */
function readersOf(complain: Complain) {
  return {
    span: (text: string | undefined, leastMs: number, mostMs: number, path: FilePath): Span => {
      if (text === undefined) return { leastMs, mostMs };
      const parsed = parseSpan(text);
      if (parsed === undefined) complain(path, `"${text}" goes from long to short`, "write the shorter time first");
      return parsed ?? { leastMs, mostMs };
    },
    share: (text: string | undefined, usual: number, path: FilePath): number => {
      const ppm = text === undefined ? usual : parseSharePpm(text);
      if (ppm === undefined) complain(path, "expected a share from 0 % to 100 %");
      return ppm ?? usual;
    },
  };
}

interface MainsEntry {
  readonly power?: string | undefined;
  readonly battery?: string | undefined;
  readonly "generator-after"?: string | undefined;
}

function resolveMains(entry: MainsEntry, names: Names, at: FilePath, complain: Complain): Backup | undefined {
  const { power, battery, "generator-after": generator } = entry;
  for (const key of ["battery", "generator-after"] as const)
    if (power === undefined && entry[key] !== undefined)
      complain([...at, key], "its mains never goes", 'add "power:", or leave this out');
  if (power === undefined) return undefined;
  checkName("power area", power, names.power, [...at, "power"], complain);
  return {
    area: power,
    batteryMs: parseDurationMs(battery ?? "0s") ?? 0,
    generatorAfterMs: generator === undefined ? undefined : parseDurationMs(generator),
  };
}

function networkTimeOf(text: string): number | undefined {
  return text === "right" ? 0 : parseClockErrorMs(text);
}

function resolveVoice(
  receiver: ScenarioFile["world"]["receivers"][string],
  at: FilePath,
  complain: Complain,
): Pick<ScenarioReceiver, "call" | "operators"> {
  const { call, operators } = receiver ?? {};
  return {
    call: call && { mre: call.mre, cre: call.cre ?? 61, tnu: call.tnu ?? [] },
    operators: operators && {
      count: operators.count ?? 1,
      shifts: resolveShifts(receiver, at, complain),
      voice: operators.voice ?? "answers",
      talkMs: parseDurationMs(operators.talk ?? "20s") ?? 0,
    },
  };
}
