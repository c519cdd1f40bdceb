/** While a call takes the modem's line, its route is not measured: no beat is missed, nothing is recovered. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { settledBench, uplinkCommand } from "./arbitraries.ts";

const hourMs = 3_600_000;

test("during a call over the mobile network nothing is asked over it, nothing missed, and the modem is left alone", () => {
  const bench = settledBench();
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: true });
  bench.clear();
  bench.run(2 * hourMs);
  expect(bench.beats("mobile")).toEqual([]);
  expect([bench.of("recover"), bench.of("route-changed"), bench.of("receiver-changed")]).toEqual([[], [], []]);
  expect(bench.beats("broadband").length).toBeGreaterThan(2);
  expect(bench.route("mobile").at).toBe("proven");
});

test("what was under way when the call began is no longer waited for", () => {
  const bench = settledBench();
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.ask(901, "mobile", 0);
  bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: true });
  bench.ask(903, "mobile", 0);
  bench.run(hourMs);
  expect(bench.route("mobile").misses).toBe(0);
  expect(bench.state.watches.filter(({ route }) => route === "mobile")).toEqual([]);
});

test("when it ends the route is asked at once, and what waits is sent", () => {
  const bench = settledBench();
  bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: true });
  bench.run(600_000);
  bench.clear();
  bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: false });
  expect(bench.of("path-back").length).toBe(1);
  bench.run(0);
  expect(bench.beats("mobile")).toEqual([bench.nowMs]);
});

test("a route that was lost before the call climbs its ladder after it, and a call of no route changes nothing", () => {
  const bench = settledBench();
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.run(hourMs);
  expect(bench.route("mobile").at).toBe("lost");
  bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: true });
  bench.clear();
  bench.run(hourMs);
  expect(bench.of("recover")).toEqual([]);
  bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: false });
  bench.run(hourMs);
  expect(bench.of("recover").length).toBeGreaterThan(0);
  const before = bench.state;
  bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: false });
  expect(bench.state.routes).toEqual(before.routes);
});

test("a path test that somebody asks for during a call ends, and says that the route did not answer", () => {
  const bench = settledBench();
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: true });
  bench.step({ type: "test-paths", nowMs: bench.nowMs });
  bench.run(60_000);
  const tested = bench.of("paths-tested")[0]?.effect.paths ?? [];
  expect(tested.map(({ route, result }) => `${route} ${result}`).sort()).toEqual([
    "broadband passed",
    "broadband passed",
    "mobile failed",
    "mobile failed",
  ]);
});

test("whatever happens meanwhile, no call of that route is counted against it", () => {
  fc.assert(
    fc.property(fc.array(uplinkCommand, { maxLength: 20 }), (commands) => {
      const bench = settledBench();
      bench.step({ type: "in-call", nowMs: bench.nowMs, route: "mobile", on: true });
      bench.clear();
      for (const command of commands) command(bench);
      expect(bench.route("mobile").misses).toBe(0);
      expect(bench.of("recover").filter(({ effect }) => effect.route === "mobile")).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
