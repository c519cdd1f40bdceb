/** Globals and methods that the engines of the devices lack, and those that firmware must get through a port. */
import type { AnyNode } from "acorn";
import type { Report } from "./dialect-syntax.ts";
import { declaredBy, isReference, walk } from "./syntax-tree.ts";

const missing = "Espruino has no such thing";
const viaPort = "time, chance and output come in through ports alone";

/** Global name -> what to use instead. */
const missingGlobals: Readonly<Record<string, string>> = {
  Map: "an array of records, or an object with text keys",
  Set: "an array, or an object with text keys",
  WeakMap: "a field of the object itself",
  WeakSet: "a field of the object itself",
  WeakRef: "a plain reference",
  Symbol: "a text constant",
  Proxy: "plain functions",
  Reflect: "plain calls",
  BigInt: "two 32-bit numbers",
  TextEncoder: "protocol/text/utf8.ts",
  TextDecoder: "protocol/text/utf8.ts",
  URL: "a parser by hand",
  queueMicrotask: "the runner's queue",
  structuredClone: "Object.assign",
  RangeError: "Error",
  Intl: "a table of integers",
  globalThis: "an import",
  Buffer: "Uint8Array",
};

const portGlobals: Readonly<Record<string, string>> = {
  Date: "ports/clock.ts",
  setTimeout: "ports/clock.ts",
  setInterval: "ports/clock.ts",
  clearTimeout: "ports/clock.ts",
  clearInterval: "ports/clock.ts",
  console: "an event that the host observes",
  print: "an event that the host observes",
  process: "a port",
};

const typedArrays = ["Uint8Array", "Uint16Array", "Uint32Array", "Int8Array", "Int16Array", "Int32Array"];
const integerMath = ["floor", "ceil", "round", "min", "max", "abs"];

/** Static members that are missing, by their owner. */
const missingStatics: Readonly<Record<string, readonly string[]>> = {
  Object: ["freeze", "seal", "is", "hasOwn", "getOwnPropertySymbols", "groupBy"],
  Array: ["from", "of"],
  Number: ["isInteger", "isSafeInteger", "isNaN", "isFinite", "EPSILON", "MAX_SAFE_INTEGER", "MIN_SAFE_INTEGER"],
  Promise: ["race", "any", "allSettled", "withResolvers"],
  ArrayBuffer: ["isView"],
  String: ["raw", "fromCodePoint"],
};

const methodAdvice: Readonly<Record<string, string>> = {
  slice: "subarray for bytes, substring for text, a loop for arrays",
  at: "an index",
  flat: "a loop that pushes",
  flatMap: "a loop that pushes",
  reduceRight: "a loop",
  findLast: "a loop from the end",
  findLastIndex: "a loop from the end",
  copyWithin: "a loop",
  trimStart: "a loop over blanks",
  trimEnd: "a loop over blanks",
  codePointAt: "charCodeAt",
  normalize: "text that is normal already",
  localeCompare: "a comparison of codes",
  matchAll: "a parser by hand",
  finally: "then with two callbacks",
};

/** Reports missing names. `portsAllowed`: the file is a host, which may name its engine's clock and console. */
export function checkNames(program: AnyNode, portsAllowed: (node: AnyNode) => boolean, report: Report): void {
  const own = new Set<string>();
  walk(program, (node) => {
    for (const name of declaredBy(node)) own.add(name);
  });
  walk(program, (node, ancestors) => {
    const parent = ancestors[ancestors.length - 1];
    if (node.type === "Identifier" && isReference(node, parent) && !own.has(node.name)) {
      const instead = lookUp(missingGlobals, node.name);
      if (instead !== undefined) report(node, node.name, missing, instead);
      const port = lookUp(portGlobals, node.name);
      if (port !== undefined && !portsAllowed(node)) report(node, node.name, viaPort, port);
    }
    if (node.type === "MemberExpression") checkMember(node, own, portsAllowed(node), report);
    if (node.type === "CallExpression") checkCall(node, report);
  });
}

function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function checkMember(
  node: Extract<AnyNode, { type: "MemberExpression" }>,
  own: ReadonlySet<string>,
  portsAllowed: boolean,
  report: Report,
): void {
  if (node.computed || node.property.type !== "Identifier" || node.object.type !== "Identifier") return;
  const owner = node.object.name;
  const name = node.property.name;
  if (own.has(owner)) return;
  const whole = `${owner}.${name}`;
  if (owner === "Math" && !integerMath.includes(name)) {
    if (name === "random" && !portsAllowed) report(node, whole, viaPort, "ports/secrets.ts");
    else report(node, whole, "missing on Espruino, or different between engines", "integers and integer tables");
  }
  if (lookUp(missingStatics, owner)?.includes(name)) report(node, whole, missing, "a loop, or a comparison");
  if (typedArrays.includes(owner) && (name === "from" || name === "of"))
    report(node, whole, missing, "new and set, or a loop");
}

function checkCall(node: Extract<AnyNode, { type: "CallExpression" }>, report: Report): void {
  const callee = node.callee;
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") return;
  const name = callee.property.name;
  const advice = lookUp(methodAdvice, name);
  if (advice !== undefined && callee.object.type !== "ThisExpression")
    report(node, `.${name}(`, "missing on Espruino, or answers something else", advice);
  if (name === "split" && node.arguments.length > 1)
    report(node, "split with a limit", "Espruino ignores the limit", "split, then take what is wanted");
  const owner = callee.object.type === "Identifier" ? callee.object.name : "";
  if (owner === "JSON" && node.arguments.length > 1)
    report(node, `JSON.${name} with a replacer or reviver`, "Espruino ignores it", "a loop over the value");
  const first = node.arguments[0];
  if (owner === "Object" && name === "create" && first?.type === "Literal" && first.value === null)
    report(node, "Object.create(null)", "it has a prototype on Espruino", "a key prefix");
}
