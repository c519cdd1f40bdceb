/** One process of a fleet: plays the towns that it is told to, one after the other, and says what came of each. */
import { hostname } from "node:os";
import type { Scenario } from "../scenario/scenario.ts";
import { type FleetPlan, storyOf } from "./fleet-plan.ts";
import type { ShardOrder, ShardWord } from "./orders.ts";
import { playShard } from "./play-shard.ts";

/** Between two words about how far it is: also what tells that it is alive. */
const betweenWordsMs = 250;
let plan: FleetPlan | undefined;
let story: Scenario | undefined;

function say(word: ShardWord): void {
  process.send?.(word);
}

async function follow(order: ShardOrder): Promise<void> {
  if (order.plan !== undefined) {
    plan = order.plan;
    story = storyOf(plan);
  }
  if (plan === undefined || story === undefined) throw new Error("fleet: no plan to play from");
  const began = performance.now();
  const before = process.cpuUsage();
  let said = began;
  const result = await playShard(plan, story, order.town, (virtualMs) => {
    const nowMs = performance.now();
    if (nowMs - said < betweenWordsMs) return;
    said = nowMs;
    say({ type: "reached", virtualMs });
  });
  const { user, system } = process.cpuUsage(before);
  const cost = {
    cpuMs: Math.round((user + system) / 1_000),
    wallMs: Math.round(performance.now() - began),
    peakBytes: process.resourceUsage().maxRSS * 1_024,
    by: `${hostname()}:${process.pid}`,
  };
  say({ type: "played", played: { result, cost } });
}

// One order after the other, whatever the pace at which they come.
let last = Promise.resolve();
process.on("message", (order: ShardOrder) => {
  last = last
    .then(() => follow(order))
    .catch((thrown: unknown) =>
      say({ type: "failed", text: thrown instanceof Error ? String(thrown.stack) : String(thrown) }),
    );
});
// Ctrl-C reaches every process of a terminal: the one that handed out the towns decides.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());
