import { transformSync } from "esbuild";
import { expect, test } from "vitest";

interface Loaded {
  readonly format: string;
  readonly source: string | Uint8Array | null;
}
interface Hook {
  load(url: string, context: object, next: () => Promise<Loaded>): Promise<Loaded>;
}
const { load } = (await import(new URL("./plain-names.js", import.meta.url).href)) as Hook;

const source = "export function make(n: number) { const inner = () => n; return inner; };\nexport const ours = 'ä';";
/** As tsx has it. */
const { code } = transformSync(source, { loader: "ts", keepNames: true, minifyWhitespace: true });
const through = async (url: string, given: string | Uint8Array) =>
  (await load(url, {}, async () => ({ format: "module", source: given }))).source;

test("no closure is given a name when it is made, declared functions have theirs, and nothing moves", async () => {
  const plain = String(await through("file:///a.ts", code));
  expect(code).toContain("defineProperty");
  expect(plain).toContain("var __name=(target)=>target;");
  expect(plain.length).toBe(code.length);
  expect(String(await through("file:///a.ts?v=1", new TextEncoder().encode(code)))).toBe(plain);
  const { make } = (await import(`data:text/javascript,${encodeURIComponent(plain)}`)) as {
    make: (n: number) => () => number;
  };
  expect([make.name, make(7)(), Object.getOwnPropertyDescriptor(make(7), "name")?.value]).toEqual(["make", 7, ""]);
});

test("what is no TypeScript passes as it is", async () => {
  expect(await through("file:///a.js", code)).toBe(code);
  expect(await load("node:fs", {}, async () => ({ format: "builtin", source: null }))).toEqual({
    format: "builtin",
    source: null,
  });
});
