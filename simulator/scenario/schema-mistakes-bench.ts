/**
 * Scenario files with one mistake each, made from the JSON Schema alone: every key once with a value of a wrong kind, once out
 * of its range, once misspelt. A word that the vocabulary gains is among them by itself.
 */
import fc from "fast-check";

/** A node of a JSON Schema, as far as `scenarioJsonSchema` makes use of them. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Mistake {
  /** Where and what: "world.receivers.NAME.port out of range: 65536". */
  readonly what: string;
  readonly text: string;
  readonly line: number;
  /** What must be said of that line. */
  readonly says: string;
}

/** A value that stands for its own mistake: written on the line of its key. */
class Wrong {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

type Build = (value: unknown) => unknown;

/** A name that no vocabulary has. */
const someName = "x1";
/** Lists that are longer than that are not tried beyond their end. */
const longestTried = 1_000;

export function mistakesOf(schema: SchemaNode): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (what: string, file: unknown, says: string): void => {
    const { text, line } = written(file);
    mistakes.push({ what, text, line, says });
  };
  const key = (at: string, name: string, node: SchemaNode, build: Build): void => {
    const kind = wrongKind(node);
    if (kind !== undefined)
      add(`${at} of a wrong kind: ${JSON.stringify(kind)}`, build({ [name]: new Wrong(kind) }), "expected ");
    for (const value of outOfRange(node)) {
      const shown = JSON.stringify(value).slice(0, 40);
      add(`${at} out of range: ${shown}`, build({ [name]: new Wrong(value) }), "expected ");
    }
  };
  const visit = (node: SchemaNode, at: string, build: Build): void => {
    for (const each of alternatives(node)) {
      const own = each.properties ?? {};
      const needed = sampleOf(each) as Record<string, unknown>;
      for (const [name, child] of Object.entries(own)) {
        const inside: Build = (entry) => build({ ...needed, ...(entry as object) });
        const path = at === "" ? name : `${at}.${name}`;
        key(path, name, child, inside);
        const wrong = `${name}x`;
        const { [name]: _left, ...others } = needed;
        add(`${path} misspelt`, build({ ...others, [wrong]: new Wrong(sampleOf(child)) }), `unknown key "${wrong}"`);
        visit(child, path, (value) => inside({ [name]: value }));
      }
      if (typeof each.additionalProperties === "object") {
        const child = each.additionalProperties;
        key(`${at}.NAME`, someName, child, build);
        add(`${at}.NAME misspelt`, build({ "Big Name": new Wrong(sampleOf(child)) }), '"Big Name" is not a name');
        visit(child, `${at}.NAME`, (value) => build({ [someName]: value }));
      }
      if (each.items !== undefined) visit(each.items, `${at}[]`, (value) => build(filled(each, value)));
    }
  };
  visit(schema, "", (entry) => ({ ...base(schema), ...(entry as object) }));
  return mistakes;
}

/** What every scenario has; world and fleet are not required in the schema, since they may come from another file. */
function base(schema: SchemaNode): Record<string, unknown> {
  const fleet = schema.properties?.["fleet"];
  return { world: { receivers: {} }, fleet: fleet === undefined ? [] : sampleOf(fleet) };
}

/** Without parameters, which the schema allows in every place. */
function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return (node.anyOf?.flatMap(alternatives) ?? [node]).filter(({ $ref }) => $ref === undefined);
}

/** The smallest value that fits. */
function sampleOf(node: SchemaNode): unknown {
  const one = alternatives(node)[0] ?? node;
  if (one.enum !== undefined) return one.enum[0];
  switch (one.type) {
    case "string":
      return one.pattern === undefined ? "x".repeat(one.minLength ?? 1) : textLike(one.pattern);
    case "integer":
    case "number":
      return one.minimum ?? (one.exclusiveMinimum === undefined ? 1 : one.exclusiveMinimum + 1);
    case "boolean":
      return true;
    case "array":
      return filled(one);
    case "object":
      return Object.fromEntries((one.required ?? []).map((name) => [name, sampleOf(one.properties?.[name] ?? {})]));
    default:
      return null;
  }
}

function filled(list: SchemaNode, ...first: readonly unknown[]): readonly unknown[] {
  const more = Math.max(0, (list.minItems ?? 0) - first.length);
  return [...first, ...Array.from({ length: more }, () => sampleOf(list.items ?? {}))];
}

const texts = new Map<string, string>();

function textLike(pattern: string): string {
  const known = texts.get(pattern);
  if (known !== undefined) return known;
  const like = fc.stringMatching(new RegExp(pattern, "u"), { size: "xsmall" });
  const [text = ""] = fc.sample(like, { numRuns: 1, seed: 1 });
  texts.set(pattern, text);
  return text;
}

function kindsOf(node: SchemaNode): readonly string[] {
  return alternatives(node).map(({ type, enum: words }) => type ?? (words === undefined ? "" : "string"));
}

function wrongKind(node: SchemaNode): unknown {
  const kinds = kindsOf(node);
  const has = (...names: readonly string[]): boolean => names.some((name) => kinds.includes(name));
  if (!has("integer", "number")) return 7;
  if (!has("array")) return [];
  return has("object") ? undefined : {};
}

/** Values of the right kind that no alternative takes. */
function outOfRange(node: SchemaNode): readonly unknown[] {
  const all = alternatives(node);
  const [one] = all;
  if (one === undefined || all.length > 1) return [];
  if (one.enum !== undefined) return ["no-such-word"];
  if (one.type === "string") {
    if (one.pattern !== undefined) return ["?!"].filter((text) => !new RegExp(one.pattern ?? "", "u").test(text));
    return [
      ...((one.minLength ?? 0) > 0 ? [""] : []),
      ...(one.maxLength === undefined ? [] : ["x".repeat(one.maxLength + 1)]),
    ];
  }
  if (one.type === "integer" || one.type === "number") {
    const least = one.minimum === undefined ? one.exclusiveMinimum : one.minimum - 1;
    return [least, one.maximum === undefined ? undefined : one.maximum + 1].filter((value) => value !== undefined);
  }
  if (one.type === "array") {
    const most = one.maxItems ?? longestTried;
    const tooMany = most < longestTried ? [Array.from({ length: most + 1 }, () => sampleOf(one.items ?? {}))] : [];
    return [...((one.minItems ?? 0) > 0 ? [[]] : []), ...tooMany];
  }
  return [];
}

/** As YAML with one key a line, and the line of the mistake. */
function written(file: unknown): { readonly text: string; readonly line: number } {
  const lines: string[] = [];
  let line = 0;
  const put = (value: unknown, indent: string, lead: string): void => {
    if (value instanceof Wrong) {
      line = lines.length + 1;
      lines.push(`${indent}${lead} ${JSON.stringify(value.value)}`);
    } else if (Array.isArray(value) && value.length > 0) {
      lines.push(`${indent}${lead}`);
      for (const each of value) put(each, `${indent}  `, "-");
    } else if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
      lines.push(`${indent}${lead}`);
      for (const [key, each] of Object.entries(value)) put(each, `${indent}  `, `${JSON.stringify(key)}:`);
    } else lines.push(`${indent}${lead} ${JSON.stringify(value)}`);
  };
  for (const [key, value] of Object.entries(file as object)) put(value, "", `${JSON.stringify(key)}:`);
  return { text: `${lines.join("\n")}\n`, line };
}
