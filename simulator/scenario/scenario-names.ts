/** The names that a scenario file gives, and how a name that is none of them is told. */
import { nearest } from "./scenario-units.ts";

export type FilePath = readonly (string | number)[];

/** Takes what is wrong with the value at a place of the file, and what to try. Checking goes on after it. */
export type Complain = (path: FilePath, message: string, hint?: string | (() => string)) => void;

/** Everything that later steps look up. */
export interface Names {
  readonly receivers: readonly string[];
  readonly operators: readonly string[];
  readonly cells: readonly string[];
  readonly broadband: readonly string[];
  readonly power: readonly string[];
  readonly groups: readonly string[];
}

/** Says so when `name` is none of `known`, with the nearest one. */
export function checkName(
  what: string,
  name: string,
  known: readonly string[],
  path: FilePath,
  complain: Complain,
): void {
  if (known.includes(name)) return;
  complain(path, `there is no ${what} "${name}"`, () => nameHint(what, name, known));
}

/** Worked out for shown complaints only: a fleet has many names to compare with. */
export function nameHint(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  const more = known.length > 8 ? " ..." : "";
  return known.length === 0 ? `the file names no ${what}` : `${what}s here: ${known.slice(0, 8).join(", ")}${more}`;
}
