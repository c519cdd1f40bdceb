/** The reserve's laws over random lives: steps and last words once in a cut, each dark time told of, never a false one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { powerDefaults } from "./power-settings.ts";
import { Reserve } from "./reserve.ts";
import { remainingMinutes, reserveAtStart, stepReserve } from "./reserve-machine.ts";
import { Bench, Cut, dayMs, hourMs, minuteMs } from "./test-bench.ts";

test("what is left goes by the table until this cut's own drain says less", () => {
  const state = { ...reserveAtStart, firstMs: 0, firstPermille: 1_000 };
  expect(remainingMinutes(powerDefaults, reserveAtStart, hourMs, 500)).toBe(2_160);
  expect(remainingMinutes(powerDefaults, state, hourMs, 971)).toBe(4_194);
  expect(remainingMinutes(powerDefaults, state, hourMs, 970)).toBe(1_940);
  expect(remainingMinutes(powerDefaults, state, 48 * hourMs, 970)).toBe(4_190);
});

test("on battery it reads often enough to see each step within a tenth, and never more than each ten minutes", () => {
  let state = stepReserve(powerDefaults, reserveAtStart, { type: "mains", nowMs: 0, wallS: -1, present: false }).state;
  let nowMs = state.readMs;
  let readings = 0;
  for (let permille = 1_000; permille > 0; ) {
    permille = Math.max(0, 1_000 - Math.floor((nowMs * 1_000) / (72 * hourMs)));
    state = stepReserve(powerDefaults, state, { type: "read", nowMs, wallS: -1, permille }).state;
    const late = (powerDefaults.stepsMinutes[state.steps - 1] ?? 4_320) - Math.floor((4_320 * permille) / 1_000);
    if (state.steps < powerDefaults.stepsMinutes.length) expect(late).toBeLessThan(1_440);
    expect(state.readMs - nowMs).toBeGreaterThanOrEqual(10 * minuteMs);
    expect(state.readMs - nowMs).toBeLessThanOrEqual(6 * hourMs);
    nowMs = state.readMs;
    readings++;
  }
  expect(state.steps).toBe(powerDefaults.stepsMinutes.length);
  expect(readings).toBeLessThan(90);
});

const anyTurn = fc.oneof(
  fc.record({ type: fc.constant("mains" as const), present: fc.boolean() }),
  fc.record({ type: fc.constant("read" as const), permille: fc.nat(1_000) }),
  fc.record({ type: fc.constant("clock-set" as const) }),
  fc.record({ type: fc.constant("due" as const) }),
);

test("in one power cut each step and the last words are told at most once, and the next look always lies ahead", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyTurn, fc.integer({ min: 0, max: hourMs })), { maxLength: 150 }), (turns) => {
      let state = reserveAtStart;
      let nowMs = 0;
      let steps = 0;
      let words = 0;
      for (const [turn, pauseMs] of turns) {
        nowMs += pauseMs;
        const before = state;
        Object.freeze(state);
        const next = stepReserve(powerDefaults, state, { ...turn, nowMs, wallS: -1 });
        state = next.state;
        if (before.at === "mains" && state.at === "battery" && state.steps === 0) {
          steps = 0;
          words = 0;
        }
        for (const effect of next.effects) {
          if (effect.type === "wake" && turn.type === "due") expect(effect.atMs).toBeGreaterThan(nowMs);
          if (effect.type !== "tell") continue;
          if (effect.stc === 11) steps++;
          if (effect.stc === 97) words++;
          expect(before.at).toBe("battery");
        }
        expect(steps).toBeLessThanOrEqual(powerDefaults.stepsMinutes.length);
        expect(words).toBeLessThanOrEqual(1);
        if (state.at === "battery") expect(next.effects.at(-1)?.type).toBe("wake");
      }
    }),
  );
});

interface Life {
  readonly dark: boolean;
  readonly darkMin: number;
  readonly hours: number;
  readonly clock: boolean;
  readonly acts: number;
}

const anyLife: fc.Arbitrary<Life> = fc.record({
  dark: fc.boolean(),
  darkMin: fc.integer({ min: 10, max: 5_000 }),
  hours: fc.nat(40),
  clock: fc.boolean(),
  acts: fc.oneof(fc.nat(12), fc.constant(Number.POSITIVE_INFINITY)),
});

/** One life; whether it came to its end without the power going in between. */
function live(bench: Bench, life: Life): boolean {
  bench.newLife(life.darkMin * minuteMs);
  bench.actsLeft = life.acts;
  try {
    const reserve = new Reserve(bench.context, powerDefaults, () => {}, life.dark);
    bench.pass(minuteMs);
    if (life.clock) {
      bench.setWall();
      reserve.clockSet();
    }
    bench.pass(life.hours * hourMs);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Cut)) throw thrown;
    return false;
  }
}

const whole = { darkMin: 30, hours: 1, clock: true, acts: Number.POSITIVE_INFINITY };

test("each dark time is told of once a clock is there, at least as long as it was, and none is made up", () => {
  fc.assert(
    fc.property(fc.array(anyLife, { minLength: 1, maxLength: 10 }), (lives) => {
      const bench = new Bench();
      live(bench, { ...whole, dark: false });
      expect(bench.raised).toEqual([]);
      let owed = false;
      for (const life of lives) {
        const before = bench.raised.length;
        const done = live(bench, { ...life, acts: Number.POSITIVE_INFINITY });
        expect(done).toBe(true);
        owed = owed || life.dark;
        const gaps = bench.raised.slice(before);
        if (!owed) expect(gaps).toEqual([]);
        else if (life.clock || life.hours >= 24) {
          expect(gaps).toHaveLength(1);
          const minutes = Number(gaps[0]?.stt.slice("gap up to ".length, -" min".length));
          if (life.clock && life.dark) expect(minutes).toBeGreaterThanOrEqual(life.darkMin);
          owed = false;
        } else expect(gaps).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

test("wherever the power goes while a dark time is told of, it is told at least once, and a later one too", () => {
  for (let acts = 0; acts < 20; acts++) {
    const bench = new Bench();
    live(bench, { ...whole, dark: false });
    live(bench, { ...whole, dark: true, acts });
    live(bench, { ...whole, dark: true, darkMin: 90 });
    expect(bench.raised.length).toBeGreaterThanOrEqual(1);
    expect(bench.raised.length).toBeLessThanOrEqual(3);
    const told = bench.raised.length;
    live(bench, { ...whole, dark: false, hours: 48 });
    expect(bench.raised).toHaveLength(told);
    live(bench, { ...whole, dark: true, darkMin: 120 });
    expect(bench.raised).toHaveLength(told + 1);
  }
});

test("a dark time waits a day for a clock, also through a power cut, and is then told as unknown", () => {
  const bench = new Bench();
  live(bench, { ...whole, dark: false });
  bench.newLife(hourMs);
  const reserve = new Reserve(bench.context, powerDefaults, () => {}, true);
  bench.pass(23 * hourMs);
  reserve.mains(false);
  bench.pass(50 * minuteMs);
  expect(bench.raised).toEqual([]);
  reserve.mains(true);
  bench.pass(dayMs);
  expect(bench.raised.map((order) => order.stt)).toEqual(["gap, length unknown"]);
});

test("a dark time keeps its beginning, whatever else is known meanwhile", () => {
  const bench = new Bench();
  live(bench, { ...whole, dark: false });
  bench.newLife(2 * hourMs);
  const reserve = new Reserve(bench.context, powerDefaults, () => {}, true);
  bench.setWall();
  reserve.mains(false);
  reserve.mains(true);
  reserve.clockSet();
  const gap = bench.raised.at(-1);
  expect(gap?.stt).toBe("gap up to 180 min");
});

test("a mains that is back for a minute begins no new power cut: no step is told twice", () => {
  const bench = new Bench();
  const reserve = new Reserve(bench.context, powerDefaults, () => {}, false);
  const cutOnce = (): void => {
    reserve.mains(false);
    reserve.read(500);
    bench.pass(minuteMs);
    reserve.mains(true);
  };
  cutOnce();
  bench.pass(minuteMs);
  cutOnce();
  expect(bench.codes).toEqual([11]);
  bench.pass(5 * minuteMs);
  cutOnce();
  expect(bench.codes).toEqual([11, 11]);
});
