/** When nothing stood between what happens in a home and those who should hear of it: neither on its air, nor in its unit, nor on the way. */
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Hindrances } from "./hindrances.ts";

/** So long after its power came a unit hears what its devices say. */
const readyMs = 60_000;
/** A unit that starts again and again leaves out what can wait. */
const mostStarts = 3;

export class CalmHomes {
  private readonly scenario: Scenario;
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  /** By unit: when its power came and went, in turn. */
  private readonly powerMs: readonly { readonly atMs: number; readonly on: boolean }[][];
  /** By unit: whether it is in service all the time, without anybody at it, on flash that holds. */
  private readonly steady: readonly boolean[];

  constructor(scenario: Scenario, residents: readonly Resident[], hindrances: Hindrances) {
    this.scenario = scenario;
    this.residents = residents;
    this.hindrances = hindrances;
    this.powerMs = residents.map(() => []);
    const visited = new Set(scenario.timeline.flatMap((step) => ("visit" in step ? [step.visit.unit] : [])));
    const worn = new Set(
      scenario.faults.flatMap((fault) =>
        "units" in fault && (fault.fault === "worn-flash" || fault.fault === "bad-release") ? fault.units : [],
      ),
    );
    this.steady = residents.map(
      ({ name, group }) => group.home.life === "in-service" && !visited.has(name) && !worn.has(name),
    );
  }

  started(atMs: number, unit: number): void {
    this.powerMs[unit]?.push({ atMs, on: true });
  }

  stopped(atMs: number, unit: number): void {
    this.powerMs[unit]?.push({ atMs, on: false });
  }

  /** Whether all was calm around that unit from one instant to the other. */
  isCalm(unit: number, fromMs: number, toMs: number): boolean {
    const resident = this.residents[unit];
    if (resident === undefined || this.steady[unit] !== true || !this.hadPower(unit, fromMs, toMs)) return false;
    const { radioLossPpm = this.scenario.world.radioLossPpm, wallsDb } = resident.group.home;
    if (radioLossPpm > 0 || wallsDb > 0) return false;
    if (this.hindrances.isJammed(resident, fromMs, toMs)) return false;
    const { receivers } = this.scenario.world;
    return !receivers.some(
      ({ name }, at) => resident.group.receivers.includes(name) && this.hindrances.isApart(resident, at, fromMs, toMs),
    );
  }

  private hadPower(unit: number, fromMs: number, toMs: number): boolean {
    const changes = this.powerMs[unit] ?? [];
    const before = changes.filter(({ atMs }) => atMs <= fromMs - readyMs);
    if (before.at(-1)?.on !== true || before.filter(({ on }) => on).length > mostStarts) return false;
    return !changes.some(({ atMs }) => atMs > fromMs - readyMs && atMs <= toMs);
  }
}
