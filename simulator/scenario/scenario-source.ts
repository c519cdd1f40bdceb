/** One YAML file as read: its entries as plain data, and where in the file each of them stands. Bounded in every direction. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLError,
} from "yaml";
import { ScenarioError, type ScenarioProblem, wholeFileError } from "./scenario-error.ts";
import type { Complaint } from "./scenario-issues.ts";
import type { FilePath } from "./scenario-names.ts";

export const largestFileBytes = 1_000_000;
/** Aliases that a file may resolve to, so that a short file cannot unfold without end. */
const mostAliases = 100;
export const deepestNesting = 64;

export interface Source {
  /** As it is told to people. */
  readonly path: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** Throws ScenarioError, never anything else, for whatever the file holds. */
export function readSource(path: string): Source {
  return sourceOf(readBounded(path), path);
}

/** The same for text at hand; `path` only names it. */
export function sourceOf(text: string, path: string): Source {
  const { document, lines } = parseYaml(text, path);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: mostAliases });
  } catch {
    throw wholeFileError(path, `aliases unfold to more than ${mostAliases} copies`, "write the entries out");
  }
  if (data === null || data === undefined)
    throw wholeFileError(path, "the file is empty", "see `livlina sim list` for examples");
  if (!isMap(document.contents))
    throw wholeFileError(path, "expected keys such as name, world and fleet", "see `livlina sim schema`");
  return { path, data: data as Record<string, unknown>, document, lines };
}

/** The place of one complaint about this file. */
export function problemOf(source: Source, { path, onKey, message, hint }: Complaint): ScenarioProblem {
  const { node, offset } = nodeAt(source, path, onKey);
  const written = isScalar(node) && typeof node.value === "string" ? node.value : "";
  const filled = !onKey && written.includes("${") ? `written as "${written.slice(0, 64)}"` : undefined;
  const both = hint !== undefined && filled !== undefined ? `${filled}; ${hint}` : (filled ?? hint);
  return { path: source.path, ...placeOf(offset, source.lines), message, hint: both };
}

/** The line of a key or value, from 1. */
export function lineOf(source: Source, path: FilePath): number {
  return placeOf(nodeAt(source, path, true).offset, source.lines).line;
}

function readBounded(path: string): string {
  const bytes = new Uint8Array(largestFileBytes + 1);
  let length = 0;
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    if (fstatSync(file).isDirectory()) throw wholeFileError(path, "this is a folder", "name a file that ends in .yaml");
    for (let got = 1; got > 0 && length < bytes.length; length += got)
      got = readSync(file, bytes, length, bytes.length - length, null);
  } catch (thrown) {
    if (thrown instanceof ScenarioError) throw thrown;
    throw wholeFileError(path, `cannot be read: ${reasonOf(thrown)}`, "`livlina sim list` names the scenarios at hand");
  } finally {
    if (file !== undefined) closeSync(file);
  }
  if (length > largestFileBytes)
    throw wholeFileError(path, "the file is larger than 1 MB", "a scenario is a few pages of text");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length));
  } catch {
    throw wholeFileError(path, "the file is not text in UTF-8", "save it as UTF-8");
  }
}

function reasonOf(thrown: unknown): string {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  return code === "EACCES" ? "no permission" : String(code ?? thrown);
}

function parseYaml(text: string, path: string): Pick<Source, "document" | "lines"> {
  if (nestsTooDeep(text))
    throw wholeFileError(path, `entries are nested more than ${deepestNesting} deep`, "a scenario needs five levels");
  const lines = new LineCounter();
  // The parser would say on stderr that a key is no text; the schema says it better, and where.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const faults = [...document.errors, ...document.warnings];
  const [first] = faults;
  if (first === undefined) return { document, lines };
  const bare = bareParameterAt(text, first.pos[0]);
  if (bare !== undefined) {
    const hint = `write "\${name}" in quotes there`;
    const message = "a parameter inside { } or [ ] without quotes";
    throw new ScenarioError(path, [{ path, ...placeOf(bare, lines), message, hint }]);
  }
  throw new ScenarioError(
    path,
    faults.map((fault) => ({
      path,
      ...placeOf(fault.pos[0], lines),
      message: yamlText(fault, text),
      hint: undefined,
    })),
  );
}

function yamlText(fault: YAMLError, text: string): string {
  if (fault.code !== "DUPLICATE_KEY") return `this is not YAML: ${fault.message}`;
  const key = /^[^:,{}\s]{0,64}/.exec(text.slice(fault.pos[0]))?.[0] ?? "";
  return `the key "${key}" stands here twice`;
}

/** Where `${` stands just before that place, if it does: there the braces of a parameter were taken for YAML's own. */
function bareParameterAt(text: string, offset: number): number | undefined {
  const start = text.lastIndexOf("${", offset);
  return start >= 0 && offset - start <= 1 ? start : undefined;
}

/** A rough count before parsing, since the parser calls itself for each level. */
function nestsTooDeep(text: string): boolean {
  let open = 0;
  let indented = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 91 || code === 123) open++;
    else if (code === 93 || code === 125) open--;
    indented = code === 32 || code === 45 || code === 63 || code === 58 ? indented + 1 : 0;
    if (open > deepestNesting || indented > 4 * deepestNesting) return true;
  }
  return false;
}

/** What stands at a path and where it begins; where the path leads nowhere, the last thing on the way that is there. */
function nodeAt(source: Source, path: FilePath, onKey: boolean): { readonly node: unknown; readonly offset: number } {
  let node: unknown = source.document.contents;
  let offset = 0;
  for (let depth = 0; ; depth++) {
    if (isAlias(node)) node = node.resolve(source.document);
    if (isNode(node) && node.range) offset = node.range[0];
    const step = path[depth];
    if (step === undefined) return { node, offset };
    if (isSeq(node) && typeof step === "number") node = node.items[step];
    else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return { node: undefined, offset };
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      if (onKey && depth === path.length - 1) return { node: undefined, offset };
      node = pair.value;
    } else return { node: undefined, offset };
  }
}

function placeOf(offset: number, lines: LineCounter): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
