import { expect, test } from "vitest";
import type { Happening } from "../../protocol/radio/accessory-types.ts";
import { HandMade, minuteMs } from "./checker-bench.ts";
import { SteadyReports } from "./steady-reports.ts";

const home = "mobile: alfa, broadband: fibre, accessories: [{ kind: water }, { kind: bed }, { kind: door, DOOR }]";
const hours = "hours: 22:00-07:00, pre-alarm: 20s";
const [water, bed, door] = [3, 4, 5];
/** Device type and status code (SS 91100 annexes A and C). */
const flood = { dty: 33, stc: 9 };
const opened = { dty: 14, stc: 76 };
const dry = { dty: 33, stc: 94 };
const mainsBack = { dty: 2, stc: 86, did: undefined };

class Scene extends HandMade {
  readonly checker = new SteadyReports(this.scenario, this.residents, this.sight, this.hindrances);
  private told = 0;

  acts(atMs: number, place: number, happening: Happening): void {
    this.checker.accessoryActed(atMs, 0, this.did(place), happening);
  }

  tells(atMs: number, place: number, what: { readonly dty: number; readonly stc: number }, ite = ""): void {
    this.told++;
    this.sends(atMs, { ref: `AB12C000001${this.told}000`, did: this.did(place), ite, ...what });
  }

  mains(atMs: number, present: boolean): void {
    this.checker.mains(atMs, 0, present);
  }
}

function foundIn(play: (scene: Scene) => void, rules = hours, more: { readonly faults?: readonly string[] } = {}) {
  const scene = new Scene({ duration: "2h", home: home.replace("DOOR", rules), presses: [], ...more });
  scene.checker.started(minuteMs, 0);
  play(scene);
  return scene.checker.verdict({ endMs: 120 * minuteMs, receivers: [] }).found;
}

/** Water where none should be, after ten minutes. */
const flooded = (play: (scene: Scene) => void, faults: readonly string[] = []) =>
  foundIn(
    (scene) => {
      scene.acts(10 * minuteMs, water, "alarm");
      play(scene);
    },
    hours,
    { faults },
  );

test("what happens at an accessory is told within ten minutes, and by its own name", () => {
  const lost = ['u, 00:10:00: "alarm" of its water is not told by 00:20:00'];
  expect(flooded(() => {})).toEqual(lost);
  expect(flooded((scene) => scene.tells(19 * minuteMs, water, flood))).toEqual([]);
  expect(flooded((scene) => scene.tells(21 * minuteMs, water, flood))).toEqual(lost);
  expect(flooded((scene) => scene.tells(11 * minuteMs, bed, flood))).toEqual(lost);
  // What is dry again before anybody was told is told once, by how it is then.
  const dried = (scene: Scene): void => {
    scene.acts(10 * minuteMs + 1, water, "restored");
    scene.tells(11 * minuteMs, water, dry);
  };
  expect(flooded(dried)).toEqual([]);
});

test("nobody is blamed where the air, the unit or its receiver was in trouble, or where something older was still being told", () => {
  expect(flooded(() => {}, ["from: 15m, to: 16m, building: u, fault: jammed"])).toEqual([]);
  expect(flooded(() => {}, ["from: 15m, to: 16m, receiver: primary, fault: sip-503"])).toEqual([]);
  expect(flooded(() => {}, ["from: 1m, to: 2m, unit: u, fault: worn-flash, cells: 3 %"])).toEqual([]);
  expect(flooded((scene) => scene.checker.stopped(19 * minuteMs, 0))).toEqual([]);
  expect(flooded((scene) => scene.tells(12 * minuteMs, bed, { dty: 12, stc: 125 }, "at 2026-01-14T05:02:00Z"))).toEqual(
    [],
  );
});

test("one of a kind that flaps does not silence another, and is itself told as unstable", () => {
  const found = foundIn((scene) => {
    for (let each = 0; each < 8; each++) {
      const happening = each % 2 === 0 ? "tamper" : "tamper-restored";
      scene.acts((10 + each) * minuteMs, water, happening);
      if (each < 2) scene.tells((10 + each) * minuteMs + 1, water, { dty: 33, stc: each === 0 ? 125 : 94 });
    }
    scene.acts(18 * minuteMs, water, "fault");
    scene.acts(20 * minuteMs, bed, "tamper");
  });
  expect(found).toEqual(['u, 00:20:00: "tamper" of its bed is not told by 00:30:00']);
});

test("an alarm that the air lost is told when its accessory has a new battery", () => {
  const jammed = { faults: ["from: 9m, to: 12m, building: u, fault: jammed"] };
  const fitted = (play: (scene: Scene) => void): readonly string[] =>
    foundIn(
      (scene) => {
        scene.acts(10 * minuteMs, water, "alarm");
        scene.checker.batteryFitted(13 * minuteMs, 0, water);
        play(scene);
      },
      hours,
      jammed,
    );
  expect(fitted(() => {})).toEqual(["u, 00:10:00: the alarm of its water is not told by 00:23:00"]);
  expect(fitted((scene) => scene.tells(14 * minuteMs, water, flood))).toEqual([]);
  expect(fitted((scene) => scene.acts(22 * minuteMs, water, "test"))).toHaveLength(1);
  const dried = (scene: Scene): void => {
    scene.acts(15 * minuteMs, water, "restored");
    scene.tells(15 * minuteMs + 1, water, dry);
  };
  expect(fitted(dried)).toEqual([]);
});

test("a door is watched in its hours, over midnight too, and only where it stays open", () => {
  const open = (atMs: number, rules: string, shutMs?: number, toldMs?: number): readonly string[] =>
    foundIn((scene) => {
      scene.acts(atMs, door, "alarm");
      if (shutMs !== undefined) scene.acts(shutMs, door, "restored");
      if (toldMs !== undefined) scene.tells(toldMs, door, opened);
    }, rules);
  const lost = ['u, 00:10:00: "alarm" of its door is not told by 00:22:20'];
  expect(open(10 * minuteMs, hours)).toEqual(lost);
  expect(open(10 * minuteMs, hours, 10 * minuteMs + 30_000)).toEqual([]);
  expect(open(10 * minuteMs, hours, undefined, 11 * minuteMs)).toEqual([]);
  expect(open(61 * minuteMs, hours)).toEqual([]);
  expect(open(10 * minuteMs, "hours: 05:00-07:00, pre-alarm: 20s")).toEqual(lost);
  expect(open(10 * minuteMs, "hours: 07:00-22:00, pre-alarm: 20s")).toEqual([]);
});

test("a mains is told as back once it has stayed, and once for each time", () => {
  const flickers = (...toldMs: readonly number[]) =>
    foundIn((scene) => {
      scene.mains(10 * minuteMs, false);
      scene.mains(30 * minuteMs, true);
      scene.mains(32 * minuteMs, false);
      scene.mains(33 * minuteMs, true);
      for (const atMs of toldMs) scene.tells(atMs, water, mainsBack);
    });
  expect(flickers(38 * minuteMs)).toEqual([]);
  const early = "its mains is told as back, and has not stayed for five minutes";
  expect(flickers(34 * minuteMs)).toEqual([`u, 00:34:00: ${early}`]);
  expect(flickers(38 * minuteMs, 39 * minuteMs)).toEqual([`u, 00:39:00: ${early}`]);
});

test("a power that comes and goes is no boot loop, and a release or flash that fails may be one", () => {
  const loop = { dty: 2, stc: 67, did: undefined, stt: "minimal alarm mode" };
  const told = (what: object, faults: readonly string[] = []): readonly string[] =>
    foundIn((scene) => scene.sends(10 * minuteMs, { ref: "AB12C00000199000", ...what }), hours, { faults });
  expect(told(loop)).toEqual(["u, 00:10:00: is told as starting again and again, and nothing but its power failed"]);
  expect(told({ ...loop, stt: "self-check" })).toEqual([]);
  const worn = ["from: 1h, to: 2h, unit: u, fault: worn-flash, cells: 3 %"];
  expect(told(loop, worn)).toEqual([]);
});
