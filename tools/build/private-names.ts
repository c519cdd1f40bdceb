/**
 * Members that nobody outside their class can see, so that a minified bundle may give them short names: a device pays for
 * each name twice, in the storage of its script and in the memory of every object that bears it.
 */
import { parseScript, walk } from "./syntax-tree.ts";

/** Members as the formatter puts them: two blanks in. Fields of interfaces look like public ones, which only makes us careful. */
const privateMember = /^ {2}private (?:static )?(?:readonly )?(?:get )?(\w+)/gm;
const openMember = /^ {2}(?!private )(?:static |readonly |get )*(\w+)[(<:?]/gm;

/**
 * Names that are declared `private` and nothing else in `sources`, and that `bundle` (not minified) uses only as `this.name`.
 * A name that any value, port or message bears too is not among them.
 */
export function privateNames(sources: readonly string[], bundle: string): string[] {
  const hidden = new Set<string>();
  const seen = new Set<string>();
  for (const source of sources) {
    for (const match of source.matchAll(privateMember)) hidden.add(match[1] ?? "");
    for (const match of source.matchAll(openMember)) seen.add(match[1] ?? "");
  }
  walk(parseScript(bundle), (node) => {
    if (node.type === "MemberExpression" && !node.computed && node.object.type !== "ThisExpression") {
      if (node.property.type === "Identifier") seen.add(node.property.name);
    }
    if (node.type === "Property" && !node.computed && node.key.type === "Identifier") seen.add(node.key.name);
    if (node.type === "Literal" && typeof node.value === "string") seen.add(node.value);
  });
  return [...hidden].filter((name) => !seen.has(name)).sort();
}
