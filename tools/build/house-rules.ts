/** The house rules that no compiler holds. Each answers its complaints, one line each: file, line, what, what to do. */
import { SourceMap, type SourceMapPayload } from "node:module";
import { transform } from "esbuild";
import { importsOf, isTest, lineAt, resolveImport, type SourceFile } from "./sources.ts";
import { isFunction, parseScript, walk } from "./syntax-tree.ts";

/** Each folder may import from itself and from those before it. */
export const layers: readonly string[] = ["protocol", "firmware", "simulator", "tools", "hil-tests"];

const fileLimit = 350;
const functionLimit = 60;
/** Who joins machines to each other and to ports. */
const joiners = ["firmware/unit.ts", "firmware/wrist-button.ts"];

export function inDeviceWorld(file: SourceFile): boolean {
  return /^(protocol|firmware)\/.*\.ts$/.test(file.path) && !isTest(file.path);
}

/** Imports run one way. A test may also use the simulator's doubles. */
export function againstTheArrow(file: SourceFile): string[] {
  const own = layers.indexOf(file.path.split("/")[0] ?? "");
  if (own < 0 || !file.path.endsWith(".ts")) return [];
  const reach = isTest(file.path) ? Math.max(own, layers.indexOf("simulator")) : own;
  const complaints: string[] = [];
  for (const each of importsOf(file.text)) {
    const place = `${file.path}:${each.line}`;
    if (each.specifier.startsWith(".")) {
      const there = layers.indexOf(resolveImport(file.path, each.specifier).split("/")[0] ?? "");
      if (there < 0) complaints.push(`${place}: imports ${each.specifier} outside the five folders`);
      else if (there > reach) complaints.push(`${place}: ${layers[own]} must not import from ${layers[there]}`);
      if (!/\.(ts|js|json)$/.test(each.specifier)) complaints.push(`${place}: name the file with its ending`);
      if (/(^|\/)index\.ts$/.test(each.specifier)) complaints.push(`${place}: import the file itself, not an index`);
    } else if (inDeviceWorld(file) && !file.path.startsWith("firmware/hosts/"))
      complaints.push(`${place}: ${each.specifier} is a package; the device has none`);
  }
  return complaints;
}

/** A machine knows no other machine and no port; only the two devices' wirings join several machines. */
export function againstTheMachines(file: SourceFile): string[] {
  if (!inDeviceWorld(file) || !file.path.startsWith("firmware/")) return [];
  const isMachine = file.path.endsWith("-machine.ts");
  const machines: string[] = [];
  const complaints: string[] = [];
  for (const each of importsOf(file.text)) {
    const target = resolveImport(file.path, each.specifier);
    if (target.endsWith("-machine.ts") && !machines.includes(target)) {
      machines.push(target);
      if (isMachine)
        complaints.push(`${file.path}:${each.line}: a machine imports no other machine: join them in unit.ts`);
    }
    if (isMachine && target.startsWith("firmware/ports/"))
      complaints.push(`${file.path}:${each.line}: a machine imports no port: ask for an effect`);
    if (isMachine && target.startsWith("firmware/hosts/"))
      complaints.push(`${file.path}:${each.line}: a machine imports no host`);
  }
  if (!isMachine && machines.length > 1 && !joiners.includes(file.path) && !file.path.startsWith("firmware/hosts/"))
    complaints.push(`${file.path}:1: joins ${machines.length} machines, which only ${joiners.join(" and ")} do`);
  return complaints;
}

/** The simulator's time and chance come from its queue and its seed; only its live parts, named so, meet the real world. */
export async function againstDeterminism(file: SourceFile): Promise<string[]> {
  const name = file.path.split("/").at(-1) ?? "";
  if (!file.path.startsWith("simulator/") || !file.path.endsWith(".ts") || isTest(file.path)) return [];
  if (/(^|-)live(-|\.)/.test(name)) return [];
  const complaints: string[] = [];
  const script = await scriptOf(file);
  walk(script.program, (node) => {
    let what = "";
    if (node.type === "MemberExpression" && node.object.type === "Identifier" && node.property.type === "Identifier") {
      const member = `${node.object.name}.${node.property.name}`;
      if (member === "Math.random" || member === "Date.now") what = member;
    }
    if ((node.type === "NewExpression" || node.type === "CallExpression") && node.callee.type === "Identifier") {
      if (node.callee.name === "Date" && node.arguments.length === 0) what = "the present date";
      if (["setTimeout", "setInterval"].includes(node.callee.name)) what = node.callee.name;
    }
    if (what !== "")
      complaints.push(
        `${file.path}:${script.lineOf(node.start)}: ${what}: take it from the event queue or a seeded stream`,
      );
  });
  return complaints;
}

export async function againstLength(file: SourceFile): Promise<string[]> {
  if (!/\.(ts|js)$/.test(file.path)) return [];
  const complaints: string[] = [];
  const lines = file.text.split("\n").length - (file.text.endsWith("\n") ? 1 : 0);
  if (lines > fileLimit)
    complaints.push(`${file.path}:${lines}: ${lines} lines, at most ${fileLimit}: it is two things`);
  const script = await scriptOf(file);
  walk(script.program, (node, ancestors) => {
    // A browser script wraps itself in a function called at once: that is its file, not a function of it.
    if (!isFunction(node) || ancestors.map((each) => each.type).join() === "Program,ExpressionStatement,CallExpression")
      return;
    const first = script.lineOf(node.start);
    const length = script.lineOf(node.end - 1) - first + 1;
    if (length > functionLimit)
      complaints.push(`${file.path}:${first}: a function of ${length} lines, at most ${functionLimit}`);
  });
  return complaints;
}

/** Tests are exempt: their titles say what they are for. */
export function againstOpening(file: SourceFile): string[] {
  if (!/\.(ts|js)$/.test(file.path) || file.path.endsWith(".test.ts")) return [];
  const text = file.text.startsWith("#!") ? file.text.slice(file.text.indexOf("\n") + 1) : file.text;
  return text.startsWith("/**") ? [] : [`${file.path}:1: opens without a comment that says what it is for`];
}

/** Assembled, so that this file does not complain of itself. */
const leftOver = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"].join("|")})\\b`);
const unfairTest = /\b(?:test|it|describe|suite)\s*\.\s*(only|skip|todo|fails)\b/;

export function againstLeftOvers(file: SourceFile): string[] {
  return complaintsByLine(file, (line) => {
    if (leftOver.test(line)) return "unfinished: finish it, or write the limit down in the folder's README";
    if (file.path.endsWith(".test.ts") && unfairTest.test(line)) return "a focused or skipped test";
    return undefined;
  });
}

const machinePath = new RegExp(
  ["/ho" + "me/", "/wo" + "rk/", "/ro" + "ot/", "/Us" + "ers/", "[A-Z]:\\\\Us" + "ers"].join("|"),
);
const registryHost = new RegExp(
  ["regis" + "try\\.[a-z0-9-]+\\.[a-z]", "npm" + "js\\.(org|com)", "yarn" + "pkg\\.com"].join("|"),
);

/** What is true on one machine only. */
export function againstPlaces(file: SourceFile): string[] {
  return complaintsByLine(file, (line) => {
    if (machinePath.test(line)) return "a path of one machine";
    if (registryHost.test(line)) return "a registry's host: the client's settings name it";
    return undefined;
  });
}

function complaintsByLine(file: SourceFile, judge: (line: string) => string | undefined): string[] {
  const complaints: string[] = [];
  const lines = file.text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const verdict = judge(lines[i] ?? "");
    if (verdict !== undefined) complaints.push(`${file.path}:${i + 1}: ${verdict}`);
  }
  return complaints;
}

/** Every folder has its README. */
export function missingReadmes(files: readonly SourceFile[]): string[] {
  const known = new Set(files.map((file) => file.path));
  const wanted = ["README.md"].concat(layers.map((layer) => `${layer}/README.md`));
  return wanted.filter((path) => !known.has(path)).map((path) => `${path}:1: is missing`);
}

/** A path in backticks, in any document, names a file or folder that is there: from the root or beside the document. */
export function untruePaths(file: SourceFile, exists: (path: string) => boolean): string[] {
  if (!file.path.endsWith(".md")) return [];
  const complaints: string[] = [];
  for (const match of file.text.matchAll(/`([A-Za-z0-9_.][A-Za-z0-9_./-]*)`/g)) {
    const path = match[1] ?? "";
    const isFile = /\.(ts|js|md|yaml|yml|sh)$/.test(path) && !path.startsWith(".");
    const isFolder = path.endsWith("/") && layers.includes(path.split("/")[0] ?? "");
    if (!isFile && !isFolder) continue;
    if (exists(path) || exists(resolveImport(file.path, path))) continue;
    complaints.push(`${file.path}:${lineAt(file.text, match.index)}: names ${path}, which is not there`);
  }
  return complaints;
}

interface Script {
  readonly program: ReturnType<typeof parseScript>;
  /** Line of the original, from 1, for an offset in the program. */
  lineOf(offset: number): number;
}

async function scriptOf(file: SourceFile): Promise<Script> {
  const script = await transform(file.text, {
    loader: file.path.endsWith(".ts") ? "ts" : "js",
    sourcefile: file.path,
    sourcemap: "external",
    target: "esnext",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, verbatimModuleSyntax: true } },
  });
  const map = new SourceMap(JSON.parse(script.map) as SourceMapPayload);
  const starts = [0];
  for (let at = script.code.indexOf("\n"); at >= 0; at = script.code.indexOf("\n", at + 1)) starts.push(at + 1);
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const entry = map.findEntry(low, offset - (starts[low] ?? 0));
    return "originalLine" in entry ? entry.originalLine + 1 : 1;
  };
  return { program: parseScript(script.code), lineOf };
}
