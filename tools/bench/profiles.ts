/** The worlds that the benches of memory and fleets play: homes of one kind, all quiet but for their beats, daily tests and presses. */
import { fileURLToPath } from "node:url";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";

export interface Profile {
  readonly name: string;
  /** How long the bench of fleets plays it: what happens once a day has happened, and the start is little beside it. */
  readonly hours: number;
  /** The rest of the story, with so many units. */
  readonly story: (units: number) => string;
}

/** Beats each 180 s and 30 min, over a modem and broadband; presses as in `parts/sparse.yaml`. */
const usual: Profile = {
  name: "default",
  hours: 1,
  story: (units) => `
world:
  receivers: { primary: }
  operators: { alfa: }
  broadband: { fibre: }
fleet:
  - { name: hem, count: ${units}, policy: mobile-first, mobile: alfa, broadband: fibre, receivers: [primary] }
wearers: { presses-per-unit-and-day: 0.043 }
`,
};
/** Broadband alone, a beat and a test message a day; in between nothing proves the route. */
const sparse: Profile = {
  name: "sparse",
  hours: 72,
  story: (units) => `
include: [parts/sparse.yaml]
parameters: { homes: ${units} }
`,
};

export const profiles: readonly Profile[] = [usual, sparse];

const beside = fileURLToPath(new URL("../../simulator/scenarios/bench.yaml", import.meta.url));

export function worldOf({ story }: Profile, units: number, hours: number): Scenario {
  const head = `
name: Bench
question: How much does a unit take?
source: bench
starts: 2026-03-02 00:00
duration: ${hours}h`;
  return parseScenario(head + story(units), beside);
}
