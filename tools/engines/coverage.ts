/** How many branches of the firmware the lists take, as V8 itself counts them and the bundle's source map leads back. */
import { type Profiler, Session } from "node:inspector";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { DeviceBundle } from "../build/bundle.ts";
import { parseScript } from "../build/syntax-tree.ts";

/** Places of branches in the sources, each with whether it was taken: `firmware/unit.ts 81:4 0`. */
export type Branches = ReadonlyMap<string, boolean>;

export interface BranchCount {
  readonly taken: number;
  readonly all: number;
}

/** Counts what runs from its making on. */
export class BranchCounter {
  private readonly session: Session;

  constructor() {
    this.session = new Session();
    this.session.connect();
    this.session.post("Profiler.enable");
    this.session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Ends the counting. Answers the branches of a bundle that ran under the name `file`, once loaded. */
  async stop(): Promise<(file: string, bundle: DeviceBundle) => Promise<Branches>> {
    const scripts = await new Promise<Profiler.ScriptCoverage[]>((settle, fail) =>
      this.session.post("Profiler.takePreciseCoverage", (error, taken) =>
        error === null ? settle(taken.result) : fail(error),
      ),
    );
    this.session.disconnect();
    return (file, bundle) => {
      const script = scripts.find(({ url }) => url === file);
      if (script === undefined) throw new Error(`coverage: ${file} did not run`);
      return branchesOf(script, bundle);
    };
  }
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface FileBranches {
  /** Counts by branch. */
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly branchMap: Readonly<Record<string, { readonly loc: { readonly start: Place } }>>;
}

/** The converter that the test runner's own coverage goes through; it comes with that. */
interface Converter {
  default(options: object): Promise<Readonly<Record<string, FileBranches>>>;
}

async function branchesOf(script: Profiler.ScriptCoverage, bundle: DeviceBundle): Promise<Branches> {
  const runner = createRequire(import.meta.url).resolve("@vitest/coverage-v8");
  const path = createRequire(runner).resolve("ast-v8-to-istanbul");
  const { default: convert } = (await import(pathToFileURL(path).href)) as Converter;
  const code = Buffer.from(bundle.bytes).toString("latin1");
  const files = await convert({
    code,
    ast: parseScript(code),
    coverage: { ...script, url: pathToFileURL("/device.js").href },
    sourceMap: { ...bundle.map, sources: bundle.map.sources.map((source) => `/${source}`) },
  });
  const branches = new Map<string, boolean>();
  for (const [file, { b, branchMap }] of Object.entries(files))
    for (const [id, counts] of Object.entries(b)) {
      const { line = 0, column = 0 } = branchMap[id]?.loc.start ?? {};
      for (const [index, count] of counts.entries()) {
        const key = `${file.slice(1)} ${line}:${column} ${index}`;
        branches.set(key, count > 0 || branches.get(key) === true);
      }
    }
  return branches;
}

/** A branch that stands in several bundles is taken where one of them took it. */
export function together(bundles: readonly Branches[]): Branches {
  const all = new Map<string, boolean>();
  for (const branches of bundles) for (const [key, taken] of branches) all.set(key, taken || all.get(key) === true);
  return all;
}

/** Of all files whose path begins so. */
export function countUnder(branches: Branches, folder: string): BranchCount {
  let taken = 0;
  let all = 0;
  for (const [key, isTaken] of branches)
    if (key.startsWith(folder)) {
      taken += isTaken ? 1 : 0;
      all++;
    }
  return { taken, all };
}

/** By file, the one with the most branches not taken first. */
export function countByFile(branches: Branches): readonly (readonly [path: string, count: BranchCount])[] {
  const paths = new Set([...branches.keys()].map((key) => key.split(" ")[0] ?? ""));
  return [...paths]
    .map((path) => [path, countUnder(branches, `${path} `)] as const)
    .sort(([, one], [, other]) => other.all - other.taken - (one.all - one.taken));
}
