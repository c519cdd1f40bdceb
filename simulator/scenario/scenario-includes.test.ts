/** Scenarios out of several files: what is put together, what is refused, and whose line is named. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ScenarioError } from "./scenario-error.ts";
import { readScenario } from "./scenario-file.ts";
import { mostIncludes } from "./schema-file.ts";

const head = "name: a story\nduration: 1h\n";
const town = `world:
  receivers: { primary: { latency: 300ms } }
  operators: { alfa: {} }
`;
const homes = "fleet:\n  - { name: town, count: 3, mobile: alfa, receivers: [primary] }\n";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "livlina-includes-"));
});
afterEach(() => rmSync(place, { recursive: true }));

/** Writes the files and reads `scenarios/story.yaml`; each is named from the folder above it. */
function read(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  return readScenario(join(place, "scenarios/story.yaml"));
}

function mistake(files: Readonly<Record<string, string>>): string {
  try {
    read(files);
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return thrown.message.replaceAll(`${place}/`, "");
    throw thrown;
  }
  return "no mistake";
}

const story = (include: string, rest = ""): string => `${head}include: [${include}]\n${rest}`;

test("world and fleet may come from parts, and the parts' entries stand before the file's own", () => {
  const scenario = read({
    "scenarios/story.yaml": story(
      "parts/town.yaml, ../shared/homes.yml",
      `world: { receivers: { second: {} }, broadband: { fibre: {} } }
fleet: [{ name: more, count: 1, mobile: alfa, broadband: fibre, receivers: [second] }]
timeline: [{ at: 5m, press: more }]
`,
    ),
    "scenarios/parts/town.yaml": town,
    "shared/homes.yml": `${homes}timeline: [{ at: 2m, press: town-001 }]\n`,
  });
  expect(scenario.world.receivers.map(({ name }) => name)).toEqual(["primary", "second"]);
  expect(scenario.world.operators.map(({ name }) => name)).toEqual(["alfa"]);
  expect(scenario.fleet.map(({ name }) => name)).toEqual(["town", "more"]);
  expect(scenario.timeline.map(({ atMs }) => atMs)).toEqual([120_000, 300_000]);
  expect(scenario.files.map((path) => path.slice(place.length + 1))).toEqual([
    "scenarios/story.yaml",
    "scenarios/parts/town.yaml",
    "shared/homes.yml",
  ]);
});

test("a part that two parts include is read once", () => {
  const scenario = read({
    "scenarios/story.yaml": story("a.yaml, b.yaml", homes),
    "scenarios/a.yaml": "include: [town.yaml]\nfaults: [{ from: 1m, to: 2m, operator: alfa, fault: down }]\n",
    "scenarios/b.yaml": "include: [./town.yaml]\nfaults: [{ from: 3m, to: 4m, operator: alfa, fault: down }]\n",
    "scenarios/town.yaml": town,
  });
  expect(scenario.world.receivers).toHaveLength(1);
  expect(scenario.faults.map(({ fromMs }) => fromMs)).toEqual([60_000, 180_000]);
});

test("a mistake is told with the file and the line that it stands in, the scenario's own mistakes first", () => {
  const told = mistake({
    "scenarios/story.yaml": story(
      "town.yaml, homes.yaml",
      "timeline:\n  - { at: 1m, press: town-001 }\n  - { at: 2m, pres: town-001 }\n",
    ),
    "scenarios/town.yaml": `${town}  broadband: { fibre: { los: 1 % } }\n`,
    "scenarios/homes.yaml": homes.replace("count: 3", "count: 0"),
  });
  expect(told.split("\n").map((line) => line.slice(0, line.indexOf(" ")))).toEqual([
    "scenarios/story.yaml:6:5:",
    "scenarios/story.yaml:6:15:",
    "scenarios/homes.yaml:2:26:",
    "scenarios/town.yaml:4:25:",
  ]);
  expect(told).toContain('unknown key "los" (did you mean "loss"?)');
});

test("an entry of a joined list is told by its place in its own file", () => {
  const told = mistake({
    "scenarios/story.yaml": story(
      "homes.yaml",
      `${town}fleet:\n  - { name: own, count: none, mobile: alfa, receivers: [primary] }\n`,
    ),
    "scenarios/homes.yaml": homes.replace("count: 3", "count: 0"),
  });
  expect(told.split("\n").map((line) => line.split(" ")[0])).toEqual([
    "scenarios/story.yaml:8:25:",
    "scenarios/homes.yaml:2:26:",
  ]);
});

test("what names resolve to is told where the name stands, in whichever file", () => {
  const told = mistake({
    "scenarios/story.yaml": story("homes.yaml", town.replace("alfa", "beta")),
    "scenarios/homes.yaml": homes,
  });
  expect(told).toMatch(/^scenarios\/homes\.yaml:2:\d+: there is no operator or cell "alfa"/);
});

test("YAML that is broken in a part is told there", () => {
  const told = mistake({ "scenarios/story.yaml": story("town.yaml", homes), "scenarios/town.yaml": "world: {\n" });
  expect(told).toMatch(/^scenarios\/town\.yaml:2:1: this is not YAML/);
});

test.each([
  ["an absolute path", "/etc/hostname.yaml", 'expected a path from this file on, such as "parts/town.yaml"'],
  ["a file that is no YAML by name", "town.json", "expected a path from this file on"],
  ["a path out of the folders", "../../town.yaml", '"../../town.yaml" leads out of the folder'],
  ["a path out and in again", "../../nowhere/scenarios/town.yaml", "leads out of the folder"],
  ["a link that leads out", "link.yaml", '"link.yaml" leads out of the folder'],
  ["a file that is not there", "none.yaml", "there is no file scenarios/none.yaml"],
  ["a folder", "folder.yaml", "scenarios/folder.yaml is not a file"],
  ["itself", "story.yaml", "scenarios/story.yaml includes itself in the end"],
  ["itself through another", "loop.yaml", "scenarios/loop.yaml:1:11: scenarios/story.yaml includes itself in the end"],
])("%s is refused as an include", (_what, entry, message) => {
  mkdirSync(join(place, "scenarios/folder.yaml"), { recursive: true });
  const outside = mkdtempSync(join(tmpdir(), "livlina-outside-"));
  writeFileSync(join(outside, "town.yaml"), town);
  symlinkSync(join(outside, "town.yaml"), join(place, "scenarios/link.yaml"));
  const told = mistake({
    "scenarios/story.yaml": story(entry, town + homes),
    "scenarios/loop.yaml": "include: [story.yaml]\n",
  });
  rmSync(outside, { recursive: true });
  expect(told).toContain(message);
  if (!message.startsWith("scenarios/loop")) expect(told).toMatch(/^scenarios\/story\.yaml:3:11: /);
});

test("as many files as the bound says are included, and one more is refused", () => {
  const chain = (length: number): Record<string, string> => {
    const files: Record<string, string> = { "scenarios/story.yaml": story("p1.yaml", town + homes) };
    for (let each = 1; each <= length; each++)
      files[`scenarios/p${each}.yaml`] = each < length ? `include: [p${each + 1}.yaml]\n` : "faults: []\n";
    return files;
  };
  expect(read(chain(mostIncludes)).files).toHaveLength(mostIncludes + 1);
  expect(mistake(chain(mostIncludes + 1))).toBe(
    `scenarios/p${mostIncludes}.yaml:1:11: more than ${mostIncludes} files are included (put some of them together)`,
  );
});

test("what is said twice is refused, and the first place is named", () => {
  const twice = (extra: string): string =>
    mistake({
      "scenarios/story.yaml": story("town.yaml", `${homes}${extra}`),
      "scenarios/town.yaml": `${town}  radio: { loss: 5 % }\nwearers: { presses-per-unit-and-day: 1 }\n`,
    });
  expect(twice("world: { receivers: { primary: {} } }\n")).toBe(
    'scenarios/story.yaml:6:23: "primary" is already said in scenarios/town.yaml:2 (say it once; what differs from run to run is a parameter)',
  );
  expect(twice("world: { radio: {} }\n")).toContain('"radio" is already said in scenarios/town.yaml:4');
  expect(twice("wearers: { presses-per-unit-and-day: 2 }\n")).toContain(
    'scenarios/story.yaml:6:1: "wearers" is already said in scenarios/town.yaml:5',
  );
});

test.each(["name: x", "question: x", "source: x", "starts: 2026-01-01 00:00", "duration: 1h"])(
  "a part that says what a run is (%s) is refused",
  (line) => {
    const told = mistake({
      "scenarios/story.yaml": story("town.yaml", homes),
      "scenarios/town.yaml": `${town}${line}\n`,
    });
    expect(told).toContain(`scenarios/town.yaml:4:1: an included file has no "${line.split(":")[0]}"`);
  },
);

test("a part may name its schema, and a scenario of parts alone still needs a fleet", () => {
  const files = { "scenarios/town.yaml": `$schema: ./scenario-part.schema.json\n${town}` };
  expect(read({ ...files, "scenarios/story.yaml": story("town.yaml", homes) }).fleet).toHaveLength(1);
  expect(mistake({ ...files, "scenarios/story.yaml": story("town.yaml") })).toContain('the key "fleet" is missing');
});
