/** Plants the bug that LIVLINA_BUG names into the files that a test run loads. */

import { plant } from "./bug.ts";
import { plantedBugs } from "./list.ts";

/** What vite asks of a plugin, as far as it is needed. */
interface LoadPlugin {
  readonly name: string;
  readonly enforce: "pre";
  transform(code: string, path: string): string | undefined;
}

/** Undefined without a name. Throws where no bug has this name. */
export function bugPlugin(name: string | undefined): LoadPlugin | undefined {
  if (name === undefined || name === "") return undefined;
  const bug = plantedBugs.find((each) => each.name === name);
  if (bug === undefined) throw new Error(`LIVLINA_BUG: there is no planted bug "${name}"`);
  return {
    name: "planted-bug",
    enforce: "pre",
    transform: (code, path) => (path.split("?")[0]?.endsWith(`/${bug.file}`) ? plant(bug, code) : undefined),
  };
}
