/** Help, reference and completion are made from the commands, so that none of them can say what is no longer so. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { main } from "../cli.ts";
import { commandTable } from "../command-table.ts";
import { exitCodes } from "../exit-codes.ts";
import { commandTree } from "./command-tree.ts";
import { completionScript } from "./completions.ts";
import { fitHelp } from "./fit-help.ts";
import { referencePath, withReference } from "./reference.ts";

afterEach(() => vi.restoreAllMocks());

const tree = await commandTree();

async function helpOf(path: string): Promise<string> {
  const out: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  expect(await main([...path.split(" "), "--help"])).toBe(0);
  return out.join("");
}

test("the reference in the README is the one that the commands give: npx tsx tools/help/reference.ts writes it", () => {
  const readme = readFileSync(referencePath, "utf8");
  expect(readme).toBe(withReference(readme, tree));
  for (const { meaning } of exitCodes) expect(readme).toContain(meaning);
});

test("every command of the table is there under its group, and has a summary of its own", () => {
  const top = tree.filter(({ path }) => !path.includes(" "));
  expect(top.map(({ path, group }) => `${group}: ${path}`)).toEqual(
    commandTable.flatMap(({ group, names }) => names.map((name) => `${group}: ${name}`)),
  );
  for (const entry of commandTable) for (const name of entry.names) expect(entry.summary(name)).toMatch(/^\S.{10,}$/);
});

test.each(tree.map(({ path }) => path))(
  "livlina %s --help tells each flag in words and 80 columns, and ends with an example",
  async (path) => {
    const help = await helpOf(path);
    const { flags, description } = tree.find((node) => node.path === path) as (typeof tree)[number];
    expect(description).not.toBe("");
    expect(help).toMatch(new RegExp(`\\nExamples?:\\n(  .*\\n)*?  (.*\\| )?livlina ${path}`));
    for (const line of help.split("\n"))
      if (!/livlina |^ {4}/.test(line)) expect(line.length, line).toBeLessThanOrEqual(80);
    for (const flag of flags) expect(flag.description, flag.name).not.toBe("");
  },
);

test("paragraphs and rows of help are broken to the width, an example never is", () => {
  const text = "Some words that are long.\nMore of them.\n\n  name  what it is for here\n  livlina run a b c d e f g\n";
  expect(fitHelp(text, 20)).toBe(
    "Some words that are\nlong. More of them.\n\n  name  what it is\n        for here\n  livlina run a b c d e f g\n",
  );
});

test("bash finishes commands, flags and scenarios by the script that completion prints", () => {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  const script = `source livlina.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _livlina; echo "\${COMPREPLY[*]}"`;
  try {
    writeFileSync(join(folder, "livlina.bash"), completionScript("bash", tree, ["mobile-out", "mobile-gone"]));
    const asked = (...words: string[]): string =>
      execFileSync("bash", ["-c", script, "bash", "livlina", ...words], { cwd: folder, encoding: "utf8" }).trim();
    expect(asked("expl")).toBe("explain");
    expect(asked("sim", "re")).toBe("replay");
    expect(asked("sim", "run", "mobile-o")).toBe("mobile-out");
    expect(asked("sim", "run", "--se")).toBe("--seed --set");
    expect(asked("decode", "at", "--dialect", "si")).toBe("simcom");
    expect(asked("trace", "")).toBe("list show --help");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("zsh reads the same script; fish has a line for each command and flag", () => {
  expect(completionScript("zsh", tree, [])).toContain(completionScript("bash", tree, []));
  const fish = completionScript("fish", tree, ["mobile-out"]);
  const lines = tree.reduce((sum, { flags }) => sum + 1 + flags.length, 0);
  expect(fish.match(/^complete -c livlina/gm)?.length).toBeGreaterThanOrEqual(lines);
  expect(fish).toContain("-l 'seed' -d ");
});
