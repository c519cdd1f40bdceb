import { expect, test } from "vitest";
import type { TimelineStep } from "../scenario/timeline.ts";
import { SteadyHouse } from "./steady-house.ts";

const minuteMs = 60_000;
const unit = "u";

function houseWith(...rooms: readonly (readonly [minute: number, deciC: number])[]): SteadyHouse {
  const timeline = rooms.map(([minute, deciC]): TimelineStep => ({ atMs: minute * minuteMs, room: { unit, deciC } }));
  return new SteadyHouse({ timeline }, [{ name: unit }]);
}

test("last words are said once in a power cut, once more after a start in it, and in the next one", () => {
  const house = houseWith();
  const says = (): string | undefined => house.wrongWith(0, 2, 97);
  house.mains(0, false);
  expect(says()).toBeUndefined();
  expect(says()).toBe("says its last words again in one power cut");
  house.mains(0, true);
  house.started(0, 0);
  expect(says()).toBeDefined();
  const next = houseWith();
  next.mains(0, false);
  next.started(0, 0);
  expect([next.wrongWith(0, 2, 97), next.wrongWith(0, 2, 97)]).toEqual([undefined, undefined]);
  expect(next.wrongWith(0, 2, 86)).toBeUndefined();
});

test("a room that is cold after the first hour is told, though it wavers at the border", () => {
  const endMs = 80 * minuteMs;
  expect(houseWith([50, 140], [59.5, 150]).untoldColdMs(0, endMs)).toBe(60 * minuteMs);
  expect(houseWith([50, 140], [59, 150]).untoldColdMs(0, endMs)).toBeUndefined();
  expect(houseWith([50, 140], [61, 170]).untoldColdMs(0, endMs)).toBeUndefined();
  expect(houseWith([50, 150]).untoldColdMs(0, endMs)).toBeUndefined();
  expect(houseWith().untoldColdMs(0, endMs)).toBeUndefined();
  const told = houseWith([50, 140]);
  expect(told.wrongWith(0, 20, 101)).toBeUndefined();
  expect(told.untoldColdMs(0, endMs)).toBeUndefined();
  const late = houseWith([50, 140]);
  late.started(30 * minuteMs, 0);
  expect(late.untoldColdMs(0, endMs)).toBeUndefined();
});
