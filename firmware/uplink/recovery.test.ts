import fc from "fast-check";
import { expect, test } from "vitest";
import { freshBench, settledBench, uplinkCommand } from "./arbitraries.ts";
import type { UplinkBench } from "./test-bench.ts";

const mobileDead: UplinkBench["far"] = (route) => (route === "mobile" ? "silent" : "answers");

/** The steps of the mobile route's ladder, each with its instant less `sinceMs`. */
function steps(bench: UplinkBench, sinceMs: number): [string, number][] {
  return bench
    .of("recover")
    .filter(({ effect }) => effect.route === "mobile")
    .map(({ atMs, effect }) => [effect.step, atMs - sinceMs]);
}

test("without an alarm: sockets at the first miss, attach at the loss, network within 3 min, then reset and power, 5 min apart", () => {
  const bench = settledBench();
  bench.far = mobileDead;
  bench.run(1_500_000);
  const lostMs = bench.of("route-changed")[0]?.atMs ?? 0;
  const taken = steps(bench, lostMs);
  expect(taken.map(([step]) => step).slice(0, 6)).toEqual([
    "reopen",
    "reattach",
    "reselect",
    "reset",
    "power-cycle",
    "reattach",
  ]);
  expect(taken[0]?.[1]).toBeLessThan(-20_000);
  expect(taken[1]?.[1]).toBe(0);
  expect(taken[2]?.[1]).toBeLessThanOrEqual(180_000);
  for (const i of [3, 4, 5]) expect((taken[i]?.[1] ?? 0) - (taken[i - 1]?.[1] ?? 0)).toBe(300_000);
});

test("in an alarm: sockets in the second round, attach at 55 to 60 s, network by 90 s, then reset and power", () => {
  const bench = settledBench();
  bench.far = mobileDead;
  const pressMs = bench.nowMs;
  bench.alarm(true);
  let id = 1;
  for (let at = 0; at < 6; at++) {
    bench.ask(id, "mobile", 0);
    bench.run(10_000);
    bench.ask(id + 2, "mobile", 1);
    bench.run(23_000);
    id += 4;
  }
  bench.run(400_000);
  const taken = steps(bench, pressMs);
  expect(taken.map(([step]) => step).slice(0, 5)).toEqual(["reopen", "reattach", "reselect", "reset", "power-cycle"]);
  expect(taken[0]?.[1]).toBeGreaterThanOrEqual(33_000);
  expect(taken[0]?.[1]).toBeLessThanOrEqual(40_000);
  expect(taken[1]?.[1]).toBeGreaterThanOrEqual(55_000);
  expect(taken[1]?.[1]).toBeLessThanOrEqual(60_000);
  expect(taken[2]?.[1]).toBeLessThanOrEqual(90_000);
});

test("an alarm makes a route that was lost before climb again by the alarm's times", () => {
  const bench = settledBench();
  bench.far = mobileDead;
  bench.run(1_500_000);
  bench.clear();
  const pressMs = bench.nowMs;
  bench.alarm(true);
  bench.run(95_000);
  const taken = steps(bench, pressMs);
  expect(taken.map(([step]) => step)).toContain("reopen");
  expect(taken.map(([step]) => step)).toContain("reattach");
});

test("an alarm soon after the network was chosen anew waits with choosing it once more", () => {
  const bench = settledBench();
  bench.far = mobileDead;
  while (!bench.of("recover").some(({ effect }) => effect.step === "reselect")) bench.run(1_000);
  const chosenMs = bench.of("recover").at(-1)?.atMs ?? 0;
  bench.clear();
  bench.alarm(true);
  bench.run(600_000);
  const again = bench.of("recover").find(({ effect }) => effect.route === "mobile" && effect.step === "reselect");
  expect((again?.atMs ?? 0) - chosenMs).toBeGreaterThanOrEqual(300_000);
});

test("no step within 20 s of a SIP answer over that route, and the ladder ends with one", () => {
  const bench = settledBench();
  bench.far = mobileDead;
  while (bench.of("route-changed").length === 0) bench.run(1_000);
  bench.step({ type: "heard", nowMs: bench.nowMs, route: "mobile" });
  bench.clear();
  bench.far = () => "answers";
  bench.run(3_600_000);
  expect(bench.of("recover")).toEqual([]);
});

test("with one receiver the modem is restarted at most each 30 min, though the first time without waiting", () => {
  const bench = settledBench({ receiverCount: 1 });
  bench.far = mobileDead;
  bench.run(4 * 3_600_000);
  const harsh = steps(bench, 0).filter(([step]) => step === "reset" || step === "power-cycle");
  const lostMs = bench.of("route-changed")[0]?.atMs ?? 0;
  expect((harsh[0]?.[1] ?? 0) - lostMs).toBeLessThanOrEqual(600_000);
  expect(harsh.length).toBeGreaterThan(4);
  for (let i = 1; i < harsh.length; i++)
    expect((harsh[i]?.[1] ?? 0) - (harsh[i - 1]?.[1] ?? 0)).toBeGreaterThanOrEqual(1_800_000);
});

test("in any weather the network is chosen anew at most each 5 min, and no step falls within 20 s of an answer", () => {
  fc.assert(
    fc.property(
      fc.array(uplinkCommand, { minLength: 1, maxLength: 40, size: "max" }),
      fc.integer({ min: 1, max: 1_000_000 }),
      (commands, dice) => {
        const bench = freshBench({ dice });
        const heardMs: Record<string, number> = {};
        const perform = bench.step.bind(bench);
        bench.step = (event) => {
          const before = bench.done.length;
          perform(event);
          for (const { effect } of bench.done.slice(before)) {
            if (effect.type !== "recover") continue;
            expect(bench.nowMs - (heardMs[effect.route] ?? -20_000)).toBeGreaterThanOrEqual(20_000);
          }
          if (event.type === "heard" || event.type === "answered") heardMs[event.route] = event.nowMs;
        };
        for (const command of commands) command(bench);
        for (const route of ["mobile", "broadband"]) {
          const chosen = bench
            .of("recover")
            .filter(({ effect }) => effect.route === route && effect.step === "reselect");
          for (let i = 1; i < chosen.length; i++)
            expect((chosen[i]?.atMs ?? 0) - (chosen[i - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(300_000);
        }
      },
    ),
    { numRuns: 80 },
  );
});
