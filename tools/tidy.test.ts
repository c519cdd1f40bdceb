/**
 * The repository keeps its house rules. Each rule is a test that names file and line, and each is first shown a breach of
 * its own, so that none passes because it looks at nothing.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkSource, findingText } from "./build/dialect.ts";
import {
  againstDeterminism,
  againstLeftOvers,
  againstLength,
  againstOpening,
  againstPlaces,
  againstTheArrow,
  againstTheMachines,
  inDeviceWorld,
  missingReadmes,
  untruePaths,
} from "./build/house-rules.ts";
import { importsOf, repositoryFiles, type SourceFile } from "./build/sources.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = repositoryFiles(root);

/** Runs a rule over all files and fails with every complaint at once. */
async function hold(rule: (file: SourceFile) => string[] | Promise<string[]>): Promise<void> {
  const complaints: string[] = [];
  for (const file of files) complaints.push(...(await rule(file)));
  expect(complaints.join("\n")).toBe("");
}

function breach(path: string, text: string): SourceFile {
  return { path, text };
}

test("the rules see the repository", () => {
  for (const folder of ["protocol", "firmware", "simulator", "tools", "hil-tests"])
    expect(files.filter((file) => file.path.startsWith(`${folder}/`)).length).toBeGreaterThan(0);
  expect(files.filter(inDeviceWorld).length).toBeGreaterThan(20);
});

test("imports run one way: hil-tests, tools, simulator, firmware, protocol", async () => {
  expect(againstTheArrow(breach("protocol/a.ts", 'import { x } from "../firmware/b.ts";'))).toHaveLength(1);
  expect(againstTheArrow(breach("firmware/a.ts", 'import type { X } from "../simulator/b.ts";'))).toHaveLength(1);
  expect(againstTheArrow(breach("simulator/a.ts", 'const x = await import("../tools/b.ts");'))).toHaveLength(1);
  expect(againstTheArrow(breach("firmware/a.test.ts", 'import { x } from "../simulator/b.ts";'))).toHaveLength(0);
  expect(againstTheArrow(breach("firmware/a.test.ts", 'import { x } from "../tools/b.ts";'))).toHaveLength(1);
  expect(againstTheArrow(breach("protocol/a.ts", 'import fs from "node:fs";'))).toHaveLength(1);
  expect(againstTheArrow(breach("tools/a.ts", 'import { x } from "./b";'))).toHaveLength(1);
  expect(
    importsOf('import {\n  a,\n  type B,\n} from "./c.ts";\nexport * from "./d.ts";\nimport "./e.ts";'),
  ).toHaveLength(3);
  await hold(againstTheArrow);
});

test("a machine imports no machine and no port, and only the two devices join machines", async () => {
  const port = 'import type { Clock } from "../ports/clock.ts";';
  const two = 'import { a } from "./a/a-machine.ts";\nimport { b } from "./b/b-machine.ts";';
  expect(againstTheMachines(breach("firmware/a/a-machine.ts", port))).toHaveLength(1);
  expect(againstTheMachines(breach("firmware/a/a-machine.ts", 'import { b } from "../b/b-machine.ts";'))).toHaveLength(
    1,
  );
  expect(againstTheMachines(breach("firmware/other.ts", two))).toHaveLength(1);
  expect(againstTheMachines(breach("firmware/unit.ts", two))).toHaveLength(0);
  await hold(againstTheMachines);
});

test("protocol and firmware are written in the dialect that every device runs", async () => {
  expect(await checkSource("const x = new Map();", "firmware/a.ts")).toHaveLength(1);
  await hold(async (file) => {
    if (!inDeviceWorld(file)) return [];
    return (await checkSource(file.text, file.path)).map(findingText);
  });
});

test("the simulator takes no time and no chance from the machine it runs on", async () => {
  expect(await againstDeterminism(breach("simulator/a.ts", "const x: number = Math.random();"))).toHaveLength(1);
  expect(await againstDeterminism(breach("simulator/a.ts", "\n\nconst x: Date = new Date();"))).toEqual([
    expect.stringContaining("simulator/a.ts:3:"),
  ]);
  expect(await againstDeterminism(breach("simulator/live-a.ts", "const x = Date.now();"))).toHaveLength(0);
  await hold(againstDeterminism);
});

test("no file is longer than 350 lines and no function longer than 60", async () => {
  const body = "  use(1);\n";
  expect(await againstLength(breach("tools/a.ts", `function f(): void {\n${body.repeat(58)}}\n`))).toHaveLength(0);
  expect(await againstLength(breach("tools/a.ts", `\nfunction f(): void {\n${body.repeat(59)}}\n`))).toEqual([
    expect.stringContaining("tools/a.ts:2: a function of 61 lines"),
  ]);
  expect(await againstLength(breach("tools/a.ts", "use(1);\n".repeat(350)))).toHaveLength(0);
  expect(await againstLength(breach("tools/a.ts", "use(1);\n".repeat(351)))).toHaveLength(1);
  const wrapped = `(() => {\n${body.repeat(90)}})();\n`;
  expect(await againstLength(breach("simulator/page.js", wrapped))).toHaveLength(0);
  await hold(againstLength);
});

test("every source file opens with a comment that says what it is for", async () => {
  expect(againstOpening(breach("tools/a.ts", "const x = 1;"))).toHaveLength(1);
  expect(againstOpening(breach("tools/a.js", "#!/usr/bin/env node\n/** It does. */"))).toHaveLength(0);
  await hold(againstOpening);
});

test("no test is focused or skipped for good, and nothing is left unfinished", async () => {
  expect(againstLeftOvers(breach("tools/a.test.ts", `test.${"only"}("x", f);`))).toHaveLength(1);
  expect(againstLeftOvers(breach("tools/a.test.ts", `describe.${"skip"}("x", f);`))).toHaveLength(1);
  expect(againstLeftOvers(breach("tools/a.ts", `// ${"TO"}${"DO"} later`))).toHaveLength(1);
  await hold(againstLeftOvers);
});

test("no file names a path of one machine or a registry's host", async () => {
  expect(againstPlaces(breach("a.md", `see /${"home"}/me/x`))).toHaveLength(1);
  expect(againstPlaces(breach("a.json", `"https://${"registry"}.example.org/x"`))).toHaveLength(1);
  await hold(againstPlaces);
});

test("every folder has its README", () => {
  expect(missingReadmes([])).toHaveLength(6);
  expect(missingReadmes(files).join("\n")).toBe("");
});

test("every file that a document names in backticks is there", async () => {
  const text = "see `gone.ts` and\n`protocol/nowhere/`, not `npm test` or `events.jsonl`";
  expect(untruePaths(breach("tools/README.md", text), () => false)).toEqual([
    "tools/README.md:1: names gone.ts, which is not there",
    "tools/README.md:2: names protocol/nowhere/, which is not there",
  ]);
  expect(untruePaths(breach("tools/README.md", "`cli.ts`"), (path) => path === "tools/cli.ts")).toEqual([]);
  await hold((file) => untruePaths(file, (path) => existsSync(join(root, path))));
});
