/** What people do in a scenario file: when, and to whom. */
import type { FleetGroup, TimelineStep } from "./fleet.ts";
import { nextSwedishClock } from "./scenario-clock.ts";
import { type Complain, type FilePath, nameHint } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseClockMs, parseDurationMs } from "./scenario-units.ts";

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
