import { expect, test } from "vitest";
import { firstRef, HandMade, minuteMs, questionBytes } from "./checker-bench.ts";
import { OrderOfKinds } from "./order-of-kinds.ts";

const atMs = 4 * minuteMs;

class Scene extends HandMade {
  readonly checker = new OrderOfKinds(this.sight, this.residents, this.hindrances);

  pressedAndTaken(at: number, button = 1): void {
    this.checker.pressed(at, 0, button);
    this.checker.buttonShowed(at + 300, 0, button, "received");
  }

  tellsOfMains(at: number, ref: string): void {
    this.sends(at, { ref, dty: 41, stc: 85 });
  }

  somethingArrives(at: number): void {
    this.checker.datagram(at, 0, "mobile", "received", beat);
  }
}

const beat = questionBytes({ ref: "AB12C0000005000", mty: "PI", cid: "1", dty: 2, stc: 102 });
const lower = ["AB12C0000007000", "AB12C0000008000", "AB12C0000009000"];

function foundIn(play: (scene: Scene) => void, faults: readonly string[] = []): readonly string[] {
  const scene = new Scene({ faults, duration: "1h" });
  play(scene);
  return scene.checker.verdict().found;
}

test("one message may leave before a call for help, its repetitions too, two may not", () => {
  const before = (refs: readonly string[]) =>
    foundIn((scene) => {
      scene.pressedAndTaken(atMs);
      refs.forEach((ref, at) => {
        scene.tellsOfMains(atMs + 400 + at, ref);
      });
      scene.sends(atMs + 900);
    });
  expect(before([])).toEqual([]);
  expect(before([lower[0] as string, lower[0] as string])).toEqual([]);
  expect(before(lower.slice(0, 2))).toEqual([
    `u: button 1, taken over at 00:04:00, left at 00:04:00, after ${lower[0]} and ${lower[1]}`,
  ]);
});

test("a call does not wait for its turn once other things leave", () => {
  const waits = (waitedMs: number, isAnswered = true, faults: readonly string[] = []) =>
    foundIn((scene) => {
      scene.pressedAndTaken(atMs);
      scene.checker.datagram(atMs + 30 * minuteMs, 0, "mobile", "sent", beat);
      if (isAnswered) scene.somethingArrives(atMs + 30 * minuteMs);
      scene.sends(atMs + 30 * minuteMs + waitedMs);
    }, faults);
  expect(waits(12_000)).toEqual([]);
  expect(waits(60_000, false)).toEqual([]);
  expect(waits(13_000)).toEqual([
    "u: button 1, taken over at 00:04:00, left at 00:34:13, after what was answered at 00:34:00",
  ]);
  // When its turn has come the modem hangs.
  expect(waits(60_000, true, ["from: 2045s, to: 2090s, unit: u, fault: frozen-modem"])).toEqual([]);
  expect(waits(60_000, true, ["from: 2060s, to: 2090s, unit: u, fault: frozen-modem"])).toHaveLength(1);
});

test("a press that joins a call on its rounds waits for nobody, and after a restart it does", () => {
  const joined = (startedMs: number) =>
    foundIn((scene) => {
      scene.pressedAndTaken(atMs);
      scene.sends(atMs + 320);
      scene.checker.started(startedMs, 0);
      scene.pressedAndTaken(atMs + minuteMs);
      for (const ref of lower) scene.tellsOfMains(atMs + 2 * minuteMs, ref);
      scene.sends(atMs + 3 * minuteMs);
    });
  expect(joined(atMs)).toEqual([]);
  expect(joined(atMs + 30_000)).toHaveLength(1);
});

test("what leaves after the call's first message delays nobody, and one that never leaves is lost, not late", () => {
  const found = foundIn((scene) => {
    scene.pressedAndTaken(atMs);
    scene.sends(atMs + 320);
    for (const ref of lower) scene.tellsOfMains(atMs + 400, ref);
    scene.pressedAndTaken(atMs + 1_000, 2);
    for (const ref of lower) scene.tellsOfMains(atMs + 2_000, `${ref.slice(0, 12)}001`);
  });
  expect(found).toEqual([]);
});

test("a call that waits goes first when a path is back", () => {
  const back = (refs: readonly string[]) =>
    foundIn((scene) => {
      scene.sends(atMs);
      scene.somethingArrives(atMs + 10 * minuteMs);
      for (const ref of refs) scene.tellsOfMains(atMs + 10 * minuteMs + 100, ref);
      scene.sends(atMs + 10 * minuteMs + 5_000);
    });
  const [first = ""] = lower;
  expect(back([first])).toEqual([]);
  // To several receivers it is still one.
  expect(back([first, `${first.slice(0, -1)}1`])).toEqual([]);
  const stems = lower.map((ref) => ref.slice(0, 12));
  expect(back(lower)).toEqual([
    `u: a call for help, with a path back at 00:14:00, left at 00:14:05, after ${stems.join(" and ")}`,
  ]);
});

test("without a call that waits, or without a silence before, the order is nobody's", () => {
  const found = foundIn((scene) => {
    scene.sends(atMs);
    scene.hears(atMs + 400, firstRef, 0);
    scene.somethingArrives(atMs + 10 * minuteMs);
    for (const ref of lower) scene.tellsOfMains(atMs + 11 * minuteMs, ref);
    scene.somethingArrives(atMs + 20 * minuteMs);
    scene.sends(atMs + 20 * minuteMs + 1, { ref: "AB12C0000010000", did: scene.did(2) });
    scene.somethingArrives(atMs + 20 * minuteMs + 59_000);
    for (const ref of lower) scene.tellsOfMains(atMs + 21 * minuteMs, `${ref.slice(0, 12)}002`);
    scene.sends(atMs + 22 * minuteMs, { ref: "AB12C0000010001", did: scene.did(2) });
  });
  expect(found).toEqual([]);
});

test("beside a call that nobody answers and that goes from path to path no other report begins", () => {
  const beside = (lowerMs: number, play: (scene: Scene) => void = () => {}, secondMs = 18_000) =>
    foundIn((scene) => {
      scene.sends(atMs);
      scene.branch = "z9hG4bKsecond";
      scene.sends(atMs + secondMs);
      play(scene);
      scene.tellsOfMains(atMs + lowerMs, lower[0] as string);
    });
  expect(beside(20_000)).toEqual([
    "u: a call for help, tried since 00:04:00, and AB12C0000007 began beside it at 00:04:20",
  ]);
  expect(beside(16_999, undefined, 10_000)).toEqual([]);
  expect(beside(17_000, undefined, 10_000)).toHaveLength(1);
  expect(beside(28_001)).toEqual([]);
  expect(beside(20_000, undefined, 18_101)).toEqual([]);
  const excuses: readonly ((scene: Scene) => void)[] = [
    (scene) => scene.somethingArrives(atMs + 19_000),
    (scene) => scene.checker.started(atMs + 19_000, 0),
    (scene) => scene.checker.keyTouched(atMs + 19_000, 0, "cancel"),
    (scene) => scene.checker.fell(atMs + 19_000, 0),
    (scene) => scene.hears(atMs + 19_000, firstRef, 0),
  ];
  for (const excuse of excuses) expect(beside(20_000, excuse)).toEqual([]);
  const mat = (stc: number) => (scene: Scene) => scene.sends(atMs + 19_000, { ref: "AB12C000000C000", dty: 13, stc });
  expect(beside(28_001, mat(9)), "an alarm races as well").toEqual([]);
  expect(beside(28_001, mat(94))).toHaveLength(1);
});

test("a report that had begun before a call, and a call that is only said again, are no fault", () => {
  const found = foundIn((scene) => {
    scene.tellsOfMains(atMs - 1_000, lower[0] as string);
    scene.sends(atMs);
    scene.branch = "z9hG4bKsecond";
    scene.sends(atMs + 18_000);
    scene.tellsOfMains(atMs + 20_000, lower[0] as string);
  });
  expect(found).toEqual([]);
  const again = foundIn((scene) => {
    for (const ms of [0, 10_000, 18_000]) scene.sends(atMs + ms);
    scene.tellsOfMains(atMs + 20_000, lower[0] as string);
  });
  expect(again).toEqual([]);
});
