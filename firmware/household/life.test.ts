/** The unit's life states: by order only, kept before they count, told, and never a silence that nobody expects. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Bench, Cut, dayMs, hourMs } from "../power/test-bench.ts";
import { lifeKind } from "../storage/record-kinds.ts";
import { Life } from "./life.ts";
import { dutiesOf, type LifeName, lifeNames, lifeRefusal } from "./life-states.ts";

function start(bench: Bench, first: LifeName = "in-service"): Life {
  return new Life(bench.context, first, () => {});
}

test("a unit in service goes through suspension, return and wipe to the shelf and back", () => {
  const bench = new Bench();
  const life = start(bench);
  const way: LifeName[] = [
    "suspended",
    "in-service",
    "returned",
    "wiped",
    "stored",
    "prepared",
    "installed",
    "in-service",
  ];
  for (const to of way) {
    expect(life.order(to, true)).toBeUndefined();
    expect(life.name).toBe(to);
  }
  expect(bench.raised.map((order) => `${order.dty}/${order.stc} ${order.stt} ${order.restores}`)).toEqual([
    "2/78 suspended -1",
    "2/48 in service 78",
    "2/78 returned -1",
    "2/48 in service -1",
  ]);
});

test("an order without authority, or along a way that is not there, changes nothing and tells nothing", () => {
  const bench = new Bench();
  const life = start(bench);
  expect(life.order("returned", false)).toBe("unauthorised");
  expect(life.order("wiped", true)).toBe("not-from-here");
  expect(life.order("stored", true)).toBe("not-from-here");
  expect(life.name).toBe("in-service");
  expect(bench.raised).toEqual([]);
  expect(bench.context.records.read(lifeKind, 0)).toBeUndefined();
});

test("an order that was followed already is done, and nothing is told or kept once more", () => {
  const bench = new Bench();
  const life = start(bench);
  expect(life.order("in-service", true)).toBeUndefined();
  expect(bench.context.records.read(lifeKind, 0)).toBeUndefined();
  life.order("suspended", true);
  bench.newLife();
  const next = start(bench);
  expect(next.order("suspended", true)).toBeUndefined();
  expect(next.order("suspended", false)).toBe("unauthorised");
  expect(bench.codes).toEqual([78]);
});

test("each state's duties are what the table says, and none is silent about a press", () => {
  const rows = lifeNames.map((name) => {
    const duties = dutiesOf(name);
    const flags = [duties.radio, duties.beats, duties.supervision].map((flag) => (flag ? "x" : "-")).join("");
    return `${name} ${flags} ${duties.selfCheckDays} ${duties.mark}`;
  });
  expect(rows).toEqual([
    "stored --- 30 stored",
    "prepared xx- 1 prepared",
    "installed xxx 1 not verified",
    "in-service xxx 1 ",
    "suspended xx- 1 suspended",
    "returned x-- 0 returned",
    "wiped --- 0 wiped",
  ]);
});

test("a state outlives a restart, and a state without a record is the first one", () => {
  const bench = new Bench();
  expect(start(bench, "prepared").name).toBe("prepared");
  start(bench).order("suspended", true);
  bench.newLife();
  expect(start(bench).name).toBe("suspended");
  expect(bench.codes).toEqual([78]);
});

test("a returned unit goes on with its heartbeats until its farewell is accepted, also after a restart", () => {
  const bench = new Bench();
  let life = start(bench);
  life.order("returned", true);
  expect(life.duties.beats).toBe(true);
  life.accepted(99);
  expect(life.duties.beats).toBe(true);
  bench.newLife();
  life = start(bench);
  expect(life.duties.beats).toBe(true);
  life.accepted(1);
  expect(life.duties.beats).toBe(false);
  expect(life.duties.radio).toBe(true);
  expect(bench.codes).toEqual([78]);
});

test("a returned unit that is switched on by mistake is told of, and again each week that it stays on", () => {
  const bench = new Bench();
  start(bench).order("returned", true);
  const life = start(bench);
  life.accepted(1);
  bench.pass(6 * dayMs);
  expect(bench.codes).toEqual([78]);
  bench.newLife(30 * dayMs);
  start(bench);
  expect(bench.raised[1]).toMatchObject({ dty: 2, stc: 105, stt: "returned unit is switched on" });
  bench.pass(7 * dayMs - 1);
  expect(bench.codes).toHaveLength(2);
  bench.pass(1);
  expect(bench.codes).toHaveLength(3);
});

test("wherever the power goes in an order, the state is the old or the new one, and a new one is told", () => {
  let moved = 0;
  for (let acts = 0; acts < 30; acts++) {
    const bench = new Bench();
    const life = start(bench);
    bench.actsLeft = acts;
    try {
      life.order("suspended", true);
    } catch (thrown) {
      if (!(thrown instanceof Cut)) throw thrown;
    }
    bench.newLife();
    const name = start(bench).name;
    expect(["in-service", "suspended"]).toContain(name);
    if (name === "suspended") {
      moved++;
      expect(bench.codes[0]).toBe(78);
      expect(bench.codes.length).toBeLessThanOrEqual(2);
    } else expect(bench.codes).toEqual([]);
  }
  expect(moved).toBeGreaterThan(5);
});

test("nothing but authorised orders along the ways changes a life, through any orders and restarts", () => {
  const anyTurn = fc.oneof(
    fc.record({ to: fc.constantFrom(...lifeNames), authorised: fc.boolean() }),
    fc.constantFrom("restart" as const, "accept" as const, "wait" as const),
  );
  fc.assert(
    fc.property(fc.array(anyTurn, { maxLength: 40 }), (turns) => {
      const bench = new Bench();
      let life = start(bench);
      let model: LifeName = "in-service";
      for (const turn of turns) {
        if (turn === "restart") {
          bench.newLife();
          life = start(bench);
        } else if (turn === "accept") life.accepted(bench.raised.length);
        else if (turn === "wait") bench.pass(hourMs);
        else {
          const isSo = turn.authorised && turn.to === model;
          const refusal = isSo ? undefined : lifeRefusal(model, turn.to, turn.authorised);
          expect(life.order(turn.to, turn.authorised)).toBe(refusal);
          if (refusal === undefined) model = turn.to;
        }
        expect(life.name).toBe(model);
        if (model !== "returned") expect(life.duties).toEqual(dutiesOf(model));
      }
    }),
    { numRuns: 60 },
  );
});
