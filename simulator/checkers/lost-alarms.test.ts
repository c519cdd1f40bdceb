import { expect, test } from "vitest";
import type { SmallWorld } from "../play-bench.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import { firstRef, HandMade, minuteMs } from "./checker-bench.ts";
import { LostAlarms } from "./lost-alarms.ts";

const atMs = 4 * minuteMs;

class Scene extends HandMade {
  readonly checker = new LostAlarms(this.sight, this.residents, this.hindrances);

  /** A press that its unit acknowledges. */
  presses(at: number, button = 1): void {
    this.checker.pressed(at, 0, button);
    this.checker.buttonShowed(at + 80, 0, button, "received");
  }
}

function verdictAt(endMs: number, play: (scene: Scene) => void, world: SmallWorld = {}): CheckerVerdict {
  const scene = new Scene(world);
  play(scene);
  return scene.checker.verdict({ endMs, receivers: [] });
}

test("a press that nothing was ever sent of is lost: unit, button and instant are said", () => {
  const verdict = verdictAt(20 * minuteMs, (scene) => scene.presses(atMs));
  expect(verdict.found).toEqual(["u, button 1, pressed at 00:04:00: taken over, not accepted, no longer sent"]);
});

test("a press that no unit acknowledged is not the unit's to lose", () => {
  expect(verdictAt(20 * minuteMs, (scene) => scene.checker.pressed(atMs, 0, 1)).held).toBe(true);
});

test("accepted is kept, be it in the last moment", () => {
  const verdict = verdictAt(60 * minuteMs, (scene) => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.hears(60 * minuteMs, firstRef, 0);
  });
  expect(verdict.held).toBe(true);
});

test("still being sent is kept, no longer sent is lost", () => {
  const play = (scene: Scene): void => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.sends(30 * minuteMs);
  };
  expect(verdictAt(41 * minuteMs, play).held).toBe(true);
  expect(verdictAt(41 * minuteMs + 1, play).held).toBe(false);
});

test("an alarm of another button, or of a later press, covers nothing", () => {
  const verdict = verdictAt(20 * minuteMs, (scene) => {
    scene.presses(atMs);
    scene.presses(atMs, 2);
    scene.sends(atMs + 100, { did: scene.did(2) });
    scene.hears(atMs + 500, firstRef, 0);
    scene.presses(10 * minuteMs);
    scene.sends(10 * minuteMs, { ref: "AB12C0000002000", ite: "pressed 2026-01-14T05:10:00Z" });
    scene.hears(10 * minuteMs + 500, "AB12C0000002000", 0);
  });
  expect(verdict.found).toEqual([expect.stringContaining("button 1, pressed at 00:04:00")]);
});

test("a press that joined an alarm is lost where nobody was told of it", () => {
  const joined = (scene: Scene): void => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.presses(atMs + minuteMs);
    scene.hears(atMs + minuteMs + 5_000, firstRef, 0);
  };
  expect(verdictAt(20 * minuteMs, joined).found).toEqual([expect.stringContaining("pressed at 00:05:00")]);
  expect(verdictAt(atMs + minuteMs + 10_000, joined).held, "the update may still come").toBe(true);
  const unanswered = verdictAt(20 * minuteMs, (scene) => {
    joined(scene);
    scene.sends(atMs + minuteMs + 5_001, { mty: "IN", ite: "pressed 2 times" });
  });
  expect(unanswered.held).toBe(false);
  const told = verdictAt(20 * minuteMs, (scene) => {
    joined(scene);
    scene.sends(atMs + minuteMs + 5_001, { mty: "IN", ite: "pressed 2 times" });
    scene.hears(atMs + minuteMs + 6_000, firstRef, 0);
  });
  expect(told.held).toBe(true);
});

test("an update's count tells of that many presses, the newest, whatever time the alarm bears", () => {
  const told = (times: number) =>
    verdictAt(20 * minuteMs, (scene) => {
      scene.checker.pressed(atMs - minuteMs, 0, 1);
      scene.presses(atMs);
      scene.sends(atMs + 100, { ite: "pressed 2026-01-14T05:09:00Z" });
      scene.sends(atMs + 200, { mty: "IN", ite: `pressed ${times} times` });
      scene.hears(atMs + 500, firstRef, 0);
    });
  expect(told(2).held).toBe(true);
  expect(told(1).found).toEqual([expect.stringContaining("pressed at 00:03:00")]);
});

test("an alarm whose time is that of no press tells of the newest before it", () => {
  const verdict = verdictAt(20 * minuteMs, (scene) => {
    scene.presses(atMs - minuteMs);
    scene.presses(atMs);
    scene.sends(9 * minuteMs, { ite: "pressed 2026-01-14T05:06:00Z" });
    scene.hears(9 * minuteMs + 500, firstRef, 0);
  });
  expect(verdict.found).toEqual([expect.stringContaining("pressed at 00:03:00")]);
});

test("a press of a button that says it is of no use is not taken over by what it hears later", () => {
  const verdict = verdictAt(20 * minuteMs, (scene) => {
    scene.checker.pressed(atMs, 0, 1);
    scene.checker.buttonShowed(atMs, 0, 1, "of-no-use");
    scene.checker.buttonShowed(atMs + 2 * minuteMs, 0, 1, "received");
  });
  expect(verdict.held).toBe(true);
});

test("what waited in a button is forgotten with its battery, what was taken over is not", () => {
  const fitted = (isTaken: boolean) =>
    verdictAt(20 * minuteMs, (scene) => {
      scene.checker.pressed(atMs, 0, 1);
      if (isTaken) scene.checker.buttonShowed(atMs + 80, 0, 1, "received");
      scene.checker.batteryFitted(atMs + minuteMs, 0, 1);
      scene.checker.buttonShowed(atMs + 2 * minuteMs, 0, 1, "received");
    });
  expect(fitted(false).held).toBe(true);
  expect(fitted(true).held).toBe(false);
});

test("a unit that is cut off to the last and silent cannot be judged; one that speaks of other things can", () => {
  const world = { faults: ["from: 2m, operator: alfa, fault: gone", "from: 2m, broadband: fibre, fault: gone"] };
  const cut = (scene: Scene): void => scene.presses(atMs);
  expect(verdictAt(20 * minuteMs, cut, world).held).toBe(true);
  const speaks = (scene: Scene): void => {
    scene.presses(atMs);
    scene.sends(10 * minuteMs, { mty: "PI", dty: 2 });
  };
  expect(verdictAt(20 * minuteMs, speaks, world).held).toBe(false);
  const oneRoute = { faults: ["from: 2m, operator: alfa, fault: gone"] };
  expect(verdictAt(20 * minuteMs, cut, oneRoute).held).toBe(false);
  const takenLate = (scene: Scene): void => {
    scene.checker.pressed(atMs, 0, 1);
    scene.sends(6 * minuteMs, { mty: "PI", dty: 2 });
    scene.checker.buttonShowed(7 * minuteMs, 0, 1, "received");
  };
  expect(verdictAt(20 * minuteMs, takenLate, world).held, "what left before it was taken over tells nothing").toBe(
    true,
  );
});

test("a minimal alarm and one without a time cover the press they follow", () => {
  for (const send of [
    (scene: Scene) => scene.sendsMinimal(atMs + 100, firstRef),
    (scene: Scene) => scene.sends(atMs + 100, { ite: "pressed T+180s" }),
  ]) {
    const verdict = verdictAt(20 * minuteMs, (scene) => {
      scene.presses(atMs);
      send(scene);
      scene.hears(atMs + 500, firstRef, 0);
    });
    expect(verdict.held).toBe(true);
  }
});

test("in the dark nobody sends: only the time with power counts, and after it the unit has as long as any other", () => {
  const play = (scene: Scene): void => {
    scene.checker.stopped(2 * minuteMs, 0);
    scene.checker.started(3 * minuteMs, 0);
    scene.presses(atMs);
    scene.sends(10 * minuteMs);
    scene.checker.stopped(15 * minuteMs, 0);
    scene.checker.started(40 * minuteMs, 0);
    scene.checker.started(41 * minuteMs, 0);
  };
  expect(verdictAt(40 * minuteMs, play).held).toBe(true);
  expect(verdictAt(46 * minuteMs, play).held).toBe(true);
  expect(verdictAt(46 * minuteMs + 1, play).held).toBe(false);
  const forGood = (scene: Scene): void => {
    scene.presses(atMs);
    scene.checker.stopped(atMs + 1, 1);
    scene.sends(10 * minuteMs);
    scene.checker.stopped(11 * minuteMs, 0);
  };
  expect(verdictAt(600 * minuteMs, forGood).held).toBe(true);
});
