/**
 * Puts a method that only one other method of its class calls inside that one, as an arrow function: `this` means the same there. It then
 * takes memory only while its caller runs (see `sinking.ts`).
 */
import type { AnyNode, ClassBody, MethodDefinition } from "acorn";
import { childrenOf, declaredBy, isFunction, isReference, namesOf, parseScript, walk } from "./syntax-tree.ts";
import { type Edit, edited } from "./text-edits.ts";

interface Use {
  /** The class and the method that it stands in, and whether the method's own body calls it as `this.name(...)`. */
  readonly owner: ClassBody | undefined;
  readonly method: MethodDefinition | undefined;
  readonly isOwnCall: boolean;
  readonly node: AnyNode;
}

/** `bundle` with as many methods moved as can be. Answers the same number of lines. */
export function withMethodsInside(bundle: string): string {
  for (let text = bundle; ; ) {
    const next = onePass(text);
    if (next === text) return text;
    text = next;
  }
}

function onePass(bundle: string): string {
  const program = parseScript(bundle);
  const uses = usesOf(program);
  const edits: Edit[] = [];
  const touched = new Set<MethodDefinition>();
  walk(program, (node, ancestors) => {
    if (node.type !== "MethodDefinition" || node.kind !== "method" || node.static || node.computed) return;
    if (node.key.type !== "Identifier" || touched.has(node)) return;
    const name = node.key.name;
    const all = uses.get(name) ?? [];
    const owner = ancestors[ancestors.length - 1];
    const host = all[0]?.method;
    if (host === undefined || host === node || touched.has(host)) return;
    if (!all.every((use) => use.isOwnCall && use.owner === owner && use.method === host)) return;
    if (!meansTheSame(node, host, name)) return;
    touched.add(node).add(host);
    edits.push(...moveOf(bundle, node, host, name, all));
  });
  return edited(bundle, edits);
}

function moveOf(
  bundle: string,
  method: MethodDefinition,
  host: MethodDefinition,
  name: string,
  uses: readonly Use[],
): Edit[] {
  const { params, body } = method.value;
  const first = params[0];
  const last = params[params.length - 1];
  const list = first === undefined || last === undefined ? "" : bundle.slice(first.start, last.end);
  const inside = bundle.slice(body.start, body.end);
  const lines = inside.split("\n").length - 1;
  const at = host.value.body.start + 1;
  const edits: Edit[] = [
    { start: method.start, end: method.end, text: "\n".repeat(lines) },
    { start: at, end: at, text: ` const ${name} = (${list}) => ${inside.split("\n").join(" ")};` },
  ];
  for (const { node } of uses) edits.push({ start: node.start, end: node.end, text: name });
  return edits;
}

/** Whether all that the method names is the same thing inside `host`, and whether `host` has no such name of its own. */
function meansTheSame(method: MethodDefinition, host: MethodDefinition, name: string): boolean {
  const taken = new Set<string>();
  let makesFunctions = false;
  walk(host.value, (node, ancestors) => {
    if (node !== host.value && isFunction(node) && !isMoved(node, ancestors)) makesFunctions = true;
    for (const each of declaredBy(node)) taken.add(each);
    const parent = ancestors[ancestors.length - 1];
    if (node.type === "Identifier" && isReference(node, parent) && node.name === name) taken.add(name);
  });
  const own = new Set<string>();
  const named = new Set<string>();
  walk(method.value, (node, ancestors) => {
    for (const each of declaredBy(node)) own.add(each);
    const parent = ancestors[ancestors.length - 1];
    if (node.type === "Identifier" && isReference(node, parent)) named.add(node.name);
  });
  for (const param of method.value.params) for (const each of namesOf(param)) own.add(each);
  // What the host makes and hands out would keep this one in memory with it.
  if (makesFunctions || taken.has(name) || named.has("arguments")) return false;
  for (const each of named) if (taken.has(each) && !own.has(each)) return false;
  return true;
}

/** Made by an earlier move: nobody keeps it. */
function isMoved(node: AnyNode, ancestors: readonly AnyNode[]): boolean {
  const parent = ancestors[ancestors.length - 1];
  return parent?.type === "VariableDeclarator" && parent.init === node;
}

function usesOf(program: AnyNode): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  const put = (name: string, use: Use): void => void uses.set(name, [...(uses.get(name) ?? []), use]);
  const enter = (
    node: AnyNode,
    parent: AnyNode | undefined,
    owner: ClassBody | undefined,
    method: MethodDefinition | undefined,
    nested: boolean,
  ): void => {
    if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier") {
      const isOwnCall =
        !nested && node.object.type === "ThisExpression" && parent?.type === "CallExpression" && parent.callee === node;
      put(node.property.name, { owner, method, isOwnCall, node });
    }
    if (node.type === "Property" && node.key.type === "Identifier")
      put(node.key.name, { owner, method, isOwnCall: false, node });
    if (node.type === "Literal" && typeof node.value === "string")
      put(node.value, { owner, method, isOwnCall: false, node });
    for (const child of childrenOf(node)) {
      if (child.type === "MethodDefinition" && node.type === "ClassBody") {
        if (child.key.type === "Identifier" && sameNamed(node, child.key.name) > 1)
          put(child.key.name, { owner, method, isOwnCall: false, node: child });
        enter(child.value, child, node, child, false);
      } else enter(child, node, owner, method, nested || isFunction(child));
    }
  };
  enter(program, undefined, undefined, undefined, false);
  countOwners(program, put);
  return uses;
}

function sameNamed(body: ClassBody, name: string): number {
  return body.body.filter(
    (each) => each.type === "MethodDefinition" && each.key.type === "Identifier" && each.key.name === name,
  ).length;
}

/** A name that two classes have may be called on either: it stays. */
function countOwners(program: AnyNode, put: (name: string, use: Use) => void): void {
  const owners = new Map<string, ClassBody>();
  walk(program, (node, ancestors) => {
    if (node.type !== "MethodDefinition" || node.key.type !== "Identifier") return;
    const owner = ancestors[ancestors.length - 1] as ClassBody;
    const former = owners.get(node.key.name);
    if (former !== undefined && former !== owner)
      put(node.key.name, { owner: undefined, method: undefined, isOwnCall: false, node });
    owners.set(node.key.name, owner);
  });
}
