/** Plays one story and says what came of it: safety by the checkers, liveness by the promises that the story makes. */
import { playScenario } from "../play.ts";
import type { RunResult } from "../record/run-result.ts";
import { RunLog } from "../report/run-log.ts";
import { residentsOf } from "../residents.ts";
import type { Capture } from "../trace/capture.ts";
import { Coverage, type PairCount } from "./coverage.ts";
import { type Story, scenarioOf } from "./story.ts";

/** One thing that did not hold. */
export interface Failure {
  /** A checker's name, `promise`, `thrown` or `stuck`: stories that fail alike have one kind in common. */
  readonly kind: string;
  readonly text: string;
}

/** Plain, so that worker processes can hand it over. */
export interface Outcome {
  readonly seed: number;
  /** Empty where the run broke off. */
  readonly digest: string;
  readonly failures: readonly Failure[];
  readonly events: number;
  readonly virtualMs: number;
  readonly presses: number;
  readonly accepted: number;
  readonly pairs: readonly PairCount[];
}

/** What a caller wants to have of the run beside the outcome. */
export interface PlayExtras {
  /** Where the story lies as a file. */
  readonly path: string;
  readonly log: RunLog;
  readonly capture: Capture;
  readonly done: (result: RunResult) => void;
}

/** Never rejects: what is thrown is a failure too. A drawing that is no scenario throws, since that is a mistake of the swarm. */
export async function playStory(story: Story, extras?: PlayExtras): Promise<Outcome> {
  const scenario = scenarioOf(story, extras?.path);
  const coverage = new Coverage(scenario, residentsOf(scenario, story.seed));
  try {
    const result = await playScenario(scenario, {
      seed: story.seed,
      onProgress: () => {},
      log: extras?.log ?? new RunLog(undefined),
      ...(extras === undefined ? {} : { capture: extras.capture }),
      watch: coverage,
    });
    extras?.done(result);
    return outcomeOf(story.seed, result, coverage.counts());
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const nothing = { digest: "", events: 0, virtualMs: 0, presses: 0, accepted: 0 };
    return { seed: story.seed, failures: [{ kind: "thrown", text }], pairs: coverage.counts(), ...nothing };
  }
}

function outcomeOf(seed: number, result: RunResult, pairs: readonly PairCount[]): Outcome {
  return {
    seed,
    digest: result.digest,
    failures: [
      ...result.checks
        .filter(({ held }) => !held)
        .map(({ checker, found, rule }) => ({ kind: checker, text: found[0] ?? rule })),
      ...result.expectations
        .filter(({ held }) => !held)
        .map(({ text, found }) => ({ kind: "promise", text: `${text}: ${found}` })),
    ],
    events: result.events,
    virtualMs: result.virtualMs,
    presses: result.presses.length,
    accepted: result.presses.filter(({ acceptedMs }) => acceptedMs !== null).length,
    pairs,
  };
}
