import fc from "fast-check";
import { expect, test } from "vitest";
import { newRun, type Question, RingRun, type RunNews } from "./ring-run.ts";
import { type FleetUnit, planRings, type Rings, ringsSchema } from "./rings.ts";

const hourMs = 3_600_000;
const startMs = 1_767_225_600_000;
const target = "1.1.0";

function ringsOf(change: object = {}): Rings {
  return ringsSchema.parse({ rings: [{ name: "first", percent: 10 }, { name: "all" }], holdHours: 24, ...change });
}

function fleetOf(count: number, shares: (at: number) => readonly string[] = () => []): FleetUnit[] {
  return Array.from({ length: count }, (_, at) => ({ cid: String(1_000 + at), shares: shares(at) }));
}

class Bench {
  readonly news: RunNews[] = [];
  readonly run: RingRun;
  nowMs = startMs;

  constructor(rings: Rings, fleet: readonly FleetUnit[]) {
    const state = newRun(target, "00", planRings(rings, fleet, "00"));
    this.run = new RingRun(state, rings, fleet, (news) => this.news.push(news));
    this.run.look(this.nowMs);
  }

  ask(cid: string, question: Question = {}): boolean {
    return this.run.asked({ unit: cid, version: "1.0.0", stage: "none", ...question }, this.nowMs);
  }

  keep(cid: string): void {
    this.ask(cid, { version: target, stage: "kept" });
  }

  ring(at: number): string[] {
    return this.run.state.units.filter(({ ring }) => ring === at).map(({ cid }) => cid);
  }

  pass(hours: number): void {
    this.nowMs += hours * hourMs;
    this.run.look(this.nowMs);
  }
}

test("each unit of a fleet stands in one ring, the named ones where they were named, and the last ring has the rest", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 4 }),
      (count, percents) => {
        const rings = ringsOf({
          rings: [...percents.map((percent, at) => ({ name: `r${at}`, percent })), { name: "all" }],
        });
        const plan = planRings(rings, fleetOf(count), "release");
        const all = plan.flatMap(({ units }) => units);
        expect(all).toHaveLength(count);
        expect(new Set(all).size).toBe(count);
      },
    ),
  );
  const named = ringsOf({
    rings: [{ name: "lab", units: ["1003", "1001"] }, { name: "ten", percent: 10 }, { name: "all" }],
  });
  const plan = planRings(named, fleetOf(100), "release");
  expect(plan.map(({ units }) => units.length)).toEqual([2, 8, 90]);
  expect(plan[0]?.units).toEqual(["1003", "1001"]);
  expect(planRings(named, fleetOf(100), "next")[1]?.units).not.toEqual(plan[1]?.units);
  expect(() => planRings(ringsOf({ rings: [{ name: "lab", units: ["7"] }] }), fleetOf(2), "x")).toThrow(
    "no unit of the fleet",
  );
  expect(() => planRings(ringsOf({ rings: [{ name: "lab", units: ["1001", "1001"] }] }), fleetOf(2), "x")).toThrow(
    "two rings",
  );
});

test("a unit of a later ring is offered nothing until the rings before it are through and were held", () => {
  const bench = new Bench(ringsOf(), fleetOf(20));
  const [first, second] = bench.ring(0) as [string, string];
  const later = bench.ring(1)[0] as string;
  expect([bench.ask(first), bench.ask(later)]).toEqual([true, false]);
  bench.keep(first);
  expect(bench.ask(second)).toBe(true);
  bench.keep(second);
  for (let hour = 0; hour < 23; hour++) {
    bench.pass(1);
    for (const cid of [first, second]) bench.run.sign(cid, bench.nowMs, undefined);
    expect(bench.ask(later)).toBe(false);
  }
  bench.pass(1);
  expect(bench.ask(later)).toBe(true);
  expect(bench.ask("9999")).toBe(false);
});

test("one that fails in a small ring stops the release, also for those who were offered it already", () => {
  const bench = new Bench(ringsOf(), fleetOf(20));
  const [first, second] = bench.ring(0) as [string, string];
  expect([bench.ask(first), bench.ask(second)]).toEqual([true, true]);
  expect(bench.ask(first, { failed: target, why: "accept" })).toBe(false);
  expect(bench.run.state.stopped).toBe("1 of 2 units failed (accept)");
  expect(bench.ask(second, { stage: "loaded" })).toBe(false);
  bench.pass(1_000);
  expect(bench.ask(bench.ring(1)[0] as string)).toBe(false);
});

test("a unit that kept the release and is not heard of any more stops it, also when its ring is through", () => {
  const bench = new Bench(ringsOf(), fleetOf(20));
  for (const cid of bench.ring(0)) {
    bench.ask(cid);
    bench.keep(cid);
  }
  bench.pass(9.9);
  expect(bench.run.state.stopped).toBe("");
  bench.run.sign(bench.ring(0)[0] as string, bench.nowMs, undefined);
  bench.pass(0.2);
  expect(bench.run.state.stopped).toBe("1 of 2 units silent for 600 min");
});

test("a unit that receivers hear starting over and over has failed, whatever it says itself", () => {
  const bench = new Bench(ringsOf(), fleetOf(20));
  const first = bench.ring(0)[0] as string;
  bench.ask(first);
  bench.keep(first);
  bench.run.sign(first, bench.nowMs, "loop");
  bench.run.look(bench.nowMs);
  expect(bench.run.state.stopped).toContain("failed (loop)");
});

test("a unit that kept the release and has taken it back later has failed", () => {
  const bench = new Bench(ringsOf(), fleetOf(20));
  const first = bench.ring(0)[0] as string;
  bench.ask(first);
  bench.keep(first);
  expect(bench.ask(first, { failed: target, why: "loop" })).toBe(false);
  expect(bench.run.state.stopped).toContain("failed (loop)");
});

test("in a large ring a share may fail, and not one more", () => {
  const bench = new Bench(
    ringsOf({ rings: [{ name: "all" }], atOnce: 1_000, stop: { failedPercent: 2 } }),
    fleetOf(100),
  );
  const cids = bench.ring(0);
  for (const cid of cids) bench.ask(cid);
  bench.ask(cids[0] as string, { failed: target, why: "radio" });
  bench.ask(cids[1] as string, { refused: "size" });
  expect(bench.run.state.stopped).toBe("");
  bench.ask(cids[2] as string, { failed: target, why: "check" });
  expect(bench.run.state.stopped).toBe("3 of 100 units failed (check, radio, refused: size)");
});

test("somebody who has looked into it lets a release go on; what fails after that stops it again", () => {
  const bench = new Bench(ringsOf(), fleetOf(20));
  const [first, second] = bench.ring(0) as [string, string];
  bench.ask(first);
  bench.ask(second);
  bench.ask(first, { failed: target, why: "start" });
  bench.run.goOn(bench.nowMs);
  expect(bench.ask(second)).toBe(true);
  bench.ask(second, { failed: target, why: "start" });
  expect(bench.run.state.stopped).not.toBe("");
  bench.run.goOn(bench.nowMs);
  bench.run.stop("by hand", bench.nowMs);
  expect(bench.run.state.stopped).toBe("by hand");
});

test("two units that stand in for each other never take a release at once, and never both a bad one", () => {
  const bench = new Bench(
    ringsOf({ rings: [{ name: "all" }], apart: [["1000", "1001"]], stop: { failedPercent: 100 } }),
    fleetOf(4),
  );
  expect([bench.ask("1000"), bench.ask("1001"), bench.ask("1002")]).toEqual([true, false, true]);
  bench.keep("1000");
  expect(bench.ask("1001")).toBe(true);
  const other = new Bench(
    ringsOf({ rings: [{ name: "all" }], apart: [["1000", "1001"]], stop: { failedPercent: 100 } }),
    fleetOf(4),
  );
  other.ask("1000");
  other.ask("1000", { failed: target, why: "radio" });
  expect(other.ask("1001")).toBe(false);
});

test("of one receiver's units no more than the share is under way at once, but one always", () => {
  const rings = ringsOf({ rings: [{ name: "all" }], atOnceOfOne: 25 });
  const bench = new Bench(
    rings,
    fleetOf(20, (at) => [at < 8 ? "receiver a" : at < 10 ? "receiver b" : "receiver c"]),
  );
  expect(bench.ring(0).filter((cid) => bench.ask(cid)).length).toBe(2 + 1 + 2);
  const few = new Bench(ringsOf({ rings: [{ name: "all" }], atOnce: 3 }), fleetOf(20));
  expect(few.ring(0).filter((cid) => few.ask(cid)).length).toBe(3);
});

test("whatever units say and whenever, none is offered a stopped release, and a run ends done or stopped", () => {
  const anyStep = fc.record({
    unit: fc.nat({ max: 11 }),
    says: fc.constantFrom<Question>(
      {},
      { version: target, stage: "kept" },
      { version: target, stage: "trial" },
      { failed: target, why: "radio" },
      { refused: "key" },
      { stage: "loaded" },
    ),
    minutes: fc.nat({ max: 2_000 }),
    act: fc.constantFrom("ask", "ask", "ask", "sign", "stop", "go-on"),
  });
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const bench = new Bench(ringsOf({ stop: { failedPercent: 20, silentPercent: 30 } }), fleetOf(12));
      for (const { unit, says, minutes, act } of steps) {
        bench.pass(minutes / 60);
        const cid = String(1_000 + unit);
        if (act === "sign") bench.run.sign(cid, bench.nowMs, undefined);
        else if (act === "stop") bench.run.stop("by hand", bench.nowMs);
        else if (act === "go-on") bench.run.goOn(bench.nowMs);
        else if (bench.ask(cid, says)) {
          expect(bench.run.state.stopped).toBe("");
          const own = bench.run.state.units.find((known) => known.cid === cid);
          expect(bench.run.state.rings[own?.ring ?? 9]?.openedMs).toBeGreaterThan(0);
        }
      }
    }),
  );
});
