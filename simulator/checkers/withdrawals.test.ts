import { expect, test } from "vitest";
import { firstRef, HandMade, minuteMs, secondRef } from "./checker-bench.ts";
import { Withdrawals } from "./withdrawals.ts";

const atMs = 4 * minuteMs;

function foundIn(play: (made: HandMade, checker: Withdrawals) => void): readonly string[] {
  const made = new HandMade();
  const checker = new Withdrawals(made.sight, made.residents, made.hindrances);
  play(made, checker);
  return checker.verdict({ endMs: 60 * minuteMs, receivers: [] }).found;
}

test("a receiver that has not accepted may be withdrawn from, one that has may not", () => {
  const found = foundIn((made) => {
    made.sends(atMs);
    made.sends(atMs + 5_000, { ref: secondRef });
    made.hears(atMs + 6_000, firstRef, 0);
    made.sends(atMs + 6_100, { ref: secondRef, mty: "RE", stc: 98 });
    made.acknowledges(atMs + 6_000, firstRef);
    made.sends(atMs + 7_000, { mty: "RE", stc: 98 });
    made.sends(atMs + 8_000, { mty: "RE", stc: 98 });
  });
  expect(found).toEqual([`u, 00:04:07: ${firstRef} was withdrawn although a receiver has accepted it`]);
});

test("an acceptance that came in the instant of a power cut may be in no memory", () => {
  const cutAfter = (ms: number): readonly string[] =>
    foundIn((made, checker) => {
      made.sends(atMs);
      made.hears(atMs + 500, firstRef, 0);
      made.acknowledges(atMs + 500, firstRef);
      checker.stopped(atMs + 500 + ms, 0);
      made.sends(atMs + 60_000, { mty: "RE", stc: 98 });
    });
  expect(cutAfter(2_000)).toEqual([]);
  expect(cutAfter(10_000)).toHaveLength(1);
});

test("an acceptance that the unit has not read is not known to it, and one that it reads after its withdrawal comes too late", () => {
  const found = foundIn((made) => {
    made.sends(atMs);
    made.hears(atMs + 6_000, firstRef, 0);
    made.sends(atMs + 6_100, { mty: "RE", stc: 98 });
    made.acknowledges(atMs + 6_000, firstRef);
    made.sends(atMs + 6_900, { mty: "RE", stc: 98 });
  });
  expect(found).toEqual([]);
});

test("the wearer's own cancel takes back what was accepted, and nobody else's does", () => {
  const cancels = (made: HandMade): void => {
    made.sends(atMs);
    made.hears(atMs + 500, firstRef, 0);
    made.sends(atMs + 9_000, { mty: "RE", stc: 19 });
  };
  expect(
    foundIn((made, checker) => {
      checker.fell(atMs - 500, 0, 1, "felt");
      checker.fell(atMs + 8_000, 0, 1, "taken-back");
      cancels(made);
    }),
  ).toEqual([]);
  expect(
    foundIn((made, checker) => {
      checker.keyTouched(atMs + 8_000, 0, "cancel");
      cancels(made);
    }),
  ).toEqual([]);
  expect(
    foundIn((made, checker) => {
      checker.keyTouched(atMs + 8_000, 0, "query");
      cancels(made);
    }),
  ).toEqual([`u, 00:04:09: ${firstRef} was cancelled, and nobody has taken anything back`]);
});

test("what was withdrawn does not come back under its reference", () => {
  const found = foundIn((made) => {
    made.sends(atMs);
    made.sends(atMs + 9_000, { mty: "RE", stc: 104 });
    made.sends(atMs + 10_000);
    made.sends(atMs + 20_000, { ref: secondRef });
    made.sends(atMs + 30_000);
  });
  expect(found).toEqual([`u, 00:04:30: ${firstRef} was raised again after its withdrawal`]);
});

test("a fall that is taken back is taken back from whoever has accepted it, while it stands open", () => {
  type More = (made: HandMade, checker: Withdrawals) => void;
  const fallen = (afterMs: number, more: More = () => {}, between: (checker: Withdrawals) => void = () => {}) =>
    foundIn((made, checker) => {
      checker.fell(atMs - 500, 0, 1, "felt");
      made.sends(atMs, { dty: 5, stc: 9, mty: "ME", did: made.did(1), ite: "pressed 2026-01-14T05:04:00Z" });
      made.hears(atMs + 500, firstRef, 0);
      made.acknowledges(atMs + 600, firstRef);
      between(checker);
      checker.fell(atMs + afterMs, 0, 1, "taken-back");
      checker.buttonShowed(atMs + afterMs + 100, 0, 1, "received");
      more(made, checker);
    });
  const blamed = `u, 00:04:20: ${firstRef} was taken back by its wearer, and whoever has accepted it never heard of that`;
  expect(fallen(20_000)).toEqual([blamed]);
  expect(fallen(20_000, (made) => made.sends(atMs + 30_000, { mty: "RE", stc: 19 }))).toEqual([]);
  expect(fallen(150_000)).toEqual([]);
  expect(
    fallen(
      20_000,
      () => {},
      (checker) => checker.pressed(atMs + 10_000, 0, 1),
    ),
  ).toEqual([]);
  expect(
    fallen(
      20_000,
      () => {},
      (checker) => checker.pressed(atMs + 10_000, 0, 2),
    ),
  ).toEqual([blamed]);
  expect(fallen(20_000, (_, checker) => checker.stopped(atMs + 1_000, 0))).toEqual([]);
  // A button with a new battery knows of no fall.
  expect(
    fallen(
      20_000,
      () => {},
      (checker) => checker.batteryFitted(atMs + 10_000, 0, 1),
    ),
  ).toEqual([]);
});
