/**
 * Rings tried on simulated units: each runs the firmware's own update department on chips of its own, in virtual time, and asks the
 * same `RingRun` that the real server asks. What the release does to a unit is chosen, so that a stop rule can be seen to stop.
 */
import { releaseOf } from "../../simulator/update/releases.ts";
import { type Behaviour, UpdateBench } from "../../simulator/update/update-bench.ts";
import { UserError } from "../user-error.ts";
import type { RingRun } from "./ring-run.ts";

const behaviours: readonly Behaviour[] = ["good", "crashes", "hangs", "mute", "deaf", "faulty", "loops", "dies"];

/** Throws UserError (2). */
export function behaviourNamed(name: string): Behaviour {
  const behaviour = behaviours.find((known) => known === name);
  if (behaviour !== undefined) return behaviour;
  throw new UserError(`a release cannot be "${name}"`, `one of ${behaviours.join(", ")}`, 2);
}

export interface SimulatedFleet {
  readonly hours: number;
  /** Units that run the release at the end, that have ever run it, and that run what they ran before. */
  readonly updated: number;
  readonly touched: number;
  readonly former: number;
}

const sliceMs = 60_000;
const hourMs = 3_600_000;
const simulated = "1.1.0";

/** `behaviour` of the release in the share of units that `isBad` names. Runs until the rings are done or stopped, or for `hours`. */
export function simulateRings(
  run: RingRun,
  cids: readonly string[],
  behaviour: Behaviour,
  isBad: (cid: string) => boolean,
  hours: number,
): SimulatedFleet {
  const release = releaseOf(simulated);
  const fleet = cids.map((cid, at) => {
    const bench = new UpdateBench(at + 1, { [simulated]: isBad(cid) ? behaviour : "good" });
    bench.server.publish(release);
    return { cid, bench };
  });
  let nowMs = sliceMs;
  for (const { bench, cid } of fleet) {
    bench.server.asked = (question) => run.asked({ ...question, unit: cid }, nowMs);
    bench.onSign = () => run.sign(cid, nowMs, undefined);
  }
  for (; nowMs < hours * hourMs && run.state.stopped === "" && !run.isDone; nowMs += sliceMs) {
    for (const { bench } of fleet) bench.run(sliceMs);
    run.look(nowMs);
  }
  return {
    hours: Math.round(nowMs / hourMs),
    updated: fleet.filter(({ bench }) => bench.version === simulated).length,
    touched: fleet.filter(({ bench }) => bench.started.includes(simulated)).length,
    former: fleet.filter(({ bench }) => bench.version !== simulated).length,
  };
}
