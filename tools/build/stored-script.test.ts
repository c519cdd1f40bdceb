/** What Espruino stores: tokens that stand for the same script, and functions that are made when they are called. */
import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import { storedString, tokenised, untokenised } from "./espruino-tokens.ts";
import { onCall } from "./on-call.ts";
import { storedScript } from "./stored-script.ts";
import { runStored } from "./stored-script-peer.ts";

const minified = (...lines: readonly string[]): string =>
  transformSync(`(() => {\n${lines.join("\n")}\n})();`, { minify: true, target: "es2015" })
    .code.trimEnd()
    .slice("(()=>{".length, -"})();".length);

function told(script: Uint8Array): unknown[] {
  const heard: unknown[] = [];
  runStored(script, { tell: (what: unknown) => heard.push(what) });
  return heard;
}

test("reserved words and operators are a byte each, as the interpreter numbers them", () => {
  expect([...tokenised("if(a===b)return this")]).toEqual([163, 40, 97, 139, 98, 41, 171, 175]);
  expect([...tokenised("a??b")]).toEqual([97, 208, 98]);
  expect([...tokenised("x=>x")]).toEqual([120, 162, 120]);
  expect([...tokenised("99+100+999+1000+40000")]).toEqual([
    57, 57, 43, 212, 100, 43, 57, 57, 57, 43, 213, 232, 3, 43, 52, 48, 48, 48, 48,
  ]);
});

test("words inside texts and templates, blanks between names and signs that must not meet stay", () => {
  for (const text of ['"return this"', ["`of ", "{a?`this ", "{b}`:{c:1}} in`"].join("$"), "a- -b", "async b"])
    expect(untokenised(tokenised(text))).toBe(text);
  const script = [
    'const a = "return"; let b = 1;',
    ["tell(`", "{b > 0 ? `", "{a} of` : a} in`);"].join("$"),
    "tell(b- -b); tell(b+ ++b); tell(typeof a);",
  ];
  expect(told(tokenised(script.join("")))).toEqual(["return of in", 2, 3, "string"]);
});

test("a stored text is what it was, of any bytes, up to the length that its head can tell", () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  expect(told(Buffer.concat([tokenised("tell("), storedString(all), tokenised(")")]))).toEqual([
    all.toString("latin1"),
  ]);
  expect(storedString(Buffer.alloc(65_535)).length).toBe(65_538);
  expect(() => storedString(Buffer.alloc(65_536))).toThrow("65536");
});

const house = [
  "var Door = class { constructor(n) { this.n = n; } open(by) { return this.n + by + this.width(); } width() { return 100; } };",
  "var Bell = class { constructor(n) { this.n = n; } get double() { return this.n * 2; } ring(times) { return this.double * times; } };",
  "var Wall = class { constructor() { this.n = 3; } width() { return [1, 2].map((n) => n * this.n); } };",
  "function sum(list) { let all = 0; for (const each of list) all = add(all, each); return all; }",
  "function add(one, other) { return one + other; }",
  "function handed(n) { return -n; }",
  "function walk(list, step) { return list.map(step); }",
  "const $ = 5, _ = 6, $$0 = 7;",
  "tell(new Door(1).open(10)); tell(new Bell(4).ring(3)); tell(new Wall().width()); tell(sum([1, 2, 3]));",
  "tell(walk([1, 2], handed)); tell($ + _ + $$0);",
];

test("a stored script does what the script does, with what is called seldom taken out", () => {
  const script = minified(...house);
  const stored = storedScript(script, new Set());
  expect(told(stored)).toEqual([111, 24, [3, 6], 6, [-1, -2], 18]);
  const { script: rest, parts } = onCall(script, new Set());
  expect(parts.length).toBe(5);
  expect(rest).toMatch(/class\{constructor.*get double/);
  expect(rest).not.toContain("open");
  // Called in a loop, and so short that making it takes longer.
  expect(rest).toMatch(/function \w+\(\w,\w\)\{return \w\+\w\}/);
});

test("a method stays whose name objects of the engine have, whom a value has too, or who is no call", () => {
  const script = minified(
    "var Box = class { set(n) { return n; } kept(n) { return n; } read() { return 7; } };",
    "const box = new Box(); tell(box.set(1)); tell(box.kept(2)); const cup = { kept: () => 3 }; tell(cup.kept());",
    "const read = box.read; tell(read());",
  );
  expect(onCall(script, new Set(["set"])).parts).toEqual([]);
  expect(told(storedScript(script, new Set(["set"])))).toEqual([1, 2, 3, 7]);
});

test("more parts than places of two bytes can tell stand in several stores", () => {
  const long = "x".repeat(3_000);
  const lines = Array.from({ length: 50 }, (_, n) => `function f${n}() { return "${long}${n}"; }`);
  const script = minified(...lines, ...lines.map((_, n) => `tell(f${n}().length + ${n});`));
  expect(told(storedScript(script, new Set()))).toEqual(lines.map((_, n) => 3_001 + (n > 9 ? 1 : 0) + n));
});
