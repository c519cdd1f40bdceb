/**
 * Which kinds of fault met which states of the machines that carry an alarm: counted once for each fault and state, so that a
 * night's table shows what no seed has tried. It reads the machines' steps, and judges nothing.
 */
import type { AlarmEffect } from "../../firmware/alarm/alarm-state.ts";
import type { UplinkEffect, UplinkEvent } from "../../firmware/uplink/uplink-state.ts";
import type { Witness } from "../record/witness.ts";
import type { Resident } from "../residents.ts";
import type { ScenarioFault } from "../scenario/fault.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** States of a user alarm as it was stored last, the most urgent of its unit's; `none`: no alarm is known. */
export const alarmStates = ["none", "waiting", "round", "pause", "open"] as const;
/** What the uplink machine shows: nothing is proven yet, all is well, a path is lost, no path is left. */
export const uplinkStates = ["unproven", "ready", "one-path-lost", "no-path"] as const;
export type SeenState = (typeof alarmStates)[number] | (typeof uplinkStates)[number];

/** So many faults of that kind met that state. */
export interface PairCount {
  readonly fault: string;
  readonly state: SeenState;
  readonly count: number;
}

type AlarmState = (typeof alarmStates)[number];
type UplinkState = (typeof uplinkStates)[number];
const urgency: readonly AlarmState[] = ["round", "waiting", "pause", "open", "none"];

interface UnitView {
  /** By report number: states of alarms that are not over. */
  readonly alarms: Map<number, AlarmState>;
  uplink: UplinkState;
}

export class Coverage implements Witness {
  private readonly faults: readonly { readonly fault: ScenarioFault; readonly met: Set<SeenState> }[];
  private readonly touched: readonly (typeof this.faults)[number][][];
  private readonly views: readonly UnitView[];

  constructor(scenario: Scenario, residents: readonly Resident[]) {
    this.faults = scenario.faults.map((fault) => ({ fault, met: new Set() }));
    this.touched = residents.map((resident) => this.faults.filter(({ fault }) => touches(fault, resident)));
    this.views = residents.map(() => ({ alarms: new Map(), uplink: "unproven" }));
  }

  stepped(atMs: number, unit: number, machine: string, event: object, effects: readonly object[]): void {
    const view = this.views[unit];
    if (view === undefined || (machine !== "alarm" && machine !== "uplink")) return;
    // What the machine was in as the fault met it counts, and what it then came to.
    this.meet(atMs, unit, view);
    if (machine === "alarm") followAlarms(view, effects as readonly AlarmEffect[]);
    else followUplink(view, event as UplinkEvent, effects as readonly UplinkEffect[]);
    this.meet(atMs, unit, view);
  }

  /** By fault, then by state; pairs that never met are left out. */
  counts(): readonly PairCount[] {
    const counts = new Map<string, PairCount>();
    for (const { fault, met } of this.faults)
      for (const state of met) {
        const kind = `${fault.object} ${fault.fault}`;
        const key = `${kind} ${state}`;
        counts.set(key, { fault: kind, state, count: (counts.get(key)?.count ?? 0) + 1 });
      }
    return [...counts.values()].sort(byName);
  }

  private meet(atMs: number, unit: number, view: UnitView): void {
    for (const { fault, met } of this.touched[unit] ?? [])
      if (fault.fromMs <= atMs && atMs < fault.toMs) {
        met.add(urgentOf(view));
        met.add(view.uplink);
      }
  }
}

/** Several counts as one. */
export function addCounts(counts: readonly (readonly PairCount[])[]): readonly PairCount[] {
  const sums = new Map<string, PairCount>();
  for (const one of counts.flat()) {
    const key = `${one.fault} ${one.state}`;
    sums.set(key, { ...one, count: one.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].sort(byName);
}

function byName(a: PairCount, b: PairCount): number {
  if (a.fault !== b.fault) return a.fault < b.fault ? -1 : 1;
  return a.state < b.state ? -1 : a.state > b.state ? 1 : 0;
}

function urgentOf({ alarms }: UnitView): AlarmState {
  for (const state of urgency) for (const one of alarms.values()) if (one === state) return state;
  return "none";
}

function followAlarms(view: UnitView, effects: readonly AlarmEffect[]): void {
  for (const effect of effects) {
    // The end of a round is not stored; the wearer is told of it.
    if (effect.type === "show" && effect.signal === "not-accepted")
      for (const [number, state] of view.alarms) if (state === "round") view.alarms.set(number, "pause");
    if (effect.type === "send" && view.alarms.has(effect.attempt.number) && effect.attempt.what === "ME")
      view.alarms.set(effect.attempt.number, "round");
    if (effect.type !== "store" && effect.type !== "forget") continue;
    const { facts, number, at } = effect.report;
    if (facts.kind !== "user-alarm") continue;
    if (effect.type === "forget" || at === "done") view.alarms.delete(number);
    else view.alarms.set(number, at === "delayed" ? "waiting" : at);
  }
}

function followUplink(view: UnitView, event: UplinkEvent, effects: readonly UplinkEffect[]): void {
  if (view.uplink === "unproven" && (event.type === "heard" || event.type === "carried")) view.uplink = "ready";
  for (const effect of effects) if (effect.type === "show") view.uplink = effect.signal;
}

/** Whether that home has anything to do with what fails. */
function touches(fault: ScenarioFault, { name, group }: Resident): boolean {
  switch (fault.object) {
    case "receiver":
      return group.receivers.includes(fault.name);
    case "operator":
      return group.mobile?.operator === fault.name;
    case "cell":
      return group.mobile?.cell === fault.name;
    case "broadband":
      return group.broadband === fault.name;
    case "power":
      return group.power === fault.name;
    case "building":
      return (group.building ?? name) === fault.name;
    case "strangers":
      return group.name === fault.name;
    case "unit":
    case "group":
      return fault.units.includes(name);
  }
}
