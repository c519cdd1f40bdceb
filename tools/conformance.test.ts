/** Every table from duty to test says the truth: the tests are there, under the titles named, and no duty that concerns bytes lacks a row. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { conformanceRows, untrueTests } from "./build/conformance-rows.ts";
import { repositoryFiles } from "./build/sources.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const tables = repositoryFiles(root).filter(({ path }) => path.endsWith("CONFORMANCE.md"));

function read(path: string): string | undefined {
  const place = join(root, path);
  return existsSync(place) ? readFileSync(place, "utf8") : undefined;
}

function table(test: string) {
  return { path: "x/CONFORMANCE.md", text: `| duty | test |\n|---|---|\n| a | ${test} |\n` };
}

test("a row that names no test, a missing file or a title that no test has is found", () => {
  const files: Readonly<Record<string, string>> = {
    "a.test.ts":
      'test("one thing holds", f);\ntest.each(rows)(\n  "of $name another holds",\n  f,\n);\nconst x = "no title";',
  };
  const complaints = (cell: string) => untrueTests(table(cell), (path) => files[path]);
  expect(complaints('`a.test.ts` "one thing holds", "of $name another…"; `a.test.ts`')).toEqual([]);
  expect(complaints("none")).toEqual(["x/CONFORMANCE.md:3: names no test"]);
  expect(complaints("`b.test.ts`")).toEqual(["x/CONFORMANCE.md:3: names b.test.ts, which is not there"]);
  expect(complaints('`a.test.ts` "thing holds"')).toHaveLength(1);
  expect(complaints('`a.test.ts` "no title", "one thing holds for ever"')).toHaveLength(2);
});

test("every test that a conformance table names is there under that title", () => {
  expect(tables.length).toBeGreaterThan(0);
  for (const file of tables) {
    expect(conformanceRows(file.text).length, file.path).toBeGreaterThan(10);
    expect(untrueTests(file, read).join("\n")).toBe("");
  }
});

test("every duty that concerns bytes has its row", () => {
  const behaviour = [6, 9, 17, 20, 23, 69, 70, 71];
  const text = read("protocol/CONFORMANCE.md") ?? "";
  const keys = conformanceRows(text).map(({ cells }) => cells[0] ?? "");
  for (let number = 1; number <= 73; number++) {
    if ((number > 26 && number < 57) || behaviour.includes(number)) continue;
    expect(
      keys.some((key) => key.split(/[, ]+/).includes(`R${number}`)),
      `R${number}`,
    ).toBe(true);
  }
});

test("every command that a unit says, or the virtual modem understands, has its row", () => {
  const said = repositoryFiles(root).filter(
    ({ path }) => /^(?:protocol\/at|simulator\/peers)\/[a-z-]+\.ts$/.test(path) && !path.endsWith(".test.ts"),
  );
  const commands = said.flatMap(({ path, text }) => {
    const pattern = path.startsWith("protocol/") ? /["'`;]AT(\+[A-Z]+|[A-Z])|;(\+[A-Z]+)=/g : /"(\+[A-Z]+)"/g;
    return [...text.matchAll(pattern)].map(([, first, second]) => first ?? second ?? "");
  });
  const named = conformanceRows(read("protocol/CONFORMANCE.md") ?? "").map(({ cells }) => cells[0] ?? "");
  const rows = named
    .join(", ")
    .split(/[,;:] |(?= )/)
    .map((word) => word.trim());
  const missing = [...new Set(commands)].filter((name) => !rows.includes(name.startsWith("+") ? name : `AT${name}`));
  expect(commands.length).toBeGreaterThan(60);
  expect(missing).toEqual([]);
});
