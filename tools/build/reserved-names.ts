/**
 * Espruino reads `of` as a word of the language wherever it stands, and shortening gives names of two letters: a variable that is
 * called so ends the script with "Got of". Members may bear the name, methods may not.
 */
import type { AnyNode } from "acorn";
import { isReference, parseScript, walk } from "./syntax-tree.ts";

const reserved = "of";

/** The script with every variable of that name under another of the same length that nothing in it bears: source maps hold. */
export function withoutReservedNames(script: string): string {
  const places: { readonly at: number; readonly shorthand: boolean }[] = [];
  const names = new Set<string>();
  walk(parseScript(script), (node: AnyNode, ancestors) => {
    if (node.type !== "Identifier") return;
    names.add(node.name);
    const parent = ancestors[ancestors.length - 1];
    if (node.name !== reserved || !isReference(node, parent)) return;
    places.push({ at: node.start, shorthand: parent?.type === "Property" && parent.shorthand });
  });
  const other = freeName(names);
  let text = script;
  const at = new Map(places.map((place) => [place.at, place.shorthand]));
  for (const [start, shorthand] of [...at].sort(([one], [two]) => two - one))
    text = text.slice(0, start) + (shorthand ? `${reserved}:${other}` : other) + text.slice(start + reserved.length);
  return text;
}

function freeName(names: ReadonlySet<string>): string {
  for (const first of "$_abcdefghijklmnopqrstuvwxyz")
    for (const second of "$_0123456789") if (!names.has(first + second)) return first + second;
  throw new Error("reserved names: every short name is taken");
}
