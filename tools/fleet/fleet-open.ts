/** Fleets for commands: found by path or by the name of a shipped fleet or scenario, and read; mistakes for people to read. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type PlanOptions, readFleet } from "../../simulator/fleet/fleet-file.ts";
import type { FleetPlan } from "../../simulator/fleet/fleet-plan.ts";
import { ScenarioError } from "../../simulator/scenario/scenario-error.ts";
import { nearest } from "../../simulator/scenario/scenario-units.ts";
import { shippedScenarios } from "../shipped-scenarios.ts";
import { UserError } from "../user-error.ts";

/** `file`: a path, or the name of a fleet or scenario that comes with Livlina. Throws UserError with exit code 2. */
export function openFleet(file: string, options: PlanOptions): FleetPlan {
  try {
    return readFleet(pathOf(file), options);
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    throw new UserError(thrown.message, "`livlina fleet schema` and `livlina sim schema` list every key", 2);
  }
}

/** By name, as `shippedScenarios`. */
export function shippedFleets(): readonly { readonly name: string; readonly path: string }[] {
  const folder = fileURLToPath(new URL("../../simulator/fleets/", import.meta.url));
  const near = relative(process.cwd(), folder);
  const shown = near.startsWith("..") ? folder : near;
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ name: file.slice(0, -".yaml".length), path: join(shown, file) }));
}

function pathOf(file: string): string {
  if (existsSync(file)) return file;
  const shipped = [...shippedFleets(), ...shippedScenarios()];
  const named = shipped.find((each) => each.name === file);
  if (named !== undefined) return named.path;
  const names = shipped.map((each) => each.name);
  const near = nearest(file, names);
  const fleets = shippedFleets().map(({ name }) => name);
  const hint = near === undefined ? `a fleet or scenario file, or ${fleets.join(", ")}` : `did you mean "${near}"?`;
  throw new UserError(`there is no fleet file ${file}`, hint, 2);
}
