import { expect, test } from "vitest";
import type { CheckerVerdict } from "../record/run-result.ts";
import { firstRef, HandMade, minuteMs } from "./checker-bench.ts";
import { FalseAccepted } from "./false-accepted.ts";

const atMs = 4 * minuteMs;

class Scene extends HandMade {
  readonly checker = new FalseAccepted(this.sight, this.residents);

  presses(at: number, button = 1): void {
    this.checker.pressed(at, 0, button);
    this.checker.buttonShowed(at + 30, 0, button, "sent");
  }
}

function verdictOf(play: (scene: Scene) => void): CheckerVerdict {
  const scene = new Scene();
  play(scene);
  return scene.checker.verdict();
}

test("button and lamp may show it once the mrs has come", () => {
  const verdict = verdictOf((scene) => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.hears(atMs + 500, firstRef, 0);
    scene.checker.unitShowed(atMs + 500, 0, "accepted");
    scene.checker.buttonShowed(atMs + 4_000, 0, 1, "accepted");
  });
  expect(verdict).toMatchObject({ held: true, violations: 0 });
});

test("nobody may show it before: who and when is said", () => {
  const verdict = verdictOf((scene) => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.checker.unitShowed(atMs + 400, 0, "accepted");
    scene.checker.buttonShowed(atMs + 450, 0, 1, "accepted");
    scene.hears(atMs + 500, firstRef, 0);
  });
  expect(verdict.found).toEqual([
    'u, 00:04:00: the unit\'s lamp showed "accepted", and no receiver had accepted',
    'u, 00:04:00: button 1 showed "accepted", and no receiver had accepted',
  ]);
});

test("one button's acceptance is not another's, and one acceptance lights the lamp once", () => {
  const verdict = verdictOf((scene) => {
    scene.presses(atMs);
    scene.presses(atMs, 2);
    scene.sends(atMs + 100);
    scene.hears(atMs + 500, firstRef, 0);
    scene.checker.unitShowed(atMs + 500, 0, "accepted");
    scene.checker.unitShowed(atMs + 600, 0, "accepted");
    scene.checker.buttonShowed(atMs + 600, 0, 2, "accepted");
  });
  expect(verdict.violations).toBe(2);
});

test("the lamp does not show it while another call of the home waits that nobody has taken back", () => {
  const second = "AB12C0000002000";
  const foundOf = (end: (scene: Scene) => void): readonly string[] =>
    verdictOf((scene) => {
      scene.presses(atMs);
      scene.presses(atMs, 2);
      scene.sends(atMs + 100);
      scene.sends(atMs + 100, { ref: second, did: scene.did(2) });
      scene.hears(atMs + 500, firstRef, 0);
      end(scene);
      scene.checker.unitShowed(atMs + 600, 0, "accepted");
    }).found;
  expect(foundOf(() => {})).toEqual([
    `u, 00:04:00: the unit's lamp showed "accepted", and ${second.slice(0, 12)} still waited`,
  ]);
  expect(foundOf((scene) => scene.hears(atMs + 550, second, 0))).toEqual([]);
  expect(foundOf((scene) => scene.sends(atMs + 550, { ref: second, mty: "RE" }))).toEqual([]);
  expect(foundOf((scene) => scene.checker.keyTouched(atMs + 550, 0, "cancel"))).toEqual([]);
});

test("what a call has hidden the lamp may show again, once, and nothing that it had not shown before", () => {
  const lampsOf = (...signals: readonly string[]): number =>
    verdictOf((scene) => {
      scene.presses(atMs);
      scene.sends(atMs + 100);
      scene.hears(atMs + 500, firstRef, 0);
      for (const signal of signals) scene.checker.unitShowed(atMs + 600, 0, signal);
    }).violations;
  expect(lampsOf("accepted", "talking", "accepted")).toBe(0);
  expect(lampsOf("accepted", "talking", "accepted", "accepted")).toBe(1);
  expect(lampsOf("accepted", "ready", "talking", "accepted")).toBe(1);
});

test("what a call that is taken back has hidden the lamp may show again, and not what comes of itself", () => {
  const lampsOf = (first: string, takeBack: (scene: Scene) => void, ...signals: readonly string[]): number =>
    verdictOf((scene) => {
      scene.presses(atMs);
      scene.sends(atMs + 100);
      scene.hears(atMs + 500, firstRef, 0);
      for (const signal of ["accepted", first, "sending"]) scene.checker.unitShowed(atMs + 600, 0, signal);
      takeBack(scene);
      signals.forEach((signal, at) => {
        scene.checker.unitShowed(atMs + 9_000 + at * 2_000, 0, signal);
      });
    }).violations;
  const fallBack = (scene: Scene): void => scene.checker.fell(atMs + 8_000, 0, 2, "taken-back");
  expect(lampsOf("sending", fallBack, "accepted")).toBe(0);
  expect(lampsOf("sending", fallBack, "not-accepted", "accepted")).toBe(0);
  expect(lampsOf("sending", (scene) => scene.checker.keyTouched(atMs + 8_000, 0, "cancel"), "accepted")).toBe(0);
  expect(lampsOf("sending", () => {}, "accepted")).toBe(1);
  expect(lampsOf("sending", (scene) => scene.checker.fell(atMs - 1_000, 0, 2, "taken-back"), "accepted")).toBe(0);
  expect(lampsOf("sending", (scene) => scene.checker.fell(atMs - 2_000, 0, 2, "taken-back"), "accepted")).toBe(1);
  expect(lampsOf("sending", (scene) => scene.checker.keyTouched(atMs + 8_000, 0, "away"), "accepted")).toBe(1);
  expect(lampsOf("ready", fallBack, "accepted")).toBe(1);
  expect(lampsOf("sending", fallBack, "accepted", "accepted")).toBe(1);
  expect(lampsOf("sending", fallBack, "accepted", "sending", "accepted")).toBe(1);
});

test("a further press needs an acceptance of its own: a repeated mrs is none", () => {
  const repeated = verdictOf((scene) => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.hears(atMs + 500, firstRef, 0);
    scene.presses(atMs + minuteMs);
    scene.hears(atMs + minuteMs + 500, firstRef, 0);
    scene.checker.buttonShowed(atMs + minuteMs + 900, 0, 1, "accepted");
  });
  expect(repeated.violations).toBe(1);
  const unanswered = verdictOf((scene) => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.hears(atMs + 500, firstRef, 0);
    scene.presses(atMs + minuteMs);
    scene.sends(atMs + minuteMs + 200, { mty: "IN", ite: "pressed 2 times" });
    scene.checker.buttonShowed(atMs + minuteMs + 900, 0, 1, "accepted");
  });
  expect(unanswered.violations).toBe(1);
  const told = verdictOf((scene) => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.hears(atMs + 500, firstRef, 0);
    scene.presses(atMs + minuteMs);
    scene.sends(atMs + minuteMs + 200, { mty: "IN", ite: "pressed 2 times" });
    scene.hears(atMs + minuteMs + 500, firstRef, 0);
    scene.checker.buttonShowed(atMs + minuteMs + 900, 0, 1, "accepted");
  });
  expect(told.violations).toBe(0);
});

test("a press that the button has not noticed yet is not what it speaks of", () => {
  const verdict = verdictOf((scene) => {
    scene.presses(atMs);
    scene.sends(atMs + 100);
    scene.hears(atMs + 500, firstRef, 0);
    scene.checker.pressed(atMs + 2_000, 0, 1);
    scene.checker.buttonShowed(atMs + 2_010, 0, 1, "accepted");
  });
  expect(verdict.violations).toBe(0);
});

test("an alarm of the unit's own key lights its lamp, and what was accepted of a battery does not", () => {
  const helped = verdictOf((scene) => {
    scene.sends(atMs + 100, { dty: 2, dco: 2, did: undefined });
    scene.hears(atMs + 500, firstRef, 0);
    scene.checker.unitShowed(atMs + 500, 0, "accepted");
  });
  expect(helped.violations).toBe(0);
  const told = verdictOf((scene) => {
    scene.sends(atMs + 100, { stc: 16 });
    scene.hears(atMs + 500, firstRef, 0);
    scene.checker.unitShowed(atMs + 500, 0, "accepted");
  });
  expect(told.violations).toBe(1);
});

test("an alarm that became minimal counts for whichever button it is of", () => {
  const verdict = verdictOf((scene) => {
    scene.presses(atMs, 2);
    scene.sendsMinimal(atMs + 100, firstRef);
    scene.hears(atMs + 500, firstRef, 0);
    scene.checker.buttonShowed(atMs + 600, 0, 2, "accepted");
  });
  expect(verdict.violations).toBe(0);
});
