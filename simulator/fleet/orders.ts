/** What a fleet's process and those that play its towns say to each other: plain objects over the channel of `node:child_process`. */
import type { FleetPlan } from "./fleet-plan.ts";
import type { PlayedShard } from "./shard-result.ts";

export type ShardOrder = {
  readonly type: "play";
  /** Undefined: the plan of the order before. */
  readonly plan: FleetPlan | undefined;
  readonly town: number;
};

export type ShardWord =
  | { readonly type: "reached"; readonly virtualMs: number }
  | { readonly type: "played"; readonly played: PlayedShard }
  /** A mistake of ours came out while it played. */
  | { readonly type: "failed"; readonly text: string };
