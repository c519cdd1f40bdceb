import fc from "fast-check";
import { expect, test } from "vitest";
import { freshBench, settledBench, uplinkCommand } from "./arbitraries.ts";
import type { UplinkBench } from "./test-bench.ts";
import { watchLimit } from "./uplink-state.ts";

function gaps(instants: readonly number[]): number[] {
  return instants.slice(1).map((at, i) => at - (instants[i] ?? 0));
}

/** The routes or receivers that were told lost (`-`) and back (`+`), in order. */
function changes(bench: UplinkBench): string[] {
  return bench.done.flatMap(({ effect }) => {
    if (effect.type === "route-changed") return [(effect.lost ? "-" : "+") + effect.route];
    if (effect.type === "receiver-changed") return [(effect.lost ? "-" : "+") + effect.receiver];
    return [];
  });
}

/** Runs until the next beat over the active path, then lets the world change at that instant. */
function atNextBeat(bench: UplinkBench, far: UplinkBench["far"]): number {
  for (bench.clear(); bench.beats("mobile", 0).length === 0; bench.run(100)) bench.far = far;
  const atMs = bench.beats("mobile", 0)[0] ?? 0;
  bench.clear();
  return atMs;
}

test("the active route beats to receiver 1 each 180 s, give or take a tenth", () => {
  const bench = settledBench();
  bench.run(24 * 3_600_000);
  const between = gaps(bench.beats("mobile", 0));
  expect(Math.min(...between)).toBeGreaterThanOrEqual(162_000);
  expect(Math.max(...between)).toBeLessThanOrEqual(198_000);
  expect(new Set(between).size).toBeGreaterThan(100);
});

test("the standby route beats each 30 min to its receivers in turn, the active one each hour to the second", () => {
  const bench = settledBench();
  bench.run(24 * 3_600_000);
  const standby = bench.beats("broadband");
  expect(standby.length).toBeGreaterThanOrEqual(43);
  expect(standby.length).toBeLessThanOrEqual(54);
  expect(Math.abs(bench.beats("broadband", 0).length - bench.beats("broadband", 1).length)).toBeLessThanOrEqual(1);
  const second = gaps(bench.beats("mobile", 1));
  expect(Math.min(...second)).toBeGreaterThanOrEqual(3_240_000);
  expect(Math.max(...second)).toBeLessThanOrEqual(3_960_000);
});

test("after the first miss the same path is asked again at 20 and 40 s, give or take 30 %, the other route at once", () => {
  for (let dice = 1; dice <= 20; dice++) {
    const bench = settledBench({ dice: dice * 31 });
    const firstMs = atNextBeat(bench, (route) => (route === "mobile" ? "silent" : "answers")) + 8_000;
    bench.run(70_000);
    expect(bench.beats("broadband", 0)[0]).toBe(firstMs);
    const [second, third] = bench.beats("mobile", 0);
    expect(Math.abs((second ?? 0) - firstMs - 20_000)).toBeLessThanOrEqual(6_000);
    expect(Math.abs((third ?? 0) - firstMs - 40_000)).toBeLessThanOrEqual(12_000);
    const lost = bench.of("route-changed")[0];
    expect(lost?.effect).toEqual({ type: "route-changed", route: "mobile", lost: true });
    expect(lost?.atMs).toBe((third ?? 0) + 8_000);
  }
});

test("a dead route is known as lost within five minutes, the other one becomes active, and the wearer's lamp says so", () => {
  const bench = settledBench();
  const diedMs = bench.nowMs;
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.run(300_000);
  expect((bench.of("route-changed")[0]?.atMs ?? Infinity) - diedMs).toBeLessThan(300_000);
  expect(bench.state.active).toBe("broadband");
  expect(bench.of("active-route").map(({ effect }) => effect.route)).toEqual(["broadband"]);
  expect(bench.of("show").map(({ effect }) => effect.signal)).toEqual(["one-path-lost"]);
});

test("a single miss and a late answer lose nothing", () => {
  const bench = settledBench();
  atNextBeat(bench, () => "silent");
  bench.far = () => "answers";
  bench.run(300_000);
  expect(changes(bench)).toEqual([]);
});

test("a dead receiver is not taken for a dead route: the route answers for the other, and the modem is left in peace", () => {
  const bench = settledBench();
  bench.far = (_route, receiver) => (receiver === 0 ? "silent" : "answers");
  bench.run(3_600_000);
  expect(changes(bench)).toEqual(["-0"]);
  expect(bench.of("recover").every(({ effect }) => effect.step === "reopen")).toBe(true);
  expect(bench.route("mobile").at).toBe("proven");
  bench.clear();
  bench.far = () => "answers";
  bench.run(400_000);
  expect(changes(bench)).toEqual(["+0"]);
  expect(bench.of("path-back").length).toBeGreaterThan(0);
});

test("a receiver whose mrs no longer comes is lost within five minutes, though SIP still answers", () => {
  const bench = settledBench();
  bench.far = (_route, receiver) => (receiver === 0 ? "no-mrs" : "answers");
  bench.run(300_000);
  expect(changes(bench)).toEqual(["-0"]);
});

test("a receiver that one route still reaches is not lost", () => {
  const bench = settledBench();
  bench.far = (route, receiver) => (receiver === 0 && route === "mobile" ? "no-mrs" : "answers");
  bench.run(4 * 3_600_000);
  expect(changes(bench)).toEqual([]);
});

test("three messages that miss together lose no receiver that the other route still reaches", () => {
  const bench = settledBench();
  bench.far = (route) => (route === "mobile" ? "no-mrs" : "answers");
  for (const id of [1, 3, 5]) bench.ask(id, "mobile", 0);
  bench.run(12_000);
  expect(changes(bench)).toEqual([]);
});

test("when everything is dead the routes are lost, not the receivers, and no path is shown", () => {
  const bench = settledBench();
  bench.far = () => "silent";
  bench.run(600_000);
  expect(changes(bench).sort()).toEqual(["-broadband", "-mobile"]);
  expect(bench.of("show").at(-1)?.effect.signal).toBe("no-path");
});

test("a lost route beats each 180 s and becomes active again after ten steady minutes, not before", () => {
  const bench = settledBench();
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.run(1_200_000);
  expect(Math.max(...gaps(bench.beats("mobile")))).toBeLessThanOrEqual(198_000);
  bench.clear();
  bench.far = () => "answers";
  bench.run(1_000_000);
  const backMs = bench.of("route-changed")[0]?.atMs ?? 0;
  const activeMs = bench.of("active-route")[0]?.atMs ?? 0;
  expect(bench.of("active-route")[0]?.effect.route).toBe("mobile");
  expect(activeMs - backMs).toBeGreaterThanOrEqual(600_000);
  expect(activeMs - backMs).toBeLessThanOrEqual(810_000);
});

test("a miss during the ten minutes begins them anew", () => {
  const bench = settledBench();
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.run(600_000);
  bench.far = () => "answers";
  bench.clear();
  while (bench.of("route-changed").length === 0) bench.run(1_000);
  bench.run(400_000);
  const missedMs = bench.nowMs;
  bench.step({ type: "asked", nowMs: bench.nowMs, id: 1, route: "mobile", receiver: 0, probe: false });
  bench.step({ type: "failed", nowMs: bench.nowMs, id: 1, heard: false, why: "no-answer" });
  bench.run(1_000_000);
  expect((bench.of("active-route")[0]?.atMs ?? 0) - missedMs).toBeGreaterThanOrEqual(600_000);
});

test("no route becomes active again while an alarm is pending", () => {
  const bench = settledBench();
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.run(600_000);
  bench.alarm(true);
  bench.far = () => "answers";
  bench.run(3_600_000);
  expect(bench.state.active).toBe("broadband");
  bench.alarm(false);
  bench.run(200_000);
  expect(bench.state.active).toBe("mobile");
});

test("in an alarm an active route that is lost still gives way to one that works", () => {
  const bench = settledBench();
  bench.alarm(true);
  bench.far = (route) => (route === "mobile" ? "silent" : "answers");
  bench.run(300_000);
  expect(bench.state.active).toBe("broadband");
});

test("at the start the first route that is proven serves until the policy's first one is", () => {
  const bench = freshBench();
  bench.far = (route) => (route === "mobile" ? "no-link" : "answers");
  bench.link("broadband", true);
  bench.run(30_000);
  expect(bench.state.active).toBe("broadband");
  bench.far = () => "answers";
  bench.link("mobile", true);
  bench.run(30_000);
  expect(bench.state.active).toBe("mobile");
  expect(changes(bench)).toEqual([]);
});

test("a route that is slow to get its first link is not told as lost", () => {
  for (let dice = 1; dice <= 20; dice++) {
    const bench = freshBench({ dice });
    bench.far = (route) => (route === "mobile" ? "no-link" : "answers");
    bench.link("broadband", true);
    bench.run(90_000);
    bench.far = () => "answers";
    bench.link("mobile", true);
    bench.run(300_000);
    expect(changes(bench)).toEqual([]);
  }
});

test.each([1, 2])("a route that never gets a link is told as lost, too (%i receivers)", (receiverCount) => {
  const bench = freshBench({ receiverCount });
  bench.far = (route) => (route === "mobile" ? "no-link" : "answers");
  bench.link("broadband", true);
  bench.run(300_000);
  expect(changes(bench)).toEqual(["-mobile"]);
  expect(bench.of("show").at(-1)?.effect.signal).toBe("one-path-lost");
});

test("a link that comes up is tried at once by whoever waits, and beats within 20 s", () => {
  const bench = freshBench();
  bench.link("mobile", true);
  expect(bench.of("path-back")).toHaveLength(1);
  bench.run(20_000);
  expect(bench.beats("mobile", 0)).toHaveLength(1);
});

test("busy, refusing and challenging answers prove the route", () => {
  const bench = settledBench();
  bench.step({ type: "asked", nowMs: bench.nowMs, id: 1, route: "mobile", receiver: 0, probe: false });
  bench.step({ type: "failed", nowMs: bench.nowMs, id: 1, heard: true, why: "no-answer" });
  expect(bench.route("mobile").misses).toBe(0);
  expect(bench.state.checks).toEqual([]);
});

test("a receiver that turns each heartbeat away is lost within ten minutes, is not asked more often, and costs no route", () => {
  const bench = settledBench();
  bench.far = (_route, receiver) => (receiver === 0 ? "refuses" : "answers");
  bench.run(600_000);
  expect(changes(bench)).toEqual(["-0"]);
  expect(bench.of("show").at(-1)?.effect.signal).toBe("one-path-lost");
  expect(bench.of("recover")).toEqual([]);
  const asked = bench.beats("mobile", 0);
  for (let i = 1; i < asked.length; i++) expect((asked[i] ?? 0) - (asked[i - 1] ?? 0)).toBeGreaterThan(160_000);
  expect(bench.beats("broadband", 0).length, "at the first of them, and its own turn").toBeLessThanOrEqual(2);
  bench.far = () => "answers";
  bench.run(400_000);
  expect(changes(bench)).toEqual(["-0", "+0"]);
});

test("what a receiver turns away now and then loses nothing, and an alarm that is turned away says nothing of it", () => {
  const bench = settledBench();
  bench.far = () => "refuses";
  for (const id of [1, 3, 5, 7]) bench.ask(id, id > 3 ? "mobile" : "broadband", 0);
  bench.run(1_000);
  expect(bench.state.receivers[0]?.misses).toBe(0);
  atNextBeat(bench, () => "refuses");
  bench.far = () => "answers";
  bench.run(600_000);
  expect(changes(bench)).toEqual([]);
});

test("what an alarm sends proves or misses a path like a beat; what it stops does neither", () => {
  const bench = settledBench();
  bench.far = () => "silent";
  bench.ask(1, "mobile", 0);
  bench.ask(3, "broadband", 0);
  bench.step({ type: "stopped", nowMs: bench.nowMs, id: 3 });
  bench.run(8_000);
  expect(bench.route("mobile").misses).toBe(1);
  expect(bench.route("broadband").misses).toBe(0);
});

test("what was asked before a receiver answered is no miss of it, nor of the route that brought the answer", () => {
  const bench = settledBench();
  bench.far = () => "silent";
  for (const route of ["mobile", "broadband"] as const)
    for (const id of [1, 3, 5]) bench.ask(route === "mobile" ? id : id + 10, route, 0);
  bench.run(1_000);
  bench.step({ type: "heard", nowMs: bench.nowMs, route: "mobile" });
  bench.step({ type: "answered", nowMs: bench.nowMs, route: "mobile", receiver: 0 });
  bench.ask(7, "mobile", 0);
  bench.run(7_000);
  expect(bench.route("mobile").misses).toBe(0);
  expect(bench.route("broadband").misses).toBe(3);
  expect(bench.state.receivers[0]?.misses).toBe(0);
  bench.run(1_000);
  expect(bench.route("mobile").misses).toBe(1);
  expect(bench.state.receivers[0]?.misses).toBe(1);
});

test("an mrs from a receiver that was silent is told to whoever waits", () => {
  const bench = settledBench();
  bench.far = () => "no-mrs";
  bench.ask(1, "mobile", 0);
  bench.run(10_200);
  bench.clear();
  bench.step({ type: "answered", nowMs: bench.nowMs, route: "mobile", receiver: 0 });
  expect(bench.of("path-back")).toHaveLength(1);
});

test("beyond 32 messages the oldest is no longer watched", () => {
  const bench = settledBench();
  bench.far = () => "silent";
  for (let i = 0; i <= watchLimit; i++) bench.ask(2 * i + 1, "mobile", 1);
  expect(bench.state.watches).toHaveLength(watchLimit);
  expect(bench.state.watches.some(({ id }) => id === 1)).toBe(false);
});

test("in any weather nothing runs in circles, every bound holds, and a world that is well again is found well", () => {
  fc.assert(
    fc.property(
      fc.array(uplinkCommand, { minLength: 1, maxLength: 40, size: "max" }),
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 1, max: 2 }),
      (commands, dice, receiverCount) => {
        const bench = freshBench({ dice, receiverCount });
        for (const command of commands) command(bench);
        bench.alarm(false);
        bench.step({ type: "supervised", nowMs: bench.nowMs, on: true });
        bench.step({ type: "interval", nowMs: bench.nowMs, minutes: 3 });
        bench.far = () => "answers";
        for (const { route } of bench.state.routes) bench.link(route, true);
        bench.run(2 * 3_600_000);
        expect(bench.state.routes.map(({ at }) => at)).toEqual(["proven", "proven"]);
        expect(bench.state.receivers.every(({ at }) => at === "proven")).toBe(true);
        expect(bench.state.active).toBe("mobile");
        expect(bench.state.shown).toBe("ready");
      },
    ),
    { numRuns: 60 },
  );
});
