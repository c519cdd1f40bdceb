import { expect, test } from "vitest";
import type { SmallWorld } from "../play-bench.ts";
import { firstRef, HandMade, minuteMs, questionBytes } from "./checker-bench.ts";
import { RightPerson } from "./right-person.ts";

const atMs = 4 * minuteMs;

class Scene extends HandMade {
  readonly checker = new RightPerson(this.scenario, this.residents, this.sight, this.hindrances);

  shows(at: number, button: number, signal: string): void {
    this.checker.buttonShowed(at, 0, button, signal);
  }

  /** A press that is taken over and accepted, and whose wearer has not been told. */
  acceptedUntold(): void {
    this.checker.pressed(atMs, 0, 1);
    this.shows(atMs + 300, 1, "received");
    this.sends(atMs + 400);
    this.hears(atMs + 900, firstRef, 0);
  }
}

function foundIn(play: (scene: Scene) => void, endMs = 60 * minuteMs, world: SmallWorld = {}): readonly string[] {
  const scene = new Scene({ duration: "3h", ...world });
  play(scene);
  return scene.checker.verdict({ endMs, receivers: [] }).found;
}

test("a button tells its own wearer, once for each call", () => {
  const found = foundIn((scene) => {
    scene.acceptedUntold();
    scene.shows(atMs + 1_000, 1, "accepted");
    scene.shows(atMs + 2_000, 1, "accepted");
    scene.shows(atMs + 3_000, 2, "received");
    scene.checker.fell(atMs + 4_000, 0, 2, "felt");
    scene.shows(atMs + 5_000, 2, "received");
  });
  expect(found).toEqual([
    'u, 00:04:02: button 1 showed "accepted", and its wearer has not called for help',
    'u, 00:04:03: button 2 showed "received", and its wearer has not called for help',
  ]);
});

test("whoever takes a fall back is told too, and of nothing more once that was shown", () => {
  const found = foundIn((scene) => {
    scene.checker.fell(atMs, 0, 1, "felt");
    scene.shows(atMs + 900, 1, "accepted");
    scene.checker.fell(atMs + 2_000, 0, 1, "taken-back");
    scene.shows(atMs + 3_000, 1, "received");
    scene.shows(atMs + 4_000, 1, "accepted");
    scene.shows(atMs + 5_000, 1, "accepted");
  });
  expect(found).toEqual(['u, 00:04:05: button 1 showed "accepted", and its wearer has not called for help']);
});

test("a fall is told of when its button calls, whatever it shows of an older press before", () => {
  const found = foundIn((scene) => {
    scene.checker.pressed(atMs, 0, 1);
    scene.checker.fell(atMs + 2_000, 0, 1, "felt");
    scene.shows(atMs + 4_000, 1, "accepted");
    scene.checker.pressed(atMs + 9_000, 0, 1);
    scene.shows(atMs + 9_000, 1, "sent");
    scene.shows(atMs + 9_100, 1, "accepted");
    scene.shows(atMs + 17_000, 1, "sent");
    scene.shows(atMs + 17_100, 1, "received");
    scene.shows(atMs + 18_000, 1, "accepted");
    scene.shows(atMs + 19_000, 1, "sent");
    scene.shows(atMs + 20_000, 1, "accepted");
  });
  expect(found).toEqual(['u, 00:04:20: button 1 showed "accepted", and its wearer has not called for help']);
});

test("a message names the account of its home and the person who wears the button", () => {
  const found = foundIn((scene) => {
    scene.sends(atMs, { dte: "person 1, wrist button" });
    scene.sends(atMs + 1, { dte: "person 2, wrist button" });
    scene.sends(atMs + 2, { ref: "AB12C0000002000", did: scene.did(2), dte: "person 2, wrist button" });
    scene.sends(atMs + 3, { ref: "AB12C0000003000", cid: "4600999999" });
  });
  expect(found).toEqual([
    `u, 00:04:00: ${firstRef} speaks of person 2, and 01000000 is worn by person 1`,
    "u, 00:04:00: AB12C0000003000 came under the account 4600999999",
  ]);
});

test("whoever was accepted is shown it before 45 minutes have passed", () => {
  const untold = (scene: Scene) => scene.acceptedUntold();
  expect(foundIn(untold, 48 * minuteMs)).toEqual([]);
  expect(foundIn(untold)).toEqual(["u, 00:04:00: button 1, pressed at 00:04:00, was accepted and never showed it"]);
});

test("what keeps word from a button is no fault of the unit", () => {
  const after = (what: (scene: Scene) => void, world?: SmallWorld) =>
    foundIn(
      (scene) => {
        scene.acceptedUntold();
        what(scene);
      },
      60 * minuteMs,
      world,
    );
  expect(after((scene) => scene.checker.started(30 * minuteMs, 0))).toEqual([]);
  expect(after((scene) => scene.checker.wentFlat(30 * minuteMs, 0, 1))).toEqual([]);
  expect(after((scene) => scene.checker.keyTouched(30 * minuteMs, 0))).toEqual([]);
  expect(after(() => {}, { presses: ["at: 5m, button-battery: u"] })).toEqual([]);
  expect(after(() => {}, { faults: ["from: 5m, to: 9m, building: u, fault: jammed"] })).toEqual([]);
  expect(after(() => {}, { presses: ["at: 5m, press: u"] })).toHaveLength(1);
});

test("a receiver with a stranger's certificate hears calls for help and no heartbeat", () => {
  const heard = (certificate: string, mty: "ME" | "PI", transport = "tls") =>
    foundIn(
      (scene) => {
        const bytes = questionBytes({ ref: firstRef, mty, cid: scene.cid, dty: 3, stc: 10 });
        for (const at of [atMs, atMs + 1_000])
          scene.checker.packet(at, 0, "received", bytes, { host: "10.0.0.1", port: 5060 }, transport);
      },
      60 * minuteMs,
      { far: `transport: tls, certificate: ${certificate}` },
    );
  expect(heard("foreign", "PI")).toEqual([
    "00:04:00: a heartbeat went to receiver 1, whose certificate is a stranger's",
  ]);
  expect([...heard("foreign", "ME"), ...heard("good", "PI"), ...heard("foreign", "PI", "udp")]).toEqual([]);
});
