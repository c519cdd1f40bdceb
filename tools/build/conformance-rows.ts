/**
 * The tables from duty to test (`CONFORMANCE.md` of a layer): which tests a row names, and whether they stand. A test is named by its
 * file in backticks and, where the file has several, by titles in quotes behind it; a title may be cut at its end, with an ellipsis.
 */
import type { SourceFile } from "./sources.ts";

export interface ConformanceRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows of all tables, without heads and rules. */
export function conformanceRows(text: string): ConformanceRow[] {
  const rows: ConformanceRow[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (!line.startsWith("|") || /^\|[-| :]+\|$/.test(line) || /^\|[-| :]+\|$/.test(lines[i + 1] ?? "")) continue;
    rows.push({
      line: i + 1,
      cells: line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    });
  }
  return rows;
}

/** Complaints of rows that name no test, or a title that its file has not. `read` answers undefined where there is no such file. */
export function untrueTests(file: SourceFile, read: (path: string) => string | undefined): string[] {
  const complaints: string[] = [];
  for (const { line, cells } of conformanceRows(file.text)) {
    const named = testsIn(cells.at(-1) ?? "");
    if (named.length === 0) complaints.push(`${file.path}:${line}: names no test`);
    for (const { path, titles } of named) {
      const text = read(path);
      if (text === undefined) complaints.push(`${file.path}:${line}: names ${path}, which is not there`);
      else
        for (const title of untold(text, titles))
          complaints.push(`${file.path}:${line}: ${path} has no test "${title}"`);
    }
  }
  return complaints;
}

interface NamedTest {
  readonly path: string;
  readonly titles: readonly string[];
}

/** Titles in quotes belong to the file in backticks before them. */
function testsIn(cell: string): NamedTest[] {
  const tests: { readonly path: string; readonly titles: string[] }[] = [];
  for (const match of cell.matchAll(/`([^`]+\.test\.ts)`|"([^"]+)"/g)) {
    if (match[1] !== undefined) tests.push({ path: match[1], titles: [] });
    else tests.at(-1)?.titles.push(match[2] ?? "");
  }
  return tests;
}

/** Titles that no test of the file begins with. */
function untold(text: string, titles: readonly string[]): string[] {
  const calls = text.matchAll(/(?:\btest(?:\.concurrent)?\(|\)\()\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g);
  const known = [...calls].map(([, quoted, template]) => quoted ?? template ?? "");
  return titles.filter((title) => !known.some((whole) => whole.startsWith(title.replace(/(?:…|\.\.\.)$/, ""))));
}
