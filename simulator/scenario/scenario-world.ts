/** The world of a scenario file to its plain form: every omission filled in, every name found. */
import type { ScenarioReceiver, ScenarioWorld, Span } from "./scenario.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseDurationMs, parseSharePpm, parseSpan } from "./scenario-units.ts";

export function resolveWorld(file: ScenarioFile, names: Names, complain: Complain): ScenarioWorld {
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
