/** Numbers in the place of names that stand for them, and one name for `void 0`: less text, and no record in memory for each name. */
import { topOf } from "./sinking.ts";
import { declaredBy, isReference, namesOf, parseScript, walk } from "./syntax-tree.ts";
import { type Edit, edited } from "./text-edits.ts";

/** `bundle`: an arrow function that calls itself, whose top-level variables esbuild declares one by one. */
export function withPlainValues(bundle: string): string {
  const values = new Map<string, string>();
  const declared = new Map<string, number>();
  const edits: Edit[] = [];
  const program = parseScript(bundle);
  walk(program, (node, ancestors) => {
    for (const name of declaredBy(node)) declared.set(name, (declared.get(name) ?? 0) + 1);
    if (node.type !== "VariableDeclaration" || node.kind !== "var" || node.declarations.length !== 1) return;
    const [only] = node.declarations;
    if (only?.id.type !== "Identifier" || ancestors.length !== 5 || only.init === null || only.init === undefined)
      return;
    const text = bundle.slice(only.init.start, only.init.end);
    if (/^-?[0-9][0-9a-fx_]*$/.test(text)) values.set(only.id.name, text);
  });
  walk(program, (node) => {
    if (node.type === "AssignmentExpression") for (const name of namesOf(node.left)) values.delete(name);
    if (node.type === "UpdateExpression") for (const name of namesOf(node.argument)) values.delete(name);
  });
  walk(program, (node, ancestors) => {
    const parent = ancestors[ancestors.length - 1];
    if (node.type === "UnaryExpression" && node.operator === "void")
      edits.push({ start: node.start, end: node.end, text: "nothingAtAll" });
    if (node.type !== "Identifier" || declared.get(node.name) !== 1) return;
    const value = values.get(node.name);
    if (
      value === undefined ||
      !isReference(node, parent) ||
      (parent?.type === "VariableDeclarator" && parent.id === node)
    )
      return;
    if (parent?.type === "Property" && parent.shorthand)
      edits.push({ start: node.start, end: node.end, text: `${node.name}: ${value}` });
    else edits.push({ start: node.start, end: node.end, text: value.startsWith("-") ? `(${value})` : value });
  });
  for (const statement of topOf(program))
    if (
      statement.type === "VariableDeclaration" &&
      declaredBy(statement).some((name) => values.has(name) && declared.get(name) === 1)
    )
      edits.push({ start: statement.start, end: statement.end, text: "" });
  const text = edited(
    bundle,
    edits.filter(
      (edit) =>
        !edits.some(
          (other) => other !== edit && other.text === "" && other.start <= edit.start && edit.end <= other.end,
        ),
    ),
  );
  return text.replace("{\n", "{ var nothingAtAll;\n");
}
