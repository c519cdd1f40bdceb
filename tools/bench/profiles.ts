/** The worlds that the benches of memory and fleets play: homes of one kind, all quiet but for their beats, daily tests and presses. */
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";

export interface Profile {
  readonly name: string;
  /** As a scenario's `fleet` has it. */
  readonly home: string;
}

/** Presses as Örebro municipality counted them in 2019: 130 a day from 3,000 units. */
const pressesPerDay = 0.043;

/** Beats each 180 s and 30 min, over a modem and broadband. */
const usual: Profile = { name: "default", home: "policy: mobile-first, mobile: alfa, broadband: fibre" };
/** The least that a unit can have: broadband alone. */
const lean: Profile = { name: "broadband alone", home: "policy: broadband-only, broadband: fibre" };

export const profiles: readonly Profile[] = [usual, lean];

export function worldOf({ home }: Profile, units: number, hours: number): Scenario {
  const story = `
name: Bench
question: How much does a unit take?
source: bench
starts: 2026-03-02 00:00
duration: ${hours}h
world:
  receivers: { primary: }
  operators: { alfa: }
  broadband: { fibre: }
fleet:
  - { name: hem, count: ${units}, ${home}, receivers: [primary] }
wearers: { presses-per-unit-and-day: ${pressesPerDay} }
`;
  return parseScenario(story, "bench.yaml");
}
