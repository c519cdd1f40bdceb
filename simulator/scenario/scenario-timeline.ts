/** The timeline of a scenario file: when, and to whom. */
import { mostInBuilding } from "../air/air.ts";
import type { FleetGroup } from "./fleet.ts";
import { nextSwedishClock } from "./scenario-clock.ts";
import { type Complain, nameHint } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { resolveStep, type StepFile, unitKeyOf } from "./scenario-steps.ts";
import { parseClockMs, parseDurationMs } from "./scenario-units.ts";
import type { TimelineStep } from "./timeline.ts";
import { UnitStory } from "./unit-story.ts";

/** Where the run lies. */
export interface RunTimes {
  readonly startWallMs: number;
  readonly durationMs: number;
}

/** A time of day is its first time at or after the start. */
export function resolveInstant(text: string, times: RunTimes): number {
  const clockMs = parseClockMs(text);
  if (clockMs === undefined) return parseDurationMs(text) ?? 0;
  return nextSwedishClock(times.startWallMs, clockMs) - times.startWallMs;
}

/** In the order of time, and of the file where two are at one instant. */
export function resolveTimeline(
  file: ScenarioFile,
  fleet: readonly FleetGroup[],
  times: RunTimes,
  complain: Complain,
): readonly TimelineStep[] {
  const groups = new Map<string, FleetGroup>();
  for (const group of fleet) for (const unit of group.units) groups.set(unit, group);
  const stories = new Map<string, UnitStory>();
  const crowd = crowdOf(fleet);
  const steps: TimelineStep[] = [];
  const timed = (file.timeline ?? []).map((step, index) => ({ step, index, atMs: resolveInstant(step.at, times) }));
  for (const { step, index, atMs } of timed.sort((a, b) => a.atMs - b.atMs)) {
    const path = ["timeline", index];
    if (atMs >= times.durationMs)
      complain([...path, "at"], "this is after the run has ended", `the run lasts ${file.duration}`);
    const key = unitKeyOf(step);
    const unit = String(step[key as keyof StepFile]);
    const group = groups.get(unit);
    if (group === undefined) {
      complain([...path, key], `there is no unit "${unit}"`, () => nameHint("unit", unit, [...groups.keys()]));
      continue;
    }
    const story = stories.get(unit) ?? new UnitStory(unit, group);
    stories.set(unit, story);
    const resolved = resolveStep(step, { unit, atMs, startWallMs: times.startWallMs, story, path, complain });
    if (resolved !== undefined) steps.push(resolved);
    if (!("replace-button" in step) || group.building === undefined) continue;
    const count = (crowd.get(group.building) ?? 0) + 1;
    crowd.set(group.building, count);
    if (count > mostInBuilding)
      complain([...path, key], `"${group.building}" has no air for one more device: it has ${mostInBuilding}`);
  }
  return steps;
}

/** Devices on the air of each building before anybody brings one. */
function crowdOf(fleet: readonly FleetGroup[]): Map<string, number> {
  const crowd = new Map<string, number>();
  for (const { building, buttons, home, units } of fleet)
    if (building !== undefined)
      crowd.set(building, (crowd.get(building) ?? 0) + units.length * (1 + buttons + home.accessories.length));
  return crowd;
}
