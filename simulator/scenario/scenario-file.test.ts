/** Scenario files, good and bad: what is read, and how each mistake is told. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mostProblems, ScenarioError } from "./scenario-error.ts";
import { parseScenario, readScenario } from "./scenario-file.ts";
import { partJsonSchema, scenarioJsonSchema } from "./scenario-schema.ts";

const folder = new URL("../scenarios/", import.meta.url).pathname;
const story = `name: a story
duration: 1h
world:
  receivers: { primary: { latency: 300ms } }
  operators: { a: { generation: 4g } }
  broadband: { fibre: {} }
fleet:
  - { count: 1, name: unit, policy: mobile-first, mobile: a, broadband: fibre, receivers: [primary] }
faults:
  - { from: 1m, operator: a, fault: gone }
timeline:
  - { at: 5m, press: unit }
expect:
  - { alarms: all, accepted-within: 12s, route: broadband }
  - { cases-per-alarm: 1 }
`;

function mistake(text: string): string {
  try {
    parseScenario(text, "story.yaml");
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return thrown.message;
    throw thrown;
  }
  return "no mistake";
}

const change = (from: string, to: string): string => {
  expect(story).toContain(from);
  return story.replace(from, to);
};

test("a whole story is read, with times in milliseconds and defaults filled in", () => {
  const scenario = parseScenario(story, "story.yaml");
  expect(scenario.durationMs).toBe(3_600_000);
  expect(new Date(scenario.startWallMs).toISOString()).toBe("2026-01-14T05:00:00.000Z");
  expect(scenario.world.receivers).toEqual([
    {
      name: "primary",
      host: "192.0.2.10",
      port: 5060,
      latency: { leastMs: 300, mostMs: 300 },
      mode: "normal",
      digest: true,
      transport: "udp",
      hostName: undefined,
      certificate: "good",
    },
  ]);
  expect(scenario.fleet[0]?.units).toEqual(["unit"]);
  expect(scenario.fleet[0]?.mobile).toMatchObject({ operator: "a", cell: undefined });
  expect(scenario.faults).toEqual([
    { object: "operator", name: "a", fault: "gone", fromMs: 60_000, toMs: 3_600_000, extraDelayMs: 0, lossPpm: 0 },
  ]);
  expect(scenario.timeline).toEqual([{ atMs: 300_000, press: { unit: "unit", button: 1 } }]);
  expect(scenario.expectations[0]).toMatchObject({
    type: "alarms",
    percent: 100,
    within: { acceptedMs: 12_000 },
    route: "broadband",
  });
});

test("a group of several units names them with leading zeros, and a time of day counts from the start", () => {
  const text = change("count: 1", "count: 12").replace("press: unit", "press: unit-012").replace("at: 5m", "at: 06:30");
  const scenario = parseScenario(text, "story.yaml");
  expect(scenario.fleet[0]?.units[11]).toBe("unit-012");
  expect(scenario.timeline[0]?.atMs).toBe(30 * 60_000);
});

test.each([
  [
    "an unknown key",
    change("broadband: fibre, rec", "broadbnd: fibre, rec"),
    'story.yaml:8:62: unknown key "broadbnd" (did you mean "broadband"?)',
  ],
  [
    "a key that is like none",
    change("duration: 1h", "duration: 1h\ncolour: red"),
    'story.yaml:3:1: unknown key "colour" (keys here: name, question,',
  ],
  [
    "an unknown key in an expectation",
    change("accepted-within", "acepted-within"),
    'story.yaml:14:20: unknown key "acepted-within" (did you mean "accepted-within"?)',
  ],
  [
    "a wrong unit of time",
    change("duration: 1h", "duration: 1 hour"),
    'story.yaml:2:11: expected a time with its unit, such as "300ms", "5m" or "12h", found "1 hour"',
  ],
  ["a time without a unit", change("duration: 1h", "duration: 60"), "found 60 (write the unit too)"],
  [
    "a word outside the list",
    change("mobile-first", "mobil-first"),
    'story.yaml:8:37: expected one of mobile-first, broadband-first, mobile-only, broadband-only, found "mobil-first" (did you mean "mobile-first"?)',
  ],
  [
    "a fault that its object cannot have",
    change("fault: gone", "fault: busy"),
    "story.yaml:10:37: expected one of down, no-data",
  ],
  [
    "a missing key",
    change("  - { at: 5m, press: unit }", "  - { at: 5m }"),
    'story.yaml:12:5: the key "press" is missing',
  ],
  [
    "a receiver that is not there",
    change("receivers: [primary]", "receivers: [primray]"),
    'story.yaml:8:92: there is no receiver "primray" (did you mean "primary"?)',
  ],
  [
    "an operator that is not there",
    change("operator: a", "operator: zebra"),
    'story.yaml:10:27: there is no operator "zebra" (operators here: a)',
  ],
  [
    "a broadband provider that is not there",
    change("broadband: { fibre: {} }", "radio: { loss: 5 % }"),
    'there is no broadband provider "fibre" (the file names no broadband provider)',
  ],
  [
    "a unit that does not exist",
    change("press: unit", "press: unti"),
    'story.yaml:12:22: there is no unit "unti" (did you mean "unit"?)',
  ],
  [
    "a button that the unit has not",
    change("press: unit }", "press: unit, button: 2 }"),
    'story.yaml:12:36: unit "unit" has only 1',
  ],
  [
    "a press after the end",
    change("at: 5m", "at: 61m"),
    "story.yaml:12:11: this is after the run has ended (the run lasts 1h)",
  ],
  [
    "a fault after the end",
    change("from: 1m", "from: 2h"),
    "story.yaml:10:13: the fault begins after the run has ended",
  ],
  [
    "a fault that outlives the run",
    change("from: 1m, operator: a, fault: gone", "from: 1m, to: 2h, operator: a, fault: down"),
    "story.yaml:10:21: the fault ends after the run has ended",
  ],
  [
    "a fault that ends before it begins",
    change("from: 1m, operator: a, fault: gone", "from: 9m, to: 2m, operator: a, fault: down"),
    "the fault ends before it begins",
  ],
  [
    "an end for what is gone for good",
    change("from: 1m,", "from: 1m, to: 2m,"),
    "story.yaml:10:21: what is gone does not come back",
  ],
  [
    "two faults of one object at a time",
    change("fault: gone }", "fault: gone }\n  - { from: 9m, operator: a, fault: slow }"),
    'story.yaml:11:13: operator "a" already has a fault at that time',
  ],
  [
    "a group named twice",
    change("faults:", "  - { count: 1, name: unit, mobile: a, receivers: [primary] }\nfaults:"),
    'story.yaml:9:23: the fleet already has a group "unit"',
  ],
  [
    "a key written twice",
    change("duration: 1h", "duration: 1h\nduration: 2h"),
    'story.yaml:3:1: the key "duration" stands here twice',
  ],
  [
    "a policy without its route",
    change("mobile: a, ", ""),
    'story.yaml:8:5: policy mobile-first needs the key "mobile"',
  ],
  [
    "an expectation that asks for nothing",
    change("accepted-within: 12s, route: broadband", "percentile: 95"),
    "story.yaml:14:5: this entry asks for nothing",
  ],
  ["a span from long to short", change("300ms", "2s to 1s"), 'story.yaml:4:36: "2s to 1s" goes from long to short'],
  [
    "a day that the calendar has not",
    change("duration", "starts: 2026-02-30 06:00\nduration"),
    'story.yaml:2:9: the Swedish calendar has no "2026-02-30 06:00"',
  ],
  [
    "a run without end",
    change("duration: 1h", "duration: 401d"),
    "story.yaml:2:11: expected a time above 0 and up to 400d",
  ],
  [
    "a name in capitals",
    change("{ primary:", "{ Primary:"),
    'story.yaml:4:16: "Primary" is not a name in small letters, digits and hyphens',
  ],
  [
    "a list in place of keys",
    change("{ generation: 4g }", "[4g]"),
    "story.yaml:5:19: expected keys with values, found a list",
  ],
  ["text that is not YAML", "name: [a, b", "story.yaml:1:12: this is not YAML"],
  [
    "tabs as indentation",
    change("  receivers:", "\treceivers:"),
    "story.yaml:4:1: this is not YAML: Tabs are not allowed as indentation",
  ],
  [
    "a tag of another language",
    change("name: a story", "name: !!js/function x"),
    "story.yaml:1:7: this is not YAML: Unresolved tag",
  ],
  ["two documents", `${story}---\n${story}`, "this is not YAML: Source contains multiple documents"],
  ["an empty file", "", "story.yaml: the file is empty"],
  ["a file of comments", "# nothing\n", "story.yaml: the file is empty"],
  ["plain text", "hello", "story.yaml: expected keys such as name, world and fleet"],
  ["nesting without end", `name: ${"[".repeat(100_000)}`, "story.yaml: entries are nested more than 64 deep"],
  [
    "blocks nested without end",
    Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
    "nested more than 64 deep",
  ],
])("%s is told with its place", (_what, text, message) => {
  expect(mistake(text)).toContain(message);
});

test("faults of one object may follow each other at once, and stand in any order", () => {
  const text = change(
    "from: 1m, operator: a, fault: gone",
    "from: 9m, to: 20m, operator: a, fault: down }\n  - { from: 1m, to: 9m, operator: a, fault: slow, delay: 3s",
  );
  const { faults } = parseScenario(text, "story.yaml");
  expect(faults.map(({ fromMs, toMs, fault }) => [fromMs, toMs, fault])).toEqual([
    [60_000, 540_000, "slow"],
    [540_000, 1_200_000, "down"],
  ]);
});

test("all mistakes of a file are told at once, in the order of the file", () => {
  const text = change("duration: 1h", "duration: 1")
    .replace("count: 1", "count: 0")
    .replace("press: unit", "pres: unit");
  const lines = mistake(text).split("\n");
  expect(lines.map((line) => line.split(":")[1])).toEqual(["2", "8", "12", "12"]);
});

test("a file with very many mistakes shows the first ones and counts the rest", () => {
  const steps = Array.from({ length: 2_000 }, (_, index) => `  - { at: 5m, press: nobody${index} }`);
  const text = change("count: 1", "count: 5000").replace("  - { at: 5m, press: unit }", steps.join("\n"));
  const lines = mistake(text).split("\n");
  expect(lines).toHaveLength(mostProblems + 1);
  expect(lines.at(-1)).toBe(`... and ${2_000 - mostProblems} more`);
});

test("a fleet beyond its bound is refused, and one at the bound is taken", () => {
  const two = (count: number): string =>
    change(
      "count: 1, name: unit",
      `count: ${count}, name: big, mobile: a, receivers: [primary] }\n  - { count: 1, name: unit`,
    );
  expect(parseScenario(two(99_999), "story.yaml").fleet[0]?.units).toHaveLength(99_999);
  expect(mistake(two(100_000))).toContain("the fleet has more than 100000 units");
});

test("a few anchors that would unfold to millions of entries are refused", () => {
  let text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (let level = 1; level < 9; level++) text += `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]\n`;
  expect(mistake(text)).toContain("aliases unfold to more than 100 copies");
});

test("an anchor used twice is fine", () => {
  const text = change("{ latency: 300ms }", "&usual { latency: 300ms }, spare: *usual");
  expect(parseScenario(text, "story.yaml").world.receivers[1]?.latency.mostMs).toBe(300);
});

test("a file of 10 MB is refused without being parsed; no file, a folder and broken UTF-8 are told", () => {
  const place = mkdtempSync(join(tmpdir(), "livlina-"));
  const told = (path: string): string => {
    try {
      readScenario(path);
      return "no mistake";
    } catch (thrown) {
      return thrown instanceof ScenarioError ? thrown.message : String(thrown);
    }
  };
  try {
    writeFileSync(join(place, "big.yaml"), Buffer.alloc(10_000_000, "["));
    writeFileSync(join(place, "latin.yaml"), Buffer.from("name: \xe5ldre", "latin1"));
    expect(told(join(place, "big.yaml"))).toContain("the file is larger than 1 MB");
    expect(told(join(place, "latin.yaml"))).toContain("the file is not text in UTF-8");
    expect(told(place)).toContain("this is a folder");
    expect(told(join(place, "none.yaml"))).toContain("there is no such file");
  } finally {
    rmSync(place, { recursive: true });
  }
});

test("whatever the text is, the answer is a scenario or a ScenarioError", () => {
  const piece = fc.tuple(fc.nat(story.length), fc.nat(40), fc.string({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
      let text = story;
      for (const [at, length, put] of pieces) text = text.slice(0, at) + put + text.slice(at + length);
      expect(typeof mistake(text)).toBe("string");
    }),
    { numRuns: 150 },
  );
});

const shipped = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
test.each(shipped)("the shipped scenario %s is valid, and says its question and its source", (file) => {
  const scenario = readScenario(join(folder, file));
  expect(scenario.question).not.toBe("");
  expect(scenario.source).not.toBe("");
  expect(scenario.expectations.length).toBeGreaterThan(0);
  expect(readFileSync(join(folder, file), "utf8")).toMatch(/^(#.*\n)+# (Question|Source):/m);
});

test.each([
  ["scenario.schema.json", scenarioJsonSchema],
  ["scenario-part.schema.json", partJsonSchema],
])("the published %s is the one that files are checked with", (file, schema) => {
  const published: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
  expect(published).toEqual(JSON.parse(JSON.stringify(schema())));
});
