/** How a mistake in a scenario file is told: which file, which line, what is wrong, what to try. */

/** More are counted, not shown. */
export const mostProblems = 20;

export interface ScenarioProblem {
  /** The file that the line is in: the scenario's own, or one that it includes. */
  readonly path: string;
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string | undefined;
}

/** A file that is no scenario. The message holds one line per problem: `file:line:column: what`. */
export class ScenarioError extends Error {
  readonly path: string;
  readonly problems: readonly ScenarioProblem[];

  constructor(path: string, problems: readonly ScenarioProblem[]) {
    const shown = problems.slice(0, mostProblems);
    const lines = shown.map(problemText);
    if (problems.length > shown.length) lines.push(`... and ${problems.length - shown.length} more`);
    super(lines.join("\n"));
    this.name = "ScenarioError";
    this.path = path;
    this.problems = shown;
  }
}

/** A mistake of the file as a whole. */
export function wholeFileError(path: string, message: string, hint: string): ScenarioError {
  return new ScenarioError(path, [{ path, line: 0, column: 0, message, hint }]);
}

function problemText({ path, line, column, message, hint }: ScenarioProblem): string {
  const place = line === 0 ? path : `${path}:${line}:${column}`;
  return `${place}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
}
