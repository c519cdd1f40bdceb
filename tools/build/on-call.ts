/**
 * Takes functions out of a script that stands in flash: an engine that runs it from there keeps some six records in memory for each function,
 * called or not. What is taken out is a part, a text in flash; each call makes a function of it, which is gone when it returns.
 *
 * Taken out are functions and methods that are called by a name that means nothing else, and classes of which nothing but a constructor would
 * remain. A short function that is called in a loop stays: to make it anew would take longer than to run it.
 */
import type { AnyNode, ClassExpression, Program } from "acorn";
import { childrenOf, type FunctionNode, isLoop, isReference, namesOf, parseScript, walk } from "./syntax-tree.ts";
import { type Edit, edited } from "./text-edits.ts";

/** The body of a function, with its parameters. */
export interface Part {
  readonly params: readonly string[];
  readonly body: string;
}

export interface PartedScript {
  /** What remains. `maker(number)` is a part's function; a method's object comes before its arguments. */
  readonly script: string;
  /** By number; those with equal parameters stand together. */
  readonly parts: readonly Part[];
  /** A name that stands for nothing else in script and parts; nor does any that begins with it twice. */
  readonly maker: string;
}

const maker = "$";
const self = "_";
const shortLength = 60;

interface Callable {
  readonly name: string;
  /** A `maker` is a constructor: it answers what it has made of an empty object. */
  readonly kind: "function" | "method" | "maker";
  readonly node: AnyNode;
  readonly owner: ClassExpression | undefined;
  readonly function: FunctionNode;
  /** Calls, and places where a function is handed over. */
  readonly sites: AnyNode[];
  fits: boolean;
}

/**
 * `script`: minified, its functions and classes at the top, by a minifier that gives no name of the top a second time. `foreign`: members
 * that objects of the engine have too.
 */
export function onCall(script: string, foreign: ReadonlySet<string>): PartedScript {
  const text = withoutOurNames(script);
  const program = parseScript(text);
  const found = callablesOf(program);
  lookAtUses(program, found, foreign);
  leaveHalfClasses(found);
  const kindOf = (each: Callable): string => `${each.kind === "function" ? "" : self} ${paramsOf(each).join()}`;
  const taken = found
    .filter((each) => each.fits)
    .map((each) => ({ each, kind: kindOf(each) }))
    .sort((one, other) => compared(one.kind, other.kind) || one.each.node.start - other.each.node.start)
    .map(({ each }) => each);
  return { ...written(text, program, taken), maker };
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Others in their place: the shortest names are for what stands at each call. */
function withoutOurNames(script: string): string {
  const program = parseScript(script);
  const used = new Set<string>();
  walk(program, (node) => {
    if (node.type === "Identifier") used.add(node.name);
  });
  const others = new Map<string, string>();
  let number = 0;
  for (const name of [...used].filter((each) => each === self || each === maker || each.startsWith(maker + maker))) {
    while (used.has(`${self}${number}`)) number++;
    others.set(name, `${self}${number++}`);
  }
  const edits: Edit[] = [];
  walk(program, (node, ancestors) => {
    if (node.type !== "Identifier") return;
    const text = others.get(node.name);
    if (text === undefined || !isReference(node, ancestors[ancestors.length - 1])) return;
    edits.push({ start: node.start, end: node.end, text });
  });
  return edited(script, edits);
}

function callablesOf(program: Program): Callable[] {
  const found: Callable[] = [];
  const put = (
    name: string,
    kind: Callable["kind"],
    node: AnyNode,
    made: FunctionNode,
    owner?: ClassExpression,
  ): void => void found.push({ name, kind, node, function: made, owner, sites: [], fits: isMovable(made, kind) });
  for (const statement of program.body) {
    if (statement.type === "FunctionDeclaration") put(statement.id.name, "function", statement, statement);
    if (statement.type !== "VariableDeclaration") continue;
    for (const { id, init } of statement.declarations) {
      if (id.type !== "Identifier" || init?.type !== "ClassExpression") continue;
      for (const member of init.body.body) {
        if (member.type !== "MethodDefinition" || member.key.type !== "Identifier") continue;
        if (member.kind === "constructor") put(id.name, "maker", init, member.value, init);
        if (member.kind === "method" && !member.static) put(member.key.name, "method", member, member.value, init);
      }
    }
  }
  return found;
}

/** A constructor that returns would not answer what it has made. */
function isMovable(made: FunctionNode, kind: Callable["kind"]): boolean {
  let movable = true;
  walk(made, (node) => {
    if (node.type === "Super" || (node.type === "Identifier" && node.name === "arguments")) movable = false;
    if (node.type === "FunctionExpression" && node !== made) movable = false;
    if (node.type === "ReturnStatement" && kind === "maker") movable = false;
  });
  return movable;
}

/** What `this.name` means is the class's own; any other object may be of any class that has the name. */
function lookAtUses(program: Program, found: readonly Callable[], foreign: ReadonlySet<string>): void {
  const methods = byName(found.filter(({ kind }) => kind === "method"));
  const others = byName(found.filter(({ kind }) => kind !== "method"));
  const use = (all: readonly Callable[], site: AnyNode | undefined, inLoop: boolean): void => {
    for (const each of all)
      if (site === undefined || (inLoop && isShort(each)) || all.length > 1) each.fits = false;
      else if ((each.kind === "maker") !== (site.type === "NewExpression")) each.fits = false;
      else each.sites.push(site);
  };
  walk(program, (node, ancestors) => {
    const parent = ancestors[ancestors.length - 1];
    const isCallee = (parent?.type === "CallExpression" || parent?.type === "NewExpression") && parent.callee === node;
    const site = isCallee ? parent : undefined;
    if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier") {
      const all = methods.get(node.property.name) ?? [];
      const isOwn = node.object.type === "ThisExpression";
      const owner = isOwn ? ancestors.find((each) => each.type === "ClassExpression") : undefined;
      const own = all.filter((each) => each.owner === owner);
      const isForeign = foreign.has(node.property.name);
      if (all.length > 0) use(own.length > 0 ? own : all, isForeign ? undefined : site, ancestors.some(isLoop));
    }
    if (node.type === "Property" && node.key.type === "Identifier")
      use(methods.get(node.key.name) ?? [], undefined, false);
    if (node.type !== "Identifier") return;
    const all = others.get(node.name) ?? [];
    const declares =
      (parent?.type === "VariableDeclarator" || parent?.type === "FunctionDeclaration") && parent.id === node;
    if (all.length > 0 && isReference(node, parent) && !declares) use(all, site ?? node, ancestors.some(isLoop));
  });
}

function byName(all: readonly Callable[]): Map<string, Callable[]> {
  const names = new Map<string, Callable[]>();
  for (const each of all) names.set(each.name, [...(names.get(each.name) ?? []), each]);
  return names;
}

function isShort({ function: { start, end } }: Callable): boolean {
  return end - start < shortLength;
}

function paramsOf(each: Callable): string[] {
  return each.function.params.flatMap((param) => namesOf(param));
}

/** A constructor goes with the whole of its class, or stays. */
function leaveHalfClasses(found: readonly Callable[]): void {
  const going = new Map<ClassExpression, number>();
  for (const { owner, fits } of found) if (owner !== undefined && fits) going.set(owner, (going.get(owner) ?? 0) + 1);
  for (const each of found)
    if (each.kind === "maker" && each.owner !== undefined && going.get(each.owner) !== each.owner.body.body.length)
      each.fits = false;
}

/** The script without what is taken, and the bodies of that, with calls by number in both. */
function written(script: string, program: Program, taken: readonly Callable[]): Pick<PartedScript, "script" | "parts"> {
  const numbers = new Map<AnyNode, number>();
  taken.forEach((each, number) => {
    for (const site of each.sites) numbers.set(site, number);
  });
  const gone = new Set<AnyNode>(taken.map((each) => each.node));
  const text = (node: AnyNode, inPart: boolean): string => {
    const number = numbers.get(node);
    if (number !== undefined) return callOf(node, `${maker}(${number})`, (inner) => text(inner, inPart));
    if (node.type === "ThisExpression" && inPart) return self;
    if (gone.has(node)) return "";
    if (node.type === "VariableDeclaration") {
      const kept = node.declarations.filter(({ init }) => init === null || init === undefined || !gone.has(init));
      if (kept.length === 0) return "";
      if (kept.length < node.declarations.length)
        return `${node.kind} ${kept.map((each) => text(each, inPart)).join(",")};`;
    }
    return around(node, inPart);
  };
  const around = (node: AnyNode, inPart: boolean): string => {
    let out = "";
    let at = node.start;
    for (const child of childrenOf(node).sort((one, other) => one.start - other.start)) {
      if (child.start < at) continue;
      out += script.slice(at, child.start) + text(child, inPart);
      at = child.end;
    }
    return out + script.slice(at, node.end);
  };
  const parts = taken.map((each): Part => {
    const body = around(each.function.body, each.kind !== "function").slice(1, -1);
    if (each.kind === "function") return { params: paramsOf(each), body };
    return { params: [self, ...paramsOf(each)], body: each.kind === "maker" ? `${body};return ${self}` : body };
  });
  return { script: around(program, false), parts };
}

/** A call of `made`, or `made` itself where no call stands. */
function callOf(node: AnyNode, made: string, text: (node: AnyNode) => string): string {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return made;
  const list = node.arguments.map(text);
  if (node.type === "NewExpression") list.unshift("{}");
  else if (node.callee.type === "MemberExpression") list.unshift(text(node.callee.object));
  return `${made}(${list.join(",")})`;
}
