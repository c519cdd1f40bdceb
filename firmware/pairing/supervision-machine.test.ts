import fc from "fast-check";
import { expect, test } from "vitest";
import type { SupervisionEvent, SupervisionState } from "./supervision-machine.ts";
import { never, repeatMs, stepSupervision, supervisionAtStart } from "./supervision-machine.ts";

const hourMs = 3_600_000;
const spanMs = 25 * hourMs;
const watch = (place: number, portable = true, nowMs = 0): SupervisionEvent => ({
  type: "watch",
  place,
  spanMs,
  portable,
  missing: false,
  low: false,
  nowMs,
});

function played(events: readonly SupervisionEvent[]): SupervisionState {
  return events.reduce((state, event) => stepSupervision(state, event).state, supervisionAtStart);
}

test("silence is told at its span, again after each week, and only then", () => {
  const state = played([watch(3)]);
  expect(state.wakeMs).toBe(spanMs);
  expect(stepSupervision(state, { type: "due", nowMs: spanMs - 1 }).effects).toEqual([{ type: "wake", atMs: spanMs }]);
  const told = stepSupervision(state, { type: "due", nowMs: spanMs });
  expect(told.effects).toEqual([
    { type: "tell-missing", place: 3, silentMs: spanMs },
    { type: "wake", atMs: spanMs + repeatMs },
  ]);
  const again = stepSupervision(told.state, { type: "due", nowMs: spanMs + repeatMs });
  expect(again.effects[0]).toMatchObject({ type: "tell-missing", silentMs: spanMs + repeatMs });
  expect(stepSupervision(again.state, { type: "heard", place: 3, nowMs: spanMs + repeatMs }).effects[0]).toEqual({
    type: "tell-back",
    place: 3,
  });
});

test("one that no frame belongs to is not watched, and one that is watched no more is not missed", () => {
  expect(stepSupervision(supervisionAtStart, { type: "heard", place: 1, nowMs: 5 }).effects).toEqual([]);
  const state = played([watch(1), { type: "unwatch", place: 1 }]);
  expect(stepSupervision(state, { type: "due", nowMs: spanMs }).effects).toEqual([]);
});

test("low and good are each told at most once a day, and the last word is never wrong for longer than that", () => {
  const anyReading = fc.record({ after: fc.integer({ min: 1, max: 30 * hourMs }), low: fc.boolean() });
  fc.assert(
    fc.property(fc.array(anyReading, { maxLength: 60 }), (readings) => {
      let state = played([watch(0)]);
      let nowMs = 0;
      const told: { readonly low: boolean; readonly atMs: number }[] = [];
      for (const { after, low } of readings) {
        nowMs += after;
        const step = stepSupervision(state, { type: "battery", place: 0, low, batteryMv: 2_500, nowMs });
        state = step.state;
        for (const effect of step.effects)
          if (effect.type === "tell-battery") told.push({ low: effect.low, atMs: nowMs });
        const last = told.at(-1);
        const same = told.filter((each) => each.low === low).at(-1);
        if ((last?.low ?? false) !== low)
          expect(nowMs - (same?.atMs ?? Number.NEGATIVE_INFINITY)).toBeLessThan(24 * hourMs);
      }
      for (const low of [true, false]) {
        const instants = told.filter((each) => each.low === low).map((each) => each.atMs);
        for (let i = 1; i < instants.length; i++)
          expect((instants[i] as number) - (instants[i - 1] as number)).toBeGreaterThanOrEqual(24 * hourMs);
      }
    }),
  );
});

test("after a restart a battery that was told as low is told again a day later, not at once", () => {
  const known: SupervisionEvent = {
    type: "watch",
    place: 0,
    spanMs,
    portable: true,
    missing: false,
    low: true,
    nowMs: 0,
  };
  const low = (nowMs: number): SupervisionEvent => ({ type: "battery", place: 0, low: true, batteryMv: 2_500, nowMs });
  const first = stepSupervision(played([known]), low(hourMs));
  expect(first.effects).toEqual([]);
  expect(stepSupervision(first.state, low(26 * hourMs)).effects).toHaveLength(1);
});

test("whatever happens, nobody is told as back who was not missing, and a wake is always asked for before the next thing is due", () => {
  const anyEvent = fc.record({
    what: fc.constantFrom("heard", "due", "away", "home", "watch", "unwatch"),
    place: fc.nat(3),
    after: fc.nat(40 * hourMs),
  });
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 50 }), (events) => {
      let state = supervisionAtStart;
      let nowMs = 0;
      for (const { what, place, after } of events) {
        nowMs += after;
        const missing = state.watched.find((each) => each.place === place)?.missing ?? false;
        const event: SupervisionEvent =
          what === "watch"
            ? watch(place, place % 2 === 0, nowMs)
            : what === "away" || what === "home"
              ? { type: "away", away: what === "away", nowMs }
              : ({ type: what, place, nowMs } as SupervisionEvent);
        const step = stepSupervision(state, event);
        state = step.state;
        for (const effect of step.effects) if (effect.type === "tell-back") expect(missing).toBe(true);
        for (const each of state.watched) {
          if (state.away && each.portable) continue;
          const dueMs = each.missing ? each.toldAtMs + repeatMs : each.heardAtMs + each.spanMs;
          expect(state.wakeMs).toBeLessThanOrEqual(dueMs);
          if (what === "due") expect(dueMs).toBeGreaterThan(nowMs);
        }
        if (state.watched.length === 0 && what === "due") expect(state.wakeMs).toBe(never);
      }
    }),
  );
});
