/**
 * Finds what a device cannot run: in a bundle, which is what the device gets, and in a source file, where it is mended.
 * The rules are what 321 probes on Espruino 2v29 showed; XS runs all that passes here.
 */
import { SourceMap, type SourceMapPayload } from "node:module";
import type { AnyNode } from "acorn";
import { transform } from "esbuild";
import { checkNames } from "./dialect-names.ts";
import { checkLoadOrder, checkLoopClosures } from "./dialect-order.ts";
import { checkSyntax } from "./dialect-syntax.ts";
import { parseScript } from "./syntax-tree.ts";

export interface Finding {
  /** Path as the caller or the source map gives it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly what: string;
  readonly why: string;
  readonly instead: string;
}

/** One line for people. */
export function findingText(finding: Finding): string {
  return `${finding.file}:${finding.line}: ${finding.what}: ${finding.why}; use ${finding.instead}`;
}

/** Checks a bundled script; with its source map, findings name the original file and line. */
export function checkBundle(code: string, file: string, map: SourceMapPayload | undefined): Finding[] {
  return check(code, file, map, true);
}

/** Checks one TypeScript file. Throws esbuild's error when it does not parse. */
export async function checkSource(text: string, file: string): Promise<Finding[]> {
  const script = await transform(text, {
    loader: "ts",
    sourcefile: file,
    sourcemap: "external",
    target: "esnext",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, verbatimModuleSyntax: true } },
  });
  return check(script.code, file, JSON.parse(script.map) as SourceMapPayload, false);
}

function check(code: string, file: string, map: SourceMapPayload | undefined, lowered: boolean): Finding[] {
  const findings: Finding[] = [];
  const places = map === undefined ? undefined : new SourceMap(map);
  const program = parseScript(code);
  const placeOf = (node: AnyNode): { file: string; line: number } => {
    const start = node.loc?.start ?? { line: 1, column: 0 };
    const entry = places?.findEntry(start.line - 1, start.column);
    if (entry === undefined || !("originalSource" in entry)) return { file, line: start.line };
    return { file: lowered ? entry.originalSource : file, line: entry.originalLine + 1 };
  };
  const report = (node: AnyNode, what: string, why: string, instead: string): void => {
    const place = placeOf(node);
    findings.push({ file: place.file, line: place.line, what, why, instead });
  };
  checkSyntax(program, lowered, report);
  checkNames(program, (node) => placeOf(node).file.includes("firmware/hosts/"), report);
  checkLoopClosures(program, report);
  checkLoadOrder(program, report);
  return unique(findings);
}

/** A construct inside two loops, or two at one line, is told once. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const text = findingText(finding);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
