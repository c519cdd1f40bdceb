/** Whether a bench can play a scenario, and if not why: each reason in words, so that nobody takes a part that was left out for one that held. */
import type { ScenarioFault } from "../../simulator/scenario/fault.ts";
import type { FleetGroup } from "../../simulator/scenario/fleet.ts";
import type { Scenario, ScenarioReceiver } from "../../simulator/scenario/scenario.ts";
import { durationText } from "../../simulator/scenario/scenario-units.ts";
import type { TimelineStep } from "../../simulator/scenario/timeline.ts";
import type { Bench, Moves } from "../bench/bench.ts";

export interface PlayLimits {
  readonly durationMs: number;
}

/** In the simulator all homes have been switched on when the first minute is over; a bench is online before it begins. */
export const switchedOnMs = 60_000;
/** The bench's own receivers answer at once, and its network carries at once: what takes longer would show in the comparison. */
const mostLatencyMs = 1_000;
const mostDelayMs = 100;
/** Faults of broadband that pulling a cable is. */
const cableFaults: readonly string[] = ["down", "gone"];

/** Empty: it can. */
export function reasonsAgainst(scenario: Scenario, bench: Bench, limits: PlayLimits): readonly string[] {
  const { fleet, world, timeline, faults, durationMs } = scenario;
  const units = fleet.reduce((sum, group) => sum + group.units.length, 0);
  const [group] = fleet;
  const reasons = [
    ...(units > 1 ? [`${units} units: a bench plays one`] : []),
    ...(durationMs > limits.durationMs
      ? [`${durationText(durationMs)}: at most ${durationText(limits.durationMs)} of real time are given to it`]
      : []),
    ...(scenario.wearers === undefined && fleet.every(({ wearers }) => wearers === undefined)
      ? []
      : ["habits of wearers are drawn by chance"]),
    ...(world.radioLossPpm > 0 ? ["lost radio frames: no actuator loses some and lets others pass"] : []),
    ...world.broadband
      .filter((line) => line.lossPpm > 0 || line.delay.mostMs > mostDelayMs)
      .map(({ name }) => `broadband ${name}: the bench's network neither loses nor delays`),
    ...(group === undefined ? ["no unit"] : againstGroup(group, bench)),
    ...world.receivers.filter(({ name }) => group?.receivers.includes(name)).flatMap(againstReceiver),
    ...faults.flatMap((fault) => againstFault(fault, bench)),
    ...timeline.flatMap((step) => againstStep(step, bench)),
  ];
  return [...new Set(reasons)];
}

function againstGroup(group: FleetGroup, bench: Bench): readonly string[] {
  const buttons = bench.devices.filter(({ role }) => role === "button").length;
  const { home } = group;
  return [
    ...(group.buttons > buttons ? [`${group.buttons} buttons: the bench has ${buttons}`] : []),
    ...(group.receivers.length > bench.receivers.length
      ? [`${group.receivers.length} receivers: the bench has ${bench.receivers.length}`]
      : []),
    ...(group.mobile === undefined ? [] : ["mobile: its operator, masts and delays are the real network's"]),
    ...(group.telephone === undefined ? [] : ["calls: nobody speaks at the bench's receivers"]),
    ...(home.accessories.length > 0 ? ["accessories: no actuator moves doors or smoke"] : []),
    ...(home.life === "in-service"
      ? []
      : [`a unit that is ${home.life} at the start: the strategy puts it into service`]),
    ...(home.buttonChargePermille < 1_000 ? ["a used battery in a button: no actuator drains it"] : []),
    ...(home.wallsDb > 0 ? needs(bench, "attenuation", "button", "walls") : []),
  ];
}

function againstReceiver(receiver: ScenarioReceiver): readonly string[] {
  const { name, latency, capacity, operators, call, digest, transport } = receiver;
  const odd = [
    latency.mostMs > mostLatencyMs ? `answers after ${durationText(latency.mostMs)}` : "",
    capacity === undefined ? "" : "has a queue",
    operators === undefined && call === undefined ? "" : "has operators",
    digest ? "asks for a password" : "",
    transport === "udp" ? "" : `is reached over ${transport}`,
  ].filter((text) => text !== "");
  return odd.map((text) => `receiver ${name} ${text}: the bench's own does not`);
}

function againstFault(fault: ScenarioFault, bench: Bench): readonly string[] {
  const what = `${fault.object} ${fault.name}: ${fault.fault}`;
  if (fault.share !== undefined) return [`${what} hits some of many`];
  switch (fault.object) {
    case "receiver":
      return fault.fault === "loaded" || fault.over !== undefined
        ? [`${what}: the bench's receiver has one manner for all`]
        : [];
    case "broadband":
      return cableFaults.includes(fault.fault)
        ? needs(bench, "network", "unit", what)
        : [`${what}: a cable is in or out`];
    case "power":
      return needs(bench, "mains", "unit", what);
    default:
      return [`${what}: no actuator does that`];
  }
}

function againstStep(step: TimelineStep, bench: Bench): readonly string[] {
  const early = step.atMs < switchedOnMs ? ["acts in the first minute, in which the simulator switches homes on"] : [];
  return [...early, ...lacksForStep(step, bench)];
}

function lacksForStep(step: TimelineStep, bench: Bench): readonly string[] {
  if ("press" in step) return needs(bench, "press", "button", "a press");
  if ("range" in step) return needs(bench, "attenuation", "button", "out of range");
  if ("handle" in step) {
    const { how } = step.handle;
    if (how === "unplugged" || how === "plugged-in") return needs(bench, "mains", "unit", how);
    if (how === "switched-off" || how === "switched-on")
      return [...needs(bench, "mains", "unit", how), ...needs(bench, "battery", "unit", how)];
    return [`a unit that is ${how}: no actuator does that`];
  }
  const [what] = Object.keys(step).filter((key) => key !== "atMs");
  return [`${what} in the timeline: no actuator does that`];
}

function needs(bench: Bench, moves: Moves, role: "unit" | "button", what: string): readonly string[] {
  const of = bench.devices.filter((device) => device.role === role);
  const isThere = of.length > 0 && of.every(({ name }) => bench.actuator(moves, name) !== undefined);
  return isThere ? [] : [`${what}: the bench has no actuator for ${moves} of its ${role}`];
}
