/** Names of private methods made unlike all others, so that a call by such a name can mean nothing else (`on-call.ts`). */
import { parseScript, walk } from "./syntax-tree.ts";
import { type Edit, edited } from "./text-edits.ts";

/** Classes and members as the formatter puts them. */
const openingOrMethod = /^(?:export )?class (\w+)|^ {2}private (\w+)\(/gm;

/** `bundle` is not minified; `sources` are what it was made of. The types see to it that `this.name` is the only way to a private method. */
export function withOwnMethods(bundle: string, sources: readonly string[]): string {
  const hidden = new Map<string, Set<string>>();
  for (const source of sources) {
    let own = new Set<string>();
    for (const [, name, method] of source.matchAll(openingOrMethod))
      if (name !== undefined) {
        own = new Set();
        hidden.set(name, own);
      } else if (method !== undefined) own.add(method);
  }
  const edits: Edit[] = [];
  walk(parseScript(bundle), (node, ancestors) => {
    if (node.type !== "Identifier") return;
    const parent = ancestors[ancestors.length - 1];
    const isOwn = parent?.type === "MemberExpression" && !parent.computed && parent.object.type === "ThisExpression";
    if (!(isOwn && parent.property === node) && !(parent?.type === "MethodDefinition" && parent.key === node)) return;
    const place = ancestors.findLastIndex((each) => each.type === "ClassExpression");
    const holder = ancestors[place - 1];
    if (holder?.type !== "VariableDeclarator" || holder.id.type !== "Identifier") return;
    if (hidden.get(holder.id.name)?.has(node.name) === true)
      edits.push({ start: node.start, end: node.end, text: `${node.name}Of${holder.id.name}` });
  });
  return edited(bundle, edits);
}
