import { expect, test } from "vitest";
import { HandMade, minuteMs } from "./checker-bench.ts";
import { TrueHours } from "./true-hours.ts";

function foundIn(faults: readonly string[], play: (made: HandMade, checker: TrueHours) => void): readonly string[] {
  const made = new HandMade({ faults });
  const checker = new TrueHours(made.sight, made.residents, made.hindrances);
  play(made, checker);
  return checker.verdict({ endMs: 60 * minuteMs, receivers: [] }).found;
}

const told = (atMs: number): ((made: HandMade, checker: TrueHours) => void) => {
  return (made, checker) => {
    checker.pressed(atMs, 0);
    made.sends(4 * minuteMs + 2_000);
  };
};

test("the hour of a call is that of the press, within what a button and a unit count in", () => {
  expect(foundIn([], told(4 * minuteMs))).toEqual([]);
  expect(foundIn([], told(4 * minuteMs - 15_000))).toEqual([]);
  const lie = "u, alarm AB12C0000001: says 00:04:00, and nobody asked for help then";
  expect(foundIn([], told(4 * minuteMs - 15_001))).toEqual([lie]);
  expect(foundIn([], (made) => made.sends(4 * minuteMs))).toEqual([lie]);
});

test("a call that says no hour says none that is wrong", () => {
  expect(foundIn([], (made) => made.sends(4 * minuteMs, { ite: "person 1" }))).toEqual([]);
});

test("a button with a new battery counts from then on, and what strangers play back bears any age", () => {
  const fitted = (made: HandMade, checker: TrueHours): void => {
    checker.pressed(3 * minuteMs, 0);
    checker.batteryFitted(4 * minuteMs, 0);
    made.sends(5 * minuteMs);
  };
  expect(foundIn([], fitted)).toEqual([]);
  const replayed = (from: string): readonly string[] => [`from: ${from}, to: 20m, strangers: u, fault: replayed`];
  expect(foundIn(replayed("1m"), told(2 * minuteMs))).toEqual([]);
  expect(foundIn(replayed("10m"), told(2 * minuteMs))).toHaveLength(1);
});

test("falls, keys and what hangs on walls ask for help too", () => {
  for (const ask of ["fell", "keyTouched", "accessoryActed"] as const)
    expect(
      foundIn([], (made, checker) => {
        checker[ask](4 * minuteMs, 0);
        made.sends(4 * minuteMs);
      }),
    ).toEqual([]);
});

test("a network that tells a wrong time excuses that error, and no other", () => {
  const faults = ["from: 1m, to: 3m, operator: alfa, fault: wrong-time, clock: 1m ahead"];
  expect(foundIn(faults, told(3 * minuteMs))).toEqual([]);
  expect(foundIn(faults, told(5 * minuteMs))).toHaveLength(1);
});
