import { expect, test } from "vitest";
import { freshBench, settledBench } from "./arbitraries.ts";
import type { UplinkBench } from "./test-bench.ts";

function results(bench: UplinkBench): string[][] {
  return bench
    .of("paths-tested")
    .map(({ effect }) => effect.paths.map(({ route, receiver, result }) => `${route} ${receiver} ${result}`));
}

test("a path test asks each route for each receiver once and tells pass or fail of each", () => {
  const bench = settledBench();
  bench.far = (route, receiver) => (route === "broadband" && receiver === 1 ? "silent" : "answers");
  bench.step({ type: "test-paths", nowMs: bench.nowMs });
  bench.run(20_000);
  expect(results(bench)).toEqual([["mobile 0 passed", "mobile 1 passed", "broadband 0 passed", "broadband 1 failed"]]);
});

test("SIP alone is no pass: a receiver whose mrs does not come fails", () => {
  const bench = settledBench();
  bench.far = (_route, receiver) => (receiver === 0 ? "no-mrs" : "answers");
  bench.step({ type: "test-paths", nowMs: bench.nowMs });
  bench.run(25_000);
  expect(results(bench)).toEqual([["mobile 0 failed", "mobile 1 passed", "broadband 0 failed", "broadband 1 passed"]]);
});

test("without any link a test ends at once, and a second test while one runs changes nothing", () => {
  const bench = freshBench();
  bench.far = () => "no-link";
  bench.step({ type: "test-paths", nowMs: bench.nowMs });
  const { length } = bench.state.tests;
  bench.step({ type: "test-paths", nowMs: bench.nowMs });
  expect(bench.state.tests.length).toBe(length);
  bench.run(1_000);
  expect(results(bench)).toEqual([["mobile 0 failed", "mobile 1 failed", "broadband 0 failed", "broadband 1 failed"]]);
  expect(bench.state.tests).toEqual([]);
});
