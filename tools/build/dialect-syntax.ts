/** Constructs that Espruino 2v29 does not parse, or runs differently without a word. Each row was found by running it. */
import type { AnyNode } from "acorn";
import { childrenOf, declaredBy, isFunction, walk } from "./syntax-tree.ts";

/** What a rule has found, before it is known where the text came from. */
export interface Violation {
  readonly node: AnyNode;
  readonly what: string;
  readonly why: string;
  readonly instead: string;
}

export type Report = (node: AnyNode, what: string, why: string, instead: string) => void;

const noParse = "Espruino does not parse it";

/** Node types that are wrong wherever they stand. */
const forbiddenTypes: Readonly<Record<string, readonly [what: string, instead: string]>> = {
  ObjectPattern: ["destructuring", "name each field: const x = point.x"],
  ArrayPattern: ["destructuring", "take each element by its index"],
  RestElement: ["rest parameter", "an array as an ordinary parameter"],
  SpreadElement: ["spread", "push in a loop, or Object.assign"],
  AssignmentPattern: ["default parameter", "test for undefined in the body"],
  LabeledStatement: ["label", "a function with return, or a flag"],
  ChainExpression: ["optional chaining", "compare with undefined first"],
  YieldExpression: ["generator", "a plain loop and a callback"],
  AwaitExpression: ["await", "a callback"],
  PrivateIdentifier: ["#private name", "a field marked private in TypeScript"],
  TaggedTemplateExpression: ["tagged template", "call the function"],
  StaticBlock: ["static block", "a constant below the class"],
  MetaProperty: ["new.target or import.meta", "pass it in"],
  ImportExpression: ["dynamic import", "an import at the top"],
  WithStatement: ["with", "name the object"],
};

const builtInClasses = ["Error", "Array", "Object", "Promise", "Uint8Array", "Function", "String", "Number", "Date"];

/** Reports every forbidden construct. `lowered`: fields without a value are no longer expected, as in a bundle. */
export function checkSyntax(program: AnyNode, lowered: boolean, report: Report): void {
  const parents = superclasses(program);
  walk(program, (node, ancestors) => {
    const forbidden = forbiddenTypes[node.type];
    if (forbidden !== undefined) report(node, forbidden[0], noParse, forbidden[1]);
    checkOperators(node, report);
    // In a bundle esbuild itself writes var for what stands at the top of a module.
    if (!lowered && node.type === "VariableDeclaration" && node.kind === "var")
      report(node, "var", "it is not hoisted on Espruino, so it differs from Node", "const or let");
    checkLiteral(node, report);
    checkFunction(node, report);
    checkClass(node, lowered, parents, report);
    checkStatements(node, report);
    checkOf(node, lowered, report);
    if (node.type === "Super" && insideArrow(ancestors))
      report(node, "super inside an arrow", noParse, "call super before, or use a named method");
  });
}

/** A method of that name is told in a bundle alone: tests have benches with such methods, which no device gets. */
function checkOf(node: AnyNode, lowered: boolean, report: Report): void {
  const isMethod =
    lowered && node.type === "MethodDefinition" && node.key.type === "Identifier" && node.key.name === "of";
  if (isMethod || declaredBy(node).includes("of")) report(node, "of as a name", noParse, "another word");
}

function checkOperators(node: AnyNode, report: Report): void {
  if (node.type === "BinaryExpression" && node.operator === "**")
    report(node, "**", noParse, "multiply, or a loop: powers of two are shifts");
  if (node.type === "AssignmentExpression") {
    if (["**=", "||=", "&&=", "??="].includes(node.operator))
      report(node, node.operator, noParse, "write the assignment out");
    const target = node.left;
    if (
      target.type === "MemberExpression" &&
      target.property.type === "Identifier" &&
      target.property.name === "length" &&
      target.object.type !== "ThisExpression"
    )
      report(node, "assignment to length", "Espruino cannot cut an array so", "a new array, or pop in a loop");
  }
  if ((node.type === "Property" || node.type === "MethodDefinition") && node.computed)
    report(node, "computed key", noParse, "assign the field after the object is made");
}

function checkLiteral(node: AnyNode, report: Report): void {
  if (node.type === "Literal" && node.regex !== undefined && node.regex !== null)
    report(
      node,
      "regular expression",
      "counts, groups and lookahead never match on Espruino, silently",
      "a parser by hand",
    );
  if (node.type === "Literal" && typeof node.bigint === "string")
    report(node, "BigInt", "Espruino reads it as a plain number", "two 32-bit numbers");
  if (node.type === "Identifier" && /[^\x20-\x7e]/.test(node.name))
    report(node, "identifier beyond ASCII", noParse, "an ASCII name");
}

function checkFunction(node: AnyNode, report: Report): void {
  if (!isFunction(node)) return;
  if (node.async) report(node, "async function", noParse, "a callback");
  if (node.generator) report(node, "generator", noParse, "a plain loop and a callback");
}

function checkClass(node: AnyNode, lowered: boolean, parents: ReadonlyMap<string, string>, report: Report): void {
  if ((node.type === "ClassDeclaration" || node.type === "ClassExpression") && node.superClass) {
    const base = node.superClass.type === "Identifier" ? node.superClass.name : "";
    if (builtInClasses.includes(base))
      report(
        node,
        `class extends ${base}`,
        "instanceof fails on Espruino",
        "a plain object, or a class that holds one",
      );
    if (parents.has(base))
      report(node, "two levels of extends", "super calls through them never end on Espruino", "one level, or a field");
  }
  if (node.type !== "PropertyDefinition") return;
  if (node.computed) report(node, "computed key", noParse, "a named field");
  if (lowered && !node.value) report(node, "field without a value", noParse, "set it in the constructor");
  if (node.value && node.value.type === "ArrowFunctionExpression" && usesThis(node.value))
    report(node, "field with an arrow that uses this", "there `this` is not the instance", "set it in the constructor");
}

function checkStatements(node: AnyNode, report: Report): void {
  if (node.type === "SwitchStatement") {
    const at = node.cases.findIndex((each) => !each.test);
    const after = at < 0 ? undefined : node.cases[at + 1];
    if (after !== undefined) report(after, "case after default", noParse, "default last");
  }
  const list = node.type === "BlockStatement" || node.type === "Program" ? node.body : [];
  const statements = node.type === "SwitchCase" ? node.consequent : list;
  for (let i = 0; i + 1 < statements.length; i++) {
    const statement = statements[i];
    if (statement?.type === "ReturnStatement" && !statement.argument)
      report(statement, "return, and its value on the next line", "Espruino returns that value", "one line, or braces");
  }
}

/** Class name to the name of what it extends. */
function superclasses(program: AnyNode): Map<string, string> {
  const found = new Map<string, string>();
  const note = (name: string, node: AnyNode): void => {
    if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return;
    if (node.superClass?.type === "Identifier") found.set(name, node.superClass.name);
  };
  walk(program, (node) => {
    if (node.type === "ClassDeclaration" && node.id !== null) note(node.id.name, node);
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.init) note(node.id.name, node.init);
  });
  return found;
}

function insideArrow(ancestors: readonly AnyNode[]): boolean {
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const type = ancestors[i]?.type;
    if (type === "ArrowFunctionExpression") return true;
    if (type === "FunctionExpression" || type === "FunctionDeclaration") return false;
  }
  return false;
}

function usesThis(node: AnyNode): boolean {
  if (node.type === "ThisExpression") return true;
  for (const child of childrenOf(node)) {
    if (child.type === "FunctionExpression" || child.type === "FunctionDeclaration") continue;
    if (usesThis(child)) return true;
  }
  return false;
}
