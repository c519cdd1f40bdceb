import { expect, test } from "vitest";
import type { SmallWorld } from "../play-bench.ts";
import { HandMade, minuteMs } from "./checker-bench.ts";
import { WarnedBeforeFlat } from "./warned-before-flat.ts";

const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const warning = "AB12C0000007000";

class Scene extends HandMade {
  readonly checker = new WarnedBeforeFlat(this.sight, this.residents, this.hindrances);

  tells(atMs: number, dty: number, stc: number, did?: string): void {
    this.sends(atMs, { ref: warning, dty, stc, did });
  }
}

function foundIn(play: (scene: Scene) => void, world: SmallWorld = {}): readonly string[] {
  const scene = new Scene({ duration: "60d", ...world });
  scene.checker.started(0, 0);
  play(scene);
  return scene.checker.verdict().found;
}

/** Two days without mains, with that said on the way. */
function twoDays(say: (scene: Scene) => void, world?: SmallWorld): readonly string[] {
  return foundIn((scene) => {
    scene.checker.mains(hourMs, 0, false);
    say(scene);
    scene.checker.wentFlat(49 * hourMs, 0, 0);
  }, world);
}

test("a unit goes dark with a word before it: last words, or that its battery is low", () => {
  expect(twoDays((scene) => scene.tells(45 * hourMs, 2, 97))).toEqual([]);
  expect(twoDays((scene) => scene.tells(40 * hourMs, 41, 16))).toEqual([]);
  expect(twoDays((scene) => scene.tells(hourMs + 1, 41, 85))).toEqual([
    "u, 49:00:00: its battery is used up after 48.0 h, and it had not told",
  ]);
  expect(twoDays((scene) => scene.tells(49 * hourMs - minuteMs, 2, 97))).toEqual([
    "u, 49:00:00: its battery is used up, and it told only at 48:59:00",
  ]);
});

test("a warning of an earlier power cut is none for this one", () => {
  const found = foundIn((scene) => {
    scene.checker.mains(hourMs, 0, false);
    scene.tells(40 * hourMs, 41, 16);
    scene.checker.mains(41 * hourMs, 0, true);
    scene.checker.mains(60 * hourMs, 0, false);
    scene.checker.wentFlat(90 * hourMs, 0, 0);
  });
  expect(found).toHaveLength(1);
});

test("who could not tell owes no warning", () => {
  const cut = ["from: 2h, to: 40h, operator: alfa, fault: down", "from: 2h, to: 40h, broadband: fibre, fault: down"];
  expect(twoDays(() => {}, { faults: cut })).toEqual([]);
  expect(
    foundIn((scene) => {
      scene.checker.mains(hourMs, 0, false);
      scene.checker.wentFlat(2 * hourMs, 0, 0);
    }),
  ).toEqual([]);
  expect(foundIn((scene) => scene.checker.wentFlat(49 * hourMs, 0, 0))).toEqual([]);
});

test("a button's battery is told of two weeks ahead, or as soon as it is put in", () => {
  const flat = (fittedMs: number, toldMs: number | undefined, flatMs: number) =>
    foundIn((scene) => {
      scene.checker.batteryFitted(fittedMs, 0, 2);
      if (toldMs !== undefined) scene.tells(toldMs, 3, 16, scene.did(2));
      scene.checker.wentFlat(flatMs, 0, 2);
    });
  expect(flat(0, 20 * dayMs, 34 * dayMs)).toEqual([]);
  expect(flat(0, hourMs, 2 * dayMs)).toEqual([]);
  expect(flat(0, 32 * dayMs, 34 * dayMs)).toEqual([
    "u, 816:00:00: the battery of button 2 is used up, told only at 768:00:00",
  ]);
  expect(flat(0, undefined, 34 * dayMs)).toEqual([
    "u, 816:00:00: the battery of button 2 is used up, and nobody was told",
  ]);
  expect(flat(30 * dayMs, undefined, 30 * dayMs + hourMs)).toEqual([]);
});

test("word of one button's battery, or of its last one, is none of another's", () => {
  const found = foundIn((scene) => {
    scene.checker.batteryFitted(0, 0, 1);
    scene.tells(dayMs, 3, 16, scene.did(2));
    scene.tells(dayMs, 3, 16, scene.did(1));
    scene.checker.batteryFitted(2 * dayMs, 0, 1);
    scene.checker.wentFlat(30 * dayMs, 0, 1);
  });
  expect(found).toEqual(["u, 720:00:00: the battery of button 1 is used up, and nobody was told"]);
});
