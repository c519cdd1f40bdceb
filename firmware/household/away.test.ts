import { expect, test } from "vitest";
import { Bench, Cut, dayMs } from "../power/test-bench.ts";
import { Away } from "./away.ts";
import { atHome, stepAway, weekMs } from "./away-machine.ts";

function start(bench: Bench): { away: Away; changes: () => number } {
  let changes = 0;
  const away = new Away(bench.context, () => changes++);
  return { away, changes: () => changes };
}

test("the key turns it on and off, each told and said", () => {
  const bench = new Bench();
  const { away, changes } = start(bench);
  away.turn();
  expect(away.isAway).toBe(true);
  away.turn();
  expect(away.isAway).toBe(false);
  expect(changes()).toBe(2);
  expect(bench.raised).toMatchObject([
    { dty: 2, stc: 3, restores: -1 },
    { dty: 2, stc: 121, restores: 3 },
  ]);
  expect(bench.said).toEqual(["away-on", "away-off"]);
});

test("an alarm brings the wearer home, and at home changes nothing", () => {
  const bench = new Bench();
  const { away } = start(bench);
  away.alarmed();
  expect(bench.raised).toEqual([]);
  away.turn();
  away.alarmed();
  expect(away.isAway).toBe(false);
  expect(bench.codes).toEqual([3, 121]);
  bench.pass(30 * dayMs);
  expect(bench.codes).toEqual([3, 121]);
});

test("after seven days it reminds, and again each week", () => {
  const bench = new Bench();
  start(bench).away.turn();
  bench.pass(7 * dayMs - 1);
  expect(bench.said).toEqual(["away-on"]);
  bench.pass(1);
  expect(bench.said).toEqual(["away-on", "away-reminder"]);
  expect(bench.raised[1]).toMatchObject({ stc: 3, stt: "away for 7 days" });
  bench.pass(7 * dayMs);
  expect(bench.raised[2]?.stt).toBe("away for 14 days");
});

test("a new absence counts its own seven days, and an old deadline does not disturb it", () => {
  const bench = new Bench();
  const { away } = start(bench);
  away.turn();
  bench.pass(6 * dayMs);
  away.turn();
  away.turn();
  bench.pass(6 * dayMs);
  expect(bench.said).not.toContain("away-reminder");
  bench.pass(dayMs);
  expect(bench.said).toContain("away-reminder");
});

test("a restart leaves an absent wearer away, and says so to those who watch", () => {
  const bench = new Bench();
  start(bench).away.turn();
  bench.newLife();
  const { away, changes } = start(bench);
  expect(away.isAway).toBe(true);
  expect(changes()).toBe(1);
  expect(bench.codes).toEqual([3]);
  away.turn();
  bench.newLife();
  expect(start(bench).away.isAway).toBe(false);
});

test("wherever the power goes, what is kept is one of the two, and what is told ends with what is kept after the next turn", () => {
  for (let acts = 0; acts < 20; acts++) {
    const bench = new Bench();
    const first = start(bench).away;
    bench.actsLeft = acts;
    try {
      first.turn();
    } catch (thrown) {
      if (!(thrown instanceof Cut)) throw thrown;
    }
    bench.newLife();
    const { away } = start(bench);
    const was = away.isAway;
    away.turn();
    expect(away.isAway).toBe(!was);
    expect(bench.codes.at(-1)).toBe(away.isAway ? 3 : 121);
  }
});

test("a deadline that comes too early reminds nobody and is set anew", () => {
  const { state } = stepAway(atHome, { type: "turned", nowMs: 5 });
  const early = stepAway(state, { type: "due", nowMs: weekMs });
  expect(early).toEqual({ state, effects: [{ type: "wake", atMs: weekMs + 5 }] });
});
