import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkNames, expired, longestDays, quarantineOf, readQuarantine } from "./quarantine.ts";
import { temporary } from "./scripted-rig.ts";

const today = "2026-11-22";

function list(text: string) {
  const { path, close } = temporary();
  onTestFinished(close);
  const file = join(path, "quarantine.yaml");
  writeFileSync(file, text);
  return () => readQuarantine(file, true, today);
}

const entry = (until: string): string =>
  `- { case: press/accepted, owner: anna, reason: "issue 12: late", until: ${until} }\n`;

test("an entry lasts to the end of its day, and is named after it", () => {
  const [read] = [list(entry("2026-11-22"))()];
  expect(quarantineOf(read, "press/accepted", today)?.owner).toBe("anna");
  expect(expired(read, today)).toHaveLength(0);
  expect(quarantineOf(read, "press/accepted", "2026-11-23")).toBeUndefined();
  expect(expired(read, "2026-11-23")).toHaveLength(1);
});

test("nobody is put away without owner, reason and a day that is near", () => {
  for (const wrong of [
    '- { case: a/b, reason: "issue 12: late", until: 2026-12-01 }',
    "- { case: a/b, owner: anna, until: 2026-12-01 }",
    '- { case: a/b, owner: " ", reason: "issue 12: late", until: 2026-12-01 }',
    '- { case: a/b, owner: anna, reason: "issue 12: late" }',
    '- { case: a/b, owner: anna, reason: "issue 12: late", until: soon }',
    "- {",
  ])
    expect(list(wrong)).toThrow(expect.objectContaining({ exitCode: 2 }));
  expect(list(entry("2027-02-20"))()).toHaveLength(1);
  expect(list(entry("2027-02-21"))).toThrow(`over ${longestDays} days`);
  expect(list("")()).toEqual([]);
});

test("an entry that names no case is an error, and so is a named list that is not there", () => {
  const read = list(entry("2026-12-01"))();
  expect(() => checkNames("q.yaml", read, ["press/accepted"])).not.toThrow();
  expect(() => checkNames("q.yaml", read, ["press/taken"])).toThrow("press/accepted is no case");
  expect(readQuarantine("/nowhere/quarantine.yaml", false, today)).toEqual([]);
  expect(() => readQuarantine("/nowhere/quarantine.yaml", true, today)).toThrow("ENOENT");
});
