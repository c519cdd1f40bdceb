/** Reads a fleet file, or a scenario file as a fleet of one kind of town, and says line by line what is wrong. */
import { dirname, join } from "node:path";
import type { ModemLevel } from "../coarse/modem-level.ts";
import { ScenarioError } from "../scenario/scenario-error.ts";
import { parseScenario, readEntries, readScenario } from "../scenario/scenario-file.ts";
import { type Complaint, explainIssues } from "../scenario/scenario-issues.ts";
import { problemOf, readSource, type Source } from "../scenario/scenario-source.ts";
import { parseSharePpm } from "../scenario/scenario-units.ts";
import { type FleetPlan, sampleOf } from "./fleet-plan.ts";
import { type FleetFile, fleetSchema } from "./fleet-schema.ts";

const noPath = "without-path-at-most";

export interface PlanOptions {
  readonly seed: number;
  /** In place of what the file says; undefined: that, and one town where it is a scenario. */
  readonly towns?: number | undefined;
  /** Parameters of the town, each as "homes=400"; they stand above the file's. */
  readonly set?: readonly string[];
  /** At the bytes of their lines unless said. */
  readonly modem?: ModemLevel | undefined;
  /** Percent of the towns that are played at the bytes too; none unless said. */
  readonly sample?: number | undefined;
}

/** Throws ScenarioError, never anything else, for whatever the files hold. */
export function readFleet(path: string, options: PlanOptions): FleetPlan {
  const plan = planOf(path, options);
  const { sample = 0 } = options;
  return sample === 0 ? plan : { ...plan, sample: sampleOf(plan, sample) };
}

function planOf(path: string, options: PlanOptions): FleetPlan {
  const source = readSource(path);
  // A scenario has a duration of its own; a fleet's is that of its town.
  const isScenario = !Object.hasOwn(source.data, "town") && Object.hasOwn(source.data, "duration");
  return isScenario ? ofScenario(path, options) : ofFleet(source, options);
}

function ofScenario(path: string, { seed, towns = 1, set = [], modem = "bytes" }: PlanOptions): FleetPlan {
  const { name, question, source } = readScenario(path, set);
  return {
    name,
    question,
    source,
    path,
    town: path,
    set: [...set],
    story: storyText(path, set),
    towns,
    seed,
    modem,
    sample: [],
    promises: [],
  };
}

function ofFleet(source: Source, { seed, towns, set = [], modem = "bytes" }: PlanOptions): FleetPlan {
  const parsed = fleetSchema.safeParse(source.data);
  if (!parsed.success) throw told(source, explainIssues(parsed.error.issues, source.data, fleetSchema));
  const file = parsed.data;
  const shares = mistakenShares(file);
  if (shares.length > 0) throw told(source, shares);
  const town = join(dirname(source.path), file.town);
  const all = parametersOf(file, set);
  const read = (): string => {
    readScenario(town, all);
    return storyText(town, all);
  };
  return {
    name: file.name,
    question: file.question ?? "",
    source: file.source ?? "",
    path: source.path,
    town,
    set: all,
    story: aboutTown(source, town, all, read),
    towns: towns ?? file.towns,
    seed,
    modem,
    sample: [],
    promises: file.expect ?? [],
  };
}

function mistakenShares({ expect = [] }: FleetFile): Complaint[] {
  return expect.flatMap((promise, index) => {
    const [key, share] = "accepted" in promise ? ["accepted", promise.accepted] : [noPath, promise[noPath]];
    if (parseSharePpm(share) !== undefined) return [];
    const message = `expected a share of at most 100 %, found "${share}"`;
    return [{ path: ["expect", index, key], onKey: false, message, hint: undefined }];
  });
}

/** What the command line sets stands above what the file sets. */
function parametersOf({ parameters = {} }: FleetFile, set: readonly string[]): string[] {
  const own = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const isSet = (text: string): boolean => set.some((each) => each.split("=")[0] === text.split("=")[0]);
  return [...own.filter((text) => !isSet(text)), ...set];
}

/** A mistake about a parameter is told where the fleet file sets it. */
function aboutTown(source: Source, town: string, set: readonly string[], read: () => string): string {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    const problems = thrown.problems.map((problem) => {
      const { path, line, message, hint } = problem;
      if (path === town && line === 0)
        return problemOf(source, { path: ["town"], onKey: false, message: `${town}: ${message}`, hint });
      const [, name = ""] = /^--set ([^=]*)=/.exec(path) ?? [];
      const isOurs =
        set.includes(path.slice("--set ".length)) && Object.hasOwn(Object(source.data["parameters"]), name);
      return isOurs ? problemOf(source, { path: ["parameters", name], onKey: true, message, hint }) : problem;
    });
    throw new ScenarioError(source.path, problems);
  }
}

/** JSON is YAML. Read once more, since what processes play from must be what was checked. */
function storyText(path: string, set: readonly string[]): string {
  const story = JSON.stringify(readEntries(path, set));
  parseScenario(story, path);
  return story;
}

function told(source: Source, complaints: readonly Complaint[]): ScenarioError {
  return new ScenarioError(
    source.path,
    complaints.map((complaint) => problemOf(source, complaint)),
  );
}
