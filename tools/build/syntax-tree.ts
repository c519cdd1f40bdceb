/** JavaScript as a tree: parsing, walking with all ancestors in view, and who declares which name. */
import { type AnyNode, type Pattern, type Program, parse } from "acorn";

export type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

/** Parses a script or module. Throws acorn's SyntaxError, which names line and column. */
export function parseScript(code: string): Program {
  return parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true });
}

/** Visits `root` and everything in it, outer before inner. `ancestors` runs from the root to the node's parent. */
export function walk(root: AnyNode, visit: (node: AnyNode, ancestors: readonly AnyNode[]) => void): void {
  const ancestors: AnyNode[] = [];
  const enter = (node: AnyNode): void => {
    visit(node, ancestors);
    ancestors.push(node);
    eachChild(node, enter);
    ancestors.pop();
  };
  enter(root);
}

/** Direct children, in the order of the text. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  eachChild(node, (child) => children.push(child));
  return children;
}

/** Without a list of its own for each node: a unit's script has half a million. */
function eachChild(node: AnyNode, run: (child: AnyNode) => void): void {
  const members = node as unknown as Readonly<Record<string, unknown>>;
  for (const key in members) {
    const value = members[key];
    if (typeof value !== "object" || value === null || key === "loc") continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) run(value);
    } else for (const each of value) if (isNode(each)) run(each);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

const loops = ["ForStatement", "ForOfStatement", "ForInStatement", "WhileStatement", "DoWhileStatement"];

export function isLoop(node: AnyNode): boolean {
  return loops.includes(node.type);
}

/** Names that a pattern binds. */
export function namesOf(pattern: Pattern | AnyNode | null | undefined): string[] {
  if (pattern === null || pattern === undefined) return [];
  const names: string[] = [];
  if (pattern.type === "Identifier") names.push(pattern.name);
  else if (pattern.type === "AssignmentPattern") names.push(...namesOf(pattern.left));
  else if (pattern.type === "RestElement") names.push(...namesOf(pattern.argument));
  else if (pattern.type === "ArrayPattern") for (const element of pattern.elements) names.push(...namesOf(element));
  else if (pattern.type === "ObjectPattern")
    for (const property of pattern.properties)
      names.push(...namesOf(property.type === "Property" ? property.value : property));
  return names;
}

/** Names that this very node declares: a declaration, a function's parameters, an import, a catch binding. */
export function declaredBy(node: AnyNode): string[] {
  if (node.type === "VariableDeclaration") return node.declarations.flatMap((each) => namesOf(each.id));
  if (node.type === "ClassDeclaration" || node.type === "ClassExpression") return namesOf(node.id);
  if (isFunction(node)) return [...namesOf(node.id), ...node.params.flatMap((param) => namesOf(param))];
  if (node.type === "CatchClause") return namesOf(node.param);
  if (node.type === "ImportDeclaration") return node.specifiers.map((each) => each.local.name);
  return [];
}

/** Whether an identifier stands for a value, and is not merely a property's or member's name. */
export function isReference(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (node.type !== "Identifier") return false;
  if (parent === undefined) return true;
  switch (parent.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed;
    case "Property":
      return parent.value === node || parent.computed;
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.value === node || parent.computed;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "ImportSpecifier":
    case "ExportSpecifier":
      return false;
    default:
      return true;
  }
}
