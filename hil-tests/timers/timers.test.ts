import { readFileSync } from "node:fs";
import { Command } from "commander";
import { expect, test } from "vitest";
import { register } from "../../tools/commands/hil.ts";

test.each(["livlina-hil.service", "crontab"])("the words of %s are words of the command", (name) => {
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  const [line = ""] = text.split("\n").filter((each) => !each.startsWith("#") && each.includes("livlina hil run"));
  const words = line.slice(line.indexOf("livlina hil run")).match(/--[a-z-]+/g) ?? [];
  const program = new Command();
  register(program);
  const run = program.commands[0]?.commands.find((each) => each.name() === "run");
  const known = run?.options.map(({ long }) => long);
  expect(words.length).toBeGreaterThan(3);
  for (const word of words) expect(known).toContain(word);
});
