/**
 * Reads a scenario file and says, line by line, what is wrong with it: all faults at once, each with what was expected.
 * Whatever the bytes are, the answer is a scenario or a `ScenarioError`.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Scenario } from "./scenario.ts";
import { type Complaint, explainIssues } from "./scenario-issues.ts";
import { resolveScenario } from "./scenario-resolve.ts";
import { scenarioSchema } from "./scenario-schema.ts";

export const largestFileBytes = 1_000_000;
/** Aliases that a file may resolve to, so that a short file cannot unfold without end. */
const mostAliases = 100;
const deepestNesting = 64;
export const mostProblems = 20;

export interface ScenarioProblem {
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string | undefined;
}

/** A file that is no scenario. The message holds one line per problem: `file:line:column: what`. */
export class ScenarioError extends Error {
  readonly path: string;
  readonly problems: readonly ScenarioProblem[];

  constructor(path: string, problems: readonly ScenarioProblem[]) {
    const shown = problems.slice(0, mostProblems);
    const lines = shown.map((problem) => problemText(path, problem));
    if (problems.length > shown.length) lines.push(`... and ${problems.length - shown.length} more`);
    super(lines.join("\n"));
    this.name = "ScenarioError";
    this.path = path;
    this.problems = shown;
  }
}

function problemText(path: string, problem: ScenarioProblem): string {
  const place = problem.line === 0 ? path : `${path}:${problem.line}:${problem.column}`;
  return `${place}: ${problem.message}${problem.hint === undefined ? "" : ` (${problem.hint})`}`;
}

/** Reads and checks one file. Throws ScenarioError, never anything else, for whatever the file holds. */
export function readScenario(path: string): Scenario {
  return parseScenario(readBounded(path), path);
}

/** The same for text at hand; `path` only names it. */
export function parseScenario(text: string, path: string): Scenario {
  const { document, lines } = parseYaml(text, path);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: mostAliases });
  } catch {
    throw whole(path, `aliases unfold to more than ${mostAliases} copies`, "write the entries out");
  }
  if (data === null || data === undefined)
    throw whole(path, "the file is empty", "see `livlina sim list` for examples");
  if (!isMap(document.contents))
    throw whole(path, "expected keys such as name, world and fleet", "see `livlina sim schema`");

  const parsed = scenarioSchema.safeParse(data);
  if (!parsed.success)
    throw new ScenarioError(path, locate(explainIssues(parsed.error.issues, data, scenarioSchema), document, lines));
  const complaints: Complaint[] = [];
  const scenario = resolveScenario(parsed.data, path, (place, message, hint) => {
    const shown = complaints.length < mostProblems && typeof hint === "function" ? hint() : undefined;
    complaints.push({ path: place, onKey: false, message, hint: typeof hint === "string" ? hint : shown });
  });
  if (scenario === undefined) throw new ScenarioError(path, locate(complaints, document, lines));
  return scenario;
}

function readBounded(path: string): string {
  const bytes = new Uint8Array(largestFileBytes + 1);
  let length = 0;
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    if (fstatSync(file).isDirectory()) throw whole(path, "this is a folder", "name a file that ends in .yaml");
    for (let got = 1; got > 0 && length < bytes.length; length += got)
      got = readSync(file, bytes, length, bytes.length - length, null);
  } catch (thrown) {
    if (thrown instanceof ScenarioError) throw thrown;
    throw whole(path, `cannot be read: ${reasonOf(thrown)}`, "`livlina sim list` names the scenarios at hand");
  } finally {
    if (file !== undefined) closeSync(file);
  }
  if (length > largestFileBytes) throw whole(path, "the file is larger than 1 MB", "a scenario is a few pages of text");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length));
  } catch {
    throw whole(path, "the file is not text in UTF-8", "save it as UTF-8");
  }
}

function reasonOf(thrown: unknown): string {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  return code === "EACCES" ? "no permission" : String(code ?? thrown);
}

function parseYaml(text: string, path: string): { readonly document: Document.Parsed; readonly lines: LineCounter } {
  if (nestsTooDeep(text))
    throw whole(path, `entries are nested more than ${deepestNesting} deep`, "a scenario needs five levels");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length === 0) return { document, lines };
  throw new ScenarioError(
    path,
    faults.map((fault) => ({
      ...placeOf(fault.pos[0], lines),
      message: `this is not YAML: ${fault.message}`,
      hint: undefined,
    })),
  );
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

function locate(complaints: readonly Complaint[], document: Document.Parsed, lines: LineCounter): ScenarioProblem[] {
  return complaints
    .map(({ path, onKey, message, hint }) => ({ ...placeOf(offsetOf(document, path, onKey), lines), message, hint }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Where the value at a path begins; where the path leads nowhere, the last thing on the way that is there. */
function offsetOf(document: Document.Parsed, path: Complaint["path"], onKey: boolean): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (let depth = 0; ; depth++) {
    if (isAlias(node)) node = node.resolve(document);
    if (isNode(node) && node.range) offset = node.range[0];
    const step = path[depth];
    if (step === undefined) return offset;
    if (isSeq(node) && typeof step === "number") node = node.items[step];
    else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return offset;
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      if (onKey && depth === path.length - 1) return offset;
      node = pair.value;
    } else return offset;
  }
}

function placeOf(offset: number, lines: LineCounter): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function whole(path: string, message: string, hint: string): ScenarioError {
  return new ScenarioError(path, [{ line: 0, column: 0, message, hint }]);
}
