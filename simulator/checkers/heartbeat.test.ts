import { expect, test } from "vitest";
import type { SmallWorld } from "../play-bench.ts";
import { HandMade, minuteMs } from "./checker-bench.ts";
import { Heartbeat } from "./heartbeat.ts";

class Scene extends HandMade {
  readonly checker = new Heartbeat(this.scenario, this.residents, this.hindrances);

  isHeard(atMs: number): void {
    this.checker.receiverSigned(atMs, 0, { type: "heard", id: 1, cid: this.cid });
  }
}

/** Switched on after a minute, settled after six, heard at ten minutes and once more at the end. */
function foundAfter(
  silentMs: number,
  world: SmallWorld = {},
  meanwhile: (scene: Scene) => void = () => {},
): readonly string[] {
  const scene = new Scene({ duration: "3h", ...world });
  scene.checker.started(minuteMs, 0);
  scene.isHeard(10 * minuteMs);
  meanwhile(scene);
  scene.isHeard(10 * minuteMs + silentMs);
  return scene.checker.verdict({ endMs: 10 * minuteMs + silentMs, receivers: [] }).found;
}

test("five minutes of silence pass, more do not, and the end of the run ends a silence too", () => {
  expect(foundAfter(5 * minuteMs)).toEqual([]);
  expect(foundAfter(6 * minuteMs)).toEqual(["u, 00:16:00: not heard by any receiver for 6 min, since 00:10:00"]);
  const scene = new Scene();
  scene.checker.started(minuteMs, 0);
  expect(scene.checker.verdict({ endMs: 11 * minuteMs, receivers: [] }).found).toEqual([]);
  expect(scene.checker.verdict({ endMs: 12 * minuteMs, receivers: [] }).found).toEqual([
    "u, 00:12:00: not heard by any receiver for 6 min, since 00:06:00",
  ]);
});

test("a unit that may go an hour unproven may be silent so much longer, and no longer", () => {
  const world: SmallWorld = { home: "mobile: alfa, broadband: fibre, proven-within: 1h" };
  expect(foundAfter(62 * minuteMs, world)).toEqual([]);
  expect(foundAfter(63 * minuteMs, world)).toEqual([
    "u, 01:13:00: not heard by any receiver for 63 min, since 00:10:00",
  ]);
});

test("an OPTIONS that was answered is a sign of life", () => {
  const found = foundAfter(8 * minuteMs, {}, (scene) =>
    scene.checker.receiverSigned(14 * minuteMs, 0, { type: "probed", cid: scene.cid }),
  );
  expect(found).toEqual([]);
});

test("who has no power, no path, no receiver or no duty to speak may be silent", () => {
  const twoRoutes = [
    "from: 12m, to: 30m, operator: alfa, fault: down",
    "from: 12m, to: 30m, broadband: fibre, fault: down",
  ];
  expect(foundAfter(20 * minuteMs, { faults: twoRoutes })).toEqual([]);
  expect(foundAfter(20 * minuteMs, { faults: twoRoutes.slice(0, 1) })).toHaveLength(1);
  expect(foundAfter(20 * minuteMs, { faults: ["from: 12m, to: 13m, receiver: primary, fault: silent-open"] })).toEqual(
    [],
  );
  expect(foundAfter(20 * minuteMs, { primary: "silent-open" })).toEqual([]);
  expect(foundAfter(20 * minuteMs, { faults: ["from: 2m, to: 3m, receiver: primary, fault: silent-open"] })).toEqual(
    [],
  );
  expect(foundAfter(20 * minuteMs, {}, (scene) => scene.checker.stopped(11 * minuteMs, 0))).toEqual([]);
  expect(foundAfter(20 * minuteMs, {}, (scene) => scene.checker.lifeOrdered(11 * minuteMs, 0, "stored"))).toEqual([]);
  expect(foundAfter(20 * minuteMs, {}, (scene) => scene.checker.unitShowed(11 * minuteMs, 0, "talking"))).toEqual([]);
});
