/** The JSON Schemas that editors use: they take every file that is read without complaint, and see the mistakes that a line shows. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the parameters of scenario files are written so.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { partJsonSchema, scenarioJsonSchema } from "./scenario-schema.ts";
import { mistakesOf, type SchemaNode } from "./schema-mistakes-bench.ts";

const folder = new URL("../scenarios/", import.meta.url).pathname;
const scenarioSchema = scenarioJsonSchema() as SchemaNode;

/** What a validator does with the few words of JSON Schema that ours use; a reference leads into the scenario's schema. */
function fits(value: unknown, node: SchemaNode): boolean {
  if (node.$ref !== undefined) return fits(value, referred(node.$ref));
  if (node.anyOf !== undefined && !node.anyOf.some((each) => fits(value, each))) return false;
  if (node.enum !== undefined && !node.enum.includes(value)) return false;
  switch (node.type) {
    case undefined:
      return true;
    case "string":
      return typeof value === "string" && fitsText(value, node);
    case "integer":
    case "number":
      return typeof value === "number" && fitsNumber(value, node);
    case "array":
      return Array.isArray(value) && fitsList(value, node);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value) && fitsKeys(value, node);
    default:
      return node.type === (value === null ? "null" : typeof value);
  }
}

function referred(reference: string): SchemaNode {
  const steps = reference.slice(reference.indexOf("#/") + 2).split("/");
  return steps.reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], scenarioSchema) as SchemaNode;
}

function fitsText(text: string, { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: SchemaNode): boolean {
  return (
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, "u").test(text))
  );
}

function fitsNumber(value: number, { type, minimum, maximum, exclusiveMinimum }: SchemaNode): boolean {
  return (
    (type === "number" || Number.isInteger(value)) &&
    value >= (minimum ?? value) &&
    value <= (maximum ?? value) &&
    value > (exclusiveMinimum ?? value - 1)
  );
}

function fitsList(list: readonly unknown[], { items = {}, minItems = 0, maxItems = 1e9 }: SchemaNode): boolean {
  return list.length >= minItems && list.length <= maxItems && list.every((each) => fits(each, items));
}

function fitsKeys(value: object, node: SchemaNode & { readonly propertyNames?: SchemaNode }): boolean {
  const { properties = {}, required = [], additionalProperties = true, propertyNames = {} } = node;
  return (
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, each]) => {
      if (!fits(key, propertyNames)) return false;
      const own = properties[key];
      if (own !== undefined) return fits(each, own);
      return typeof additionalProperties === "object" ? fits(each, additionalProperties) : additionalProperties;
    })
  );
}

const filesIn = (path: string): string[] => readdirSync(path).filter((file) => file.endsWith(".yaml"));
const read = (path: string): unknown => parse(readFileSync(path, "utf8"));

test.each(filesIn(folder))("an editor takes the shipped scenario %s", (file) => {
  expect(fits(read(folder + file), scenarioSchema)).toBe(true);
});

test("an editor takes each shipped part by the schema of parts, and not by that of scenarios", () => {
  const parts = filesIn(`${folder}parts/`);
  expect(parts).not.toEqual([]);
  for (const file of parts) {
    const part = read(`${folder}parts/${file}`);
    expect([file, fits(part, partJsonSchema() as SchemaNode)]).toEqual([file, true]);
    expect(fits(part, scenarioSchema)).toBe(false);
    expect(readFileSync(`${folder}parts/${file}`, "utf8")).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/scenario-part\.schema\.json\n/,
    );
  }
});

test("a parameter may stand in every place of one value, whole or within a text, and not as a key", () => {
  const story = (count: unknown, duration: string): object => ({
    name: "a ${kind} town",
    duration,
    parameters: { homes: 3, kind: "small" },
    world: { receivers: { primary: { latency: "${wait}", digest: "${asks}" } }, radio: { loss: "${loss} %" } },
    fleet: [{ name: "town", count, mobile: "${first}", receivers: ["${receiver}"] }],
  });
  expect(fits(story("${homes}", "${minutes}m"), scenarioSchema)).toBe(true);
  expect(fits(story(3, "1h"), scenarioSchema)).toBe(true);
  expect(fits(story("$homes", "1h"), scenarioSchema)).toBe(false);
  expect(fits(story("${Homes}", "1h"), scenarioSchema)).toBe(false);
  expect(fits(story(0, "1h"), scenarioSchema)).toBe(false);
  expect(fits({ ...story(3, "1h"), "${homes}": 3 }, scenarioSchema)).toBe(false);
});

test("an editor sees each mistake that is made with one key, as the command does", () => {
  const unseen = mistakesOf(scenarioSchema).filter(({ text }) => fits(parse(text), scenarioSchema));
  expect(unseen.map(({ what }) => what)).toEqual([]);
});
