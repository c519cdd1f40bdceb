/** Foreign programs: found, skipped with a reason, or demanded. */
import { afterEach, expect, test } from "vitest";
import { foreign, needs } from "./requires.ts";

const before = process.env["LIVLINA_REQUIRE"];
afterEach(() => {
  if (before === undefined) delete process.env["LIVLINA_REQUIRE"];
  else process.env["LIVLINA_REQUIRE"] = before;
});

test("a program on the PATH is here", () => {
  expect(foreign("node")).toEqual({ here: true, reason: "" });
});

test("a missing program gives the reason of a skip, with the package that brings it", () => {
  process.env["LIVLINA_REQUIRE"] = "node";
  expect(foreign("no-such-program")).toEqual({
    here: false,
    reason: "no-such-program is not installed (Debian: no-such-program)",
  });
  const reasons: string[] = [];
  needs({ skip: (reason) => reasons.push(reason) }, "no-such-program");
  needs({ skip: (reason) => reasons.push(reason) }, "node");
  expect(reasons).toHaveLength(1);
});

test("a missing program that LIVLINA_REQUIRE names is a failure, not a skip", () => {
  process.env["LIVLINA_REQUIRE"] = "node  no-such-program";
  expect(() => foreign("no-such-program")).toThrow("LIVLINA_REQUIRE demands it");
  process.env["LIVLINA_REQUIRE"] = "no-such-program-at-all";
  expect(foreign("no-such-program").here).toBe(false);
});
