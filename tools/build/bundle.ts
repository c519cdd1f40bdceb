/**
 * One script for one device: all of an entry's imports in a file that Espruino loads as it is. esbuild lowers class fields
 * and nothing else; whatever the engine lacks beyond that is found by `dialect.ts`, not hidden here.
 */

import { readFile } from "node:fs/promises";
import type { SourceMapPayload } from "node:module";
import { basename, resolve } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { privateNames } from "./private-names.ts";

export interface BundleInput {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly bytes: number;
}

export interface DeviceBundle {
  readonly bytes: Uint8Array;
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
}

/** What Espruino 2v29 parses; the `false` rows are lowered or, where esbuild cannot, refused by the dialect check. */
const espruinoFeatures = {
  arrow: true,
  class: true,
  "const-and-let": true,
  "template-literal": true,
  "object-extensions": true,
  "nullish-coalescing": true,
  "optional-catch-binding": true,
  "class-field": false,
  "class-static-field": false,
  "class-static-blocks": false,
  "optional-chain": false,
  "exponent-operator": false,
  "logical-assignment": false,
  "object-rest-spread": false,
  bigint: false,
};

/** Bundles `entry` (a path). Throws esbuild's own error, with place and cause, when a file is missing or does not parse. */
export async function bundleDevice(entry: string, options: BundleOptions): Promise<DeviceBundle> {
  const out = resolve(options.root, ".cache/device", basename(entry).replace(/\.ts$/, ".js"));
  const plain = await bundled(entry, out, options.root, {});
  const script = options.minify
    ? await bundled(entry, out, options.root, { minify: true, ...(await shortNames(plain, options.root)) })
    : plain;
  return {
    bytes: script.code,
    map: withRootPaths(JSON.parse(script.map) as SourceMapPayload, out, options.root),
    metafile: script.metafile,
    inputs: largestInputs(script.metafile),
  };
}

interface Script {
  readonly code: Uint8Array;
  readonly map: string;
  readonly metafile: Metafile;
}

async function bundled(entry: string, out: string, root: string, more: BuildOptions): Promise<Script> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: out,
    write: false,
    bundle: true,
    format: "iife",
    target: "es2015",
    charset: "ascii",
    sourcemap: "external",
    metafile: true,
    legalComments: "none",
    logLevel: "silent",
    supported: espruinoFeatures,
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, verbatimModuleSyntax: true } },
    ...more,
  });
  const code = result.outputFiles?.find((file) => file.path.endsWith(".js"));
  const map = result.outputFiles?.find((file) => file.path.endsWith(".map"));
  if (code === undefined || map === undefined || result.metafile === undefined)
    throw new Error("bundle: esbuild answered no script");
  return { code: code.contents, map: map.text, metafile: result.metafile };
}

async function shortNames(plain: Script, root: string): Promise<BuildOptions> {
  const sources: string[] = [];
  for (const path of Object.keys(plain.metafile.inputs)) sources.push(await readFile(resolve(root, path), "utf8"));
  const names = privateNames(sources, Buffer.from(plain.code).toString());
  return names.length === 0 ? {} : { mangleProps: new RegExp(`^(?:${names.join("|")})$`) };
}

function largestInputs(metafile: Metafile): BundleInput[] {
  const inputs: BundleInput[] = [];
  for (const output of Object.values(metafile.outputs))
    for (const [path, input] of Object.entries(output.inputs)) inputs.push({ path, bytes: input.bytesInOutput });
  return inputs.sort((one, other) => other.bytes - one.bytes || (one.path < other.path ? -1 : 1));
}

/** The map names its sources from the script's folder; findings name them from the root. */
function withRootPaths(map: SourceMapPayload, script: string, root: string): SourceMapPayload {
  const sources = map.sources.map((source) => resolve(script, "..", source).slice(resolve(root).length + 1));
  return { ...map, sources };
}
