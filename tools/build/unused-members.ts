/**
 * Leaves out methods, and functions in object literals, that nothing can ever reach by their name: a bundler keeps whole classes, and on a
 * button each method takes memory, called or not.
 */
import type { AnyNode } from "acorn";
import { childrenOf, isFunction, parseScript } from "./syntax-tree.ts";
import { type Edit, edited } from "./text-edits.ts";

interface Member {
  /** What goes when it is not used. */
  readonly whole: AnyNode;
  readonly value: AnyNode;
}

/** `kept`: names that the engine calls by itself. Keeps the lines. */
export function withoutUnused(bundle: string, kept: ReadonlySet<string>): string {
  const members = new Map<string, Member[]>();
  const live = new Set<string>();
  const queue: AnyNode[] = [parseScript(bundle)];
  for (let due = queue.pop(); due !== undefined; due = queue.pop()) {
    const found = namesIn(due, (name, member) => {
      if (kept.has(name) || live.has(name)) queue.push(member.value);
      members.set(name, [...(members.get(name) ?? []), member]);
    });
    for (const name of found) {
      if (live.has(name)) continue;
      live.add(name);
      for (const member of members.get(name) ?? []) if (!kept.has(name)) queue.push(member.value);
    }
  }
  const edits: Edit[] = [];
  for (const [name, all] of members)
    if (!live.has(name) && !kept.has(name)) for (const { whole } of all) edits.push(removalOf(bundle, whole));
  return edited(bundle, edits);
}

/** Names that the code reads of any object; its methods are handed over instead of looked into. */
function namesIn(root: AnyNode, onMember: (name: string, member: Member) => void): Set<string> {
  const names = new Set<string>();
  const enter = (node: AnyNode): void => {
    if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier")
      names.add(node.property.name);
    if (node.type === "Literal" && typeof node.value === "string") names.add(node.value);
    for (const child of childrenOf(node)) {
      const isMember =
        (child.type === "MethodDefinition" && child.kind !== "constructor") ||
        (child.type === "Property" && node.type === "ObjectExpression" && isFunction(child.value));
      if (isMember && !child.computed && child.key.type === "Identifier")
        onMember(child.key.name, { whole: child, value: child.value });
      else enter(child);
    }
  };
  enter(root);
  return names;
}

/** A property goes with the comma behind it. */
function removalOf(bundle: string, node: AnyNode): Edit {
  let end = node.end;
  if (node.type === "Property") {
    const comma = /^\s*,/.exec(bundle.slice(end));
    if (comma !== null) end += comma[0].length;
  }
  const lines = bundle.slice(node.start, end).split("\n").length - 1;
  return { start: node.start, end, text: "\n".repeat(lines) };
}
