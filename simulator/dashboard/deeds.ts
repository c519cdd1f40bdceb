/** What is done by hand, as entries of a scenario file: so that what was clicked can be played again as any other story. */
import { stringify } from "yaml";
import type { Scenario } from "../scenario/scenario.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import type { ScenarioFile } from "../scenario/scenario-schema.ts";
import type { Deed, DoneDeed } from "./messages.ts";

type FaultEntry = NonNullable<ScenarioFile["faults"]>[number];
type StepEntry = NonNullable<ScenarioFile["timeline"]>[number];

/** Deeds that a story can hold. */
export const mostDeeds = 1_000;

export function isFault(deed: Deed): deed is Extract<Deed, { readonly type: "fault" }> {
  return deed.type === "fault";
}

/** The story with all that was done by hand, as the text of a file that stands alone. */
export function storyText(file: ScenarioFile, done: readonly DoneDeed[], comments: readonly string[] = []): string {
  const faults = done.flatMap((each) => (isFault(each.deed) ? [faultEntry(each.deed, each)] : []));
  const steps = done.flatMap(({ deed, atMs }) => (isFault(deed) ? [] : [stepEntry(deed, `${atMs}ms`)]));
  const whole: ScenarioFile = {
    ...file,
    ...(faults.length === 0 ? {} : { faults: [...(file.faults ?? []), ...faults] }),
    ...(steps.length === 0 ? {} : { timeline: [...(file.timeline ?? []), ...steps] }),
  };
  const head = comments.map((line) => `# ${line}\n`).join("");
  return `${head}${stringify(whole, { lineWidth: 120, aliasDuplicateObjects: false })}`;
}

/** The same as the world plays it. Throws ScenarioError where a deed contradicts what is there. */
export function storyOf(file: ScenarioFile, done: readonly DoneDeed[], path: string): Scenario {
  return parseScenario(storyText(file, done), path);
}

function stepEntry(deed: Exclude<Deed, { readonly type: "fault" }>, at: string): StepEntry {
  switch (deed.type) {
    case "press":
      return { at, press: deed.unit, button: deed.button };
    case "key":
      return { at, key: deed.key, unit: deed.unit };
    case "handle":
      return { at, handle: deed.how, unit: deed.unit };
  }
}

/** The words of the page are those of the schema, which says so where one is not. */
function faultEntry(deed: Extract<Deed, { readonly type: "fault" }>, { atMs, toMs }: DoneDeed): FaultEntry {
  const end = toMs === null ? {} : { to: `${toMs}ms` };
  return { from: `${atMs}ms`, ...end, [deed.object]: deed.name, fault: deed.fault } as unknown as FaultEntry;
}
