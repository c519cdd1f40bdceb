/** The small machines beside the radio: interference and the range walk, and the checks of their settings. */
import { expect, test } from "vitest";
import { interferenceAtStart, stepInterference } from "./interference-machine.ts";
import { radioDefaults, radioFault } from "./radio-department.ts";
import { rangeWalkAtStart, rangeWalkDefaults, stepRangeWalk, walkMs } from "./range-walk-machine.ts";

test("interference is told once when it begins and once when it ends, and looked after while it lasts", () => {
  let state = interferenceAtStart;
  const told: [number, string][] = [];
  const wakes: number[] = [];
  const look = (event: Parameters<typeof stepInterference>[1]): void => {
    const step = stepInterference(state, event);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.type === "tell") told.push([event.nowMs, effect.what]);
      else wakes.push(effect.atMs);
    }
  };
  for (let nowMs = 105_000; nowMs <= 160_000; nowMs += 5_000) look({ type: "busy", nowMs, forMs: 5_000 });
  expect(told).toEqual([[135_000, "interference"]]);
  while (wakes.length > 0 && told.length < 2) look({ type: "due", nowMs: (wakes.pop() as number) + 30_000 });
  expect(told[1]?.[1]).toBe("restored");
  expect(wakes).toEqual([]);
});

test("the same span is not counted twice, however often it is told", () => {
  let state = interferenceAtStart;
  for (let nowMs = 100_000; nowMs < 150_000; nowMs += 2_500)
    for (let again = 0; again < 2; again++)
      state = stepInterference(state, { type: "busy", nowMs, forMs: 1_000 }).state;
  expect(state.load.interfered).toBe(false);
});

test("the weakest of a place's presses is its margin, and it passes at the limit, not below", () => {
  const step = (state: typeof rangeWalkAtStart, event: Parameters<typeof stepRangeWalk>[2]) =>
    stepRangeWalk(rangeWalkDefaults, state, event);
  const margin = (strengths: readonly number[]): object | undefined => {
    let state = step(rangeWalkAtStart, { type: "at-place", bond: 1, where: "WC", nowMs: 0 }).state;
    for (const rssiDbm of strengths) state = step(state, { type: "pressed", bond: 1, rssiDbm, nowMs: 10 }).state;
    return step(state, { type: "ended" }).effects[0];
  };
  expect(margin([-70, -100, -80])).toMatchObject({ marginDb: 10, passed: true, presses: 3 });
  expect(margin([-101])).toMatchObject({ marginDb: 9, passed: false });
  expect(margin([])).toMatchObject({ marginDb: undefined, passed: false });
});

test("a forgotten walk ends five minutes after its last press", () => {
  let state = stepRangeWalk(rangeWalkDefaults, rangeWalkAtStart, {
    type: "at-place",
    bond: 1,
    where: "WC",
    nowMs: 0,
  }).state;
  state = stepRangeWalk(rangeWalkDefaults, state, { type: "pressed", bond: 1, rssiDbm: -80, nowMs: 1_000 }).state;
  expect(stepRangeWalk(rangeWalkDefaults, state, { type: "due", nowMs: walkMs }).state.at).toBe("walking");
  expect(stepRangeWalk(rangeWalkDefaults, state, { type: "due", nowMs: walkMs + 1_000 }).state.at).toBe("idle");
});

test("settings beyond their bounds are refused in words", () => {
  expect(radioFault(radioDefaults)).toBe(undefined);
  expect(radioFault({ ...radioDefaults, silentMs: 73 * 3_600_000 + 1 })).toContain("73 hours");
  expect(radioFault({ ...radioDefaults, silentMs: 3_599_999 })).toContain("73 hours");
  expect(radioFault({ ...radioDefaults, limitDb: 41 })).toContain("40 dB");
  expect(radioFault({ ...radioDefaults, sensitivityDbm: -131 })).toContain("dBm");
});
