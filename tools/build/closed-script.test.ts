/** The passes that make a device's image small: each on a few lines, and what it must leave alone. */
import { SourceMap, type SourceMapPayload } from "node:module";
import { expect, test } from "vitest";
import { closedNames, engineNames, withShortWords } from "./closed-names.ts";
import { withMethodsInside } from "./method-sinking.ts";
import { withPlainValues } from "./plain-values.ts";
import { sunk } from "./sinking.ts";
import { joinedPieces } from "./source-pieces.ts";
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

function moved(bundle: string): string {
  return sunk(bundle)
    .map(({ start, end }) => bundle.slice(start, end))
    .join("");
}

/** How deep the declaration of `name` stands in the text. */
function depthOf(script: string, name: string): number {
  const before = script.slice(0, script.search(new RegExp(`(?:function|var|const) ${name}\\b`)));
  return before.split("{").length - before.split("}").length;
}

test("a function that only one other leads to stands inside it, with all that it leads to in turn", () => {
  const bundle = bundleOf(
    "function step(n) { return one(n) + two(n); }",
    "function one(n) { return shared(n) + 1; }",
    "function two(n) { return shared(n) + 2; }",
    "function shared(n) { return n * 10; }",
    "function used(n) { return n; }",
    "tell(step(used(3)));",
    "tell(used(4));",
    "class Keeper { keep() { tell(step(5)); } }",
    "new Keeper().keep();",
  );
  const script = moved(bundle);
  expect(told(script)).toEqual(told(bundle));
  expect(["one", "two", "shared"].map((name) => depthOf(script, name))).toEqual([2, 2, 2]);
});

test("what is called from a class alone goes in; what starts the program takes nothing in", () => {
  const bundle = bundleOf(
    "var Talk = class { say() { return word(); } };",
    "function word() { return letters() + '!'; }",
    "function letters() { return 'ho'; }",
    "function start() { const talk = talkOf(); tell(talk.say()); }",
    "function talkOf() { return new Talk(); }",
    "start();",
  );
  const script = moved(bundle);
  expect(told(script)).toEqual(["ho!"]);
  expect(depthOf(script, "Talk")).toBe(2);
  expect(depthOf(script, "talkOf")).toBe(1);
});

test("a function that is handed over, whose names would mean something else, or whose host makes functions, stays", () => {
  const bundle = bundleOf(
    "function host(f) { const seen = 7; return within(f) + seen; }",
    "function within(f) { return seen() + f(1); }",
    "function seen() { return 100; }",
    "function handed(n) { return n; }",
    "function maker() { return () => inner(); }",
    "function inner() { return 9; }",
    "class Keeper { keep() { tell(host(handed)); tell(maker()()); } }",
    "new Keeper().keep();",
  );
  const script = moved(bundle);
  expect(told(script)).toEqual(told(bundle));
  for (const name of ["handed", "inner"]) expect(depthOf(script, name)).toBe(1);
});

test("a method of one caller goes into it; one that others may call by its name stays", () => {
  const bundle = bundleOf(
    "class One { run(n) { return this.twice(n) + this.both(n); } twice(n) { return n * this.by(); } by() { return 2; } both(n) { return n; } }",
    "class Other { both(n) { return -n; } }",
    "tell(new One().run(4)); tell(new Other().both(1));",
  );
  const script = withMethodsInside(bundle);
  expect(told(script)).toEqual([12, -1]);
  expect(script).toContain("const twice = (n) =>");
  expect(script).toMatch(/class One \{.* both\(n\)/s);
  expect(script.split("\n").length).toBe(bundle.split("\n").length);
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

test("a moved line still leads to its source", () => {
  const text = "first\n  second\nthird\n";
  const map: SourceMapPayload = {
    version: 3,
    file: "",
    sources: ["s.ts"],
    sourcesContent: [],
    names: [],
    mappings: "AAAA;EAEA;AAEA",
    sourceRoot: "",
  };
  const pieces = [
    { start: 15, end: 21 },
    { start: 0, end: 15 },
  ];
  const joined = joinedPieces(text, map, pieces);
  expect(joined.code).toBe("third\nfirst\n  second\n");
  const places = new SourceMap(joined.map);
  const lineAt = (line: number, column: number): unknown => {
    const entry = places.findEntry(line, column);
    return "originalLine" in entry ? entry.originalLine : undefined;
  };
  expect([lineAt(0, 0), lineAt(1, 0), lineAt(2, 2)]).toEqual([4, 0, 2]);
});
