/** What the scenario says of a moment: whether anything stood between a unit and the world, or between it and a receiver. */
import type { Resident } from "../residents.ts";
import type { ScenarioFault } from "../scenario/fault.ts";
import type { Scenario } from "../scenario/scenario.ts";

export class Hindrances {
  private readonly faults: readonly ScenarioFault[];
  private readonly receivers: readonly string[];
  /** Receivers whose certificate no unit takes: nothing leaves for them over broadband. */
  private readonly strange: ReadonlySet<string>;

  constructor(scenario: Pick<Scenario, "faults" | "world">) {
    this.faults = scenario.faults;
    this.receivers = scenario.world.receivers.map(({ name }) => name);
    const strange = scenario.world.receivers.filter((one) => one.transport === "tls" && one.certificate === "foreign");
    this.strange = new Set(strange.map(({ name }) => name));
  }

  /** Whether each route of the unit had a fault of some kind within the window, ends included. */
  isCutOff(resident: Resident, fromMs: number, toMs: number): boolean {
    const { policy, mobile, broadband, power } = resident.group;
    const byMobile = policy === "broadband-only" ? undefined : mobile;
    const byBroadband = policy === "mobile-only" ? undefined : broadband;
    const { operator, cell } = byMobile ?? {};
    return (
      (byMobile === undefined ||
        this.had("operator", operator, fromMs, toMs) ||
        this.had("cell", cell, fromMs, toMs)) &&
      (byBroadband === undefined ||
        resident.group.receivers.every((receiver) => this.strange.has(receiver)) ||
        this.had("broadband", byBroadband, fromMs, toMs) ||
        this.had("power", power, fromMs, toMs))
    );
  }

  /** Whether that receiver (its place in the world) misbehaved, or the unit was cut off, within the window. */
  isApart(resident: Resident, receiver: number, fromMs: number, toMs: number): boolean {
    return this.had("receiver", this.receivers[receiver], fromMs, toMs) || this.isCutOff(resident, fromMs, toMs);
  }

  private had(object: ScenarioFault["object"], name: string | undefined, fromMs: number, toMs: number): boolean {
    return this.faults.some(
      (fault) => fault.object === object && fault.name === name && fault.fromMs <= toMs && fault.toMs >= fromMs,
    );
  }
}
