/** The table of planted bugs in a README: made by a run, read back by a test. */

export interface Caught {
  readonly bug: string;
  /** Full title of the first test that went red. */
  readonly test: string;
  /** From the start of the test run to its end. */
  readonly seconds: number;
}

const head = "| planted bug | caught by | s |\n| --- | --- | --- |\n";

/** The text with its table of planted bugs replaced. Throws where it has none. */
export function withTable(text: string, caught: readonly Caught[]): string {
  const from = tableStart(text);
  const end = text.indexOf("\n\n", from);
  const rows = caught.map(({ bug, test, seconds }) => `| ${cell(bug)} | ${cell(test)} | ${seconds.toFixed(0)} |`);
  return text.slice(0, from) + head + rows.join("\n") + (end < 0 ? "\n" : text.slice(end));
}

/** The names of the bugs in the text's table. */
export function bugsInTable(text: string): string[] {
  const from = tableStart(text);
  const rows = text.slice(from + head.length).split("\n");
  const end = rows.findIndex((row) => !row.startsWith("|"));
  return rows
    .slice(0, end < 0 ? undefined : end)
    .map((row) => row.split(" | ")[0]?.slice(2).replaceAll("\\|", "|") ?? "");
}

function tableStart(text: string): number {
  const from = text.indexOf(head);
  if (from < 0) throw new Error("planted bugs: the table is not there");
  return from;
}

function cell(text: string): string {
  return text.trim().replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}
