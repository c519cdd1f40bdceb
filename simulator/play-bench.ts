/** Small worlds for the tests of played scenarios: one home or two, an hour at most, nothing left to chance that need not be. */

import type { ReceiverMode } from "./peers/receiver-modes.ts";
import { playScenario } from "./play.ts";
import type { CheckerVerdict, RunResult } from "./record/run-result.ts";
import { RunLog } from "./report/run-log.ts";
import { parseScenario } from "./scenario/scenario-file.ts";
import type { World } from "./world.ts";

export interface SmallWorld {
  /** 20 minutes unless said. */
  readonly duration?: string;
  /** What the first receiver does when no fault is on it. */
  readonly primary?: ReceiverMode;
  readonly secondary?: ReceiverMode;
  /** How long both receivers think; 300ms unless said. */
  readonly latency?: string;
  /** More of both receivers, as in a scenario file: `transport: tls`; RECEIVER stands for the name of each. */
  readonly far?: string;
  /** More of one of them. */
  readonly primaryMore?: string;
  readonly secondaryMore?: string;
  /** Receivers of the home "u", ["primary"] unless said. */
  readonly receivers?: readonly ("primary" | "secondary")[];
  /** Homes alike, 1 unless said; of several the first is "u-001". */
  readonly count?: number;
  /** More of the home, as in a scenario file: `mobile: alfa, broadband: fibre` unless said. */
  readonly home?: string;
  /** Entries of the file's lists, such as `at: 4m, press: u`. */
  readonly faults?: readonly string[];
  readonly presses?: readonly string[];
}

/** Nothing is lost on the way, so that what a test sees comes from what it planned. */
export function smallText(world: SmallWorld): string {
  const { duration = "20m", primary = "normal", secondary = "normal", latency = "300ms" } = world;
  const { far, receivers = ["primary"], home = "mobile: alfa, broadband: fibre", faults = [] } = world;
  const { presses = ["at: 4m, press: u"] } = world;
  const list = (name: string, entries: readonly string[]): string =>
    entries.length === 0 ? "" : `${name}:\n${entries.map((entry) => `  - { ${entry} }\n`).join("")}`;
  const more = (name: string, own: string | undefined): string =>
    [far?.replace("RECEIVER", name), own].map((part) => (part === undefined ? "" : `, ${part}`)).join("");
  return `name: small
duration: ${duration}
world:
  radio: { loss: 0 % }
  receivers:
    primary: { host: 192.0.2.10, mode: ${primary}, latency: ${latency}${more("primary", world.primaryMore)} }
    secondary: { host: 198.51.100.20, mode: ${secondary}, latency: ${latency}${more("secondary", world.secondaryMore)} }
  operators: { alfa: { loss: 0 % } }
  broadband: { fibre: }
fleet:
  - { name: u, count: ${world.count ?? 1}, ${home}, receivers: [${receivers.join(", ")}], buttons: 2 }
${list("faults", faults)}${list("timeline", presses)}`;
}

export function playSmall(
  world: SmallWorld,
  seed = 1,
  log = new RunLog(undefined),
  prepare: (world: World) => void = () => {},
): Promise<RunResult> {
  const scenario = parseScenario(smallText(world), "small.yaml");
  return playScenario(scenario, { seed, onProgress: () => {}, log, prepare });
}

/** Names of the checkers that are red. */
export function redOf(result: { readonly checks: readonly CheckerVerdict[] }): readonly string[] {
  return result.checks.filter(({ held }) => !held).map(({ checker }) => checker);
}

/** Everything that the checkers found, in words. */
export function foundOf(result: { readonly checks: readonly CheckerVerdict[] }): readonly string[] {
  return result.checks.flatMap(({ found }) => found);
}
