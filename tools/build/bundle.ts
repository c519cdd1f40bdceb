/**
 * One script for one device: all of an entry's imports, and the board's data, in a file that the engine loads as it is. Whatever the
 * engine lacks is found by `dialect.ts`, not hidden here.
 */

import { readFile } from "node:fs/promises";
import type { SourceMapPayload } from "node:module";
import { basename, resolve } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import type { BoardWiring } from "../../firmware/hosts/board.ts";
import { closedScript } from "./closed-script.ts";
import { type Engine, engineOptions } from "./engines.ts";
import { privateNames } from "./private-names.ts";
import { withoutReservedNames } from "./reserved-names.ts";

export interface BundleInput {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly bytes: number;
}

export interface DeviceBundle {
  readonly bytes: Uint8Array;
  /** The script that the bytes stand for: other characters only where Espruino stores it in a form of its own. The map leads from here. */
  readonly text: string;
  readonly map: SourceMapPayload;
  readonly metafile: Metafile;
  /** What each file adds to the bundle, largest first. */
  readonly inputs: readonly BundleInput[];
}

export interface BundleOptions {
  /** Directory that reported paths are relative to. */
  readonly root: string;
  /** Short names for what is local or private, and no blanks. */
  readonly minify: boolean;
  /** Espruino unless said. */
  readonly engine?: Engine;
  /** What `livlina:board` holds; absent: nothing may import it. */
  readonly board?: BoardWiring;
  /** A minified whole program for Espruino, whose names nobody else uses; `short-words`: and whose words never leave the device. */
  readonly closed?: "names" | "short-words" | undefined;
}

/** Bundles `entry` (a path). Throws esbuild's own error, with place and cause, when a file is missing or does not parse. */
export async function bundleDevice(entry: string, options: BundleOptions): Promise<DeviceBundle> {
  const out = resolve(options.root, ".cache/device", basename(entry).replace(/\.ts$/, ".js"));
  const plain = await bundled(entry, out, options, {});
  const script = await finished(plain, entry, out, options);
  return {
    bytes: script.code,
    text: script.text,
    map: withRootPaths(JSON.parse(script.map) as SourceMapPayload, out, options.root),
    metafile: script.metafile,
    inputs: largestInputs(script),
  };
}

async function finished(plain: Script, entry: string, out: string, options: BundleOptions): Promise<Script> {
  if (!options.minify) return plain;
  if (options.closed === undefined)
    return bundled(entry, out, options, { minify: true, ...(await shortNames(plain, options.root)) });
  const sources = await sourcesOf(plain.metafile, options.root);
  const closed = await closedScript(plain.text, plain.map, { root: options.root, how: options.closed, sources });
  return { ...closed, metafile: plain.metafile };
}

interface Script {
  readonly code: Uint8Array;
  readonly text: string;
  readonly map: string;
  readonly metafile: Metafile;
}

const boardModule = "livlina:board";

/**
 * Puts a board's data in the place of the module that hosts import them from, and the block function that suits its engine's image in the
 * place of `livlina:cipher`. No board of ours can feel a fall. Each part of the data is an export of its own, so that a device bears only what it uses.
 */
function boardPlugin(board: BoardWiring, engine: Engine, root: string): Plugin {
  const parts = Object.entries(board).filter(([, value]) => value !== undefined);
  const lines = parts.map(([name, value]) => `export const ${name} = ${bareKeys(value)};`);
  lines.push(`export const board = { ${parts.map(([name]) => name).join(", ")} };`);
  const cipher = resolve(root, `firmware/hosts/${engine}/${board.native.aes ? "native" : "own"}-cipher.ts`);
  return {
    name: "board",
    setup(builder): void {
      builder.onResolve({ filter: /^livlina:cipher$/ }, () => ({ path: cipher }));
      builder.onResolve({ filter: /\/button-falls\.ts$/ }, () => ({
        path: resolve(root, "firmware/button/without-falls.ts"),
      }));
      builder.onResolve({ filter: /^livlina:board$/ }, () => ({ path: board.name, namespace: boardModule }));
      builder.onLoad({ filter: /.*/, namespace: boardModule }, () => ({ contents: lines.join("\n"), loader: "js" }));
    },
  };
}

/** As JSON, but keys bear no quotes: they are members like any other. */
function bareKeys(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${name}: ${bareKeys(member)}`);
  return `{ ${members.join(", ")} }`;
}

async function bundled(entry: string, out: string, options: BundleOptions, more: BuildOptions): Promise<Script> {
  const { root, engine = "espruino", board } = options;
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: out,
    write: false,
    bundle: true,
    charset: "ascii",
    sourcemap: "external",
    metafile: true,
    legalComments: "none",
    logLevel: "silent",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, verbatimModuleSyntax: true } },
    plugins: board === undefined ? [] : [boardPlugin(board, engine, root)],
    ...engineOptions[engine],
    ...more,
  });
  const code = result.outputFiles?.find((file) => file.path.endsWith(".js"));
  const map = result.outputFiles?.find((file) => file.path.endsWith(".map"));
  if (code === undefined || map === undefined || result.metafile === undefined)
    throw new Error("bundle: esbuild answered no script");
  const text = more.minify === true ? withoutReservedNames(code.text) : code.text;
  return { code: Buffer.from(text), text, map: map.text, metafile: result.metafile };
}

async function shortNames(plain: Script, root: string): Promise<BuildOptions> {
  const names = privateNames(await sourcesOf(plain.metafile, root), plain.text);
  // The entry keeps the name `of` from members: Espruino parses no method of that name.
  const mangleCache = { "livlina of": "of" };
  return names.length === 0 ? {} : { mangleProps: new RegExp(`^(?:${names.join("|")})$`), mangleCache };
}

async function sourcesOf(metafile: Metafile, root: string): Promise<string[]> {
  const sources: string[] = [];
  const paths = Object.keys(metafile.inputs).filter((path) => !path.startsWith(`${boardModule}:`));
  for (const path of paths) sources.push(await readFile(resolve(root, path), "utf8"));
  return sources;
}

/** Where a script was made smaller after bundling, each file keeps its share of it. */
function largestInputs({ code, metafile }: Script): BundleInput[] {
  const inputs: BundleInput[] = [];
  for (const output of Object.values(metafile.outputs)) {
    const share = Math.min(1, code.length / output.bytes);
    for (const [path, input] of Object.entries(output.inputs))
      inputs.push({ path, bytes: Math.round(input.bytesInOutput * share) });
  }
  return inputs.sort((one, other) => other.bytes - one.bytes || (one.path < other.path ? -1 : 1));
}

/** The map names its sources from the script's folder; findings name them from the root. */
function withRootPaths(map: SourceMapPayload, script: string, root: string): SourceMapPayload {
  const sources = map.sources.map((source) => resolve(script, "..", source).slice(resolve(root).length + 1));
  return { ...map, sources };
}
