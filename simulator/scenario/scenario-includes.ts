/** The files of one scenario put together: parts read first, named things joined, and each entry's own file and line kept. */
import { realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { ScenarioError, type ScenarioProblem } from "./scenario-error.ts";
import { type Complaint, explainIssues } from "./scenario-issues.ts";
import type { FilePath } from "./scenario-names.ts";
import type { Included } from "./scenario-parameters.ts";
import { runKeys } from "./scenario-schema.ts";
import { lineOf, problemOf, readSource, type Source } from "./scenario-source.ts";
import { fileHead, mostIncludes } from "./schema-file.ts";
import { world } from "./schema-world.ts";

/** What the world holds by name, such as its receivers; two files may both name some. */
const named = new Set(
  Object.entries(world.shape)
    .filter(([, schema]) => (schema instanceof z.ZodOptional ? schema.unwrap() : schema) instanceof z.ZodRecord)
    .map(([key]) => key),
);

/** The file and everything that it includes, each once, in the order in which they are put together: itself last. Throws ScenarioError. */
export function gatherFiles(root: Source): readonly Included[] {
  const gathering = new Gathering(root);
  gathering.visit(root, realOf(root.path) ?? root.path);
  if (gathering.problems.length > 0) throw new ScenarioError(root.path, gathering.problems);
  return gathering.files;
}

class Gathering {
  readonly files: Included[];
  readonly problems: ScenarioProblem[];
  private readonly root: Source;
  /** No file from outside this folder, so that a scenario from a stranger reads nothing else. */
  private readonly bounds: string;
  /** By real path; undefined while the file's own includes are being read. */
  private readonly seen: Map<string, Included | undefined>;

  constructor(root: Source) {
    this.files = [];
    this.problems = [];
    this.root = root;
    const folder = resolve(dirname(root.path));
    this.bounds = dirname(realOf(folder) ?? folder);
    this.seen = new Map();
  }

  visit(source: Source, real: string): Included {
    this.seen.set(real, undefined);
    const below = new Set<Source>();
    const head = fileHead.safeParse(source.data);
    if (!head.success)
      for (const fault of explainIssues(head.error.issues, source.data, fileHead)) this.tell(source, fault);
    if (source !== this.root)
      for (const key of runKeys) if (Object.hasOwn(source.data, key)) this.tell(source, inPart(key));
    (head.data?.include ?? []).forEach((entry, index) => {
      const found = this.include(source, entry, index);
      if (found === undefined) return;
      below.add(found.source);
      for (const each of found.below) below.add(each);
    });
    const included = { source, below };
    this.files.push(included);
    this.seen.set(real, included);
    return included;
  }

  private include(from: Source, entry: string, index: number): Included | undefined {
    const refuse = (message: string, hint: string): undefined => {
      this.tell(from, { path: ["include", index], onKey: false, message, hint });
      return undefined;
    };
    const path = join(dirname(from.path), entry);
    const real = realOf(path);
    if (leadsOut(this.bounds, resolve(path)) || (real !== undefined && leadsOut(this.bounds, real)))
      return refuse(`"${entry}" leads out of the folder ${this.bounds}`, "put both files under one folder");
    if (real === undefined) return refuse(`there is no file ${path}`, "a path from this file on");
    if (!statSync(real).isFile()) return refuse(`${path} is not a file`, "name a file that ends in .yaml");
    if (this.seen.has(real)) {
      const known = this.seen.get(real);
      return known ?? refuse(`${path} includes itself in the end`, "leave out one of the includes on the way");
    }
    if (this.seen.size > mostIncludes)
      return refuse(`more than ${mostIncludes} files are included`, "put some of them together");
    return this.visit(readSource(path), real);
  }

  private tell(source: Source, complaint: Complaint): void {
    this.problems.push(problemOf(source, complaint));
  }
}

function inPart(key: string): Complaint {
  const message = `an included file has no "${key}"`;
  return { path: [key], onKey: true, message, hint: "the file that includes it says what the run is" };
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function leadsOut(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === ".." || way.startsWith(`..${sep}`);
}

/** One set of entries out of many files. */
export class Merged {
  readonly data: Record<string, unknown>;
  /** What is said twice. */
  readonly problems: ScenarioProblem[];
  private readonly root: Source;
  /** From a path in the whole to its file and its path there; what is not in it stands in the root. */
  private readonly origins: Map<string, { readonly source: Source; readonly path: FilePath }>;

  /** `filled`: the entries of each file, its parameters filled in. */
  constructor(files: readonly Included[], filled: readonly Readonly<Record<string, unknown>>[], root: Source) {
    this.problems = [];
    this.root = root;
    this.origins = new Map();
    const parts = files.map(({ source }, index) => ({ source, entries: filled[index] ?? {} }));
    this.data = files.length === 1 ? { ...filled[0] } : this.joinMaps(parts, []);
  }

  /** The place of a complaint about the whole. */
  problemOf(complaint: Complaint): ScenarioProblem {
    for (let length = Math.min(3, complaint.path.length); length > 0; length--) {
      const origin = this.origins.get(keyOf(complaint.path.slice(0, length)));
      if (origin === undefined) continue;
      const path = [...origin.path, ...complaint.path.slice(length)];
      return problemOf(origin.source, { ...complaint, path });
    }
    return problemOf(this.root, complaint);
  }

  /** Lists are appended; `world` and the named things in it are put together; whatever else is said twice is refused. */
  private joinMaps(parts: readonly Part[], at: readonly string[]): Record<string, unknown> {
    const byKey = new Map<string, { source: Source; value: unknown }[]>();
    for (const { source, entries } of parts)
      for (const [key, value] of Object.entries(entries)) {
        if (at.length === 0 && Object.hasOwn(fileHead.shape, key)) continue;
        const given = byKey.get(key) ?? [];
        given.push({ source, value });
        byKey.set(key, given);
      }
    return Object.fromEntries([...byKey].map(([key, given]) => [key, this.joinValues(given, [...at, key])]));
  }

  private joinValues(given: readonly { source: Source; value: unknown }[], at: readonly string[]): unknown {
    const last = given.at(-1);
    if (last === undefined) return undefined;
    this.origins.set(keyOf(at), { source: last.source, path: at });
    if (given.every(({ value }) => Array.isArray(value))) {
      const whole: unknown[] = [];
      for (const { source, value } of given)
        (value as readonly unknown[]).forEach((each, index) => {
          this.origins.set(keyOf([...at, whole.length]), { source, path: [...at, index] });
          whole.push(each);
        });
      return whole;
    }
    const joins = at[0] === "world" && at.length < 3 && given.every(({ value }) => isMap(value));
    if (joins && (at.length === 1 || given.length === 1 || named.has(at[1] ?? ""))) {
      const parts = given.map(({ source, value }) => ({ source, entries: value as Record<string, unknown> }));
      return this.joinMaps(parts, at);
    }
    const [first] = given;
    if (first !== undefined && last !== first) {
      const message = `"${at.at(-1)}" is already said in ${first.source.path}:${lineOf(first.source, at)}`;
      const hint = "say it once; what differs from run to run is a parameter";
      this.problems.push(problemOf(last.source, { path: at, onKey: true, message, hint }));
    }
    return last.value;
  }
}

interface Part {
  readonly source: Source;
  readonly entries: Readonly<Record<string, unknown>>;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keyOf(path: FilePath): string {
  return JSON.stringify(path);
}
