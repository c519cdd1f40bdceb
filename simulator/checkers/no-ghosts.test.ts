import { expect, test } from "vitest";
import { firstRef, HandMade, minuteMs } from "./checker-bench.ts";
import { NoGhosts } from "./no-ghosts.ts";

const atMs = 4 * minuteMs;
const third = "AB12C0000003000";
const later = { ite: "pressed 2026-01-14T05:09:00Z" };

class Scene extends HandMade {
  readonly checker = new NoGhosts(this.sight, this.residents);
}

function foundIn(play: (scene: Scene) => void): readonly string[] {
  const scene = new Scene();
  play(scene);
  return scene.checker.verdict().found;
}

test("a call that somebody made is told once or many times, and by any number of messages", () => {
  const found = foundIn((scene) => {
    scene.checker.pressed(atMs, 0, 1);
    scene.sends(atMs + 50);
    scene.sends(atMs + 5_000, { ref: "AB12C0000001001" });
    scene.checker.pressed(atMs + 5 * minuteMs, 0, 1);
    scene.sends(atMs + 5 * minuteMs + 50, { ref: third, ...later });
  });
  expect(found).toEqual([]);
});

test("one call more than people have made is a ghost: which, and when", () => {
  const found = foundIn((scene) => {
    scene.checker.pressed(atMs, 0, 1);
    scene.sends(atMs + 50);
    scene.sends(atMs + 5 * minuteMs, { ref: third, ...later });
    scene.sends(atMs + 5 * minuteMs + 1, { ref: third, ...later });
  });
  expect(found).toEqual(["u, 00:09:00: AB12C0000003 is call 2 of button 1, which was used once"]);
});

test("a button that was taken out of use calls nobody, until it is paired again", () => {
  const foundAfter = (...acts: readonly ("revoke" | "pair")[]): readonly string[] =>
    foundIn((scene) => {
      for (const type of acts) {
        const act = { type, place: 1, person: 1 };
        scene.checker.happened(atMs, 0, { type: "visit", act, outcome: "done", tries: 1, why: undefined });
      }
      scene.checker.pressed(atMs + 10, 0, 1);
      scene.sends(atMs + 50);
    });
  expect(foundAfter("revoke")).toEqual(["u, 00:04:00: AB12C0000001 is call 1 of button 1, which was used 0 times"]);
  expect(foundAfter("revoke", "pair")).toEqual([]);
});

test("another's press, a stranger's device and a fall that nobody fell are ghosts too", () => {
  const found = foundIn((scene) => {
    scene.checker.pressed(atMs, 0, 1);
    scene.sends(atMs + 50, { did: scene.did(2) });
    scene.sends(atMs + 100, { ref: "AB12C0000002000", did: "FFFFFFFF" });
    scene.sends(atMs + 200, { ref: third, dty: 5, stc: 9 });
  });
  expect(found.map((text) => text.slice(text.indexOf(" is call")))).toEqual([
    " is call 1 of button 2, which was used 0 times",
    " is call 1 of a device that is none of this home's (FFFFFFFF), which was used 0 times",
    " is call 1 of button 1, which was used 0 times",
  ]);
});

test("keys, falls and cords call for help in their own names", () => {
  const found = foundIn((scene) => {
    scene.checker.keyTouched(atMs, 0);
    scene.checker.fell(atMs, 0, 1, "felt");
    scene.checker.accessoryActed(atMs, 0, "01000005");
    scene.sends(atMs + 50, { dty: 2, did: undefined });
    scene.sends(atMs + 60, { ref: "AB12C0000002000", dty: 5, stc: 9 });
    scene.sends(atMs + 70, { ref: third, dty: 4, did: "01000005" });
    scene.checker.accessoryActed(atMs + 80, 0, scene.did(2));
    scene.sends(atMs + 90, { ref: "AB12C0000004000", dty: 5, stc: 9, did: scene.did(2) });
    scene.sends(atMs + 100, { ref: "AB12C0000005000", dty: 5, stc: 9, did: scene.did(2), ...later });
  });
  expect(found).toEqual(["u, 00:04:00: AB12C0000005 is call 2 of device 01000001, which was used once"]);
});

test("an update does not count more presses than there were", () => {
  const twice = (presses: number) =>
    foundIn((scene) => {
      for (let i = 0; i < presses; i++) scene.checker.pressed(atMs + i, 0, 1);
      scene.sends(atMs + 50);
      scene.sends(atMs + 9_000, { ref: firstRef, mty: "IN", ite: "pressed 2 times" });
    });
  expect(twice(2)).toEqual([]);
  expect(twice(1)).toEqual(["u, 00:04:09: AB12C0000001 tells of 2 presses of button 1, pressed once"]);
});

test("a button is of no use when somebody took it out, or when another one of its person was accepted", () => {
  const shown = (presses: readonly string[], play: (scene: Scene, checker: NoGhosts) => void = () => {}) => {
    const scene = new Scene({ presses });
    const checker = new NoGhosts(scene.sight, scene.residents, scene.scenario.timeline);
    play(scene, checker);
    checker.buttonShowed(atMs, 0, 1, "of-no-use");
    return checker.verdict().found;
  };
  const found = ["u, 00:04:00: button 1 says that it is of no use, and nobody took it out"];
  const replaced = ["at: 2m, replace-button: u"];
  expect(shown([])).toEqual(found);
  expect(shown(["at: 5m, revoke-button: u"])).toEqual(found);
  expect(shown(["at: 3m, revoke-button: u"])).toEqual([]);
  expect(shown(replaced)).toEqual(found);
  const proven = (scene: Scene, checker: NoGhosts): void => {
    checker.pressed(3 * minuteMs, 0, 3);
    scene.sends(3 * minuteMs, { did: scene.did(3) });
    scene.hears(3 * minuteMs + 10, firstRef, 0);
  };
  expect(shown(replaced, proven)).toEqual([]);
});
