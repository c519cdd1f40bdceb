import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { plant } from "./bug.ts";
import { plantedBugs } from "./list.ts";
import { bugPlugin } from "./plugin.ts";
import { bugsInTable, withTable } from "./table.ts";
import { outcomeOf } from "./trial.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("every planted bug still finds its line exactly once, and changes the file", () => {
  for (const bug of plantedBugs) {
    const source = readFileSync(join(root, bug.file), "utf8");
    expect(plant(bug, source)).not.toBe(source);
    for (const filter of bug.tests) expect(existsSync(join(root, filter))).toBe(true);
  }
  expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
});

test("the README's table names every planted bug, and no other", () => {
  const text = readFileSync(join(root, "firmware", "README.md"), "utf8");
  expect(bugsInTable(text)).toEqual(plantedBugs.map(({ name }) => name));
});

test("a line that is gone, or stands twice, is told instead of planted", () => {
  const bug = { name: "b", file: "f.ts", line: "a();", instead: "", tests: [] };
  expect(() => plant(bug, "b();")).toThrow('planted bug "b": its line stands 0 times in f.ts');
  expect(() => plant(bug, "a(); a();")).toThrow("stands 2 times");
  expect(plant({ ...bug, instead: "$&" }, "x a(); y")).toBe("x $& y");
});

test("a bug is planted into its own file only, and an unknown name is refused", () => {
  const [bug] = plantedBugs;
  if (bug === undefined) throw new Error("no bugs");
  const plugin = bugPlugin(bug.name);
  expect(plugin?.transform(bug.line, `/somewhere/${bug.file}`)).toBe(bug.instead);
  expect(plugin?.transform(bug.line, "/somewhere/other.ts")).toBeUndefined();
  expect(bugPlugin(undefined)).toBeUndefined();
  expect(() => bugPlugin("nothing")).toThrow('there is no planted bug "nothing"');
});

test("a table is replaced where it stands, whatever the titles hold", () => {
  const text = "before\n\n| planted bug | caught by | s |\n| --- | --- | --- |\n| old | t | 1 |\n\nafter\n";
  const made = withTable(text, [{ bug: "a | b", test: " one\n  two ", seconds: 2.4 }]);
  expect(made).toBe(
    "before\n\n| planted bug | caught by | s |\n| --- | --- | --- |\n| a \\| b | one two | 2 |\n\nafter\n",
  );
  expect(() => withTable("no table", [])).toThrow("the table is not there");
});

test("only a test that judged has caught a bug: not a file that does not load, not a test that fell over", () => {
  const file = (status: string, message: string, ...tests: readonly [string, string, string?][]) => ({
    name: "a.test.ts",
    status,
    message,
    assertionResults: tests.map(([title, state, failure]) => ({
      status: state,
      title,
      failureMessages: failure === undefined ? [] : [failure],
    })),
  });
  const red = ["it holds", "failed", "AssertionError: expected 1 to be 2\n at x"] as const;
  const fell = ["it runs", "failed", "TypeError: x is not a function\n at y"] as const;
  expect(outcomeOf({ testResults: [file("passed", "", ["it is", "passed"])] })).toEqual({ kind: "green" });
  expect(outcomeOf({ testResults: [file("failed", "", [...fell], [...red])] })).toEqual({
    kind: "red",
    test: "it holds",
  });
  expect(outcomeOf({ testResults: [file("failed", "", [...fell])] })).toEqual({
    kind: "broken",
    why: "it runs: TypeError: x is not a function",
  });
  expect(outcomeOf({ testResults: [file("failed", "Error: its line stands 0 times\n")] })).toEqual({
    kind: "broken",
    why: "a.test.ts: Error: its line stands 0 times",
  });
});
