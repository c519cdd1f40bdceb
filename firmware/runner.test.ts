import { expect, test } from "vitest";
import { go, stay } from "./machine.ts";
import { Runner } from "./runner.ts";

/** Adds each event up, and orders itself to be told of it. */
function add(state: number, event: number): ReturnType<typeof go<number, string>> {
  return event === 0 ? stay(state) : go(state + event, [`first ${event}`, `second ${event}`]);
}

test("effects are carried out in their order, after the new state stands", () => {
  const seen: string[] = [];
  const runner: Runner<number, number, string> = new Runner(
    add,
    0,
    (effect) => seen.push(`${effect} at ${runner.state}`),
    undefined,
  );
  runner.dispatch(3);
  expect(seen).toEqual(["first 3 at 3", "second 3 at 3"]);
});

test("an event that an effect raises waits until all effects of its cause are done", () => {
  const seen: string[] = [];
  const runner: Runner<number, number, string> = new Runner(
    add,
    0,
    (effect) => {
      seen.push(effect);
      if (effect === "first 1") runner.dispatch(2);
    },
    undefined,
  );
  runner.dispatch(1);
  expect(seen).toEqual(["first 1", "second 1", "first 2", "second 2"]);
  expect(runner.state).toBe(3);
});

test("the observer hears of each event with its effects, before they are carried out", () => {
  const seen: string[] = [];
  const runner = new Runner(
    add,
    0,
    (effect) => seen.push(effect),
    (event, effects) => seen.push(`${event}: ${effects.length}`),
  );
  runner.dispatch(1);
  runner.dispatch(0);
  expect(seen).toEqual(["1: 2", "first 1", "second 1", "0: 0"]);
});

test("64 events may wait; one more is a mistake that is thrown", () => {
  const raise = (count: number): (() => void) => {
    const runner: Runner<number, number, string> = new Runner(
      add,
      0,
      (effect) => {
        if (effect === "first 1") for (let i = 0; i < count; i++) runner.dispatch(0);
      },
      undefined,
    );
    return () => runner.dispatch(1);
  };
  expect(raise(64)).not.toThrow();
  expect(raise(65)).toThrow("queue full");
});
