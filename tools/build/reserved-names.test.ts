import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { withoutReservedNames } from "./reserved-names.ts";

test("a variable called of gets another name, a member keeps it, and the script means the same", () => {
  const script = "function f(of, $$) { const o = { of, x: of }; o.of = o.of + of; return [o.of, o.x, $$]; } f(2, 3)";
  const other = withoutReservedNames(script);
  expect(other).toContain("function f($_, $$)");
  expect(other).toContain("o.of = o.of + $_");
  expect(Array.from(runInNewContext(other))).toEqual(Array.from(runInNewContext(script)));
});

test("a loop over values stays a loop, and a script without the name stays as it is", () => {
  const script = 'let s = ""; for (const x of ["a", "b"]) s += x;';
  expect(withoutReservedNames(script)).toBe(script);
});
