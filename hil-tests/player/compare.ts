/**
 * A run of a bench held against the simulator's run of the same scenario: each alarm's steps in the same order, over the same path and
 * at about the same times, and counts of everything else. The first difference is shown side by side.
 */
import type { AlarmStory, RunStory, StepName, StoryCounts, StoryStep } from "./story.ts";

/** How far a bench may be off, to either side: times in ms since the press, that of the press since the start. */
interface Tolerances {
  readonly timesMs: Readonly<Record<StepName, number>>;
  readonly counts: Readonly<Record<keyof StoryCounts, number>>;
}

/**
 * Pressed: what a relay and its driver take. Stored: a copy of the frame may be lost on the air, the next leaves 0.6 s later.
 * Carried: besides that a request is sent again after 0.5 s (SIP's T1). Accepted: and the other way back may lose one, too.
 */
export const usualTolerances: Tolerances = {
  timesMs: { pressed: 500, stored: 1_000, carried: 2_000, accepted: 3_000 },
  counts: { repeats: 2, beats: 2, others: 1 },
};

export interface Difference {
  readonly kind: "missing" | "order" | "path" | "time" | "count";
  /** One sentence. */
  readonly text: string;
  /** The step that differs in time or path; absent for the other kinds. */
  readonly step?: StepName;
  /** The alarm on both sides; undefined for a count, or where one side has none. */
  readonly simulator: AlarmStory | undefined;
  readonly bench: AlarmStory | undefined;
}

/** In the order of the simulator's presses; empty: they are the same. */
export function compareStories(
  simulator: RunStory,
  bench: RunStory,
  tolerances: Tolerances = usualTolerances,
): readonly Difference[] {
  const differences: Difference[] = [];
  const left = [...bench.alarms];
  for (const alarm of simulator.alarms) {
    const at = left.findIndex(({ unit, press }) => unit === alarm.unit && press === alarm.press);
    const [twin] = at < 0 ? [] : left.splice(at, 1);
    differences.push(...(twin === undefined ? [missing(alarm, undefined)] : compareAlarms(alarm, twin, tolerances)));
  }
  for (const alarm of left) differences.push(missing(undefined, alarm));
  return [...differences, ...compareCounts(simulator.counts, bench.counts, tolerances.counts)];
}

/** The first of the differences: what it is, and both sides of its alarm in two columns. */
export function sideBySide({ text, step, simulator, bench }: Difference): string {
  if (simulator === undefined && bench === undefined) return text;
  const ours = stepTexts(simulator);
  const theirs = stepTexts(bench);
  const width = Math.max("simulator".length, ...ours.map(({ length }) => length)) + 3;
  const rows = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, at) => {
    const [here = "", there = ""] = [ours[at], theirs[at]];
    const one = simulator?.steps[at];
    const isSame = wordsOf(one) === wordsOf(bench?.steps[at]) && (step === undefined || one?.what !== step);
    return `${isSame ? "  " : "> "}${here.padEnd(width)}${there}`;
  });
  return [text, `  ${"simulator".padEnd(width)}bench`, ...rows.map((row) => row.trimEnd())].join("\n");
}

function compareAlarms(simulator: AlarmStory, bench: AlarmStory, { timesMs }: Tolerances): readonly Difference[] {
  const name = nameOf(simulator);
  const [ours, theirs] = [simulator.steps, bench.steps];
  const differ = (kind: Difference["kind"], text: string, step?: StepName): readonly Difference[] => [
    { kind, text, simulator, bench, ...(step === undefined ? {} : { step }) },
  ];
  const lacking = [...ours, ...theirs].find(
    ({ what }) => stepOf(ours, what) === undefined || stepOf(theirs, what) === undefined,
  );
  if (lacking !== undefined) {
    const side = stepOf(ours, lacking.what) === undefined ? "in the simulator" : "on the bench";
    return differ("missing", `${name}: never ${lacking.what} ${side}`);
  }
  const at = ours.findIndex(({ what }, index) => what !== theirs[index]?.what);
  if (at >= 0)
    return differ("order", `${name}: ${ours[at]?.what} comes first in the simulator, ${theirs[at]?.what} on the bench`);
  for (const [index, step] of ours.entries()) {
    const twin = theirs[index] as StoryStep;
    if (twin.path !== step.path)
      return differ(
        "path",
        `${name}: ${step.what} over ${step.path} in the simulator, over ${twin.path} on the bench`,
        step.what,
      );
    const [expected, found] = [sincePress(step, ours), sincePress(twin, theirs)];
    const most = timesMs[step.what];
    if (Math.abs(found - expected) > most)
      return differ(
        "time",
        `${name}: ${step.what} at ${expected} ms in the simulator, at ${found} ms on the bench; at most ${most} ms apart`,
        step.what,
      );
  }
  return [];
}

function compareCounts(simulator: StoryCounts, bench: StoryCounts, most: Tolerances["counts"]): readonly Difference[] {
  const names = Object.keys(most) as (keyof StoryCounts)[];
  return names
    .filter((name) => Math.abs(simulator[name] - bench[name]) > most[name])
    .map((name) => ({
      kind: "count",
      text: `${name}: ${simulator[name]} in the simulator, ${bench[name]} on the bench; at most ${most[name]} apart`,
      simulator: undefined,
      bench: undefined,
    }));
}

function missing(simulator: AlarmStory | undefined, bench: AlarmStory | undefined): Difference {
  const name = nameOf((simulator ?? bench) as AlarmStory);
  const text = simulator === undefined ? `${name}: only on the bench` : `${name}: only in the simulator`;
  return { kind: "missing", text, simulator, bench };
}

function nameOf({ unit, press, button }: AlarmStory): string {
  return `${unit}, press ${press} (button ${button})`;
}

function stepOf(steps: readonly StoryStep[], name: StepName): StoryStep | undefined {
  return steps.find(({ what }) => what === name);
}

/** The press itself counts from the start of the scenario. */
function sincePress({ what, atMs }: StoryStep, steps: readonly StoryStep[]): number {
  return what === "pressed" ? atMs : atMs - (steps[0]?.atMs ?? 0);
}

function wordsOf(step: StoryStep | undefined): string {
  return step === undefined ? "" : `${step.what} ${step.path}`;
}

function stepTexts(alarm: AlarmStory | undefined): readonly string[] {
  if (alarm === undefined) return ["nothing"];
  return alarm.steps.map((step) => {
    const sign = step.what === "pressed" ? "" : "+";
    return `${step.what.padEnd(9)}${`${sign}${sincePress(step, alarm.steps)} ms`.padStart(11)} ${step.path}`.trimEnd();
  });
}
