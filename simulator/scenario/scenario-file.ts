/**
 * Reads a scenario file with what it includes, and says, line by line, what is wrong: all faults at once, each with what was
 * expected. Whatever the bytes are, the answer is a scenario or a `ScenarioError`.
 */
import type { Scenario } from "./scenario.ts";
import { mostProblems, ScenarioError } from "./scenario-error.ts";
import { gatherFiles, Merged } from "./scenario-includes.ts";
import { type Complaint, explainIssues } from "./scenario-issues.ts";
import { fillParameters, type Included } from "./scenario-parameters.ts";
import { resolveScenario } from "./scenario-resolve.ts";
import { type ScenarioFile, scenarioSchema } from "./scenario-schema.ts";
import { readSource, type Source, sourceOf } from "./scenario-source.ts";

/**
 * Reads and checks one file. `set` gives parameters other values than their defaults, each as "homes=400". Throws
 * ScenarioError, never anything else, for whatever the file holds.
 */
export function readScenario(path: string, set: readonly string[] = []): Scenario {
  return scenarioOf(readSource(path), set);
}

/** The same for text at hand; `path` names it, and what it includes is looked for from there. */
export function parseScenario(text: string, path: string, set: readonly string[] = []): Scenario {
  return scenarioOf(sourceOf(text, path), set);
}

/** The entries of one file and all that it includes, put together with parameters filled in: a file that stands alone. Throws as readScenario does. */
export function readEntries(path: string, set: readonly string[] = []): ScenarioFile {
  const { $schema: _, include: _parts, parameters: _filled, ...entries } = gather(readSource(path), set).entries;
  return entries;
}

interface Gathered {
  readonly files: readonly Included[];
  readonly merged: Merged;
  readonly entries: ScenarioFile;
}

function gather(root: Source, set: readonly string[]): Gathered {
  const files = gatherFiles(root);
  const merged = new Merged(files, fillParameters(files, set), root);
  if (merged.problems.length > 0) throw new ScenarioError(root.path, merged.problems);
  const parsed = scenarioSchema.safeParse(merged.data);
  if (!parsed.success) throw told(root, merged, explainIssues(parsed.error.issues, merged.data, scenarioSchema));
  return { files, merged, entries: parsed.data };
}

function scenarioOf(root: Source, set: readonly string[]): Scenario {
  const { files, merged, entries } = gather(root, set);
  const complaints: Complaint[] = [];
  const parts = files.filter(({ source }) => source !== root).map(({ source }) => source.path);
  const origin = { path: root.path, files: [root.path, ...parts], set };
  const scenario = resolveScenario(entries, origin, (place, message, hint) => {
    const shown = complaints.length < mostProblems && typeof hint === "function" ? hint() : undefined;
    complaints.push({ path: place, onKey: false, message, hint: typeof hint === "string" ? hint : shown });
  });
  if (scenario === undefined) throw told(root, merged, complaints);
  return scenario;
}

/** In the order of the files, the scenario's own first. */
function told(root: Source, merged: Merged, complaints: readonly Complaint[]): ScenarioError {
  const rank = (path: string): number => (path === root.path ? 0 : 1);
  const problems = complaints.map((complaint) => merged.problemOf(complaint));
  problems.sort(
    (a, b) =>
      rank(a.path) - rank(b.path) ||
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column,
  );
  return new ScenarioError(root.path, problems);
}
