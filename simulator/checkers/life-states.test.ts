import { expect, test } from "vitest";
import { answerBytes, HandMade, minuteMs, questionBytes } from "./checker-bench.ts";
import { LifeStates } from "./life-states.ts";

const atMs = 4 * minuteMs;
const orderedMs = 20 * minuteMs;
const returnedMs = 60 * minuteMs;
const farewell = "AB12C0000006000";

class Scene extends HandMade {
  readonly checker = new LifeStates(this.sight, this.residents, [
    { atMs: orderedMs, visit: { unit: "u", acts: [{ type: "life", life: "suspended" }] } },
    { atMs: returnedMs, visit: { unit: "u", acts: [{ type: "life", life: "returned" }] } },
  ]);

  beats(at: number): void {
    const beat = questionBytes({ ref: "AB12C0000005000", mty: "PI", cid: this.cid, dty: 2, stc: 102 });
    this.checker.datagram(at, 0, "mobile", "sent", beat);
  }
}

function foundIn(play: (scene: Scene) => void): readonly string[] {
  const scene = new Scene();
  play(scene);
  return scene.checker.verdict().found;
}

test("a unit whose power went in an order may have followed it, until it is asked again", () => {
  const calls = (cutMs: number | undefined, again: boolean, says: boolean) =>
    foundIn((scene) => {
      if (cutMs !== undefined) scene.checker.stopped(cutMs, 0);
      if (again) scene.checker.lifeOrdered(orderedMs + 2 * minuteMs, 0, "suspended");
      const ite = `pressed 2026-01-14T05:26:00Z${says ? " unit suspended" : ""}`;
      scene.sends(orderedMs + 5 * minuteMs, { ref: "AB12C0000008000", did: scene.did(1), ite });
    }).length;
  expect([calls(orderedMs + 5, false, true), calls(orderedMs + 5, false, false)]).toEqual([0, 0]);
  expect([calls(undefined, false, true), calls(undefined, false, false)]).toEqual([1, 0]);
  expect(calls(orderedMs - 5, false, true)).toBe(1);
  expect([calls(orderedMs + 5, true, true), calls(orderedMs + 5, true, false)]).toEqual([0, 1]);
});

test("a unit in store is silent once what had begun is over", () => {
  const found = foundIn((scene) => {
    scene.beats(atMs);
    scene.checker.lifeOrdered(atMs, 0, "stored");
    scene.beats(atMs + 60_000);
    scene.beats(atMs + 61_000);
    scene.beats(atMs + 62_000);
    scene.checker.lifeOrdered(atMs + 70_000, 0, "prepared");
    scene.beats(atMs + 10 * minuteMs);
  });
  expect(found).toEqual(["u, 00:05:01: a heartbeat left, and the unit is stored since 00:04:00"]);
});

test("a unit that is taken into use beats before the order's answer has come, and not otherwise", () => {
  const ordered = (afterMs: number, life: "prepared" | "wiped") =>
    foundIn((scene) => {
      scene.checker.lifeOrdered(0, 0, "stored");
      scene.beats(atMs);
      scene.checker.lifeOrdered(atMs + afterMs, 0, life);
    });
  const blamed = ["u, 00:04:00: a heartbeat left, and the unit is stored since 00:00:00"];
  expect(ordered(1_000, "prepared")).toEqual([]);
  expect(ordered(1_001, "prepared")).toEqual(blamed);
  expect(ordered(10, "wiped")).toEqual(blamed);
});

test("a unit that was handed back goes on until a receiver knows of it, and no longer", () => {
  const handedBack = (snu: number, ref = farewell) =>
    foundIn((scene) => {
      scene.checker.lifeOrdered(atMs, 0, "returned");
      scene.sends(atMs + 900, { ref: "AB12C0000007000", dty: 2, stc: 78, stt: "suspended" });
      scene.sends(atMs + 1_000, { ref: farewell, dty: 2, stc: 78, stt: "returned" });
      scene.checker.datagram(atMs + 2_000, 0, "mobile", "received", answerBytes(ref, snu));
      scene.beats(atMs + 61_000);
      scene.beats(atMs + 5 * minuteMs);
    });
  expect(handedBack(4)).toEqual([]);
  expect(handedBack(0, "AB12C0000007000")).toEqual([]);
  expect(handedBack(0)).toEqual(["u, 00:09:00: a heartbeat left, and the unit is returned since 00:04:00"]);
});

test("a unit whose power went in the order to fall silent may tell of it twice, and goes on until the second is known", () => {
  const beatsAfter = (accepted: readonly string[], cutMs = returnedMs + 5) =>
    foundIn((scene) => {
      scene.checker.stopped(cutMs, 0);
      scene.checker.lifeOrdered(returnedMs + minuteMs, 0, "returned");
      for (const ref of [farewell, "AB12C0000007000"])
        scene.sends(returnedMs + 2 * minuteMs, { ref, dty: 2, stc: 78, stt: "returned" });
      for (const ref of accepted)
        scene.checker.datagram(returnedMs + 3 * minuteMs, 0, "mobile", "received", answerBytes(ref, 0));
      scene.beats(returnedMs + 9 * minuteMs);
    }).length;
  expect(beatsAfter([farewell])).toBe(0);
  expect(beatsAfter([farewell, "AB12C0000007000"])).toBe(1);
  expect(beatsAfter([farewell], returnedMs - 5)).toBe(1);
  expect(beatsAfter([farewell], returnedMs + 2 * minuteMs)).toBe(1);
});

test("a call says that its unit is suspended or returned where it is, and only there", () => {
  const call = (life: "suspended" | "in-service", said: string, aheadMs = 2 * minuteMs) =>
    foundIn((scene) => {
      scene.checker.lifeOrdered(atMs + 2 * minuteMs - aheadMs, 0, life);
      scene.sends(atMs + 2 * minuteMs, { ite: `pressed 2026-01-14T05:06:00Z${said}` });
    });
  expect(call("suspended", " unit suspended")).toEqual([]);
  expect(call("in-service", "")).toEqual([]);
  expect(call("suspended", "", 30_000)).toEqual([]);
  expect(call("suspended", "")).toEqual(["u, 00:06:00: AB12C0000001 does not say that its unit is suspended"]);
  expect(call("in-service", " unit suspended")).toEqual([
    'u, 00:06:00: AB12C0000001 says "unit suspended", and it is in-service',
  ]);
});
