/**
 * A story of the swarm: a scenario file that nobody wrote, in two phases. First it hurts, and asks only for safety; then
 * everything is healed, and all must be well again within a stated time.
 */
import { stringify } from "yaml";
import type { Scenario } from "../scenario/scenario.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { resolveScenario } from "../scenario/scenario-resolve.ts";
import type { ScenarioFile } from "../scenario/scenario-schema.ts";

export interface Story {
  /** Of the drawing and of the run. */
  readonly seed: number;
  readonly file: ScenarioFile;
}

export type Group = ScenarioFile["fleet"][number];
export type FaultEntry = NonNullable<ScenarioFile["faults"]>[number];
export type StepEntry = NonNullable<ScenarioFile["timeline"]>[number];

/**
 * For so long before the end nothing is wrong any more. The longest pause between two rounds of an alarm is 11 minutes with the
 * round itself, and a lost route's modem is restarted 5 minutes apart: whoever is not well by then does not get well.
 */
export const healedS = 20 * 60;
/** For so long before the end nobody presses. */
export const quietS = 12 * 60;

/** The story as a scenario file. */
export function storyText(story: Story, comments: readonly string[] = []): string {
  const head = comments.map((line) => `# ${line}\n`).join("");
  return `${head}${stringify(story.file, { lineWidth: 120, aliasDuplicateObjects: false })}`;
}

/** Throws ScenarioError where the file is no scenario: the drawing, or the shrinking, went wrong. */
export function scenarioOf(story: Story, path = `swarm-${story.seed}.yaml`): Scenario {
  return parseScenario(storyText(story), path);
}

/** The story without the faults and steps that contradict what is there already: those who draw them need not know the rules. */
export function withoutContradictions(story: Story): Story {
  let { faults = [], timeline = [] } = story.file;
  for (;;) {
    const wrong = new Set<string>();
    resolveScenario({ ...story.file, faults, timeline }, { path: "", files: [], set: [] }, ([list, index], message) => {
      if (list !== "faults" && list !== "timeline") throw new Error(`swarm: seed ${story.seed}: ${list}: ${message}`);
      wrong.add(`${list} ${index}`);
    });
    if (wrong.size === 0) return { ...story, file: { ...story.file, faults, timeline } };
    faults = faults.filter((_, index) => !wrong.has(`faults ${index}`));
    timeline = timeline.filter((_, index) => !wrong.has(`timeline ${index}`));
  }
}

/** The story with what it promises: at the end nobody waits, and each unit that can has a proven path. */
export function withPromises(story: Story): Story {
  const { expect: _, ...file } = story.file;
  const excused = excusedBy(story.file);
  const well = file.fleet
    .flatMap((group) => (excused.has(group.name) ? [] : unitsOf(group)))
    .filter((unit) => !excused.has(unit));
  if (well.length === 0) return { ...story, file };
  const promises = (["waiting", "without-path"] as const).map((units) => ({ units, at: "end", exclude: well }));
  return { ...story, file: { ...file, expect: promises } };
}

/** Units and groups that need not be well in the end: dead, or not in service. */
function excusedBy({ fleet, faults = [], timeline = [] }: ScenarioFile): ReadonlySet<string> {
  const excused = new Set(fleet.filter(({ life }) => life !== undefined).map(({ name }) => name));
  for (const fault of faults)
    if (fault.fault === "dead") excused.add("unit" in fault ? fault.unit : "group" in fault ? fault.group : "");
  for (const step of timeline) if ("life" in step) excused.add(step.unit);
  return excused;
}

/** Names as the scenario gives them. */
export function unitsOf({ name, count }: Group): readonly string[] {
  if (count === 1) return [name];
  return Array.from({ length: count }, (_, index) => `${name}-${String(index + 1).padStart(3, "0")}`);
}

export function seconds(s: number): string {
  return `${s}s`;
}
