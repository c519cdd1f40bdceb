/** Towns played side by side by processes of this machine. Who plays which, and in what order, changes nothing of what comes out. */
import type { FleetPlan } from "./fleet-plan.ts";
import type { Lane } from "./live-lane.ts";
import type { PlayedShard } from "./shard-result.ts";

/** Times that a town is tried: a process may die for reasons of its own, but not three times in the same town. */
export const mostTries = 3;

export interface TownsOrder {
  readonly plan: FleetPlan;
  readonly towns: readonly number[];
  /** Each plays one town at a time. Whoever made them closes them. */
  readonly lanes: readonly Lane[];
  /** As they come, in no order that means anything. What it throws ends the whole. */
  readonly onPlayed: (played: PlayedShard) => void;
  /** Tried as often as it is worth. */
  readonly onBroken: (town: number, why: string) => void;
  /** Virtual time that all towns being played have reached, now and then. */
  readonly onReached?: (virtualMs: number) => void;
  /** Once it fires nothing more is begun, and what is being played is dropped. */
  readonly stop?: AbortSignal;
}

export async function playTowns(order: TownsOrder): Promise<void> {
  const { plan, towns, lanes, stop } = order;
  const drop = (): void => {
    for (const lane of lanes) lane.drop();
  };
  stop?.addEventListener("abort", drop);
  const reached = new Map<Lane, number>();
  const isStopped = (): boolean => stop?.aborted === true;
  let next = 0;
  const tell = (lane: Lane, virtualMs: number): void => {
    reached.set(lane, virtualMs);
    order.onReached?.([...reached.values()].reduce((sum, ms) => sum + ms, 0));
  };
  const work = async (lane: Lane): Promise<void> => {
    for (let town = towns[next++]; town !== undefined && !isStopped(); town = towns[next++])
      for (let tries = 1; tries <= mostTries; tries++) {
        const end = await lane.play(plan, town, (virtualMs) => tell(lane, virtualMs));
        reached.delete(lane);
        if (isStopped()) return;
        if (end.type === "played") {
          order.onPlayed(end.played);
          break;
        }
        if (tries === mostTries) order.onBroken(town, end.why);
      }
  };
  try {
    await Promise.all(lanes.map(work));
  } finally {
    stop?.removeEventListener("abort", drop);
  }
}
