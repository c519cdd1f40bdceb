/** The reference in tools/README.md, made from the commands themselves; `npx tsx tools/help/reference.ts` writes it there. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { exitCodes } from "../exit-codes.ts";
import { type CommandNode, commandTree } from "./command-tree.ts";

export const referencePath = fileURLToPath(new URL("../README.md", import.meta.url));
const begin = "<!-- reference: made by tools/help/reference.ts -->\n";
const end = "<!-- end of the reference -->\n";

/** The README with the reference as it should be. Throws where it has no place for one. */
export function withReference(readme: string, tree: readonly CommandNode[]): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no place for the reference: ${begin.trim()} ... ${end.trim()}`);
  return readme.slice(0, from) + begin + referenceText(tree) + readme.slice(to);
}

function referenceText(tree: readonly CommandNode[]): string {
  const codes = exitCodes.map(({ code, meaning }) => `| ${code} | ${meaning} |\n`).join("");
  const groups = [...new Set(tree.map(({ group }) => group))];
  const leaves = tree.filter(({ below, flags }) => below.length === 0 || flags.length > 0);
  const tables = groups.map((group) => {
    const rows = leaves.filter((node) => node.group === group).map(rowOf);
    return `### ${group}\n\n| command | what it does | flags |\n|---|---|---|\n${rows.join("")}`;
  });
  return `\n| exit code | meaning |\n|---|---|\n${codes}\n${tables.join("\n")}\n`;
}

function rowOf({ path, takes, description, flags }: CommandNode): string {
  const names = flags.map(({ name }) => `\`${name}\``).join(" ");
  return `| \`livlina ${path}${takes === "" ? "" : ` ${takes}`}\` | ${cell(description)} | ${names} |\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const readme = readFileSync(referencePath, "utf8");
  writeFileSync(referencePath, withReference(readme, await commandTree()));
}
