/** The list of cases: each has a name of its own, says what it proves, stands where it says, and finds a fault that is there. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openBench } from "../bench/open-bench.ts";
import { caseId } from "../run/case.ts";
import { lacksOf } from "../strategy/needs.ts";
import { openSubject, type Subject } from "../strategy/subject.ts";
import { allCases } from "./all.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const speed = 8;

async function open(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-suites-"));
  const bench = await openBench(undefined, { speed, seed: 1 });
  onTestFinished(async () => {
    await bench.close();
    rmSync(folder, { recursive: true });
  });
  return await openSubject(bench, folder);
}

/** What a case throws; undefined where it passes. */
async function outcomeOf(id: string, bench: Subject): Promise<unknown> {
  const found = allCases.find((each) => caseId(each) === id);
  const around = {
    folder: "",
    signal: new AbortController().signal,
    seed: 1,
    depth: "quick",
    note: () => {},
    measure: () => {},
  } as const;
  return await found?.run({ bench, ...around }).catch((thrown: unknown) => thrown);
}

test("each case has a name of its own, one sentence of what it proves, and stands where it says", () => {
  const ids = allCases.map(caseId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { suite, name, proves, at } of allCases) {
    expect(`${suite}/${name}`).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
    expect(proves).not.toMatch(/\.$|^[A-Z]/);
    expect(existsSync(join(root, at.file))).toBe(true);
    const line = readFileSync(join(root, at.file), "utf8").split("\n")[at.line - 1];
    if (at.file.endsWith(".ts")) expect(line).toContain("unitCase(");
  }
  const suites = [...new Set(allCases.map(({ suite }) => suite))].sort();
  expect(suites).toEqual([
    ...["battery", "boot", "fallback", "mains", "pairing", "power-cuts", "press", "provisioning", "radio", "scenario"],
    ...["self-test", "soak", "update", "voice"],
  ]);
});

test("the virtual bench lacks nothing but an image to flash", async () => {
  const { bench } = await open();
  const lacking = allCases.flatMap((each) => lacksOf(bench, each.needs).map((why) => `${caseId(each)}: ${why}`));
  expect(lacking.every((text) => text.endsWith("has no unit with an image of its own to be flashed"))).toBe(true);
});

test("a case that nothing is wrong with passes, and what is wrong with the way of an alarm is found by its case", {
  timeout: 60_000,
}, async () => {
  const subject = await open();
  expect(await outcomeOf("press/accepted", subject)).toBeUndefined();
  const { bench } = subject;
  // A receiver that its case finds deaf, whatever it is told.
  const stubborn = bench.receivers.map((receiver) => ({
    ...receiver,
    setMode: () => receiver.setMode("silent-after-200"),
  }));
  const deaf = new Proxy(subject, {
    get: (target, key) => (key === "bench" ? { ...bench, receivers: stubborn } : Reflect.get(target, key, target)),
  });
  for (const receiver of bench.receivers) await receiver.setMode("silent-after-200");
  expect(await outcomeOf("press/accepted", deaf)).toBeInstanceOf(Error);
});
