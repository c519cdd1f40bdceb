/** Parameters: what a value may name, what `--set` may change, and what is refused. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the parameters of scenario files are written so.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ScenarioError } from "./scenario-error.ts";
import { parseScenario, readScenario } from "./scenario-file.ts";
import { longestParameter } from "./schema-file.ts";

const story = `name: town of \${homes}
duration: \${minutes}m
parameters: { homes: 3, minutes: 90, first: alfa, asks: true }
world:
  receivers:
    primary:
      latency: 300ms
      digest: \${asks}
  operators: { alfa: {}, beta: {} }
fleet:
  - name: town
    count: \${homes}
    mobile: "\${first}"
    receivers: [primary]
`;

function mistake(text: string, set: readonly string[] = []): string {
  try {
    parseScenario(text, "story.yaml", set);
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return thrown.message;
    throw thrown;
  }
  return "no mistake";
}

test("a whole value takes the parameter's own kind, and a part of a text its words", () => {
  const { name, durationMs, fleet, world } = parseScenario(story, "story.yaml");
  expect([name, durationMs]).toEqual(["town of 3", 5_400_000]);
  expect(fleet[0]?.units).toHaveLength(3);
  expect(fleet[0]?.mobile).toMatchObject({ operator: "alfa" });
  expect(world.receivers[0]?.digest).toBe(true);
});

test("a run may set parameters, and the scenario says which", () => {
  const set = ["homes=12", "first=beta", "asks=false", "minutes=1.5"];
  const scenario = parseScenario(story, "story.yaml", set);
  expect(scenario.name).toBe("town of 12");
  expect(scenario.durationMs).toBe(90_000);
  expect(scenario.fleet[0]?.mobile).toMatchObject({ operator: "beta" });
  expect(scenario.world.receivers[0]?.digest).toBe(false);
  expect(scenario.set).toEqual(set);
  expect(parseScenario(story, "story.yaml").set).toEqual([]);
});

test("two parameters may stand in one text", () => {
  const text = story.replace("town of ${homes}", "${first} and ${homes} and ${first}");
  expect(parseScenario(text, "story.yaml").name).toBe("alfa and 3 and alfa");
});

test.each([
  [
    "an unknown one",
    story.replace("count: ${homes}", "count: ${hoems}"),
    'story.yaml:12:12: there is no parameter "hoems" (written as "${hoems}"; did you mean "homes"?)',
  ],
  [
    "one that nobody uses",
    story.replace("count: ${homes}", "count: 3").replace("town of ${homes}", "town"),
    'story.yaml:3:15: no value uses the parameter "homes"',
  ],
  ["a sum", story.replace("${homes}", "${homes + 1}"), 'story.yaml:1:7: "${homes + 1}" names no parameter'],
  ["a brace that is not closed", story.replace("town of ${homes}", "town of ${homes"), '"${homes" names no parameter'],
  [
    "braces without quotes inside { }",
    story.replace("digest: ${asks}", "call: { mre: ${asks} }"),
    'story.yaml:8:20: a parameter inside { } or [ ] without quotes (write "${name}" in quotes there)',
  ],
  [
    "braces without quotes inside [ ]",
    story.replace("[primary]", "[${first}]"),
    "a parameter inside { } or [ ] without quotes",
  ],
  [
    "a default that names another",
    story.replace("first: alfa", 'first: "${homes}"'),
    "story.yaml:3:45: expected a number, true, false, or text of at most 200 characters",
  ],
  [
    "a default that is a list",
    story.replace("homes: 3", "homes: [3]"),
    "story.yaml:3:22: expected a number, true, false, or text",
  ],
  [
    "a default without end",
    story.replace("first: alfa", `first: ${"x".repeat(longestParameter + 1)}`),
    "expected a number, true, false, or text",
  ],
  [
    "a name in capitals",
    story.replace("homes: 3", "Homes: 3"),
    '"Homes" is not a name in small letters, digits and hyphens',
  ],
  [
    "parameters in a list",
    story.replace("{ homes: 3, minutes: 90, first: alfa, asks: true }", "[homes]"),
    "story.yaml:3:13: expected parameters by name, found a list",
  ],
  [
    "a value of the wrong kind",
    story.replace("homes: 3", "homes: many"),
    'story.yaml:12:12: expected a whole number from 1 to 100000, found "many" (written as "${homes}")',
  ],
  ["a value out of range", story.replace("homes: 3", "homes: 0"), "expected a whole number from 1 to 100000, found 0"],
])("%s is refused with its place", (_what, text, message) => {
  expect(mistake(text)).toContain(message);
});

test.each([
  ["hoems=4", 'there is no parameter "hoems" (did you mean "homes"?)'],
  ["homes", "expected a name and a value (such as --set homes=400)"],
  ["=4", "expected a name and a value"],
  ["homes=many", 'expected a number ("homes" is 3 unless set)'],
  ["homes=", "expected a number"],
  ["homes=1e3", "expected a number"],
  ["asks=yes", 'expected true or false ("asks" is true unless set)'],
  ["first=", "expected text of at most 200 characters"],
  ["first=${homes}", "expected text of at most 200 characters"],
  [`first=${"x".repeat(longestParameter + 1)}`, "expected text of at most 200 characters"],
])("--set %s is refused", (set, message) => {
  expect(mistake(story, [set])).toContain(`--set ${set.slice(0, 100)}: ${message}`);
});

test("a parameter is set once, and in a file without parameters none can be set", () => {
  expect(mistake(story, ["homes=1", "homes=2"])).toContain('"homes" is set twice');
  expect(mistake(story, ["homes=1", "homes=1"])).toContain('"homes" is set twice');
  expect(mistake(story.replace(/^parameters.*\n/m, ""), ["homes=1"])).toContain("the file names no parameter");
});

test("entries that hold themselves are refused", () => {
  expect(mistake("name: &a [*a]\n")).toContain("story.yaml:1:10: entries are nested more than 64 deep");
});

test("a file's default stands above that of a part, which it must agree with in kind; two parts may not share a name", () => {
  const place = mkdtempSync(join(tmpdir(), "livlina-parameters-"));
  const write = (name: string, text: string): void => writeFileSync(join(place, name), text);
  const told = (): string => {
    try {
      return String(readScenario(join(place, "story.yaml")).fleet[0]?.units.length);
    } catch (thrown) {
      return thrown instanceof ScenarioError ? thrown.message.replaceAll(`${place}/`, "") : String(thrown);
    }
  };
  const own = "name: x\nduration: 1h\ninclude: [part.yaml]\n";
  write(
    "part.yaml",
    story
      .slice(story.indexOf("world"))
      .replace(/mobile.*/, "mobile: alfa")
      .replace(/digest.*/, "") + "parameters: { homes: 5 }\n",
  );
  try {
    write("story.yaml", own);
    expect(told()).toBe("5");
    write("story.yaml", `${own}parameters: { homes: 7 }\n`);
    expect(told()).toBe("7");
    write("story.yaml", `${own}parameters: { homes: seven }\n`);
    expect(told()).toContain("story.yaml:4:22: expected a number, as in part.yaml:");
    write("other.yaml", "parameters: { homes: 1 }\n");
    write("story.yaml", own.replace("part.yaml", "part.yaml, other.yaml"));
    expect(told()).toContain('other.yaml:1:15: the parameter "homes" is already declared in part.yaml:');
    write("story.yaml", `${own}parameters: { unused: 7 }\n`);
    expect(told()).toContain('story.yaml:4:15: no value uses the parameter "unused"');
  } finally {
    rmSync(place, { recursive: true });
  }
});
