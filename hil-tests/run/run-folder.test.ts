import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { mostKeptRuns, RunFolder } from "./run-folder.ts";
import { planned, runScripted, ScriptedRig, temporary } from "./scripted-rig.ts";

function folder(): string {
  const { path, close } = temporary();
  onTestFinished(close);
  return path;
}

test("a folder that takes no more spoils the run, which ends all the same", async () => {
  const path = folder();
  const breaks = (): void => {
    rmSync(path, { recursive: true });
    writeFileSync(path, "a file is in the way");
  };
  const { record } = await runScripted(new ScriptedRig(), [planned("breaks", breaks), planned("next", () => {})], path);
  expect(record).toMatchObject({ verdict: "blocked", ends: "restored" });
  expect(record.trouble).toContain("cannot be written: a file is in the way");
  expect(record.cases.map(({ verdict }) => verdict)).toEqual(["pass", "blocked"]);
});

test("a folder that takes nothing from the start is an error for people", () => {
  const path = folder();
  writeFileSync(join(path, "file"), "");
  expect(() => new RunFolder(join(path, "file"), "run")).toThrow(expect.objectContaining({ exitCode: 3 }));
});

test("failures of the newest runs stay, and their number is bounded", () => {
  const path = folder();
  for (let night = 0; night < mostKeptRuns + 5; night++)
    mkdirSync(join(path, "failures", `2026-11-${String(night).padStart(2, "0")}`), { recursive: true });
  new RunFolder(path, "2026-12-01");
  const left = readdirSync(join(path, "failures")).sort();
  expect(left).toHaveLength(mostKeptRuns - 1);
  expect(left.at(-1)).toBe(`2026-11-${mostKeptRuns + 4}`);
});
