/** Processes that answer with towns at once, for tests of all that goes on around playing. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { played, shard } from "../../simulator/fleet/fleet-bench.ts";
import type { FleetPlan } from "../../simulator/fleet/fleet-plan.ts";
import { Lane } from "../../simulator/fleet/live-lane.ts";

const worker = fileURLToPath(new URL("../../simulator/fleet/canned-worker.js", import.meta.url));

/** Towns at which their process dies, or falls silent. */
export type CannedFaults = Partial<Record<"dies" | "diesOnce" | "silent", readonly number[]>>;

export function cannedLanes(place: string, plan: FleetPlan, faults: CannedFaults = {}): readonly Lane[] {
  const path = join(mkdtempSync(join(place, "canned-")), "towns.json");
  const shards = Array.from({ length: plan.towns }, (_, index) => played(shard(plan, index + 1)));
  writeFileSync(path, JSON.stringify({ shards, dies: [], diesOnce: [], silent: [], ...faults }));
  const program = [worker, path, path] as const;
  return [1, 2].map(() => new Lane({ execArgv: [], silentMs: faults.silent === undefined ? 60_000 : 700, program }));
}
