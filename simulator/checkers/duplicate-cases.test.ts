import { expect, test } from "vitest";
import { CaseBook } from "../peers/case-book.ts";
import type { Receiver } from "../peers/receiver.ts";
import type { ReceiverEvent } from "../peers/receiver-events.ts";
import type { SmallWorld } from "../play-bench.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { RunEnd } from "./checker.ts";
import { firstRef, HandMade, minuteMs, secondRef } from "./checker-bench.ts";
import { DuplicateCases } from "./duplicate-cases.ts";

const atMs = 4 * minuteMs;
const names = ["primary", "secondary"];
const otherStem = "AB12C0000009000";

/** A home and the books of two receivers. */
class Scene extends HandMade {
  readonly checker = new DuplicateCases({
    names,
    residents: this.residents,
    sight: this.sight,
    hindrances: this.hindrances,
  });
  private readonly books = names.map(() => new CaseBook({ ours: () => true }));

  /** A receiver hears a message under that ref, writes it down with that `snu`, and answers. */
  takes(at: number, receiver: number, ref: string, snu = 0, mty: "ME" | "IN" | "RE" = "ME", stc = 10): void {
    const request = { ref, mty, cid: this.cid, dty: 3, stc, did: this.did(1) };
    this.books[receiver]?.take(request, at, () => snu);
    this.checker.receiverSigned(at, receiver, this.answered(ref, snu));
  }

  /** The receiver answers something else of that home: it can be reached. */
  isReached(at: number, receiver: number): void {
    this.checker.receiverSigned(at, receiver, this.answered("AB12C0000000000", 0));
  }

  end(endMs: number): RunEnd {
    return { endMs, receivers: this.books.map((book) => ({ book })) as unknown as Receiver[] };
  }
}

function sceneOf(play: (scene: Scene) => void, world: SmallWorld = {}): Scene {
  const scene = new Scene({ receivers: ["primary", "secondary"], ...world });
  scene.sends(atMs);
  play(scene);
  return scene;
}

function verdictAt(endMs: number, play: (scene: Scene) => void, world: SmallWorld = {}): CheckerVerdict {
  const scene = sceneOf(play, world);
  return scene.checker.verdict(scene.end(endMs));
}

/** The first holds, the second accepts. */
function heldAndTaken(scene: Scene): void {
  scene.takes(atMs + 100, 0, firstRef, 4);
  scene.sends(atMs + 5_000, { ref: secondRef });
  scene.takes(atMs + 5_100, 1, secondRef);
  scene.hears(atMs + 5_200, secondRef, 0);
}

test("one case is right", () => {
  const scene = sceneOf((made) => made.takes(atMs + 100, 0, firstRef));
  expect(scene.checker.verdict(scene.end(20 * minuteMs)).held).toBe(true);
  expect(scene.checker.casesOf(scene.end(20 * minuteMs))(scene.cid, "AB12C0000001")).toBe(1);
});

test("two cases in two books are a fault once the other receiver could be reached for a minute", () => {
  const scene = sceneOf(heldAndTaken);
  const end = scene.end(20 * minuteMs);
  expect(scene.checker.verdict(end).found).toEqual([
    "u, alarm AB12C0000001: 2 open cases, at secondary and primary, accepted at 00:04:05",
  ]);
  expect(scene.checker.casesOf(end)(scene.cid, "AB12C0000001")).toBe(2);
  expect(scene.checker.verdict(scene.end(atMs + 65_199)).held).toBe(true);
  expect(scene.checker.verdict(scene.end(atMs + 65_200)).held).toBe(false);
});

test("what stands at a receiver whose certificate is wrong is no second case", () => {
  const world = { primaryMore: "transport: tls, certificate: foreign" };
  expect(verdictAt(20 * minuteMs, heldAndTaken, world).held).toBe(true);
});

test("a withdrawal heals it", () => {
  const verdict = verdictAt(20 * minuteMs, (scene) => {
    heldAndTaken(scene);
    scene.takes(atMs + 10_000, 0, firstRef, 0, "RE");
  });
  expect(verdict.held).toBe(true);
});

test("a receiver that is away cannot be told; a minute after it is back it must have been", () => {
  const world = { faults: ["from: 250s, to: 12m, receiver: primary, fault: silent-after-200"] };
  expect(verdictAt(11 * minuteMs, heldAndTaken, world).held).toBe(true);
  const back = (scene: Scene): void => {
    heldAndTaken(scene);
    scene.isReached(13 * minuteMs, 0);
  };
  expect(verdictAt(13 * minuteMs + 59_999, back, world).held).toBe(true);
  expect(verdictAt(14 * minuteMs, back, world).held).toBe(false);
});

test("a unit that is cut off can tell nobody", () => {
  const world = {
    faults: ["from: 250s, operator: alfa, fault: down", "from: 250s, broadband: fibre, fault: down"],
  };
  expect(verdictAt(20 * minuteMs, heldAndTaken, world).held).toBe(true);
});

test("both accepted: the later one must have been told so, in its own session", () => {
  const bothAccepted = (scene: Scene): void => {
    scene.takes(atMs + 100, 0, firstRef);
    scene.sends(atMs + 5_000, { ref: secondRef });
    scene.takes(atMs + 5_100, 1, secondRef);
    scene.hears(atMs + 5_200, secondRef, 0);
    scene.hears(atMs + 5_300, firstRef, 0);
  };
  expect(verdictAt(20 * minuteMs, bothAccepted).violations).toBe(1);
  const firstTold = verdictAt(20 * minuteMs, (scene) => {
    bothAccepted(scene);
    scene.takes(atMs + 6_000, 1, secondRef, 0, "IN");
  });
  expect(firstTold.violations, "an update to the receiver that was first tells the later one nothing").toBe(1);
  const laterTold = verdictAt(20 * minuteMs, (scene) => {
    bothAccepted(scene);
    scene.takes(atMs + 6_000, 0, firstRef, 0, "IN");
  });
  expect(laterTold.violations).toBe(0);
});

test("both accepted, and the first answer was lost in the modem: the unit goes by the one that it has read", () => {
  const told = (receiver: number, ref: string) =>
    verdictAt(20 * minuteMs, (scene) => {
      scene.takes(atMs + 100, 0, firstRef);
      scene.hears(atMs + 200, firstRef, 0);
      scene.sends(atMs + 5_000, { ref: secondRef });
      scene.takes(atMs + 5_100, 1, secondRef);
      scene.hears(atMs + 5_200, secondRef, 0);
      scene.acknowledges(atMs + 5_300, secondRef);
      scene.takes(atMs + 6_000, receiver, ref, 0, "IN");
    }).violations;
  expect(told(0, firstRef)).toBe(0);
  expect(told(1, secondRef)).toBe(1);
});

test("of a report that both accepted the one that was told of no other is the one that stands", () => {
  const lowBattery = 19;
  const refs = [otherStem, otherStem.replace(/0$/, "1")];
  const event = { type: "alarm", answer: "snu 0", ref: otherStem };
  const tested = (told: readonly number[]) =>
    verdictAt(20 * minuteMs, (scene) => {
      scene.checker.receiverTold(atMs, 0, { ...event, cid: scene.cid } as ReceiverEvent);
      for (const receiver of [0, 1]) scene.takes(atMs + receiver, receiver, refs[receiver] ?? "", 0, "ME", lowBattery);
      for (const receiver of told) scene.takes(atMs + 6_000, receiver, refs[receiver] ?? "", 0, "IN", lowBattery);
    }).violations;
  expect(tested([])).toBe(1);
  expect(tested([0])).toBe(0);
  expect(tested([1])).toBe(0);
});

test("two stems that bear one press are one alarm", () => {
  const verdict = verdictAt(20 * minuteMs, (scene) => {
    scene.takes(atMs + 100, 0, firstRef);
    scene.sends(atMs + 20_000, { ref: otherStem });
    scene.takes(atMs + 20_100, 0, otherStem);
  });
  expect(verdict.found).toEqual([
    expect.stringContaining("alarm AB12C0000001 and AB12C0000009: 2 open cases, at primary and primary"),
  ]);
});

test("a press that is joined to one that was accepted is another alarm, though it bears the time of the first", () => {
  const joined = (play: (scene: Scene) => void, isAccepted = true) =>
    verdictAt(20 * minuteMs, (scene) => {
      scene.takes(atMs + 100, 0, firstRef);
      if (isAccepted) scene.hears(atMs + 200, firstRef, 0);
      play(scene);
      scene.sends(atMs + 20_000, { ref: otherStem });
      scene.takes(atMs + 20_100, 0, otherStem);
    }).violations;
  const again = (scene: Scene) => scene.checker.pressed(atMs + 10_000, 0, 1);
  expect(joined(again)).toBe(0);
  expect(joined((scene) => scene.checker.fell(atMs + 10_000, 0, 1, "felt"))).toBe(0);
  expect(joined(() => {})).toBe(1);
  expect(joined(again, false), "nobody has accepted the first").toBe(1);
  expect(joined((scene) => scene.checker.pressed(atMs - 10_000, 0, 1))).toBe(1);
  expect(joined((scene) => scene.checker.pressed(atMs + 10_000, 0, 2))).toBe(1);
  expect(joined((scene) => scene.checker.fell(atMs + 10_000, 0, 1, "taken-back"))).toBe(1);
  const twice = (shownMs: number | undefined) =>
    joined((scene) => {
      scene.checker.pressed(atMs, 0, 1);
      scene.checker.pressed(atMs, 0, 1);
      if (shownMs !== undefined) scene.checker.buttonShowed(atMs + shownMs, 0, 1, "received");
    });
  expect([twice(undefined), twice(19_000)], "the second was heard after the acceptance").toEqual([0, 0]);
  expect(twice(150), "both were heard before it").toBe(1);
});

test("two presses, or two buttons, are two alarms", () => {
  const verdict = verdictAt(20 * minuteMs, (scene) => {
    scene.takes(atMs + 100, 0, firstRef);
    scene.sends(atMs + 20_000, { ref: otherStem, ite: "pressed 2026-01-14T05:10:00Z" });
    scene.takes(atMs + 20_100, 0, otherStem);
    scene.sends(atMs + 20_000, { ref: "AB12C000000A000", did: scene.did(2) });
    scene.takes(atMs + 20_100, 0, "AB12C000000A000");
  });
  expect(verdict.held).toBe(true);
});

test("two cords that are pulled at one instant are two alarms, and one cord under two stems is one", () => {
  const cord = { dty: 4, did: "02000001" };
  const verdict = verdictAt(20 * minuteMs, (scene) => {
    scene.sends(atMs, { ref: "AB12C000000A000", ...cord });
    scene.takes(atMs + 100, 0, "AB12C000000A000");
    scene.sends(atMs, { ref: "AB12C000000B000", ...cord, did: "02000002" });
    scene.takes(atMs + 100, 0, "AB12C000000B000");
    scene.sends(atMs + 20_000, { ref: "AB12C000000C000", ...cord });
    scene.takes(atMs + 20_100, 0, "AB12C000000C000");
  });
  expect(verdict.found).toEqual([expect.stringContaining("alarm AB12C000000A and AB12C000000C: 2 open cases")]);
});

test("a stranger's cases are not ours to judge", () => {
  const verdict = verdictAt(20 * minuteMs, (scene) => {
    const { receivers } = scene.end(0);
    for (const { book } of receivers)
      book.take({ ref: firstRef, mty: "ME", cid: "999", dty: 3, stc: 10 }, atMs, () => 0);
  });
  expect(verdict.held).toBe(true);
});

test("both accepted, and nobody can tell which answer was read first: one of them must have been told of the other", () => {
  const told = (receiver: number | undefined) =>
    verdictAt(20 * minuteMs, (scene) => {
      scene.takes(atMs + 100, 0, firstRef);
      scene.hears(atMs + 200, firstRef, 0);
      scene.sends(atMs + 5_000, { ref: secondRef });
      scene.takes(atMs + 5_100, 1, secondRef);
      scene.hears(atMs + 5_200, secondRef, 0);
      scene.acknowledges(atMs + 5_300, secondRef);
      scene.hears(atMs + 5_400, firstRef, 0);
      scene.acknowledges(atMs + 5_500, firstRef);
      const ref = receiver === 0 ? firstRef : secondRef;
      if (receiver !== undefined) scene.takes(atMs + 6_000, receiver, ref, 0, "IN");
    }).violations;
  expect(told(undefined)).toBe(1);
  expect(told(0)).toBe(0);
  expect(told(1)).toBe(0);
});
