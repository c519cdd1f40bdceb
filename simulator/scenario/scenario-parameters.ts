/** The parameters of a scenario: declared with a default in its files, set for one run with `--set`, and put wherever a value says `${name}`. */
import { ScenarioError, type ScenarioProblem } from "./scenario-error.ts";
import { nameHint } from "./scenario-names.ts";
import { deepestNesting, lineOf, problemOf, type Source } from "./scenario-source.ts";
import { longestParameter, parameterNamePattern } from "./schema-file.ts";

export type ParameterValue = string | number | boolean;

/** A file with the files that it includes, direct and indirect: what it may declare anew. */
export interface Included {
  readonly source: Source;
  readonly below: ReadonlySet<Source>;
}

interface Declared {
  readonly value: ParameterValue;
  /** Each file that declares it. */
  readonly sources: Source[];
}

const place = /\$\{([^}]*)(\}?)/g;

/** The entries of each file with its parameters filled in. Throws ScenarioError with everything that is wrong about them. */
export function fillParameters(files: readonly Included[], set: readonly string[]): Record<string, unknown>[] {
  const problems: ScenarioProblem[] = [];
  const declared = declare(files, problems);
  const values = new Map<string, ParameterValue>();
  for (const [name, { value }] of declared) values.set(name, value);
  for (const text of set) setOne(text, declared, values, problems, set);
  const filling = new Filling(values, problems);
  const filled = files.map(({ source }) => filling.fill(source));
  for (const [name, { sources }] of declared)
    if (!filling.used.has(name))
      for (const source of sources)
        problems.push(
          problemOf(source, {
            path: ["parameters", name],
            onKey: true,
            message: `no value uses the parameter "${name}"`,
            hint: `write "\${${name}}" where it belongs, or leave it out`,
          }),
        );
  const root = files.at(-1)?.source.path ?? "";
  if (problems.length > 0) throw new ScenarioError(root, problems);
  return filled;
}

/** A file's own default stands above that of a file that it includes; two files side by side may not both declare a name. */
function declare(files: readonly Included[], problems: ScenarioProblem[]): Map<string, Declared> {
  const declared = new Map<string, Declared>();
  for (const { source, below } of files) {
    const own = source.data["parameters"];
    if (typeof own !== "object" || own === null) continue;
    for (const [name, value] of Object.entries(own) as [string, ParameterValue][]) {
      const before = declared.get(name);
      const last = before?.sources.at(-1);
      const refuse = (onKey: boolean, message: string, hint: string): void => {
        problems.push(problemOf(source, { path: ["parameters", name], onKey, message, hint }));
      };
      if (last !== undefined && !below.has(last))
        refuse(true, `the parameter "${name}" is already declared in ${placeIn(last, name)}`, "rename one of them");
      else if (before !== undefined && last !== undefined && typeof before.value !== typeof value)
        refuse(false, `expected ${kindOf(before.value)}, as in ${placeIn(last, name)}`, "or give it another name");
      declared.set(name, { value, sources: [...(before?.sources ?? []), source] });
    }
  }
  return declared;
}

function placeIn(source: Source, name: string): string {
  return `${source.path}:${lineOf(source, ["parameters", name])}`;
}

/** "homes=400" */
function setOne(
  text: string,
  declared: ReadonlyMap<string, Declared>,
  values: Map<string, ParameterValue>,
  problems: ScenarioProblem[],
  all: readonly string[],
): void {
  const complain = (message: string, hint: string): void => {
    problems.push({ path: `--set ${text.slice(0, 100)}`, line: 0, column: 0, message, hint });
  };
  const middle = text.indexOf("=");
  const name = text.slice(0, Math.max(0, middle));
  const given = text.slice(middle + 1);
  const known = declared.get(name);
  if (middle < 1) complain("expected a name and a value", "such as --set homes=400");
  else if (known === undefined)
    complain(`there is no parameter "${name.slice(0, 64)}"`, nameHint("parameter", name, [...declared.keys()]));
  else if (
    all.some((other) => other !== text && other.startsWith(`${name}=`)) ||
    all.indexOf(text) !== all.lastIndexOf(text)
  )
    complain(`"${name}" is set twice`, "set it once");
  else {
    const value = parseValue(given, known.value);
    if (value === undefined) complain(`expected ${kindOf(known.value)}`, `"${name}" is ${known.value} unless set`);
    else values.set(name, value);
  }
}

/** Undefined where the text is not of the default's kind. */
function parseValue(text: string, like: ParameterValue): ParameterValue | undefined {
  if (typeof like === "number") return /^-?\d{1,12}(?:\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
  if (typeof like === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  return text.length > 0 && text.length <= longestParameter && !text.includes("${") ? text : undefined;
}

function kindOf(value: ParameterValue): string {
  if (typeof value === "boolean") return "true or false";
  return typeof value === "number" ? "a number" : `text of at most ${longestParameter} characters without "\${"`;
}

class Filling {
  readonly used: Set<string>;
  private readonly values: ReadonlyMap<string, ParameterValue>;
  private readonly problems: ScenarioProblem[];

  constructor(values: ReadonlyMap<string, ParameterValue>, problems: ScenarioProblem[]) {
    this.used = new Set();
    this.values = values;
    this.problems = problems;
  }

  fill(source: Source): Record<string, unknown> {
    const filled = Object.entries(source.data).map(([key, value]) => [
      key,
      key === "parameters" || key === "include" ? value : this.value(value, [key], source),
    ]);
    return Object.fromEntries(filled) as Record<string, unknown>;
  }

  private value(value: unknown, path: (string | number)[], source: Source): unknown {
    if (typeof value === "string") return value.includes("${") ? this.text(value, path, source) : value;
    if (typeof value !== "object" || value === null) return value;
    if (path.length > deepestNesting) {
      const message = `entries are nested more than ${deepestNesting} deep`;
      const hint = "an alias stands inside its own anchor";
      throw new ScenarioError(source.path, [problemOf(source, { path: path.slice(0, 2), onKey: true, message, hint })]);
    }
    if (Array.isArray(value)) return value.map((each, index) => this.value(each, [...path, index], source));
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.value(each, [...path, key], source)]),
    );
  }

  private text(text: string, path: readonly (string | number)[], source: Source): ParameterValue {
    const found = [...text.matchAll(place)];
    const values = found.map(([whole, name = "", end]) => this.lookUp(whole, name, end === "}", path, source));
    if (found.length === 1 && found[0]?.[0] === text) return values[0] ?? text;
    let index = 0;
    return text.replace(place, (whole) => String(values[index++] ?? whole));
  }

  private lookUp(
    whole: string,
    name: string,
    isClosed: boolean,
    path: readonly (string | number)[],
    source: Source,
  ): ParameterValue | undefined {
    const complain = (message: string, hint: string): void => {
      this.problems.push(problemOf(source, { path, onKey: false, message, hint }));
    };
    const value = this.values.get(name);
    if (!isClosed || !parameterNamePattern.test(name))
      complain(
        `"${whole.slice(0, 64)}" names no parameter`,
        `expected a name in braces such as "\${homes}", and no sums`,
      );
    else if (value === undefined)
      complain(`there is no parameter "${name}"`, nameHint("parameter", name, [...this.values.keys()]));
    else this.used.add(name);
    return value;
  }
}
