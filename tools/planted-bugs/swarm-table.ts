/** The planted bugs that swarms have told, as the README's table has them, and those that nobody has found yet: both read back by a test. */

const head = "| planted bug | seed | faults and steps left | told by |\n| --- | --- | --- | --- |\n";
const leftHead = "Not found yet: ";

/** A row: the bug, the seed of the story that told it, and the checker. */
export interface ToldRow {
  readonly name: string;
  readonly seed: number;
  readonly by: string;
}

/** Throws where the text has no such table, or a row without a seed. */
export function bugsTold(text: string): ToldRow[] {
  const from = text.indexOf(head);
  if (from < 0) throw new Error("planted bugs: the table of the swarm is not there");
  const rows = text.slice(from + head.length).split("\n");
  const end = rows.findIndex((row) => !row.startsWith("|"));
  return rows.slice(0, end).map((row) => {
    const [, name, seed, by] = /^\| (.+) \| (\d+) \| \d+ \| (\S+) \|$/.exec(row) ?? [];
    if (name === undefined || by === undefined) throw new Error(`planted bugs: no row of the swarm's table: ${row}`);
    return { name, seed: Number(seed), by };
  });
}

/** Names in the sentence that says which are still to be found; none where there is no such sentence. */
export function bugsLeft(text: string): string[] {
  const from = text.indexOf(leftHead);
  if (from < 0) return [];
  const sentence = text.slice(from + leftHead.length, text.indexOf("\n\n", from));
  return [...sentence.replaceAll("\n", " ").matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? "");
}
