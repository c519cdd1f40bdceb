/** The repository's own text files, as the house rules read them. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface SourceFile {
  /** From the root, with "/". */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
  /** `import type`: nothing of it runs. */
  readonly typeOnly: boolean;
}

/** Made by tools or brought by npm: not ours to judge. */
const foreignFolders = ["node_modules", ".git", ".cache", "out", "coverage", "vectors"];
const textEndings = [".ts", ".js", ".json", ".md", ".yaml", ".yml", ".html", ".css", ".sh", ".py", "run"];

/** Every text file below `root`, sorted by path. */
export function repositoryFiles(root: string): SourceFile[] {
  const paths: string[] = [];
  const enter = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !foreignFolders.includes(entry.name)) enter(path);
      if (entry.isFile() && textEndings.some((ending) => entry.name.endsWith(ending))) paths.push(path);
    }
  };
  enter("");
  return paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.endsWith("/arbitraries.ts");
}

/** What a file imports or exports from elsewhere, `import()` included. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const pattern = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;
  for (const match of text.matchAll(pattern)) {
    const specifier = match[2] ?? match[3] ?? "";
    found.push({ specifier, line: lineAt(text, match.index), typeOnly: match[1] !== undefined });
  }
  return found;
}

/** Path from the root that a relative import of `from` names. */
export function resolveImport(from: string, specifier: string): string {
  return join(dirname(from), specifier);
}

/** Line number, from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
