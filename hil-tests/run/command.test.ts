import { execFile } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { hilAnswers } from "../../tools/answers/hil.ts";
import { chosen } from "./hil-run.ts";
import { lockRig } from "./rig-lock.ts";
import { planned, temporary } from "./scripted-rig.ts";

const command = fileURLToPath(new URL("../../tools/livlina.js", import.meta.url));

function hil(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const options = { encoding: "utf8", env: { ...process.env, GITHUB_ACTIONS: "", ...env } } as const;
    execFile(process.execPath, [command, "hil", ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

function folder(): string {
  const { path, close } = temporary();
  onTestFinished(close);
  return path;
}

test("a case runs on the virtual bench by the command, and leaves JUnit, log, summary and history", {
  timeout: 120_000,
}, async () => {
  const out = folder();
  const step = join(out, "step.md");
  const args = ["run", "--suite", "boot", "--out", out, "--json"];
  const { code, stdout } = await hil(args, { GITHUB_STEP_SUMMARY: step });
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const event of events) hilAnswers["hil run"].parse(event);
  expect(events.at(-1)).toMatchObject({ event: "ended", verdict: "passed", ends: "restored" });
  expect(code).toBe(0);
  expect(readFileSync(join(out, "junit.xml"), "utf8")).toMatch(/<testsuites tests="\d+" failures="0" errors="0"/);
  expect(readFileSync(join(out, "events.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(events.length);
  expect(readFileSync(step, "utf8")).toContain("✓ pass | boot/");
  expect(readFileSync(join(out, "history.html"), "utf8")).toContain("No case is bad");
  const told = await hil(["history", "--out", out, "--json"]);
  expect(hilAnswers["hil history"].parse(JSON.parse(told.stdout)).trends[0]).toMatchObject({
    board: "virtual",
    regression: null,
  });
});

test("a second run on a locked rig is refused, and touches nothing", { timeout: 60_000 }, async () => {
  const out = folder();
  const never = new AbortController().signal;
  const held = await lockRig({ name: "virtual", key: `virtual in ${realpathSync(out)}` }, "first", 0, never);
  onTestFinished(() => held.release());
  const { code, stderr } = await hil(["run", "--out", out]);
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringContaining("the rig virtual is locked: run first of"),
  });
  expect(existsSync(join(out, "events.jsonl"))).toBe(false);
});

test("names that there are not end with 2 and say which there are", () => {
  const all = [planned("accepted"), planned("late")];
  expect(() => chosen(all, ["pres"], [])).toThrow(expect.objectContaining({ exitCode: 2, hint: "--suite press" }));
  expect(() => chosen(all, [], ["press/later"])).toThrow(expect.objectContaining({ exitCode: 2 }));
  expect(chosen(all, [], ["press/late"])).toEqual([all[1]]);
  expect(chosen(all, [], [])).toBe(all);
});
