/** When a power area has no mains, as the scenario plans it. */
import { isHit } from "../network/fault-share.ts";
import type { ScenarioFault } from "./fault.ts";

/** The cuts that hit everything there; with a unit, those that hit it too, also where only some are hit. */
export function cutsOf(
  faults: readonly ScenarioFault[],
  area: string,
  unit?: { readonly seed: number | undefined; readonly index: number },
): readonly ScenarioFault[] {
  return faults.filter(
    (fault) =>
      fault.object === "power" &&
      fault.name === area &&
      (fault.share === undefined || (unit !== undefined && isHit(fault, unit.seed, unit.index))),
  );
}
