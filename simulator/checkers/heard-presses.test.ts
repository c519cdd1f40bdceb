import { expect, test } from "vitest";
import { HandMade, minuteMs } from "./checker-bench.ts";
import { HeardPresses } from "./heard-presses.ts";

const endMs = 60 * minuteMs;

function foundIn(
  play: (checker: HeardPresses) => void,
  presses: readonly string[] = [],
  faults: readonly string[] = [],
  walls = 0,
): readonly string[] {
  const home = `policy: broadband-only, broadband: fibre, walls: ${walls} dB`;
  const scene = new HandMade({ duration: "1h", presses, faults, home });
  const checker = new HeardPresses(scene.scenario, scene.residents, scene.hindrances);
  checker.started(minuteMs, 0);
  checker.pressed(20 * minuteMs, 0, 1);
  play(checker);
  return checker.verdict({ endMs, receivers: [] }).found;
}

const lost = ["u, button 1, pressed at 00:20:00: nobody has heard it, and somebody could"];

test("a press is heard in the end, or its wearer is told that the button is of no use", () => {
  expect(foundIn(() => {})).toEqual(lost);
  for (const signal of ["received", "accepted", "of-no-use"])
    expect(foundIn((checker) => checker.buttonShowed(50 * minuteMs, 0, 1, signal))).toEqual([]);
  expect(foundIn((checker) => checker.buttonShowed(50 * minuteMs, 0, 2, "received"))).toEqual(lost);
});

test("a button that is away, flat or fresh from a new battery tells nobody, nor one beside a unit that is in trouble", () => {
  const away = "at: 19m, range: out, unit: u";
  expect(foundIn(() => {}, [away])).toEqual([]);
  expect(foundIn(() => {}, [away, "at: 40m, range: home, unit: u"])).toEqual(lost);
  expect(foundIn(() => {}, [away, "at: 50m, range: home, unit: u"])).toEqual([]);
  expect(foundIn(() => {}, ["at: 30m, lose-button: u"])).toEqual([]);
  expect(foundIn((checker) => checker.wentFlat(21 * minuteMs, 0, 1))).toEqual([]);
  expect(foundIn((checker) => checker.batteryFitted(21 * minuteMs, 0, 1))).toEqual([]);
  expect(foundIn((checker) => checker.stopped(55 * minuteMs, 0))).toEqual([]);
  expect(foundIn(() => {}, [], ["from: 50m, to: 51m, building: u, fault: jammed"])).toEqual([]);
  expect(foundIn(() => {}, [], [], 12)).toEqual([]);
});

test("a press in the last minutes may still be on its way", () => {
  const late = foundIn((checker) => {
    checker.buttonShowed(21 * minuteMs, 0, 1, "received");
    checker.pressed(50 * minuteMs, 0, 1);
  });
  expect(late).toEqual([]);
});
