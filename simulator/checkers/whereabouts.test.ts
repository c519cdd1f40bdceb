import { expect, test } from "vitest";
import { HandMade, minuteMs } from "./checker-bench.ts";
import { Whereabouts } from "./whereabouts.ts";

const endMs = 90 * minuteMs;
const home = "policy: broadband-only, broadband: fibre";

type Report = readonly [stc: number, minute: number, dty?: number];

test("nobody is called inactive who has touched a key in the last hours", () => {
  const alarm = (touchedMinute: number, own = `${home}, inactivity: 12h`) => {
    const scene = new HandMade({ duration: "15h", presses: [], home: own });
    const checker = new Whereabouts(scene.scenario, scene.residents, scene.sight, scene.hindrances);
    checker.keyTouched(touchedMinute * minuteMs, 0);
    scene.sends(800 * minuteMs, { dty: 10, stc: 9, ite: "at 2026-01-14T18:20:00Z" });
    return checker.verdict({ endMs: 900 * minuteMs, receivers: [] }).found;
  };
  const stirred = ["u, 13:20:00: an alarm of inactivity, and somebody touched a key at 13:19:00"];
  expect(alarm(799)).toEqual(stirred);
  expect(alarm(79)).toEqual([]);
  expect(alarm(800)).toEqual([]);
  expect(alarm(799, home)).toEqual([]);
});

/** Reports of the home and when each was raised; `calledAt`: minutes at which somebody calls for help. */
function foundIn(reports: readonly Report[], calledAt: readonly number[] = [], faults: readonly string[] = []) {
  const scene = new HandMade({ duration: "2h", presses: [], faults, home });
  const checker = new Whereabouts(scene.scenario, scene.residents, scene.sight, scene.hindrances);
  checker.started(minuteMs, 0);
  for (const [at, [stc, minute, dty = 2]] of reports.entries()) {
    const raised = new Date(scene.scenario.startWallMs + minute * minuteMs).toISOString().slice(0, 19);
    scene.sends(minute * minuteMs, { ref: `AB12C000010${at}000`, dty, stc, ite: `at ${raised}Z` });
  }
  for (const [at, minute] of calledAt.entries()) scene.sends(minute * minuteMs, { ref: `AB12C000020${at}000` });
  return checker.verdict({ endMs, receivers: [] }).found;
}

test("a button is not missed while its wearer is told as away", () => {
  const missed = ["u, 01:00:00: a button is missed, and its wearer is away since 00:20:00"];
  const silent: Report = [123, 60, 3];
  expect(foundIn([[3, 20], silent])).toEqual(missed);
  expect(foundIn([[3, 20], silent, [121, 70]])).toEqual(missed);
  expect(foundIn([[3, 20], [121, 50], silent])).toEqual([]);
  expect(foundIn([[3, 59], silent])).toEqual([]);
  expect(foundIn([silent])).toEqual([]);
});

test("whoever calls for help is told as at home within ten minutes, where all is calm", () => {
  const away = ["u, 00:30:00: somebody calls for help, and is told as away since 00:20:00"];
  expect(foundIn([[3, 20]], [30])).toEqual(away);
  expect(foundIn([[3, 20]], [30, 40])).toEqual(away);
  expect(
    foundIn(
      [
        [3, 20],
        [121, 45],
      ],
      [30],
    ),
  ).toEqual(away);
  expect(
    foundIn(
      [
        [3, 20],
        [121, 31],
      ],
      [30],
    ),
  ).toEqual([]);
  expect(foundIn([[3, 20]], [10])).toEqual([]);
  expect(foundIn([[3, 20]], [85])).toEqual([]);
  expect(foundIn([[3, 20]], [30], ["from: 31m, to: 32m, broadband: fibre, fault: down"])).toEqual([]);
});

test("somebody who goes to and fro is told as unstable, and not looked for", () => {
  const moves: Report[] = [12, 14, 16, 18, 20].map((minute, at) => [at % 2 === 0 ? 3 : 121, minute]);
  expect(foundIn(moves, [30])).toEqual([]);
});
