/** Plays one town of a fleet and keeps of it what a fleet is told by. */
import type { ModemLevel } from "../coarse/modem-level.ts";
import { differences, outcomesOf } from "../coarse/outcomes.ts";
import { playScenario } from "../play.ts";
import { type RunPress, type RunResult, tallyOf } from "../record/run-result.ts";
import { RunLog } from "../report/run-log.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type FleetPlan, seedOfTown } from "./fleet-plan.ts";
import { mostFound, mostSlowest, type ShardResult, type SlowPress } from "./shard-result.ts";
import { StepSums } from "./step-sums.ts";
import { Waits } from "./waits.ts";

/** `story` is the plan's own (`storyOf`). `onReached` is called now and then with the virtual time. */
export async function playShard(
  plan: FleetPlan,
  story: Scenario,
  town: number,
  onReached: (virtualMs: number) => void,
): Promise<ShardResult> {
  const seed = seedOfTown(plan, town);
  const play = (modem: ModemLevel): Promise<RunResult> =>
    playScenario(story, { seed, modem, log: new RunLog(undefined), onProgress: onReached });
  const run = await play(plan.modem);
  const shard = shardOf(town, run);
  if (!plan.sample.includes(town)) return shard;
  const twin = await play("bytes");
  const found = differences(outcomesOf(twin), outcomesOf(run));
  return { ...shard, sample: { digest: twin.digest, differing: found.length, found: found.slice(0, mostFound) } };
}

export function shardOf(town: number, run: RunResult): ShardResult {
  const { seed, digest, virtualMs, events, units, presses, beats } = run;
  const waits = new Waits();
  const byRoute = { mobile: 0, broadband: 0 };
  for (const { pressedMs, acceptedMs, route } of presses) {
    if (acceptedMs !== null) waits.add(acceptedMs - pressedMs);
    if (acceptedMs !== null && route !== null) byRoute[route]++;
  }
  return {
    town,
    seed,
    digest,
    virtualMs,
    events,
    units: units.length,
    ...tallyOf(run),
    byRoute,
    beats: { ...beats },
    waits: waits.value(),
    slowest: slowestOf(
      presses.map((press) => slowOf(town, press)).filter((press) => press !== undefined),
      virtualMs,
    ),
    withoutPath: withoutPathOf(run),
    waiting: waitingOf(run),
    checks: run.checks.map(({ checker, rule, violations, found }) => ({
      checker,
      rule,
      violations,
      found: found.slice(0, mostFound),
    })),
    expectations: run.expectations.map(({ text, held, found }) => ({ text, held, found })),
    outages: outagesOf(run),
    sample: null,
  };
}

/** Longest first; of equal ones the first town's, unit's and press's. */
export function slowestOf(presses: readonly SlowPress[], endMs: number): SlowPress[] {
  const waited = ({ pressedMs, acceptedMs }: SlowPress): number => (acceptedMs ?? endMs) - pressedMs;
  const inOrder = [...presses].sort(
    (a, b) =>
      waited(b) - waited(a) ||
      a.town - b.town ||
      (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0) ||
      a.pressedMs - b.pressedMs,
  );
  return inOrder.slice(0, mostSlowest);
}

/** What nobody could hear waits for nobody. */
function slowOf(town: number, { unit, pressedMs, acceptedMs, unheard }: RunPress): SlowPress | undefined {
  return unheard === null ? { town, unit, pressedMs, acceptedMs } : undefined;
}

function withoutPathOf({ scenario, pathless, virtualMs }: RunResult): [number, number][] {
  const sums = new StepSums(scenario.durationMs);
  for (const { fromMs, toMs } of pathless) sums.addSpan(fromMs, toMs ?? virtualMs);
  return sums.value();
}

function waitingOf({ scenario, pending, virtualMs }: RunResult): [number, number][] {
  const sums = new StepSums(scenario.durationMs);
  pending.forEach(({ atMs, count }, index) => {
    if (count > 0) sums.addSpan(atMs, pending[index + 1]?.atMs ?? virtualMs, count);
  });
  return sums.value();
}

function outagesOf({ outages }: RunResult): ShardResult["outages"] {
  const kinds = new Map<string, ShardResult["outages"][number]>();
  for (const { cause, subject, suspectedMs } of outages) {
    const isShared = cause !== "single-unit" && cause !== "button";
    const key = `${cause} ${isShared ? subject : ""}`;
    const {
      outages: before,
      firstMs,
      lastMs,
    } = kinds.get(key) ?? { outages: 0, firstMs: suspectedMs, lastMs: suspectedMs };
    kinds.set(key, {
      cause,
      subject: isShared ? subject : "",
      outages: before + 1,
      firstMs: Math.min(firstMs, suspectedMs),
      lastMs: Math.max(lastMs, suspectedMs),
    });
  }
  return [...kinds.values()];
}
