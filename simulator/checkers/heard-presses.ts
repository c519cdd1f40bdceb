/**
 * Heard presses: a press that nobody heard is told again until somebody does, however long that takes. Asked at the end of a run, of
 * buttons that are at home with a unit around which all is calm.
 */
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { TimelineStep } from "../scenario/timeline.ts";
import { CalmHomes } from "./calm-homes.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";
import { TakenPresses } from "./taken-presses.ts";

const heardPressesCheck = "heard-presses";

/** What nobody heard in ten minutes is told each nine to eleven minutes from then on. */
const againMs = 14 * 60_000;

export class HeardPresses implements Checker {
  private readonly residents: readonly Resident[];
  private readonly timeline: readonly TimelineStep[];
  private readonly calm: CalmHomes;
  private readonly presses: TakenPresses;
  /** Buttons whose battery is used up, as unit and place. */
  private readonly flat: Set<string>;

  constructor(scenario: Scenario, residents: readonly Resident[], hindrances: Hindrances) {
    this.residents = residents;
    this.timeline = scenario.timeline;
    this.calm = new CalmHomes(scenario, residents, hindrances);
    this.presses = new TakenPresses();
    this.flat = new Set();
  }

  started(atMs: number, unit: number): void {
    this.calm.started(atMs, unit);
  }

  stopped(atMs: number, unit: number): void {
    this.calm.stopped(atMs, unit);
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.presses.pressed(atMs, unit, button);
  }

  batteryFitted(atMs: number, unit: number, button: number): void {
    this.presses.batteryFitted(atMs, unit, button);
    this.flat.delete(`${unit} ${button}`);
  }

  wentFlat(_atMs: number, unit: number, button: number): void {
    this.flat.add(`${unit} ${button}`);
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    this.presses.buttonShowed(atMs, unit, button, signal);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    const sinceMs = endMs - againMs;
    for (const { unit, button, atMs } of this.presses.unheard()) {
      const { name = "" } = this.residents[unit] ?? {};
      if (atMs > sinceMs || this.flat.has(`${unit} ${button}`) || !this.isAtHome(name, button, sinceMs)) continue;
      if (this.calm.isCalm(unit, sinceMs, endMs))
        findings.add(`${name}, button ${button}, pressed at ${instant(atMs)}: nobody has heard it, and somebody could`);
    }
    return findings.verdict(heardPressesCheck, "a press that nobody heard is told again until somebody does");
  }

  /** Whether it is neither lost nor out of range from that instant on. */
  private isAtHome(name: string, button: number, sinceMs: number): boolean {
    let isHome = true;
    for (const step of this.timeline) {
      const moved = "range" in step ? step.range : "lost" in step ? step.lost : undefined;
      if (moved?.unit !== name || moved.button !== button) continue;
      if (step.atMs >= sinceMs) return false;
      isHome = "range" in step ? !step.isOut : "lost" in step && step.isFound;
    }
    return isHome;
  }
}
