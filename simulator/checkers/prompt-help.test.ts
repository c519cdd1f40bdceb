import { expect, test } from "vitest";
import type { SmallWorld } from "../play-bench.ts";
import { firstRef, HandMade, minuteMs, secondRef } from "./checker-bench.ts";
import { PromptHelp } from "./prompt-help.ts";

const atMs = 4 * minuteMs;

class Scene extends HandMade {
  readonly checker = new PromptHelp(this.scenario, this.residents, this.sight, this.hindrances);

  presses(at: number, button = 1): void {
    this.checker.pressed(at - 80, 0, button);
    this.checker.buttonShowed(at, 0, button, "received");
  }
}

function foundIn(world: SmallWorld, play: (scene: Scene) => void): readonly string[] {
  const scene = new Scene(world);
  play(scene);
  return scene.checker.verdict({ endMs: 60 * minuteMs, receivers: [] }).found;
}

const acceptedAfter = (ms: number) => (scene: Scene) => {
  scene.sends(atMs);
  scene.hears(atMs + ms, firstRef, 0);
};
const late = "u, alarm AB12C0000001, left at 00:04:00: not accepted within 18 s, and broadband to primary was clear";

test("a call that is accepted in 18 s is in time, a millisecond later it is late", () => {
  expect(foundIn({}, acceptedAfter(18_000))).toEqual([]);
  expect(foundIn({}, acceptedAfter(18_001))).toEqual([late]);
  expect(foundIn({}, (scene) => scene.sends(atMs))).toEqual([late]);
});

test("one clear way is enough to be blamed, and only where no way is clear there is nothing to blame", () => {
  const fault = (object: string): string => `from: 1m, to: 10m, ${object}, fault: down`;
  const both = [fault("broadband: fibre"), fault("operator: alfa")];
  expect(foundIn({ faults: both }, acceptedAfter(60_000))).toEqual([]);
  for (const one of both) expect(foundIn({ faults: [one] }, acceptedAfter(60_000))).toHaveLength(1);
  const dead = ["from: 1m, to: 10m, receiver: primary, fault: dies"];
  expect(foundIn({ faults: dead }, acceptedAfter(60_000))).toEqual([]);
  expect(foundIn({ faults: dead, receivers: ["primary", "secondary"] }, acceptedAfter(60_000))).toHaveLength(1);
});

test("a receiver that is slow, busy by nature or does not behave at any time is no clear way", () => {
  expect(foundIn({ latency: "3s" }, acceptedAfter(60_000))).toEqual([]);
  expect(foundIn({ primary: "slow" }, acceptedAfter(60_000))).toEqual([]);
  const limits = "capacity: { messages-per-second: 1, queue: 5, when-full: busy }";
  expect(foundIn({ primaryMore: limits }, acceptedAfter(60_000))).toEqual([]);
});

test("patience that a receiver asked for, a cut and a withdrawal excuse a call", () => {
  const cases: readonly ((scene: Scene) => void)[] = [
    (scene) => {
      scene.checker.receiverSigned(atMs + 1_000, 0, scene.answered(firstRef, 4));
      scene.hears(atMs + minuteMs, firstRef, 0);
    },
    (scene) => scene.checker.stopped(atMs + 15_000, 0),
    (scene) => scene.checker.started(atMs + 1_000, 0),
    (scene) => scene.sends(atMs + 2_000, { mty: "RE" }),
  ];
  for (const excuse of cases)
    expect(
      foundIn({}, (scene) => {
        scene.sends(atMs);
        excuse(scene);
      }),
    ).toEqual([]);
});

test("three minutes of patience, and then another receiver whose way is clear is asked", () => {
  const faults = ["from: 1m, to: 20m, receiver: primary, fault: hold"];
  const heldFor = (ms: number) => (scene: Scene) => {
    scene.sends(atMs);
    for (let each = 0; each < ms; each += 10_000)
      scene.checker.receiverSigned(atMs + each, 0, scene.answered(firstRef, 4));
    scene.sends(atMs + ms, { ref: secondRef });
    scene.hears(atMs + ms, secondRef, 0);
  };
  const receivers = ["primary", "secondary"] as const;
  expect(foundIn({ faults, receivers }, heldFor(210_000))).toEqual([]);
  expect(foundIn({ faults, receivers }, heldFor(210_001))).toEqual([
    "u, alarm AB12C0000001, held for three minutes at 00:07:00: not accepted within 30 s, and broadband to secondary was clear",
  ]);
  expect(foundIn({ faults }, heldFor(300_000))).toEqual([]);
});

test("a unit that starts again has 18 s from the first thing that it hears", () => {
  const again = (ms: number) => (scene: Scene) => {
    scene.sends(atMs);
    scene.checker.stopped(atMs + 1_000, 0);
    scene.checker.started(8 * minuteMs, 0);
    scene.checker.datagram(9 * minuteMs, 0, "mobile", "received");
    scene.hears(9 * minuteMs + ms, firstRef, 0);
  };
  expect(foundIn({}, again(18_000))).toEqual([]);
  expect(foundIn({}, again(18_001))).toEqual([
    "u, alarm AB12C0000001, waiting in a unit that had started again and heard something at 00:09:00: not accepted within 18 s, and broadband to primary was clear",
  ]);
});

test("a further press is told within 40 s, by an update or by a call of its own", () => {
  const further = (tell: (scene: Scene) => void) => (scene: Scene) => {
    acceptedAfter(500)(scene);
    scene.presses(6 * minuteMs);
    tell(scene);
  };
  const lateTwice = "u, button 1, taken over at 00:06:00: not accepted within 40 s, and broadband to primary was clear";
  expect(
    foundIn(
      {},
      further(() => {}),
    ),
  ).toEqual([lateTwice]);
  const byUpdate = (ms: number) => (scene: Scene) => {
    scene.sends(6 * minuteMs, { mty: "IN", ite: "pressed 2 times" });
    scene.hears(6 * minuteMs + ms, firstRef, 0);
  };
  expect(foundIn({}, further(byUpdate(40_000)))).toEqual([]);
  expect(foundIn({}, further(byUpdate(40_001)))).toEqual([lateTwice]);
  const byCall = (scene: Scene): void => {
    scene.sends(6 * minuteMs + 25_000, { ref: "AB12C0000002000", ite: "pressed 2026-01-14T05:06:00Z" });
    scene.hears(6 * minuteMs + 26_000, "AB12C0000002000", 0);
  };
  expect(foundIn({}, further(byCall))).toEqual([]);
  const busy = (secondsBefore: number) => (scene: Scene) => {
    acceptedAfter(500)(scene);
    scene.checker.receiverSigned(6 * minuteMs - secondsBefore * 1_000, 0, scene.answered(firstRef, 6));
    scene.presses(6 * minuteMs);
  };
  expect(foundIn({}, busy(70)), "left out").toEqual([]);
  expect(foundIn({}, busy(75))).toEqual([lateTwice]);
});

test("over a modem whose calls take its data away, or that stood still, nobody is blamed", () => {
  const home = "mobile: alfa, telephone: mobile, mobile-calls: instead-of-data";
  expect(foundIn({ home }, acceptedAfter(60_000))).toEqual([]);
  expect(foundIn({ home: "mobile: alfa" }, acceptedAfter(60_000))).toHaveLength(1);
  const faults = ["from: 1m, to: 2m, unit: u, fault: frozen-modem"];
  expect(foundIn({ home: "mobile: alfa", faults }, acceptedAfter(60_000))).toEqual([]);
});

test("a press with which a call begins is accepted 20 s after the unit has taken it over, whenever its message leaves", () => {
  const waits = (ms: number) => (scene: Scene) => {
    scene.presses(atMs);
    scene.sends(atMs + 10_000);
    scene.hears(atMs + ms, firstRef, 0);
  };
  expect(foundIn({}, waits(20_000))).toEqual([]);
  expect(foundIn({}, waits(20_001))).toEqual([
    "u, button 1, taken over at 00:04:00: not accepted within 20 s, and broadband to primary was clear",
  ]);
});
