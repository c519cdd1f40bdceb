/** The table of planted bugs and the swarms that found them. */
import type { Hunt } from "./hunt.ts";
import { swarmBlind } from "./swarm-blind.ts";

/** Every bug of `names` in that order; those that were not hunted yet are only counted. */
export function huntTable(hunts: readonly Hunt[], names: readonly string[]): string {
  const by = new Map(hunts.map((one) => [one.bug, one]));
  const rows: string[] = [];
  let left = 0;
  let found = 0;
  let missed = 0;
  for (const name of names) {
    const one = by.get(name);
    const blind = swarmBlind[name];
    if (blind !== undefined) rows.push(`| ${name} | | | device tests alone: ${blind} |`);
    else if (one === undefined) left++;
    else if (one.found === undefined) {
      missed++;
      rows.push(`| ${name} | ${one.seeds} | | not found; ${one.changed} stories came to its line |`);
    } else {
      found++;
      const size = one.found.size === 0 ? "" : String(one.found.size);
      rows.push(`| ${name} | ${one.seeds} | ${size} | ${one.found.by} |`);
    }
  }
  const head = "| planted bug | stories | faults and steps left | told by |\n| --- | --- | --- | --- |";
  return [head, ...rows, "", `${found} found, ${missed} not found, ${left} not hunted yet`].join("\n");
}
