/** Each rule of the dialect catches a planted sample at its line, and leaves the allowed neighbour alone. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bundleDevice } from "./bundle.ts";
import { checkBundle, checkSource } from "./dialect.ts";

/** What is wrong, how the finding begins, the sample, and what is right instead. */
const samples: readonly [what: string, wrong: string, right: string][] = [
  ["destructuring", "const p = { x: 1 }; const { x } = p;", "const p = { x: 1 }; const x = p.x;"],
  ["destructuring", "const p = [1]; const [x] = p;", "const p = [1]; const x = p[0];"],
  ["destructuring", "function f({ x }: { x: number }) { return x; }", "function f(p: { x: number }) { return p.x; }"],
  ["rest parameter", "function f(...all: number[]) { return all; }", "function f(all: number[]) { return all; }"],
  ["spread", "const a = [1]; const b = [...a];", "const a = [1]; const b: number[] = []; b.push(a[0]!);"],
  ["spread", "const a = { x: 1 }; const b = { ...a };", "const a = { x: 1 }; const b = Object.assign({}, a);"],
  [
    "default parameter",
    "function f(x = 1) { return x; }",
    "function f(x?: number) { return x === undefined ? 1 : x; }",
  ],
  ["computed key", 'const k = "a"; const o = { [k]: 1 };', "const o: any = {}; o.a = 1;"],
  ["label", "out: for (;;) break out;", "for (;;) break;"],
  ["optional chaining", "declare const o: any; const x = o?.y;", "declare const o: any; const x = o.y ?? 1;"],
  ["**", "const x = 3; const y = x ** 2;", "const x = 3; const y = x * x;"],
  ["??=", "let x: any; x ??= 2;", "let x: any; if (x === undefined) x = 2;"],
  ["generator", "function* f() { return 1; }", "function f() { return 1; }"],
  ["async function", "const f = async () => 1;", "const f = () => 1;"],
  [
    "#private name",
    "class A { #x = 1; get() { return this.#x; } }",
    "class A { private x = 1; get() { return this.x; } }",
  ],
  ["tagged template", "declare const t: any; const x = t`a`;", "declare const t: any; const x = t(`a`);"],
  ["BigInt", "const x = 5n;", "const x = 5;"],
  ["regular expression", 'const x = "a".replace("a", "b"); const y = /a/;', 'const x = "a".replace("a", "b");'],
  ["static block", "class A { static { const x = 1; } }", "class A { static x() { return 1; } }"],
  ["new.target or import.meta", "const x = import.meta;", "const x = 1;"],
  ["var", "var x = 1;", "let x = 1;"],
  ["assignment to length", "const a = [1]; a.length = 0;", "class A { length = 0; cut() { this.length = 1; } }"],
  [
    "case after default",
    "switch (1 as number) { default: break; case 2: break; }",
    "switch (1 as number) { case 2: break; default: break; }",
  ],
  ["return, and its value on the next line", "function f() { return\n 1; }", "function f() { return 1; }"],
  [
    "super inside an arrow",
    "class B extends Base { m() { return () => super.m(); } }",
    "class B extends Base { m() { return super.m(); } }",
  ],
  [
    "class extends Error",
    "class E extends Error {}",
    "class E { readonly code: number; constructor() { this.code = 1; } }",
  ],
  [
    "two levels of extends",
    "class B extends Base {} class C extends B {}",
    "class B extends Base {} class C extends Base {}",
  ],
  ["field with an arrow that uses this", "class A { x = 1; f = () => this.x; }", "class A { x = 1; f = () => 1; }"],
  ["of as a name", "const of = 1;", "const o = { of: 1 };"],
  ["of as a name", "const f = (of: number) => of;", "declare const o: any; const f = () => o.of;"],
  ["identifier beyond ASCII", "const ångström = 1;", 'const name = "ångström";'],
  [
    "closure in a loop over i",
    "for (let i = 0; i < 2; i++) use(() => i);",
    "for (let i = 0; i < 2; i++) use(() => 1);",
  ],
  ["closure in a loop over x", "for (const x of list) use(() => x);", "list.forEach((x) => use(() => x));"],
  [
    "closure in a loop over y",
    "while (more()) { const y = 1; use(() => y); }",
    "const y = 1; while (more()) { use(() => y); }",
  ],
  [
    "late is used above its line",
    "const x = late(); function late() { return 1; }",
    "function late() { return 1; } const x = late();",
  ],
  [
    "deep is used above its line",
    "function early() { return deep(); } const x = early(); function deep() { return 1; }",
    "function early() { return deep(); } function deep() { return 1; } const x = early();",
  ],
  ["Late is used above its line", "const x = new Late(); class Late {}", "const x = () => new Late(); class Late {}"],
  [
    "inner is used above its line",
    "function f() { const x = inner(); function inner() { return 1; } return x; }",
    "function f() { function inner() { return 1; } return inner(); }",
  ],
  ["Map", "const m = new Map();", "class Map {} const m = new Map();"],
  ["Set", "const m = new Set();", "const m = { Set: 1 };"],
  ["Symbol", "const s = Symbol.iterator;", "declare const o: any; const s = o.Symbol;"],
  ["Date", "const now = Date.now();", "declare const clock: any; const now = clock.now();"],
  ["setTimeout", "setTimeout(() => 1, 5);", "declare const clock: any; clock.setTimeout(() => 1, 5);"],
  ["Math.random", "const x = Math.random();", "const x = Math.floor(5);"],
  ["Math.trunc", "const x = Math.trunc(5);", "const x = Math.min(5, 6);"],
  ["Math.imul", "const x = Math.imul(5, 6);", "const x = Math.abs(5);"],
  ["Object.freeze", "const x = Object.freeze({});", "const x = Object.keys({});"],
  ["Object.create(null)", "const x = Object.create(null);", "const x = Object.create({});"],
  ["Array.from", "const x = Array.from([1]);", "const x = Array.isArray([1]);"],
  ["Uint8Array.from", "const x = Uint8Array.from([1]);", "const x = new Uint8Array([1]);"],
  ["Number.isInteger", "const x = Number.isInteger(5);", "const x = Number(5);"],
  ["Promise.race", "const x = Promise.race([]);", "const x = Promise.all([]);"],
  [".slice(", "const x = new Uint8Array(2).slice(1);", "const x = new Uint8Array(2).subarray(1);"],
  [".at(", 'const x = "abc".at(-1);', 'const x = "abc".charCodeAt(2);'],
  [".flat(", "const x = [[1]].flat();", "const x = [[1]].concat([[2]]);"],
  ["split with a limit", 'const x = "a b".split(" ", 1);', 'const x = "a b".split(" ");'],
  ["JSON.stringify with a replacer or reviver", "const x = JSON.stringify(1, null);", "const x = JSON.stringify(1);"],
];

const around = "class Base { m() { return 1; } }\ndeclare const use: any, list: any, more: any;\n";
const folder = mkdtempSync(join(tmpdir(), "livlina-dialect-"));
afterAll(() => rmSync(folder, { recursive: true }));

for (const [what, wrong, right] of samples) {
  test(`${what}: "${wrong.replace("\n", " ")}" is found, its allowed neighbour is not`, async () => {
    const found = await checkSource(`${around}\n${wrong}`, "protocol/sample.ts");
    expect(found.map((each) => each.what)).toContain(what);
    for (const each of found) expect(each).toMatchObject({ file: "protocol/sample.ts", line: 4 });
    expect(await checkSource(`${around}\n${right}`, "protocol/sample.ts")).toEqual([]);
  });
}

test("a host may name its engine's clock, other firmware may not", async () => {
  const text = "export const now = () => Date.now();";
  expect(await checkSource(text, "firmware/hosts/espruino.ts")).toEqual([]);
  expect(await checkSource(text, "firmware/unit.ts")).toHaveLength(1);
});

test("in a bundle a finding names the source's file and line, and lowered fields are clean", async () => {
  writeFileSync(join(folder, "part.ts"), "export class Part {\n  size: number = 1;\n  owner = 2;\n}\n");
  writeFileSync(
    join(folder, "bad.ts"),
    'import { Part } from "./part.ts";\n\nfunction go(list: Part[]) {\n  return list.map((x) => x?.size ** 2).concat([...list].length);\n}\nconsole.log(go([]));\n',
  );
  writeFileSync(
    join(folder, "good.ts"),
    'import { Part } from "./part.ts";\n\nfunction go(list: Part[]) {\n  return list.map((x) => x.size * 2);\n}\ngo([new Part()]);\n',
  );
  for (const minify of [false, true]) {
    const bad = await bundleDevice(join(folder, "bad.ts"), { root: folder, minify });
    const found = checkBundle(Buffer.from(bad.bytes).toString(), "bad.js", bad.map);
    const texts = found.map((each) => `${each.file}:${each.line} ${each.what}`);
    expect(texts.filter((text) => text.startsWith("bad.ts"))).toEqual(["bad.ts:4 spread", "bad.ts:6 console"]);
    // The power operator became esbuild's own helper, which no source line holds.
    expect(texts.filter((text) => text.startsWith("bad.js"))).toEqual([expect.stringContaining("Math.pow")]);
    const good = await bundleDevice(join(folder, "good.ts"), { root: folder, minify });
    expect(checkBundle(Buffer.from(good.bytes).toString(), "good.js", good.map)).toEqual([]);
    expect(good.inputs.map((each) => each.path).sort()).toEqual(["good.ts", "part.ts"]);
    expect(good.inputs[0]?.bytes).toBeGreaterThanOrEqual(good.inputs[1]?.bytes ?? 0);
  }
});

test("a bundle must not hold a method that is called of, a bench may", async () => {
  const bench = "export class Bench { of(x: number) { return x; } }";
  expect(checkBundle("class A { of(x) { return x; } }", "a.js", undefined)).toMatchObject([{ what: "of as a name" }]);
  expect(await checkSource(bench, "firmware/test-bench.ts")).toEqual([]);
});

test("a field without a value is what a bundle must not hold", () => {
  expect(checkBundle("class A { x; }", "a.js", undefined)).toMatchObject([
    { file: "a.js", line: 1, what: "field without a value" },
  ]);
});
