/** Service people and their laptop, at a home where somebody has the unit's service key. */
import type { Lane } from "./core/digest.ts";
import { Stream } from "./core/prng.ts";
import type { HomeOptions, Surroundings } from "./home.ts";
import type { HomeDevices } from "./home-devices.ts";
import { ServiceTool } from "./house/service-tool.ts";
import { ServiceVisits } from "./house/service-visits.ts";

export interface HomeService {
  readonly tool: ServiceTool;
  readonly visits: ServiceVisits;
}

/** Undefined without a key. */
export function serviceOf(
  around: Surroundings,
  options: HomeOptions,
  lane: Lane,
  devices: HomeDevices,
): HomeService | undefined {
  const { queue, seed, witness } = around;
  const { index, settings } = options;
  const { serviceKey } = settings;
  if (serviceKey === undefined) return undefined;
  const tool = new ServiceTool({
    queue,
    key: serviceKey,
    chance: new Stream(seed, "service line", index),
    onBytes: (direction, bytes) => lane.bytes(queue.nowMs, `service line ${direction}`, bytes),
  });
  const visits = new ServiceVisits({
    queue,
    tool,
    devices,
    chance: new Stream(seed, "service visits", index),
    onNews: (news) => {
      const { act, outcome } = news;
      lane.effect(queue.nowMs, "service", news);
      witness.happened(queue.nowMs, index, news);
      if (act.type === "life" && outcome === "done") witness.lifeOrdered(queue.nowMs, index, act.life);
    },
  });
  devices.onSignal = (place, signal) => visits.sees(place, signal);
  return { tool, visits };
}
