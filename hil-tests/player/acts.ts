/** What has to be moved when a bench plays a scenario: people's acts and faults as one list in the order of time. */
import type { ReceiverMode } from "../../simulator/peers/receiver-modes.ts";
import type { ScenarioFault } from "../../simulator/scenario/fault.ts";
import type { FleetGroup } from "../../simulator/scenario/fleet.ts";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import type { TimelineStep } from "../../simulator/scenario/timeline.ts";
import { switchedOnMs } from "./playable.ts";

export type Act = { readonly atMs: number } & (
  | { readonly moves: "press"; readonly button: number }
  | { readonly moves: "attenuation"; readonly button: number; readonly db: number }
  | { readonly moves: "mains" | "battery" | "network"; readonly on: boolean }
  /** `receiver`: its place in the unit's list, from 1. */
  | { readonly moves: "receiver"; readonly receiver: number; readonly mode: ReceiverMode }
);

/** Out of every range. */
const outOfRangeDb = 120;
/** What is watched before the first act. */
const leadMs = 2_000;

/** By time; what is to be so from the beginning stands at 0. Only for scenarios that a bench can play. */
export function actsOf({ fleet, world, timeline, faults, durationMs }: Scenario): readonly Act[] {
  const [group] = fleet;
  if (group === undefined) return [];
  const atStart = group.receivers.flatMap((name, at): Act[] => {
    const mode = world.receivers.find((receiver) => receiver.name === name)?.mode ?? "normal";
    return mode === "normal" ? [] : [{ atMs: 0, moves: "receiver", receiver: at + 1, mode }];
  });
  const walls = group.home.wallsDb;
  const far =
    walls === 0 ? [] : buttonsOf(group).map((button): Act => ({ atMs: 0, moves: "attenuation", button, db: walls }));
  const acts = [
    ...atStart,
    ...far,
    ...timeline.flatMap((step) => stepActs(step, walls)),
    ...faults.flatMap((fault) => faultActs(fault, group)),
  ];
  return acts.filter(({ atMs }) => atMs < durationMs).sort((a, b) => a.atMs - b.atMs);
}

/** From here on bench and simulator are compared: the minute in which the simulator switches homes on is not played. */
export function firstMs(acts: readonly Act[]): number {
  const first = acts.find(({ atMs }) => atMs > 0)?.atMs ?? switchedOnMs;
  return Math.max(switchedOnMs, first - leadMs);
}

function buttonsOf({ buttons }: FleetGroup): readonly number[] {
  return Array.from({ length: buttons }, (_, at) => at + 1);
}

function stepActs(step: TimelineStep, wallsDb: number): readonly Act[] {
  const { atMs } = step;
  if ("press" in step) return [{ atMs, moves: "press", button: step.press.button }];
  if ("range" in step)
    return [{ atMs, moves: "attenuation", button: step.range.button, db: step.isOut ? outOfRangeDb : wallsDb }];
  if (!("handle" in step)) return [];
  const { how } = step.handle;
  const on = how === "plugged-in" || how === "switched-on";
  const mains: Act = { atMs, moves: "mains", on };
  const isWhole = how === "switched-off" || how === "switched-on";
  return isWhole ? [{ atMs, moves: "battery", on }, mains] : [mains];
}

function faultActs(fault: ScenarioFault, group: FleetGroup): readonly Act[] {
  const { fromMs, toMs } = fault;
  if (fault.object === "receiver" && fault.fault !== "loaded") {
    const receiver = group.receivers.indexOf(fault.name) + 1;
    if (receiver === 0) return [];
    return [
      { atMs: fromMs, moves: "receiver", receiver, mode: fault.fault },
      { atMs: toMs, moves: "receiver", receiver, mode: "normal" },
    ];
  }
  if (fault.object === "broadband") return fault.name === group.broadband ? offAndOn("network", fromMs, toMs) : [];
  if (fault.object !== "power" || fault.name !== group.power) return [];
  // The router lives on its own battery, if at all.
  const routerMs = fromMs + group.routerBatteryMs;
  const router = group.broadband === undefined || routerMs >= toMs ? [] : offAndOn("network", routerMs, toMs);
  return [...offAndOn("mains", fromMs, toMs), ...router];
}

function offAndOn(moves: "mains" | "network", fromMs: number, toMs: number): readonly Act[] {
  return [
    { atMs: fromMs, moves, on: false },
    { atMs: toMs, moves, on: true },
  ];
}
