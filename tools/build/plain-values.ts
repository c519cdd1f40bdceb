/**
 * What a name at the top stands for in the place of the name, and one name for `void 0`: less text, and no record in memory for each name.
 * Numbers go wherever they are used; a table or an object of constants, which the types keep from being changed, goes where it is used alone.
 */
import type { AnyNode, Program, Statement, VariableDeclaration } from "acorn";
import { childrenOf, declaredBy, isLoop, isReference, namesOf, parseScript, walk } from "./syntax-tree.ts";
import { type Edit, edited } from "./text-edits.ts";

/** What memory fewer values take is not worth making them anew. */
const leastValues = 3;

interface Use {
  readonly node: AnyNode;
  readonly parent: AnyNode | undefined;
  readonly grandparent: AnyNode | undefined;
  readonly inLoop: boolean;
}

/** Those of the top, and of the language, that nothing else in the script is called. */
type Names = ReadonlyMap<string, readonly Use[]>;

/** `bundle`: an arrow function that calls itself, whose top-level variables esbuild declares one by one. Keeps the lines. */
export function withPlainValues(bundle: string): string {
  for (let text = withoutVoid(bundle); ; ) {
    const next = onePass(text);
    if (next === text) return text.replace("{\n", "{ var nothingAtAll;\n");
    text = next;
  }
}

function withoutVoid(bundle: string): string {
  const edits: Edit[] = [];
  walk(parseScript(bundle), (node) => {
    if (node.type === "UnaryExpression" && node.operator === "void")
      edits.push({ start: node.start, end: node.end, text: "nothingAtAll" });
  });
  return edited(bundle, edits);
}

/** One layer: what stands in the place of a name may hold names itself. */
function onePass(bundle: string): string {
  const program = parseScript(bundle);
  const uses = usesOf(program);
  const edits: Edit[] = [];
  for (const statement of topOf(program)) {
    if (statement.type !== "VariableDeclaration" || statement.declarations.length !== 1) continue;
    const [only] = statement.declarations;
    if (only?.id.type !== "Identifier" || only.init === null || only.init === undefined) continue;
    const all = uses.get(only.id.name);
    if (all === undefined || statement.kind !== "var") continue;
    const init = only.init;
    const more = isConstant(init, uses) ? membersOf(init, all) : [];
    if (more.length === 0 && mayGo(init, all, uses)) more.push(...movesOf(bundle, statement, init, all));
    if (more.length === 0 && isLarge(init, all, uses)) more.push(...makingOf(bundle, statement, init, all));
    if (!more.some((one) => edits.some((other) => one.start < other.end && other.start < one.end))) edits.push(...more);
  }
  return edited(bundle, edits);
}

function movesOf(bundle: string, statement: VariableDeclaration, init: AnyNode, uses: readonly Use[]): Edit[] {
  const lines = bundle.slice(statement.start, statement.end).split("\n").length - 1;
  const edits: Edit[] = [{ start: statement.start, end: statement.end, text: "\n".repeat(lines) }];
  const text = bundle.slice(init.start, init.end).replaceAll("\n", " ");
  for (const { node, parent } of uses) {
    const key = parent?.type === "Property" && parent.shorthand && node.type === "Identifier" ? `${node.name}: ` : "";
    edits.push({ start: node.start, end: node.end, text: `${key}(${text})` });
  }
  return edits;
}

/** A function that makes the constant anew wherever it is used. */
function makingOf(bundle: string, { start, end }: VariableDeclaration, init: AnyNode, uses: readonly Use[]): Edit[] {
  const edits: Edit[] = [];
  let name = "";
  for (const { node, parent } of uses) {
    if (node.type !== "Identifier") continue;
    name = node.name;
    const key = parent?.type === "Property" && parent.shorthand ? `${name}: ` : "";
    edits.push({ start: node.start, end: node.end, text: `${key}${name}()` });
  }
  return [{ start, end, text: `function ${name}() { return ${bundle.slice(init.start, init.end)}; }` }, ...edits];
}

/** Numbers and texts that are read as members of a constant. */
function membersOf(init: AnyNode, uses: readonly Use[]): Edit[] {
  const edits: Edit[] = [];
  if (init.type !== "ObjectExpression") return edits;
  for (const { node, parent, grandparent } of uses) {
    if (parent?.type !== "MemberExpression" || parent.computed || parent.object !== node) continue;
    if (grandparent?.type === "AssignmentExpression" && grandparent.left === parent) continue;
    const name = parent.property.type === "Identifier" ? parent.property.name : "";
    for (const member of init.properties)
      if (member.type === "Property" && member.key.type === "Identifier" && member.key.name === name)
        if (member.value.type === "Literal" && member.value.raw !== undefined)
          edits.push({ start: parent.start, end: parent.end, text: `(${member.value.raw})` });
  }
  return edits;
}

/** Where each name of the top is used; without those that are given another value, or are declared a second time. */
function usesOf(program: Program): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  const declared = new Map<string, number>();
  walk(program, (node, ancestors) => {
    const parent = ancestors[ancestors.length - 1];
    for (const name of declaredBy(node)) {
      declared.set(name, (declared.get(name) ?? 0) + 1);
      uses.set(name, uses.get(name) ?? []);
    }
    const changed =
      node.type === "AssignmentExpression" ? node.left : node.type === "UpdateExpression" ? node.argument : undefined;
    for (const name of namesOf(changed)) declared.set(name, 2);
    const declares = parent?.type === "VariableDeclarator" && parent.id === node;
    if (node.type !== "Identifier" || !isReference(node, parent) || declares) return;
    const grandparent = ancestors[ancestors.length - 2];
    const use = { node, parent, grandparent, inLoop: ancestors.some(isLoop) };
    const all = uses.get(node.name);
    if (all === undefined) uses.set(node.name, [use]);
    else all.push(use);
  });
  for (const [name, count] of declared) if (count !== 1) uses.delete(name);
  return uses;
}

function mayGo(init: AnyNode, uses: readonly Use[], names: Names): boolean {
  if (isNumber(init)) return true;
  if (uses.length > 1 || !isConstant(init, names)) return false;
  const [only] = uses;
  if (only === undefined) return true;
  if (only.inLoop) return false;
  return (
    init.type === "ObjectExpression" || (only.parent?.type === "MemberExpression" && only.parent.object === only.node)
  );
}

/** Many values in few places, none of which asks which of two like objects it is. */
function isLarge(init: AnyNode, uses: readonly Use[], names: Names): boolean {
  if (uses.length < 2 || !isConstant(init, names) || childrenOf(init).length < leastValues) return false;
  return uses.every(({ parent, inLoop }) => !inLoop && parent?.type !== "BinaryExpression");
}

/** A number, or a sum of such. */
function isNumber(node: AnyNode): boolean {
  if (node.type === "Literal") return typeof node.value === "number";
  if (node.type === "UnaryExpression") return node.operator === "-" && isNumber(node.argument);
  return node.type === "BinaryExpression" && childrenOf(node).every(isNumber);
}

/** Whether it is the same wherever it stands: what it names is declared once in the whole script. */
function isConstant(node: AnyNode, names: Names): boolean {
  if (node.type === "ObjectExpression" || node.type === "ArrayExpression")
    return childrenOf(node).every((each) => isConstant(each, names));
  if (node.type === "Property") return !node.computed && isConstant(node.value, names);
  return node.type === "Literal" || (node.type === "Identifier" && names.has(node.name)) || isNumber(node);
}

/** What stands at the top of the one function that a bundle is. */
function topOf(program: Program): readonly Statement[] {
  const first = program.body.find((statement) => statement.type === "ExpressionStatement");
  if (first?.type === "ExpressionStatement" && first.expression.type === "CallExpression") {
    const callee = first.expression.callee;
    if (callee.type === "ArrowFunctionExpression" && callee.body.type === "BlockStatement") return callee.body.body;
  }
  throw new Error("plain values: the bundle is not one function that is called");
}
