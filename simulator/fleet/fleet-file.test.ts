/** Fleet files: what they say, and every mistake by file and line. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { ScenarioError } from "../scenario/scenario-error.ts";
import { readFleet } from "./fleet-file.ts";
import { idOf, seedOfTown, storyOf } from "./fleet-plan.ts";
import { fleetJsonSchema } from "./fleet-schema.ts";

const shipped = fileURLToPath(new URL("../fleets/", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "livlina-fleet-file-"));
afterAll(() => rmSync(place, { recursive: true }));

writeFileSync(
  join(place, "town.yaml"),
  `name: A town
duration: 20m
parameters: { homes: 2 }
world:
  receivers: { primary: {} }
  operators: { alfa: }
fleet:
  - { name: hem, count: "\${homes}", policy: mobile-only, mobile: alfa, receivers: [primary] }
`,
);
const good = "name: Two towns\ntown: town.yaml\ntowns: 2\n";
let files = 0;
function read(text: string, options: Partial<Parameters<typeof readFleet>[1]> = {}) {
  const path = join(place, `fleet-${++files}.yaml`);
  writeFileSync(path, text);
  return readFleet(path, { seed: 1, ...options });
}

function mistakes(text: string, set: readonly string[] = []): readonly string[] {
  try {
    read(text, { set });
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    return thrown.message
      .replaceAll(`${place}/`, "")
      .replaceAll(/fleet-\d+/g, "fleet")
      .split("\n");
  }
}

test("a fleet is a plan that stands alone: a town's story with all it includes, how many, and a seed for each", () => {
  const plan = read(`${good}parameters: { homes: 5 }\nexpect: [{ accepted: 99 %, within: 30s }]\n`);
  expect(plan).toMatchObject({ name: "Two towns", towns: 2, seed: 1, set: ["homes=5"], question: "" });
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  expect(storyOf(plan).fleet[0]?.units).toHaveLength(5);
  expect(plan.promises).toEqual([{ accepted: "99 %", within: "30s" }]);
});

test("what the command line says stands above the file, and a scenario is a fleet of one", () => {
  const plan = read(`${good}parameters: { homes: 5 }\n`, { set: ["homes=7"], towns: 9, seed: 3 });
  expect(plan).toMatchObject({ towns: 9, seed: 3, set: ["homes=7"] });
  expect(storyOf(plan).fleet[0]?.units).toHaveLength(7);
  const one = readFleet(join(place, "town.yaml"), { seed: 1 });
  expect(one).toMatchObject({ name: "A town", towns: 1, promises: [], set: [] });
  expect(readFleet(join(place, "town.yaml"), { seed: 1, towns: 4 }).towns).toBe(4);
});

test("each town has a seed of its own, and so has each fleet", () => {
  const seeds = [1, 2].flatMap((seed) => [1, 2, 3].map((town) => seedOfTown({ seed }, town)));
  expect(new Set(seeds).size).toBe(6);
});

test("two fleets are the same by what they play, not by what they are called", () => {
  const plan = read(good);
  expect(idOf({ ...plan, name: "Other", path: "elsewhere.yaml" })).toBe(idOf(plan));
  for (const more of [
    { towns: 3 },
    { seed: 2 },
    { story: `${plan.story} ` },
    { promises: [{ accepted: "1 %", within: "1s" }] },
  ])
    expect(idOf({ ...plan, ...more })).not.toBe(idOf(plan));
});

test.each([
  ["name: x\ntown: town.yaml\ntowns: none\n", 'fleet.yaml:3:8: expected a whole number from 1 to 100000, found "none"'],
  ["name: x\ntown: town.yaml\ntowns: 0\n", "fleet.yaml:3:8: expected a whole number from 1 to 100000, found 0"],
  [
    "name: x\ntown: town.txt\ntowns: 1\n",
    'fleet.yaml:2:7: expected a path from this file on, such as "town.yaml", found',
  ],
  ["name: x\ntown: none.yaml\ntowns: 1\n", "fleet.yaml:2:7: none.yaml: cannot be read: there is no such file"],
  ["town: town.yaml\ntowns: 1\n", 'fleet.yaml:1:1: the key "name" is missing'],
  [`${good}town-count: 3\n`, 'fleet.yaml:4:1: unknown key "town-count"'],
  [`${good}parameters: { home: 5 }\n`, 'fleet.yaml:4:15: there is no parameter "home" (did you mean "homes"?'],
  [`${good}parameters: { homes: many }\n`, "fleet.yaml:4:15: expected a number"],
  [`${good}expect: [{ accepted: 99 % }]\n`, 'fleet.yaml:4:10: the key "within" is missing'],
  [
    `${good}expect: [{ accepted: 101 %, within: 1s }]\n`,
    'fleet.yaml:4:22: expected a share of at most 100 %, found "101 %"',
  ],
  [`${good}expect: [{ without-path-at-most: much }]\n`, 'fleet.yaml:4:34: expected a share such as "10 %"'],
  ["name: [x\n", "fleet.yaml:2:1: this is not YAML"],
])("a mistake is told by line: %j", (text, expected) => {
  expect(mistakes(text)[0]).toContain(expected);
});

test("a mistake in the town's own file is told there, and one on the command line there", () => {
  writeFileSync(join(place, "bad.yaml"), "name: x\nduration: ten\n");
  expect(mistakes("name: x\ntown: bad.yaml\ntowns: 1\n").join("\n")).toContain("bad.yaml:2:11: expected a time");
  expect(mistakes(good, ["home=3"])[0]).toContain('--set home=3: there is no parameter "home"');
});

test("the schema that lies beside the shipped fleets is the one of the table, and each fleet is read", () => {
  const names = readdirSync(shipped);
  const text = readFileSync(join(shipped, "fleet.schema.json"), "utf8");
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(fleetJsonSchema())));
  const fleets = names.filter((name) => name.endsWith(".yaml"));
  expect(fleets.length).toBeGreaterThan(0);
  for (const name of fleets) {
    const path = join(shipped, name);
    expect(readFileSync(path, "utf8")).toMatch(/^# yaml-language-server: \$schema=\.\/fleet\.schema\.json\n/);
    expect(storyOf(readFleet(path, { seed: 1 })).durationMs).toBeGreaterThan(0);
  }
});
