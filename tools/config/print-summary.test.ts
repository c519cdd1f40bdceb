/** The last line of the forge's run, whatever the run came to; and the script around it, with stand-ins for its programs. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "livlina-ci-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

function print(summary: string | undefined, code: number): Ended {
  const path = join(folder, "summary.json");
  rmSync(path, { force: true });
  if (summary !== undefined) writeFileSync(path, summary);
  const ended = spawnSync(process.execPath, [join(root, "tools/config/print-summary.js"), path, String(code)]);
  return { code: ended.status, lines: ended.stdout.toString().trimEnd().split("\n") };
}

/** Runs the real script in a copy, with `npm` as given and an apt-get that only notes its arguments. */
function runScript(npm: string): Ended & { readonly notes: string } {
  const copy = mkdtempSync(join(folder, "run-"));
  for (const path of [".ci", "tools/config"]) mkdirSync(join(copy, path), { recursive: true });
  cpSync(join(root, ".ci/run"), join(copy, ".ci/run"));
  cpSync(join(root, "tools/config/print-summary.js"), join(copy, "tools/config/print-summary.js"));
  writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
  const bin = join(copy, "bin");
  mkdirSync(bin);
  const programs = { "apt-get": 'echo "apt-get $*" >> notes', sudo: '"$@"', npm };
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const env = { ...process.env, PATH: `${bin}:${process.env["PATH"]}` };
  const ended = spawnSync(join(copy, ".ci/run"), { cwd: tmpdir(), env });
  const notes = execFileSync("cat", [join(copy, "notes")]).toString();
  return { code: ended.status, lines: ended.stdout.toString().trimEnd().split("\n"), notes };
}

test("a good run ends with its numbers, after the skipped tests and why", () => {
  const skipped = [
    { title: "a.test.ts > talks to sipp", reason: "sipp is not installed" },
    { title: "b.test.ts > other", reason: "" },
  ];
  expect(print(JSON.stringify({ passed: 12, failed: 0, skipped }), 0)).toEqual({
    code: 0,
    lines: [
      "skipped: a.test.ts > talks to sipp: sipp is not installed",
      "skipped: b.test.ts > other: no reason given",
      "12 passed, 0 failed",
    ],
  });
});

test("failed tests, a run that ended badly, and no run at all never read as success", () => {
  expect(print(JSON.stringify({ passed: 12, failed: 3, skipped: [] }), 1)).toMatchObject({
    code: 1,
    lines: ["12 passed, 3 failed"],
  });
  expect(print(JSON.stringify({ passed: 12, failed: 0, skipped: [] }), 1).lines).toEqual(["12 passed, 1 failed"]);
  expect(print(undefined, 1)).toMatchObject({ code: 1 });
  expect(print("not JSON", 0).lines.at(-1)).toBe("0 passed, 1 failed");
});

test("the script installs, demands the programs, runs npm cit and prints the line last", () => {
  const good = 'mkdir -p .cache; echo "npm $* [$LIVLINA_REQUIRE]" >> notes\n';
  const write = (failed: number): string =>
    `${good}echo '{"passed":7,"failed":${failed},"skipped":[]}' > .cache/test-summary.json; exit ${failed === 0 ? 0 : 1}`;
  const passed = runScript(write(0));
  expect(passed.code).toBe(0);
  expect(passed.lines.at(-1)).toBe("7 passed, 0 failed");
  expect(passed.lines[0]).toMatch(/^laws run on the fixed seed and on \d+; to repeat: LIVLINA_SEED=\d+ npm run unit$/);
  expect(passed.notes).toContain("apt-get update\napt-get install --yes --no-install-recommends sip-tester kamailio");
  expect(passed.notes).toContain("npm ci --prefix tools/engines/xs");
  expect(passed.notes).toContain("npm cit [sipp kamailio baresip");
  const failed = runScript(write(2));
  expect(failed.code).toBe(1);
  expect(failed.lines.at(-1)).toBe("7 passed, 2 failed");
  const broken = runScript("exit 4");
  expect(broken.code).toBe(4);
  expect(broken.lines.at(-1)).toBe("0 passed, 1 failed");
});
