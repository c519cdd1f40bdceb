import fc from "fast-check";
import { expect, test } from "vitest";
import type { FallEvent, FallState } from "./fall-machine.ts";
import { fallAtStart, stepFall } from "./fall-machine.ts";

const delayMs = 15_000;

test("a fall is called when its moment is over, unless the wearer took it back", () => {
  const felt = stepFall(delayMs, fallAtStart, { type: "fell", nowMs: 100 });
  expect(felt.effects).toEqual([{ type: "show-felt" }, { type: "wake", atMs: 15_100 }]);
  expect(stepFall(delayMs, felt.state, { type: "due", nowMs: 15_100 }).effects).toEqual([{ type: "call" }]);
  const back = stepFall(delayMs, felt.state, { type: "cancelled" });
  expect(back).toEqual({ state: fallAtStart, effects: [] });
  expect(stepFall(delayMs, back.state, { type: "due", nowMs: 15_100 }).effects).toEqual([]);
});

test("without a delay it is called at once; once it was called a cancel withdraws it, once", () => {
  const told = stepFall(0, fallAtStart, { type: "fell", nowMs: 5 });
  expect(told.effects).toEqual([{ type: "call" }]);
  const withdrawn = stepFall(0, told.state, { type: "cancelled" });
  expect(withdrawn.effects).toEqual([{ type: "withdraw" }]);
  expect(stepFall(0, withdrawn.state, { type: "cancelled" }).effects).toEqual([]);
});

test("a wearer who goes on falling does not put the call off: nobody waits longer than one delay", () => {
  const anyEvent = fc.record({ type: fc.constantFrom("fell", "due", "cancelled"), after: fc.nat(20_000) });
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let state: FallState = fallAtStart;
      let nowMs = 0;
      let feltAtMs: number | undefined;
      for (const { type, after } of events) {
        nowMs += after;
        if (type === "fell" && state.at !== "felt") feltAtMs = nowMs;
        const step = stepFall(delayMs, state, { type, nowMs } as FallEvent);
        state = step.state;
        const called = step.effects.some((effect) => effect.type === "call");
        if (called) expect(nowMs - (feltAtMs as number)).toBeGreaterThanOrEqual(delayMs);
        if (type === "due") expect(state.at !== "felt" || state.untilMs > nowMs).toBe(true);
        if (state.at === "felt") expect(state.untilMs).toBe((feltAtMs as number) + delayMs);
      }
    }),
  );
});
