/** From the file's words to the plain scenario: names checked, defaults filled in, times as whole milliseconds. */
import type { Expectation } from "./expectation.ts";
import type { Scenario } from "./scenario.ts";
import { fromSwedish } from "./scenario-clock.ts";
import { findContradictions } from "./scenario-contradictions.ts";
import { resolveExpectation } from "./scenario-expect.ts";
import { resolveFaults } from "./scenario-faults.ts";
import { resolveFleet } from "./scenario-fleet.ts";
import type { Complain, Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { resolveTimeline } from "./scenario-timeline.ts";
import { dayMs, parseDurationMs, startPattern } from "./scenario-units.ts";
import { resolveWearers } from "./scenario-wearers.ts";
import { resolveWorld } from "./scenario-world.ts";

export const longestRunMs = 400 * dayMs;
const defaultStart = "2026-01-14 06:00";

/** Undefined when anything was wrong; then `complain` has been called at least once. */
export function resolveScenario(
  file: ScenarioFile,
  origin: Pick<Scenario, "path" | "files" | "set">,
  complain: Complain,
): Scenario | undefined {
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
  const around = { names, fleet, times, complain: report };
  const scenario: Scenario = {
    name: file.name,
    question: file.question ?? "",
    source: file.source ?? "",
    ...origin,
    ...times,
    world: resolveWorld(file, names, report),
    fleet,
    wearers: resolveWearers(file.wearers, ["wearers"], report),
    faults: resolveFaults(file, names, fleet, times, report),
    timeline: resolveTimeline(file, fleet, times, report),
    expectations: (file.expect ?? []).map(
      (entry, index): Expectation => resolveExpectation(entry, around, ["expect", index]),
    ),
  };
  if (sound) findContradictions(scenario, report);
  return sound ? scenario : undefined;
}

function resolveStart(text: string, complain: Complain): number {
  const [year, month, day, hour, minute] = (startPattern.exec(text) ?? []).slice(1).map(Number);
  const startWallMs = fromSwedish(year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0);
  if (startWallMs === undefined) complain(["starts"], `the Swedish calendar has no "${text}"`);
  return startWallMs ?? 0;
}
