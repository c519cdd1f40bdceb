/** What the schema finds wrong, said for the person who wrote the file: which key, what was expected, what was meant. */
import { z } from "zod";
import type { FilePath } from "./scenario-names.ts";
import { nearest } from "./scenario-units.ts";

export interface Complaint {
  readonly path: FilePath;
  /** Whether the key at the end of the path is meant, not its value. */
  readonly onKey: boolean;
  readonly message: string;
  readonly hint: string | undefined;
}

type Issue = z.core.$ZodIssue;

/** One complaint per fault; of an entry that fits no alternative, the faults against the nearest one. */
export function explainIssues(issues: readonly Issue[], data: unknown, schema: z.ZodType): Complaint[] {
  const complaints: Complaint[] = [];
  for (const issue of issues) {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    const here = schemaAt(schema, path);
    const value = valueAt(data, path);
    // The checker takes the one alternative whose only fault is a key too many, though another may be nearer.
    const isOfUnion = issue.code === "unrecognized_keys" && here instanceof z.ZodUnion;
    if (isOfUnion || (issue.code === "invalid_union" && issue.message === "Invalid input")) {
      const options = optionsOf(here);
      const errors = isOfUnion
        ? options.map((option) => option.safeParse(value).error?.issues ?? [])
        : (issue as z.core.$ZodIssueInvalidUnion).errors;
      const branch = nearestBranch(errors, options);
      const faults = errors[branch] ?? [];
      if (value === undefined) complaints.push(wrongValue(path, faults[0] ?? issue, value));
      else
        for (const found of explainIssues(faults, value, options[branch] ?? schema))
          complaints.push({ ...found, path: [...path, ...found.path] });
    } else if (issue.code === "unrecognized_keys") {
      const known = keysOf(here);
      for (const key of issue.keys) complaints.push(unknownKey([...path, key], key, known));
    } else if (issue.code === "invalid_key") {
      complaints.push({
        path,
        onKey: true,
        message: `"${path.at(-1)}" is not ${issue.issues[0]?.message ?? "a name"}`,
        hint: undefined,
      });
    } else complaints.push(wrongValue(path, issue, value));
  }
  return complaints;
}

function unknownKey(path: FilePath, key: string, known: readonly string[]): Complaint {
  const near = nearest(key, known);
  const hint = near === undefined ? `keys here: ${known.join(", ")}` : `did you mean "${near}"?`;
  return { path, onKey: true, message: `unknown key "${key.slice(0, 64)}"`, hint };
}

function wrongValue(path: FilePath, issue: Issue, value: unknown): Complaint {
  const expected = issue.message.startsWith("Invalid input") ? shapeOf(issue) : issue.message;
  if (value === undefined && path.length > 0)
    return {
      path: path.slice(0, -1),
      onKey: false,
      message: `the key "${path.at(-1)}" is missing`,
      hint: `expected ${expected}`,
    };
  return { path, onKey: false, message: `expected ${expected}, found ${shown(value)}`, hint: hintFor(issue, value) };
}

function hintFor(issue: Issue, value: unknown): string | undefined {
  if (issue.code === "invalid_value" && typeof value === "string") {
    const near = nearest(value, issue.values.map(String));
    return near === undefined ? undefined : `did you mean "${near}"?`;
  }
  if (typeof value === "number" && issue.code === "invalid_type" && issue.message.startsWith("a time"))
    return "write the unit too";
  return undefined;
}

function shapeOf(issue: Issue): string {
  const kind = issue.code === "invalid_type" ? issue.expected : "";
  if (kind === "array") return "a list";
  return kind === "object" || kind === "record" ? "keys with values" : issue.message;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "nothing";
  if (typeof value === "object") return "keys with values";
  return JSON.stringify(value).slice(0, 64);
}

/**
 * The alternative that the author most likely meant: the one with the fewest keys missing or too many. A key that it does not
 * know weighs most, and least where it is like one of its own.
 */
function nearestBranch(branches: readonly (readonly Issue[])[], options: readonly z.ZodType[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  branches.forEach((issues, index) => {
    const known = keysOf(options[index]);
    let weight = 0;
    for (const issue of issues)
      if (issue.code !== "unrecognized_keys") weight += 2;
      else for (const key of issue.keys) weight += nearest(key, known) === undefined ? 3 : 1;
    if (weight < least) {
      least = weight;
      best = index;
    }
  });
  return best;
}

function schemaAt(schema: z.ZodType, path: FilePath): z.ZodType | undefined {
  let here: z.ZodType | undefined = unwrapped(schema);
  for (const step of path) {
    if (here instanceof z.ZodObject) here = here.shape[String(step)] as z.ZodType | undefined;
    else if (here instanceof z.ZodArray) here = here.element as z.ZodType;
    else if (here instanceof z.ZodRecord) here = here.valueType as z.ZodType;
    else return undefined;
    here = here === undefined ? undefined : unwrapped(here);
  }
  return here;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  let here = schema;
  while (here instanceof z.ZodOptional || here instanceof z.ZodNullable) here = here.unwrap() as z.ZodType;
  return here;
}

function keysOf(schema: z.ZodType | undefined): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((key) => key !== "$schema") : [];
}

function optionsOf(schema: z.ZodType | undefined): readonly z.ZodType[] {
  return schema instanceof z.ZodUnion ? (schema.options as readonly z.ZodType[]) : [];
}

function valueAt(data: unknown, path: FilePath): unknown {
  let here = data;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}
