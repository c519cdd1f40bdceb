/** The passes that make a device's image small: each on a few lines, and what it must leave alone. */
import { expect, test } from "vitest";
import { closedNames, engineNames, withShortWords } from "./closed-names.ts";
import { withOwnMethods } from "./own-methods.ts";
import { withPlainValues } from "./plain-values.ts";
import { withoutUnused } from "./unused-members.ts";

/** As esbuild writes a bundle: one function that is called. */
function bundleOf(...lines: readonly string[]): string {
  return `(() => {\n${lines.join("\n")}\n})();\n`;
}

/** What the script hands to `tell`. */
function told(script: string): unknown[] {
  const heard: unknown[] = [];
  new Function("tell", script)((what: unknown) => heard.push(what));
  return heard;
}

test("private methods of two classes get names of their own, and nothing else does", () => {
  const source =
    "export class One {\n  private act(): void {}\n}\nclass Two {\n  private act(): void {}\n  told(): void {}\n}\n";
  const bundle = bundleOf(
    "var One = class { act() { return 1; } run() { return this.act(); } };",
    "var Two = class { act() { return 2; } told() { return this.act() + this.one.act; } };",
    "tell(new One().run());",
  );
  const script = withOwnMethods(bundle, [source]);
  expect(told(script)).toEqual([1]);
  expect(script).toContain("this.actOfTwo() + this.one.act;");
  expect(script).toContain("told()");
});

test("a number stands in the place of its name, unless somebody gives the name another one", () => {
  const bundle = bundleOf(
    "var fixed = 41;",
    "var counted = 0;",
    "counted++;",
    "tell(fixed + counted);",
    "tell({ fixed });",
  );
  const script = withPlainValues(bundle);
  expect(told(script)).toEqual([42, { fixed: 41 }]);
  expect(script).not.toContain("var fixed");
});

test("a constant stands where it is used alone, is made anew where it is used more, and its members are read from nowhere", () => {
  const bundle = bundleOf(
    "var wait = { leastMs: 5, mostMs: 7 };",
    "var steps = [1, 2, 3, 4];",
    "var kinds = ['a', 'b'];",
    "var type = { code: 9, write };",
    "function write() { return 'written'; }",
    "function use(n) { return [wait.leastMs, wait.mostMs, steps[n], steps.length, kinds.indexOf('b'), type]; }",
    "var all = use(1);",
    "tell(all.slice(0, 5)); tell(all[5].write());",
  );
  const script = withPlainValues(bundle);
  expect(told(script)).toEqual([[5, 7, 2, 4, 1], "written"]);
  expect(script).not.toMatch(/var (wait|kinds|type)/);
  expect(script).toContain("function steps()");
  expect(script.split("\n").length).toBe(bundle.split("\n").length);
});

test("a constant stays that is asked which one it is, is made in a loop, or names what means something else elsewhere", () => {
  const bundle = bundleOf(
    "var quiet = { at: 'quiet', since: 0, count: 0 };",
    "var marks = [1, 2, 3];",
    "var pair = { one, two: 2 };",
    "function one() { return 1; }",
    "function is(state) { return state === quiet; }",
    "function sum() { let all = 0; for (let i = 0; i < 3; i++) all += marks[i]; return all; }",
    "function twice(one) { return pair.one() * one; }",
    "tell(is(quiet)); tell(sum()); tell(twice(4));",
  );
  const script = withPlainValues(bundle);
  expect(told(script)).toEqual([true, 6, 4]);
  for (const name of ["quiet", "marks", "pair"]) expect(script).toContain(`var ${name} =`);
});

test("a method that nothing reaches by name goes, with what only it reaches", () => {
  const bundle = bundleOf(
    "class A { used() { return 1; } idle() { return this.deep(); } deep() { return 2; } }",
    "tell(new A().used()); tell(Object.keys({ quiet: () => 1, loud: 2 }).length);",
  );
  const script = withoutUnused(bundle, new Set());
  expect(script).not.toMatch(/idle|deep|quiet/);
  expect(withoutUnused(bundle, new Set(["idle"]))).toContain("deep");
});

test("words get short ones, one for one; the engine's stay, and so do texts that are no words", () => {
  const engine = engineNames('export interface Uart { on(event: "data"): void }\n');
  const bundle = bundleOf(
    'tell("battery-low" === "battery-low"); tell("data"); tell("a text."); tell("b" + "check-in".length);',
  );
  const script = withShortWords(bundle, engine);
  expect(script).not.toMatch(/battery-low|check-in/);
  expect(script).toContain('"data"');
  expect(script).toContain('"a text."');
  expect(told(script).slice(0, 3)).toEqual([true, "data", "a text."]);
});

test("members of ours may be renamed, those of the language, of the engine and of texts may not", () => {
  const engine = engineNames("export interface Uart {\n  removeAllListeners(event: string): void;\n}\n");
  const bundle = bundleOf('a.ours.push(b.removeAllListeners); c["named"] = d.named; tell({ other: 1 });');
  expect(closedNames(bundle, engine)).toEqual(["other", "ours"]);
});
