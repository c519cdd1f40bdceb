import { expect, test } from "vitest";
import type { Route } from "../alarm/report.ts";
import { freshBench, settledBench } from "./arbitraries.ts";
import type { UplinkBench } from "./test-bench.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;

function ask(bench: UplinkBench, minutes: number): void {
  bench.step({ type: "interval", nowMs: bench.nowMs, minutes });
}

function gaps(instants: readonly number[]): number[] {
  return instants.slice(1).map((atMs, i) => atMs - (instants[i] as number));
}

test("without a word from the receiver the active route is beaten each 180 s, give or take a tenth, and never probed", () => {
  const bench = settledBench();
  bench.run(6 * hourMs);
  const apart = gaps(bench.beats("mobile", 0));
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(162_000);
  expect(Math.max(...apart)).toBeLessThanOrEqual(198_000);
  expect(bench.of("probe")).toEqual([]);
});

test("an interval of one minute is obeyed, early rather than late, and begins within it", () => {
  const bench = settledBench();
  const askedMs = bench.nowMs;
  ask(bench, 1);
  bench.run(hourMs);
  const beats = bench.beats("mobile", 0);
  expect((beats[0] as number) - askedMs).toBeLessThanOrEqual(minuteMs);
  const apart = gaps(beats);
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(54_000);
  expect(Math.max(...apart)).toBeLessThanOrEqual(minuteMs);
  expect(bench.of("keep-interval").map(({ effect }) => effect.minutes)).toEqual([1]);
});

test("with an interval of an hour an OPTIONS proves the route each three minutes in between", () => {
  const bench = settledBench();
  ask(bench, 60);
  bench.run(6 * hourMs);
  const apart = gaps(bench.beats("mobile", 0));
  expect(apart.length).toBeGreaterThanOrEqual(5);
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(54 * minuteMs);
  expect(Math.max(...apart)).toBeLessThanOrEqual(60 * minuteMs);
  const proofs = [...bench.of("probe").map(({ atMs }) => atMs), ...bench.beats("mobile", 0)].sort((a, b) => a - b);
  expect(Math.max(...gaps(proofs))).toBeLessThanOrEqual(198_000);
});

test("where the first receiver is lost the second is beaten as often as the first was, and seldom again once it is back", () => {
  const bench = settledBench();
  bench.run(10 * minuteMs);
  bench.far = (_route, receiver) => (receiver === 0 ? "silent" : "answers");
  bench.run(10 * minuteMs);
  expect(bench.of("receiver-changed").map(({ effect }) => effect.lost)).toEqual([true]);
  bench.clear();
  bench.run(2 * hourMs);
  const apart = gaps(bench.beats("mobile", 1));
  expect(apart.length).toBeGreaterThanOrEqual(35);
  expect(Math.max(...apart)).toBeLessThanOrEqual(198_000);
  bench.far = () => "answers";
  bench.run(10 * minuteMs);
  bench.clear();
  bench.run(4 * hourMs);
  expect(Math.min(...gaps(bench.beats("mobile", 1)))).toBeGreaterThan(50 * minuteMs);
});

test("a probe without an answer loses the route as a heartbeat does", () => {
  const bench = settledBench();
  ask(bench, 1_440);
  bench.run(10 * minuteMs);
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.clear();
  bench.run(6 * minuteMs);
  expect(bench.of("probe").length).toBeGreaterThan(0);
  expect(bench.of("route-changed").map(({ effect }) => effect)).toEqual([
    { type: "route-changed", route: "mobile", lost: true },
  ]);
});

test("an answered probe is settled: no mrs is missed", () => {
  const bench = settledBench();
  ask(bench, 1_440);
  bench.run(6 * hourMs);
  expect(bench.of("probe").length).toBeGreaterThan(100);
  expect(bench.of("path-fault")).toEqual([]);
  expect(bench.of("receiver-changed")).toEqual([]);
});

test("an interval beyond a day, or below a minute, is not obeyed", () => {
  const bench = settledBench();
  ask(bench, 0);
  ask(bench, 1_441);
  bench.run(hourMs);
  expect(bench.of("keep-interval")).toEqual([]);
  expect(bench.beats("mobile", 0).length).toBeGreaterThanOrEqual(18);
});

test("a unit that is not supervised sends nothing by itself and sleeps for good", () => {
  const bench = freshBench();
  bench.step({ type: "supervised", nowMs: bench.nowMs, on: false });
  for (const { route } of bench.state.routes) bench.link(route, true);
  bench.clear();
  bench.run(24 * hourMs);
  expect(bench.done.filter(({ effect }) => effect.type !== "path-back")).toEqual([]);
  bench.step({ type: "supervised", nowMs: bench.nowMs, on: true });
  bench.run(10 * minuteMs);
  expect(bench.beats("mobile", 0).length).toBeGreaterThan(0);
});

test("a unit that is not supervised checks no path either after a message of its own that nobody answers", () => {
  const bench = freshBench();
  bench.step({ type: "supervised", nowMs: bench.nowMs, on: false });
  for (const { route } of bench.state.routes) bench.link(route, true);
  bench.far = () => "no-mrs";
  bench.ask(900, "mobile", 0);
  bench.run(hourMs);
  expect(bench.of("path-fault")).toHaveLength(1);
  expect(bench.of("beat")).toEqual([]);
});

test("a message that nobody answers is named a fault of its path: not even SIP, or no mrs, or no link", () => {
  for (const [far, why] of [
    ["silent", "no-answer"],
    ["no-mrs", "no-mrs"],
    ["no-link", "no-link"],
  ] as const) {
    const bench = settledBench();
    bench.far = (route) => (route === "mobile" ? far : "answers");
    bench.run(4 * minuteMs);
    expect(bench.of("path-fault")[0]?.effect).toEqual({ type: "path-fault", route: "mobile", receiver: 0, why });
  }
});

test("an mrs that names nothing of ours is a fault of its own, and proves no receiver", () => {
  const bench = freshBench();
  bench.link("mobile", true);
  bench.clear();
  bench.step({ type: "odd-answer", nowMs: bench.nowMs, route: "mobile", receiver: 1 });
  expect(bench.done[0]?.effect).toEqual({ type: "path-fault", route: "mobile", receiver: 1, why: "wrong-ref" });
  expect(bench.state.receivers[1]?.at).toBe("unproven");
});

const dayMs = 24 * hourMs;

/** A day between proofs is agreed. */
function seldomProven(routes: readonly Route[] = ["mobile", "broadband"]): UplinkBench {
  const bench = settledBench({ provenS: 86_400, routes });
  bench.run(2 * dayMs);
  bench.clear();
  return bench;
}

test("a route that may go a day unproven is beaten once a day, early rather than late, and never probed", () => {
  const bench = seldomProven();
  bench.run(20 * dayMs);
  const apart = gaps(bench.beats("mobile", 0));
  expect(apart.length).toBeGreaterThanOrEqual(19);
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(dayMs - dayMs / 10);
  expect(Math.max(...apart)).toBeLessThanOrEqual(dayMs);
  expect(bench.of("probe")).toEqual([]);
  // The other route and the other receiver follow.
  expect(bench.beats().length).toBeLessThan(70);
});

test("a receiver that asks for a heartbeat each hour gets it, whatever was agreed of proofs", () => {
  const bench = seldomProven();
  ask(bench, 60);
  bench.run(dayMs);
  const apart = gaps(bench.beats("mobile", 0));
  expect(apart.length).toBeGreaterThanOrEqual(23);
  expect(Math.max(...apart)).toBeLessThanOrEqual(hourMs);
});

test.each([[["mobile", "broadband"]], [["mobile"]]] as Route[][][])(
  "after a loss a route that may go a day unproven is proven each three minutes until it is steady (%s)",
  (routes) => {
    const bench = seldomProven(routes);
    bench.far = (route) => (route === "mobile" ? "silent" : "answers");
    bench.ask(1, "mobile", 0);
    bench.run(hourMs);
    expect(bench.route("mobile").at).toBe("lost");
    bench.far = () => "answers";
    bench.run(4 * minuteMs);
    expect(bench.route("mobile").at).toBe("proven");
    const backMs = bench.nowMs;
    bench.clear();
    bench.run(dayMs);
    const proofs = [...bench.beats("mobile"), ...bench.of("probe").map(({ atMs }) => atMs)];
    expect(proofs.filter((atMs) => atMs <= backMs + 8 * minuteMs).length).toBeGreaterThanOrEqual(2);
    expect(proofs.filter((atMs) => atMs > backMs + 20 * minuteMs).length).toBeLessThanOrEqual(3);
  },
);
