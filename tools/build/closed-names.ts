/**
 * Short names for all of ours in a script that nobody else calls: members, and the words that tell one variant of a value from the other.
 * What the engine knows by name stays: its built-in objects, what `firmware/hosts/espruino/engine.ts` names, and each text that it names there.
 */
import { parseScript, walk } from "./syntax-tree.ts";

/** Objects of the language whose members no script may rename. */
const builtIns: readonly object[] = [
  Object,
  Object.prototype,
  Function.prototype,
  Array,
  Array.prototype,
  String,
  String.prototype,
  Number,
  Number.prototype,
  Uint8Array,
  Uint8Array.prototype,
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  ArrayBuffer.prototype,
  DataView.prototype,
  Promise,
  Promise.prototype,
  Math,
  JSON,
  Error.prototype,
  Date,
  Date.prototype,
];

const languageWords = ["undefined", "object", "function", "string", "number", "boolean", "use strict"];
const member = /(?:^|[{;])\s*(?:readonly )?(\w+)\??[:(<]/gm;
const quoted = /"([^"]*)"/g;
const word = /^[a-z]+(?:-[a-z]+)*$/;

/** What keeps its name: of the language, and of the engine as its shapes are written down in `engineSource`. */
export function engineNames(engineSource: string): Set<string> {
  const names = new Set(languageWords);
  for (const object of builtIns) for (const name of Object.getOwnPropertyNames(object)) names.add(name);
  for (const pattern of [member, quoted]) for (const match of engineSource.matchAll(pattern)) names.add(match[1] ?? "");
  return names;
}

/** Members that may have a short name in `bundle` (not minified): all but the engine's, and those that a text names too. */
export function closedNames(bundle: string, engine: ReadonlySet<string>): string[] {
  const names = new Set<string>();
  const texts = new Set<string>();
  walk(parseScript(bundle), (node) => {
    if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier")
      names.add(node.property.name);
    const isKey = node.type === "Property" || node.type === "MethodDefinition";
    if (isKey && !node.computed && node.key.type === "Identifier") names.add(node.key.name);
    if (node.type === "MemberExpression" && node.computed && node.property.type === "Literal")
      texts.add(String(node.property.value));
    if (isKey && node.key.type === "Literal") texts.add(String(node.key.value));
  });
  return [...names].filter((name) => !engine.has(name) && !texts.has(name)).sort();
}

/**
 * The same bundle with a letter or two in the place of each word of ours, one for one. Only for a device whose words never leave it: a unit
 * speaks protocols made of words.
 */
export function withShortWords(bundle: string, engine: ReadonlySet<string>): string {
  const places: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const kept = new Set<string>();
  const counts = new Map<string, number>();
  walk(parseScript(bundle), (node, ancestors) => {
    if (node.type !== "Literal" || typeof node.value !== "string") return;
    const parent = ancestors[ancestors.length - 1];
    const isKey = parent?.type === "Property" && parent.key === node;
    if (isKey || engine.has(node.value) || !word.test(node.value)) kept.add(node.value);
    else {
      counts.set(node.value, (counts.get(node.value) ?? 0) + 1);
      places.push({ start: node.start, end: node.end, text: node.value });
    }
  });
  const short = shortWords(counts, kept);
  let out = "";
  let at = 0;
  for (const place of places.sort((one, other) => one.start - other.start)) {
    out += bundle.slice(at, place.start) + JSON.stringify(short.get(place.text) ?? place.text);
    at = place.end;
  }
  return out + bundle.slice(at);
}

/** The commonest get the shortest; no new word is one that stays. */
function shortWords(counts: ReadonlyMap<string, number>, kept: ReadonlySet<string>): Map<string, string> {
  const byCount = [...counts.keys()].sort(
    (one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0) || (one < other ? -1 : 1),
  );
  const short = new Map<string, string>();
  let next = 0;
  for (const text of byCount) {
    let name = lettersOf(next++);
    while (kept.has(name)) name = lettersOf(next++);
    short.set(text, name);
  }
  return short;
}

function lettersOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : lettersOf(Math.floor(index / 26) - 1) + letter;
}
