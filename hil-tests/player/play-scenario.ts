/** A scenario on a bench from its file to the verdict: whether it can be played, both runs, and the first difference between them. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import { CaseSkipped, type Measurement } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { actsOf, firstMs } from "./acts.ts";
import { compareStories, type Difference, sideBySide } from "./compare.ts";
import { playOnBench, windowed } from "./play-on-bench.ts";
import { type PlayLimits, reasonsAgainst } from "./playable.ts";
import { simulate } from "./simulate.ts";
import { type RunStory, type StoryLine, storyOf } from "./story.ts";

export interface PlayContext {
  readonly bench: Subject;
  readonly folder: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  note(text: string): void;
  measure(measurement: Measurement): void;
}

/** Bench and simulator tell different stories of one scenario. */
export class StoriesDifferError extends Error {
  readonly differences: readonly Difference[];

  /** At least one. */
  constructor(scenario: string, differences: readonly Difference[]) {
    const [first] = differences as [Difference, ...Difference[]];
    const rest = differences.length > 1 ? `\n${differences.length - 1} differences more` : "";
    super(`${scenario}: ${sideBySide(first)}${rest}`);
    this.name = "StoriesDifferError";
    this.differences = differences;
  }
}

/**
 * Rejects with CaseSkipped where the bench cannot play it, with StoriesDifferError where it went otherwise than in the simulator, and
 * with what device and rig reject with.
 */
export async function playScenarioOn(scenario: Scenario, context: PlayContext, limits: PlayLimits): Promise<void> {
  const { bench: subject, folder, seed, signal } = context;
  const reasons = reasonsAgainst(scenario, subject.bench, limits);
  if (reasons.length > 0) throw new CaseSkipped(reasons.join("; "));
  mkdirSync(folder, { recursive: true });
  const simulated = await simulate(scenario, seed, join(folder, "simulator.jsonl"));
  if (simulated.result.verdict !== "passed")
    throw new Error(`${scenario.name} fails in the simulator itself: ${brokenIn(simulated.result)}`);
  const [group] = scenario.fleet;
  await subject.strategy.to("online", {
    settings: { policy: group?.policy ?? "broadband-only", receivers: group?.receivers.length ?? 1 },
    buttons: group?.buttons ?? 1,
  });
  const played = await playOnBench(scenario, subject, signal);
  writeLines(subject, join(folder, "bench.jsonl"), played);
  const bench = storyOf(played);
  measureWaits(bench, context);
  const simulator = storyOf(windowed(simulated.lines, firstMs(actsOf(scenario))));
  const { repeats, beats, others } = bench.counts;
  context.note(`${bench.alarms.length} alarms, ${repeats} repeats, ${beats} beats, ${others} other reports`);
  const differences = compareStories(simulator, bench);
  if (differences.length > 0) throw new StoriesDifferError(scenario.name, differences);
}

function brokenIn({ expectations, checks }: Awaited<ReturnType<typeof simulate>>["result"]): string {
  const broken = expectations.filter(({ held }) => !held).map(({ text, found }) => `${text} (${found})`);
  return [...broken, ...checks.filter(({ held }) => !held).map(({ checker }) => checker)].join(", ");
}

/** As `events.jsonl` of the simulator: a line each, with its instant. */
function writeLines({ bench }: Subject, path: string, lines: readonly StoryLine[]): void {
  const file = bench.disk.create(path);
  for (const line of lines) file.write(`${JSON.stringify(line)}\n`);
  file.close();
}

function measureWaits({ alarms }: RunStory, { measure }: PlayContext): void {
  for (const { steps } of alarms) {
    const [pressed] = steps;
    const accepted = steps.find(({ what }) => what === "accepted");
    if (pressed === undefined || accepted === undefined) continue;
    measure({ name: "press to accepted", value: Math.round(accepted.atMs - pressed.atMs), unit: "ms" });
  }
}
