/** Faults of a scenario file and what people do in it: when, and to whom. */
import type { FleetGroup, ScenarioFault, TimelineStep } from "./scenario.ts";
import { nextSwedishClock } from "./scenario-clock.ts";
import { type Complain, checkName, type FilePath, type Names, nameHint } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseClockMs, parseDurationMs, parseSharePpm } from "./scenario-units.ts";

/** Where the run lies. */
export interface RunTimes {
  readonly startWallMs: number;
  readonly durationMs: number;
}

/** A time of day is its first time at or after the start. */
function resolveInstant(text: string, times: RunTimes): number {
  const clockMs = parseClockMs(text);
  if (clockMs === undefined) return parseDurationMs(text) ?? 0;
  return nextSwedishClock(times.startWallMs, clockMs) - times.startWallMs;
}

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

export function resolveTimeline(
  file: ScenarioFile,
  fleet: readonly FleetGroup[],
  times: RunTimes,
  complain: Complain,
): readonly TimelineStep[] {
  const buttonsOf = new Map<string, number>();
  for (const group of fleet) for (const unit of group.units) buttonsOf.set(unit, group.buttons);
  const steps = (file.timeline ?? []).map((step, index): TimelineStep => {
    const at: FilePath = ["timeline", index];
    const atMs = resolveInstant(step.at, times);
    if (atMs >= times.durationMs)
      complain([...at, "at"], "this is after the run has ended", `the run lasts ${file.duration}`);
    if ("key" in step) {
      const { unit, key, held = "short" } = step;
      if (!buttonsOf.has(unit)) noUnit(unit, buttonsOf, [...at, "unit"], complain);
      return { atMs, key: { unit, name: key, hold: held } };
    }
    const who = "press" in step ? "press" : "button-battery";
    const unit = "press" in step ? step.press : step["button-battery"];
    const buttons = buttonsOf.get(unit);
    const button = step.button ?? 1;
    if (buttons === undefined) noUnit(unit, buttonsOf, [...at, who], complain);
    else if (button > buttons)
      complain([...at, "button"], `unit "${unit}" has only ${buttons}`, `raise "buttons" of its group`);
    return who === "press" ? { atMs, press: { unit, button } } : { atMs, buttonBattery: { unit, button } };
  });
  return steps.sort((a, b) => a.atMs - b.atMs);
}

function noUnit(unit: string, units: ReadonlyMap<string, number>, at: FilePath, complain: Complain): void {
  complain(at, `there is no unit "${unit}"`, () => nameHint("unit", unit, [...units.keys()]));
}
