/** The faults of a scenario file to their plain form: which object, how, from when to when. */
import type { ScenarioFault } from "./fault.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { type RunTimes, resolveInstant } from "./scenario-timeline.ts";
import { parseDurationMs, parseSharePpm } from "./scenario-units.ts";

type FaultEntry = NonNullable<ScenarioFile["faults"]>[number];

export function resolveFaults(
  file: ScenarioFile,
  names: Names,
  times: RunTimes,
  complain: Complain,
): readonly ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  (file.faults ?? []).forEach((entry, index) => {
    const at: FilePath = ["faults", index];
    const fault = resolveFault(entry, names, times, at, complain);
    const { durationMs } = times;
    if (fault.fromMs >= durationMs)
      complain([...at, "from"], "the fault begins after the run has ended", `the run lasts ${file.duration}`);
    else if (fault.toMs > durationMs)
      complain([...at, "to"], "the fault ends after the run has ended", 'leave out "to", or make the run longer');
    else if (fault.toMs <= fault.fromMs) complain([...at, "to"], "the fault ends before it begins");
    for (const other of faults)
      if (
        other.object === fault.object &&
        other.name === fault.name &&
        other.fromMs < fault.toMs &&
        fault.fromMs < other.toMs
      ) {
        complain(
          [...at, "from"],
          `${fault.object} "${fault.name}" already has a fault at that time`,
          "let one end where the other begins",
        );
        break;
      }
    faults.push(fault);
  });
  return faults.sort((a, b) => a.fromMs - b.fromMs);
}

function resolveFault(
  entry: FaultEntry,
  names: Names,
  times: RunTimes,
  at: FilePath,
  complain: Complain,
): ScenarioFault {
  const fromMs = resolveInstant(entry.from, times);
  const toMs = entry.to === undefined ? times.durationMs : resolveInstant(entry.to, times);
  if ("receiver" in entry) {
    checkName("receiver", entry.receiver, names.receivers, [...at, "receiver"], complain);
    return { object: "receiver", name: entry.receiver, fault: entry.fault, over: entry.over, fromMs, toMs };
  }
  if ("power" in entry) {
    checkName("power area", entry.power, names.power, [...at, "power"], complain);
    return { object: "power", name: entry.power, fault: entry.fault, fromMs, toMs };
  }
  const { fault } = entry;
  if (fault === "gone" && entry.to !== undefined)
    complain([...at, "to"], "what is gone does not come back", 'leave out "to", or write "fault: down"');
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
