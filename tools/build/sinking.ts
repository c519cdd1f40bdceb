/**
 * Puts a function or class that only one other function leads to inside that one. An engine that runs a script from its source keeps some seven
 * records in memory for each function that stands at the top, called or not; one that stands inside another takes them only while that runs.
 *
 * Moved are functions that are only ever called, never handed over as values, and whose names mean the same at the new place. A function
 * that makes others takes none in: what it made would keep them.
 */
import type { FunctionDeclaration, Program, Statement, VariableDeclaration } from "acorn";
import { declaredBy, isFunction, isReference, namesOf, parseScript, walk } from "./syntax-tree.ts";

/** A stretch of the text as it was: what the new text is made of. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

interface Unit {
  readonly name: string;
  /** A class is a variable that it is given to. */
  readonly node: FunctionDeclaration | VariableDeclaration;
  /** Names of the top that it uses, and of those the ones that it calls. */
  readonly uses: ReadonlySet<string>;
  readonly locals: ReadonlySet<string>;
  /** It makes functions that may outlive its call, and with them all that stands in it. */
  readonly makesFunctions: boolean;
}

/** The pieces of `bundle`, an arrow function that calls itself, in their new order. */
export function sunk(bundle: string): Piece[] {
  const top = topOf(parseScript(bundle));
  const units = unitsOf(top);
  const parents = parentsOf(units, rootsOf(top, units), calledAtLoad(top));
  const children = new Map<string, Unit[]>();
  for (const [name, parent] of parents) {
    const unit = units.get(name);
    if (unit !== undefined) children.set(parent, [...(children.get(parent) ?? []), unit]);
  }
  const moved = [...parents.keys()].flatMap((name) => units.get(name) ?? []);
  const pieces: Piece[] = [];
  let at = 0;
  const put = (unit: Unit): void => {
    if (unit.node.type === "VariableDeclaration") {
      pieces.push({ start: unit.node.start, end: unit.node.end });
      return;
    }
    const inside = unit.node.body.start + 1;
    pieces.push({ start: unit.node.start, end: inside });
    for (const child of children.get(unit.name) ?? []) put(child);
    pieces.push({ start: inside, end: unit.node.end });
  };
  for (const unit of [...units.values()].sort((one, other) => one.node.start - other.node.start)) {
    if (!moved.includes(unit) && !children.has(unit.name)) continue;
    pieces.push({ start: at, end: unit.node.start });
    if (!moved.includes(unit)) put(unit);
    at = unit.node.end;
  }
  pieces.push({ start: at, end: bundle.length });
  return pieces;
}

/** What stands at the top of the one function that a bundle is. */
export function topOf(program: Program): readonly Statement[] {
  const first = program.body.find((statement) => statement.type === "ExpressionStatement");
  if (first?.type === "ExpressionStatement" && first.expression.type === "CallExpression") {
    const callee = first.expression.callee;
    if (callee.type === "ArrowFunctionExpression" && callee.body.type === "BlockStatement") return callee.body.body;
  }
  throw new Error("sinking: the bundle is not one function that is called");
}

function unitsOf(top: readonly Statement[]): Map<string, Unit> {
  const names = new Set(
    top.flatMap((node) => (node.type === "FunctionDeclaration" ? namesOf(node.id) : declaredBy(node))),
  );
  const units = new Map<string, Unit>();
  for (const node of top) {
    const name = unitName(node);
    if (name === undefined || (node.type !== "FunctionDeclaration" && node.type !== "VariableDeclaration")) continue;
    const locals = new Set<string>();
    const uses = new Set<string>();
    let makesFunctions = false;
    walk(node, (inner, ancestors) => {
      if (inner !== node && isFunction(inner)) makesFunctions = true;
      if (inner !== node) for (const each of declaredBy(inner)) locals.add(each);
      const parent = ancestors[ancestors.length - 1];
      if (inner.type === "Identifier" && isReference(inner, parent) && names.has(inner.name)) uses.add(inner.name);
    });
    if (node.type === "FunctionDeclaration")
      for (const param of node.params) for (const each of namesOf(param)) locals.add(each);
    uses.delete(name);
    units.set(name, { name, node, uses, locals, makesFunctions });
  }
  return units;
}

/** The name of a function or of a class. */
function unitName(node: Statement): string | undefined {
  if (node.type === "FunctionDeclaration") return node.id.name;
  if (node.type !== "VariableDeclaration" || node.declarations.length !== 1) return undefined;
  const [only] = node.declarations;
  return only?.init?.type === "ClassExpression" && only.id.type === "Identifier" ? only.id.name : undefined;
}

/** Functions and classes that something else than a call inside another one leads to: they stay at the top. */
function rootsOf(top: readonly Statement[], units: ReadonlyMap<string, Unit>): Set<string> {
  const roots = new Set<string>();
  for (const statement of top) {
    const own = unitName(statement);
    walk(statement, (node, ancestors) => {
      if (node.type !== "Identifier" || !units.has(node.name) || node.name === own) return;
      const parent = ancestors[ancestors.length - 1];
      if (!isReference(node, parent)) return;
      const isCall = (parent?.type === "CallExpression" || parent?.type === "NewExpression") && parent.callee === node;
      if (!isCall || own === undefined) roots.add(node.name);
    });
  }
  return roots;
}

/** What a start makes lives as long as the device does: nothing is won by standing in there. */
function calledAtLoad(top: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of top)
    if (statement.type === "ExpressionStatement" && statement.expression.type === "CallExpression")
      for (const name of namesOf(statement.expression.callee)) names.add(name);
  return names;
}

/** The function that each movable one goes into. */
function parentsOf(
  units: ReadonlyMap<string, Unit>,
  roots: ReadonlySet<string>,
  starters: ReadonlySet<string>,
): Map<string, string> {
  const callers = new Map<string, string[]>();
  for (const unit of units.values())
    for (const used of unit.uses) callers.set(used, [...(callers.get(used) ?? []), unit.name]);
  const parents = new Map<string, string>();
  for (const name of units.keys()) {
    let parent = roots.has(name) ? undefined : dominatorOf(name, callers, roots);
    // Nothing can stand in a class: beside it.
    while (parent !== undefined && units.get(parent)?.node.type === "VariableDeclaration")
      parent = roots.has(parent) ? undefined : dominatorOf(parent, callers, roots);
    if (parent !== undefined && !starters.has(parent)) parents.set(name, parent);
  }
  for (let before = -1; before !== parents.size; ) {
    before = parents.size;
    for (const [name, parent] of parents) if (!mayStand(name, parent, units, callers, parents)) parents.delete(name);
  }
  return parents;
}

/** The nearest function through which each way to `name` leads. */
function dominatorOf(
  name: string,
  callers: ReadonlyMap<string, readonly string[]>,
  roots: ReadonlySet<string>,
): string | undefined {
  const above = reachedFrom(name, callers, undefined);
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of above) {
    if (candidate === name) continue;
    const past = reachedFrom(name, callers, candidate);
    if ([...past].some((each) => roots.has(each))) continue;
    const below = past.size;
    if (below < least) {
      least = below;
      nearest = candidate;
    }
  }
  return nearest;
}

/** All that lead to `name`, itself included, without going past `without`. */
function reachedFrom(
  name: string,
  callers: ReadonlyMap<string, readonly string[]>,
  without: string | undefined,
): Set<string> {
  const reached = new Set([name]);
  const queue = [name];
  for (let due = queue.pop(); due !== undefined; due = queue.pop())
    for (const caller of callers.get(due) ?? [])
      if (caller !== without && !reached.has(caller)) {
        reached.add(caller);
        queue.push(caller);
      }
  return reached;
}

function mayStand(
  name: string,
  parent: string,
  units: ReadonlyMap<string, Unit>,
  callers: ReadonlyMap<string, readonly string[]>,
  parents: ReadonlyMap<string, string>,
): boolean {
  const unit = units.get(name);
  for (const caller of callers.get(name) ?? []) if (!isInside(caller, parent, parents)) return false;
  for (let outer: string | undefined = parent; outer !== undefined; outer = parents.get(outer)) {
    const locals = units.get(outer)?.locals;
    if (units.get(outer)?.makesFunctions === true) return false;
    if (locals === undefined || unit === undefined || outer === name || locals.has(name)) return false;
    for (const used of unit.uses) if (locals.has(used)) return false;
  }
  return true;
}

function isInside(name: string, outer: string, parents: ReadonlyMap<string, string>): boolean {
  for (let at: string | undefined = name; at !== undefined; at = parents.get(at)) if (at === outer) return true;
  return false;
}
