/**
 * Cuts a failing story down: fewer homes, faults and steps, a smaller world, shorter times, as long as it goes on failing in the
 * same way. Greedy, from large pieces to small ones (delta debugging: Zeller and Hildebrandt, 2002), with a bound on the runs.
 */
import { pressesOf } from "../habits.ts";
import { residentsOf } from "../residents.ts";
import { scenarioSchema } from "../scenario/scenario-schema.ts";
import { parseDurationMs } from "../scenario/scenario-units.ts";
import { cutsOf } from "./cuts.ts";
import type { Failure, Outcome } from "./play-story.ts";
import { healedS, quietS, type Story, scenarioOf, seconds, withoutContradictions } from "./story.ts";

export interface Shrunk {
  readonly story: Story;
  readonly outcome: Outcome;
  /** Stories that were played on the way. */
  readonly runs: number;
}

export const mostRuns = 400;

/** Faults and steps: what happens in a story, people's own presses apart. */
export function eventCount({ file }: Story): number {
  return (file.faults?.length ?? 0) + (file.timeline?.length ?? 0);
}

/** `play` answers as `playStory`; a cut that is no scenario any more is no cut. */
export async function shrink(
  story: Story,
  outcome: Outcome,
  play: (story: Story) => Promise<Outcome>,
  limit = mostRuns,
): Promise<Shrunk> {
  let best: Shrunk = { story, outcome, runs: 0 };
  let runs = 0;
  const tries = async (cut: Story): Promise<boolean> => {
    const candidate = asScenario(cut);
    if (runs >= limit || candidate === undefined) return false;
    runs++;
    const came = await play(candidate);
    if (!failsAlike(outcome.failures, came.failures)) return false;
    best = { story: candidate, outcome: came, runs };
    return true;
  };
  await tries(writtenOut(story));
  for (let again = true; again && runs < limit; ) {
    again = false;
    for (let at = 0; at < cutsOf(best.story).length && runs < limit; ) {
      const cut = cutsOf(best.story)[at];
      if (cut !== undefined && (await tries(shortened(cut)))) again = true;
      else at++;
    }
  }
  return { ...best, runs };
}

/** Whether both fail in one way at least. What a promise found may differ, what it promises may not. */
export function failsAlike(a: readonly Failure[], b: readonly Failure[]): boolean {
  return a.some((one) => b.some((other) => one.kind === other.kind && (one.kind !== "thrown" || sameText(one, other))));
}

/** Instants and counts in an error's text change from story to story. */
function sameText(a: Failure, b: Failure): boolean {
  const plain = ({ text }: Failure): string => text.replace(/\d+/g, "0");
  return plain(a) === plain(b);
}

/** What hung on what was cut goes with it; undefined where no scenario is left. */
function asScenario(story: Story): Story | undefined {
  if (!scenarioSchema.safeParse(story.file).success) return undefined;
  try {
    return withoutContradictions(story);
  } catch {
    return undefined;
  }
}

/** People's own presses as steps of the timeline, so that each can be left out. */
function writtenOut(story: Story): Story {
  const { wearers, ...file } = story.file;
  if (wearers === undefined) return story;
  const scenario = scenarioOf(story);
  const presses = pressesOf(scenario, story.seed, residentsOf(scenario, story.seed)).map(({ atMs, unit, button }) => ({
    at: `${atMs}ms`,
    press: unit,
    ...(button === 1 ? {} : { button }),
  }));
  return { ...story, file: { ...file, timeline: [...(file.timeline ?? []), ...presses] } };
}

/** The run ends when everything has had its time to be well again after the last fault and the last step. */
function shortened(story: Story): Story {
  const { file } = story;
  let endS = 0;
  for (const fault of file.faults ?? [])
    endS = Math.max(endS, secondsOf("to" in fault ? fault.to : undefined) + healedS);
  for (const fault of file.faults ?? []) endS = Math.max(endS, secondsOf(fault.from) + healedS);
  for (const step of file.timeline ?? []) endS = Math.max(endS, secondsOf(step.at) + quietS);
  return endS === 0 || endS >= secondsOf(file.duration)
    ? story
    : { ...story, file: { ...file, duration: seconds(endS) } };
}

function secondsOf(text: string | undefined): number {
  return text === undefined ? 0 : Math.ceil((parseDurationMs(text) ?? 0) / 1_000);
}
