/** What depends on when things run: closures over loop variables, and functions used above their line. */
import type { AnyNode } from "acorn";
import type { Report } from "./dialect-syntax.ts";
import { childrenOf, declaredBy, isFunction, isLoop, isReference, namesOf, walk } from "./syntax-tree.ts";

/** Espruino gives all closures of a loop the variable's last value, with `let` and `const` too. */
export function checkLoopClosures(program: AnyNode, report: Report): void {
  walk(program, (node) => {
    if (!isLoop(node)) return;
    const declared = new Set<string>();
    const closures: AnyNode[] = [];
    const gather = (inner: AnyNode): void => {
      if (isFunction(inner)) {
        closures.push(inner);
        return;
      }
      for (const name of declaredBy(inner)) declared.add(name);
      for (const child of childrenOf(inner)) gather(child);
    };
    for (const child of childrenOf(node)) gather(child);
    for (const closure of closures) {
      const name = captured(closure, declared);
      if (name !== undefined)
        report(
          closure,
          `closure in a loop over ${name}`,
          "every closure sees its last value",
          "a function outside the loop",
        );
    }
  });
}

function captured(closure: AnyNode, names: ReadonlySet<string>): string | undefined {
  const own = new Set<string>();
  walk(closure, (node) => {
    for (const name of declaredBy(node)) own.add(name);
  });
  let found: string | undefined;
  walk(closure, (node, ancestors) => {
    if (node.type !== "Identifier" || !isReference(node, ancestors[ancestors.length - 1])) return;
    if (names.has(node.name) && !own.has(node.name)) found ??= node.name;
  });
  return found;
}

interface Declared {
  readonly at: number;
  readonly node: AnyNode;
}

/** Functions are not hoisted on Espruino: what runs while a script loads may only use what stands above it. */
export function checkLoadOrder(program: AnyNode, report: Report): void {
  walk(program, (node) => {
    if (node.type === "Program") checkScope(node.body, report);
    else if (isFunction(node) && node.body.type === "BlockStatement") checkScope(node.body.body, report);
  });
}

function checkScope(statements: readonly AnyNode[], report: Report): void {
  const scope = declarations(statements);
  if (scope.size === 0) return;
  const needs = new Map<string, ReadonlySet<string>>();
  for (const [name, declared] of scope) needs.set(name, namesIn(declared.node, scope));
  const running = (node: AnyNode, called: boolean): void => {
    if (isFunction(node)) {
      if (called) for (const child of childrenOf(node)) running(child, false);
      return;
    }
    if (node.type === "Identifier") {
      const late = firstLate(node.name, node.start, called, scope, needs);
      if (late !== undefined)
        report(
          node,
          `${late} is used above its line`,
          "functions are not hoisted on Espruino",
          "move the use below it",
        );
      return;
    }
    const calls = node.type === "CallExpression" || node.type === "NewExpression";
    for (const child of childrenOf(node)) {
      if (child.type === "Identifier" && !isReference(child, node)) continue;
      if (declaredHere(node, child)) continue;
      running(child, calls && (child === node.callee || isFunction(child) || child.type === "Identifier"));
    }
  };
  for (const statement of statements) {
    if (statement.type === "FunctionDeclaration") continue;
    running(statement, false);
  }
}

/** Functions, classes and constants of one scope, with the offset from which they can be used. */
function declarations(statements: readonly AnyNode[]): Map<string, Declared> {
  const scope = new Map<string, Declared>();
  for (const outer of statements) {
    const inner = outer.type === "ExportNamedDeclaration" && outer.declaration ? outer.declaration : outer;
    if (inner.type === "FunctionDeclaration" || inner.type === "ClassDeclaration")
      for (const name of namesOf(inner.id)) scope.set(name, { at: inner.start, node: inner });
    if (inner.type === "VariableDeclaration")
      for (const each of inner.declarations)
        for (const name of namesOf(each.id)) scope.set(name, { at: each.end, node: each.init ?? each });
  }
  return scope;
}

function namesIn(root: AnyNode, scope: ReadonlyMap<string, Declared>): Set<string> {
  const names = new Set<string>();
  const own = new Set<string>();
  walk(root, (node, ancestors) => {
    if (node !== root || isFunction(node)) for (const name of declaredBy(node)) own.add(name);
    if (node.type === "Identifier" && isReference(node, ancestors[ancestors.length - 1]) && scope.has(node.name))
      names.add(node.name);
  });
  for (const name of own) names.delete(name);
  return names;
}

/** The first name that using `name` at `at` needs and that stands below; through calls, if it is called. */
function firstLate(
  name: string,
  at: number,
  called: boolean,
  scope: ReadonlyMap<string, Declared>,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const declared = scope.get(next);
    if (declared === undefined || seen.has(next)) continue;
    seen.add(next);
    if (declared.at > at) return next;
    if (called) open.push(...(needs.get(next) ?? []));
  }
  return undefined;
}

function declaredHere(node: AnyNode, child: AnyNode): boolean {
  if (node.type === "VariableDeclarator") return child === node.id;
  if (node.type === "ClassDeclaration" || node.type === "ClassExpression") return child === node.id;
  return node.type === "ImportDeclaration";
}
