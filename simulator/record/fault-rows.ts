/** The faults of a scenario, as far as they were played, as a run puts them down: which units each hits, where it does not hit all who use its object. */
import { isHit } from "../network/fault-share.ts";
import type { Resident } from "../residents.ts";
import type { ScenarioFault } from "../scenario/fault.ts";
import type { RunFault } from "./run-result.ts";

export function faultRows(
  faults: readonly ScenarioFault[],
  residents: readonly Resident[],
  seed: number,
  endMs: number,
): RunFault[] {
  const played = faults.filter(({ fromMs }) => fromMs < endMs);
  return played.map((fault) => {
    const { fromMs, object, name } = fault;
    const toMs = Math.min(fault.toMs, endMs);
    return { fromMs, toMs, object, name, fault: fault.fault, units: unitsHit(fault, residents, seed) };
  });
}

function unitsHit(fault: ScenarioFault, residents: readonly Resident[], seed: number): readonly string[] | null {
  if ("units" in fault && fault.units !== undefined) return fault.units;
  if (fault.object === "building")
    return namesOf(residents.filter(({ name, group }) => (group.building ?? name) === fault.name));
  if (fault.share === undefined) return null;
  return namesOf(residents.filter(({ index }) => isHit(fault, seed, index)));
}

function namesOf(residents: readonly Resident[]): readonly string[] {
  return residents.map(({ name }) => name);
}
