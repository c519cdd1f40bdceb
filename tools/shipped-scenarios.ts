/** The scenario files that come with the simulator, found by looking, so that a new file needs no entry anywhere. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export interface ShippedScenario {
  /** File name without its ending. */
  readonly name: string;
  /** Relative to the working folder where that is shorter. */
  readonly path: string;
}

/** By name. */
export function shippedScenarios(): ShippedScenario[] {
  const folder = fileURLToPath(new URL("../simulator/scenarios/", import.meta.url));
  const near = relative(process.cwd(), folder);
  const shown = near.startsWith("..") ? folder : near;
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ name: file.slice(0, -".yaml".length), path: join(shown, file) }));
}
