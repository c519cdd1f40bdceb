/** The planted bugs that swarms have told, as the README's table has them, and those that nobody has found yet: both read back by a test. */

const head = "| planted bug | seed | faults and steps left | told by |\n| --- | --- | --- | --- |\n";
const leftHead = "Not found yet: ";

/** Names in the table's first column. Throws where the text has no such table. */
export function bugsTold(text: string): string[] {
  const from = text.indexOf(head);
  if (from < 0) throw new Error("planted bugs: the table of the swarm is not there");
  const rows = text.slice(from + head.length).split("\n");
  return rows
    .slice(
      0,
      rows.findIndex((row) => !row.startsWith("|")),
    )
    .map((row) => row.split(" | ")[0]?.slice(2) ?? "");
}

/** Names in the sentence that says which are still to be found; none where there is no such sentence. */
export function bugsLeft(text: string): string[] {
  const from = text.indexOf(leftHead);
  if (from < 0) return [];
  const sentence = text.slice(from + leftHead.length, text.indexOf("\n\n", from));
  return [...sentence.replaceAll("\n", " ").matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? "");
}
